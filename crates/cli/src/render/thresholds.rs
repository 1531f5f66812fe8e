//! Bounds of a tier, and who reaches them, in a terminal and as JSON.

use kelvin_learn::thresholds::{Chosen, Goal, Reached};
use serde_json::{Value as Json, json};

use super::{
    bar::bar,
    grid::{Align, Cell, Grid},
    text::{Style, counted, grouped, harmless, money},
};
use crate::terminal::Terminal;

/// Rows of the curve that people see; JSON has them all.
const ROWS: usize = 12;

/// Cells of a whole bar.
const BAR: usize = 20;

/// With fewer outcomes, a bound is mostly chance.
const FEW: f64 = 30.0;

/// What is told.
pub(crate) struct Report<'r> {
    pub(crate) about: &'r str,
    pub(crate) model: &'r str,
    /// The tier's name, and from which score on it begins now.
    pub(crate) tier: Option<(&'r str, f64)>,
    /// In how many weeks the leads came, if that is known.
    pub(crate) weeks: Option<f64>,
    /// The highest bound first.
    pub(crate) curve: Vec<Reached>,
    pub(crate) answers: Vec<(Goal, Option<Chosen>)>,
    /// What else to know.
    pub(crate) notes: &'r [String],
}

impl Report<'_> {
    /// Those who reach any bound.
    fn all(&self) -> Reached {
        self.curve.last().copied().unwrap_or(Reached { bound: 0.0, leads: 0.0, won: 0.0, value: 0.0 })
    }

    /// Who reaches a bound that may lie between two of the curve.
    fn at(&self, bound: f64) -> Reached {
        let reached = self.curve.iter().rev().find(|at| at.bound >= bound).copied();
        reached.map_or(Reached { bound, leads: 0.0, won: 0.0, value: 0.0 }, |at| Reached { bound, ..at })
    }

    /// The most outcomes that any bound has: of a lower one, some leads are reached before their time.
    fn most_won(&self) -> f64 {
        self.curve.iter().map(|at| at.won).fold(0.0, f64::max)
    }

    fn profit(&self, at: &Reached) -> Option<f64> {
        self.answers.iter().find_map(|(goal, _)| match goal {
            Goal::Profit { cost, value } => Some(at.profit(*cost, *value)),
            _ => None,
        })
    }
}

/// The report for people.
pub(crate) fn text(report: &Report<'_>, terminal: &Terminal) -> String {
    let tier = report.tier.map_or(String::new(), |(name, from)| format!(", tier {name} from {from} now"));
    let weeks = report.weeks.map_or(String::new(), |weeks| format!(" in {weeks:.1} weeks"));
    let mut text = format!(
        "{}\n{}{}: {}{weeks}, {} with the outcome\n\n",
        harmless(report.about),
        harmless(report.model),
        harmless(&tier),
        counted(report.all().leads as u64, "lead"),
        grouped(report.most_won() as u64),
    );
    if !report.answers.is_empty() {
        text += &answers(report, terminal);
        text.push('\n');
    }
    text + &curve(report, terminal)
}

fn answers(report: &Report<'_>, terminal: &Terminal) -> String {
    let mut grid = grid(report);
    if let Some((_, from)) = report.tier {
        grid.add(row(report, "now".into(), &report.at(from), String::new()));
    }
    let mut remarks = String::new();
    for (goal, answer) in &report.answers {
        let name = Cell::new(Style::Bold, self::goal(*goal, report.weeks));
        match answer {
            Some(Chosen { reached, expected, low, high }) => {
                let mut row = row(report, name, reached, format!("{low} to {high}"));
                let share = expected.precision().unwrap_or_default();
                row[8] = Cell::new(Style::Dim, format!("{:.1} % of others", 100.0 * share));
                grid.add(row);
                if reached.won < FEW {
                    remarks += &format!(
                        "{} rests on {}: read the intervals, not the values\n",
                        self::goal(*goal, report.weeks),
                        counted(reached.won as u64, "outcome")
                    );
                }
            }
            None => {
                let none = if matches!(goal, Goal::Profit { .. }) {
                    "no bound has any"
                } else {
                    "no bound does that"
                };
                remarks += &format!("{}: {none}\n", self::goal(*goal, report.weeks));
            }
        }
    }
    grid.render(0, terminal) + &remarks
}

fn goal(goal: Goal, weeks: Option<f64>) -> String {
    match goal {
        Goal::Capacity(leads) => match weeks {
            Some(weeks) => format!("at most {} a week", number(leads / weeks)),
            None => format!("at most {}", counted(leads as u64, "lead")),
        },
        Goal::Precision(share) => format!("{} % convert at least", number(100.0 * share)),
        Goal::Profit { .. } => "the greatest profit".to_owned(),
    }
}

fn curve(report: &Report<'_>, terminal: &Terminal) -> String {
    let mut grid = grid(report);
    let all = report.all().leads;
    let mut next = 0.0;
    for at in &report.curve {
        let is_last = at.leads >= all;
        if at.leads < next && !is_last || at.leads <= 0.0 {
            continue;
        }
        // The steps are of as many leads each.
        next = (at.leads + all / ROWS as f64).min(all);
        let share = at.precision().unwrap_or(0.0);
        let mut row = row(report, "".into(), at, String::new());
        row[8] = Cell::new(Style::Accent, bar(share, BAR, terminal.unicode));
        grid.add(row);
        if is_last {
            break;
        }
    }
    grid.render(0, terminal)
}

fn grid(report: &Report<'_>) -> Grid<9> {
    let right = Align::Right;
    let leads = if report.weeks.is_some() { "leads a week" } else { "leads" };
    let profit = if report.profit(&report.all()).is_some() { "profit" } else { "" };
    Grid::new([
        ("", Align::Left),
        ("from", right),
        ("95 %", Align::Left),
        (leads, right),
        ("convert", right),
        ("", Align::Left),
        ("of all who do", right),
        (profit, right),
        ("", Align::Left),
    ])
}

fn row(report: &Report<'_>, first: Cell, at: &Reached, bounds: String) -> [Cell; 9] {
    let [low, high] = at.interval();
    let percent = |share: f64| format!("{:.1} %", 100.0 * share);
    let interval = format!("{:.1} to {:.1}", 100.0 * low, 100.0 * high);
    let of_all = if report.most_won() > 0.0 { percent(at.won / report.most_won()) } else { String::new() };
    [
        first,
        number(at.bound).into(),
        bounds.into(),
        report.weeks.map_or_else(|| grouped(at.leads as u64), |weeks| number(at.leads / weeks)).into(),
        at.precision().map_or(String::new(), percent).into(),
        if at.leads > 0.0 { interval } else { String::new() }.into(),
        of_all.into(),
        report.profit(at).map_or(String::new(), money).into(),
        "".into(),
    ]
}

/// A number as people write it.
fn number(number: f64) -> String {
    let rounded = (number * 100.0).round() / 100.0;
    rounded.to_string()
}

/// The report as JSON.
pub(crate) fn json(report: &Report<'_>) -> String {
    let reached = |at: &Reached| {
        let [low, high] = at.interval();
        json!({
            "bound": at.bound, "leads": at.leads, "leads_a_week": report.weeks.map(|weeks| at.leads / weeks),
            "won": at.won, "value": at.value, "precision": at.precision(), "precision_low": low, "precision_high": high,
            "profit": report.profit(at),
        })
    };
    let answer = |(goal, answer): &(Goal, Option<Chosen>)| -> Json {
        let (name, asked) = match goal {
            Goal::Capacity(leads) => ("capacity", json!({"leads": leads})),
            Goal::Precision(share) => ("precision", json!({"share": share})),
            Goal::Profit { cost, value } => ("profit", json!({"cost": cost, "value": value})),
        };
        let found = answer.as_ref().map(|chosen| {
            let mut found = reached(&chosen.reached);
            (found["low"], found["high"]) = (json!(chosen.low), json!(chosen.high));
            found["expected"] =
                json!({"precision": chosen.expected.precision(), "profit": report.profit(&chosen.expected)});
            found
        });
        json!({"goal": name, "asked": asked, "found": found})
    };
    let told = json!({
        "about": report.about,
        "model": report.model,
        "tier": report.tier.map(|(name, from)| json!({"name": name, "from": from, "now": reached(&report.at(from))})),
        "weeks": report.weeks,
        "answers": report.answers.iter().map(answer).collect::<Vec<_>>(),
        "curve": report.curve.iter().map(reached).collect::<Vec<_>>(),
        "notes": report.notes,
    });
    format!("{told:#}\n")
}
