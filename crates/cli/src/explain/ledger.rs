//! An explanation as text: the ledger by dimension, the curve, and what would lift the lead.

use std::fmt::Write;

use kelvin_kernel::{
    Duration, Instant, Micropoints,
    plan::{Dimension, Rule, RuleKind},
    trace::{AwardTrace, RuleTrace, Why},
};

use super::{Explanation, actions::Way, words};
use crate::{
    clock::roughly,
    render::{
        chart::{Chart, PER_COLUMN},
        grid::{Align, Cell, Grid},
        leads::{grade_name, standing_style},
        text::{Style, harmless, short_points, signed},
    },
    terminal::Terminal,
};

/// Awards of a rule that are listed, the latest first, unless all are wanted.
const AWARDS: usize = 8;
const CHART_HEIGHT: usize = 9;
const WIDEST_CHART: usize = 120;

/// Prints explanations on a terminal.
pub(crate) struct Page<'a> {
    pub(crate) explanation: &'a Explanation<'a>,
    pub(crate) terminal: &'a Terminal,
    /// Whether all awards are listed.
    pub(crate) full: bool,
}

/// How many samples of the curve a terminal can show.
pub(crate) fn samples(terminal: &Terminal) -> usize {
    terminal.width.min(WIDEST_CHART).saturating_sub(32).max(20) * PER_COLUMN
}

impl Page<'_> {
    /// The whole explanation.
    pub(crate) fn render(&self) -> String {
        let mut text = self.head();
        for (place, dimension) in self.explanation.program.plan().dimensions.iter().enumerate() {
            text.push('\n');
            text.push_str(&self.dimension(place, dimension));
        }
        text.push_str(&self.worthless());
        text.push('\n');
        text.push_str(&self.chart());
        text.push('\n');
        text.push_str(&self.ways());
        text
    }

    fn head(&self) -> String {
        let Explanation { program, lead_id, at, score, next, .. } = self.explanation;
        let plan = program.plan();
        let mut text =
            format!("{}  {}  {at}\n\n", self.bold(&harmless(lead_id)), self.dim(&harmless(&plan.model)),);
        let _ = write!(text, "score {}", self.bold(&score.score.to_string()));
        if let Some(grade) = grade_name(plan, score) {
            let _ = write!(text, "   grade {}", self.bold(&harmless(grade)));
        }
        if !plan.tiers.is_empty() || !score.disqualified.is_empty() {
            let name = words::standing(plan, score.standing);
            let name = self.terminal.paint(standing_style(plan, score.standing), &harmless(&name));
            let _ = write!(text, "   {name}");
        }
        text.push('\n');
        if !score.disqualified.is_empty() {
            let ids: Vec<_> = score.disqualified.iter().map(|&rule| &*plan.rules.rules[rule].id).collect();
            let _ = writeln!(text, "disqualified by {}", harmless(&ids.join(", ")));
        }
        match next {
            Some((until, standing)) => {
                let ahead = Duration::from_millis(until.millis_since(*at));
                let then = harmless(&words::standing(plan, *standing));
                let _ =
                    writeln!(text, "{then} from {until} on (in {}), if nothing else happens", roughly(ahead));
            }
            None if !plan.tiers.is_empty() => {
                text.push_str("no other tier within 366 days, if nothing else happens\n")
            }
            None => {}
        }
        text
    }

    fn dimension(&self, place: usize, dimension: &Dimension) -> String {
        let score = self.explanation.score.dimensions[place];
        let mut text = format!("{}  {}", self.bold(&harmless(&dimension.id)), score.value);
        if score.sum != score.value {
            let _ = write!(text, "  {}", self.dim(&format!("cut from {} by its range", score.sum)));
        }
        if let Some(weight) = words::weight(dimension.weight) {
            let counts = Micropoints::weighted(score.value, dimension.weight);
            let _ = write!(text, "  {}", self.dim(&format!("counts {weight} times: {counts}")));
        }
        text.push('\n');
        let mut grid = Grid::new([("", Align::Left), ("", Align::Right), ("", Align::Left)]);
        for (rule, trace) in self.rules_of(place).filter(|(_, trace)| is_worth_telling(trace)) {
            let points = if trace.disqualifies { "disqualified".to_owned() } else { exact(trace.points) };
            let style = words::points_style(trace);
            let why = words::why(self.explanation, rule, trace);
            grid.add([
                harmless(&rule.id).into(),
                Cell::new(style, points),
                Cell::new(Style::Dim, harmless(&why)),
            ]);
        }
        let lines = grid.render(2, self.terminal);
        let told = self.rules_of(place).filter(|(_, trace)| is_worth_telling(trace));
        for (line, (rule, trace)) in lines.lines().zip(told) {
            text.push_str(line);
            text.push('\n');
            text.push_str(&self.awards(rule, trace));
            text.push_str(&self.parts(rule, trace));
        }
        text
    }

    fn rules_of(&self, dimension: usize) -> impl Iterator<Item = (&Rule, &RuleTrace)> {
        let rules = self.explanation.program.plan().rules.rules.iter().zip(&self.explanation.rules);
        rules.filter(move |(rule, _)| rule.dimension == dimension)
    }

    /// A rule's awards, the latest first, and what its cap cut off.
    fn awards(&self, rule: &Rule, trace: &RuleTrace) -> String {
        let mut text = String::new();
        if let (Why::Awards(awards), false) = (&trace.why, rule.kind.is_disqualifier()) {
            let listed = if self.full { awards.len() } else { AWARDS };
            let mut grid = Grid::new([
                ("", Align::Left),
                ("", Align::Right),
                ("", Align::Right),
                ("", Align::Right),
                ("", Align::Right),
            ]);
            for award in awards.iter().rev().take(listed) {
                grid.add(self.award(rule, award));
            }
            text.push_str(&grid.render(6, self.terminal));
            if let Some(older) = awards.len().checked_sub(listed).filter(|older| *older > 0) {
                let worth: f64 = awards[..older].iter().map(AwardTrace::worth).sum();
                let left = exact(Micropoints::round(worth));
                let _ = writeln!(
                    text,
                    "      {}",
                    self.dim(&format!("and {older} older, now worth {left} (--full lists them)"))
                );
            }
        }
        if let Some(cap) = rule.cap.filter(|_| Micropoints::round(trace.uncapped) != trace.points) {
            let sum = Micropoints::round(trace.uncapped);
            let cap = Micropoints::round(cap);
            let _ = writeln!(text, "      {}", self.dim(&format!("cut from {sum} by its cap of {cap}")));
        }
        text
    }

    /// What the inputs of a prediction add, those first that add most.
    fn parts(&self, rule: &Rule, trace: &RuleTrace) -> String {
        let Why::Foretold(forecast) = &trace.why else { return String::new() };
        let listed = if self.full { forecast.parts.len() } else { AWARDS };
        let mut grid = Grid::new([("", Align::Left), ("", Align::Right)]);
        let mut add = |name: &str, points| {
            grid.add([Cell::new(Style::Dim, harmless(name)), exact(points).into()]);
        };
        add("average", forecast.base);
        forecast.parts.iter().take(listed).for_each(|part| add(words::input(rule, part.input), part.points));
        let mut text = grid.render(6, self.terminal);
        let others = forecast.parts.get(listed..).unwrap_or_default();
        if !others.is_empty() {
            let left = exact(others.iter().map(|part| part.points).sum());
            let told = format!("and {} more, together {left} (--full lists them)", others.len());
            let _ = writeln!(text, "      {}", self.dim(&told));
        }
        text
    }

    fn award(&self, rule: &Rule, award: &AwardTrace) -> [Cell; 5] {
        let at = self.explanation.at;
        let age = Duration::from_millis(at.millis_since(award.time));
        let decays =
            matches!(&rule.kind, RuleKind::Event(rule) if rule.decay != kelvin_kernel::plan::Decay::None);
        let (times, left) = if decays {
            let share = format!("{} {:.4}", self.terminal.pick("×", "x"), award.factor);
            (share, format!("= {}", Micropoints::round(award.worth())))
        } else {
            (String::new(), String::new())
        };
        [
            Cell::new(Style::Dim, award.time.to_string()),
            Cell::new(Style::Dim, format!("{} ago", roughly(age))),
            exact(Micropoints::round(award.points)).into(),
            Cell::new(Style::Dim, times),
            left.into(),
        ]
    }

    /// The rules that add nothing, in a line.
    fn worthless(&self) -> String {
        let rules = self.explanation.program.plan().rules.rules.iter().zip(&self.explanation.rules);
        let ids: Vec<_> =
            rules.filter(|(_, trace)| !is_worth_telling(trace)).map(|(rule, _)| harmless(&rule.id)).collect();
        if ids.is_empty() {
            return String::new();
        }
        format!("\n{}\n", self.dim(&format!("nothing from {}", ids.join(", "))))
    }

    fn chart(&self) -> String {
        let Explanation { program, at, curve, .. } = self.explanation;
        let plan = program.plan();
        let samples: Vec<_> = curve.iter().map(|sample| sample.score.map(|(score, _)| score)).collect();
        let marks: Vec<_> = plan.tiers.iter().map(|tier| (tier.from, &*tier.name)).collect();
        let day = |instant: Instant| {
            let (year, month, day) = instant.date();
            format!("{year:04}-{month:02}-{day:02}")
        };
        let (first, last) = (day(at.before(super::REACH)), day(at.after(super::REACH)));
        let chart = Chart {
            samples: &samples,
            now: samples.len() / PER_COLUMN / 2,
            marks: &marks,
            height: CHART_HEIGHT,
            labels: [&first, &day(*at), &last],
        };
        chart.render(0, self.terminal)
    }

    fn ways(&self) -> String {
        let Explanation { program, score, actions, .. } = self.explanation;
        let plan = program.plan();
        let Some(better) = words::better(plan, score.standing) else {
            let none = if plan.tiers.is_empty() { "the model has no tiers\n" } else { "no tier is higher\n" };
            return none.to_owned();
        };
        if actions.is_empty() {
            return format!("nothing that was tried makes it {}\n", harmless(&better));
        }
        let mut text = format!("the least that would make it {} now:\n", harmless(&better));
        let mut grid = Grid::new([("", Align::Right), ("", Align::Left), ("", Align::Left)]);
        for way in actions {
            grid.add(self.way(way));
        }
        // Advice that is cut cannot be followed: the terminal may wrap it.
        text.push_str(&grid.render(2, &Terminal { interactive: false, ..*self.terminal }));
        text
    }

    fn way(&self, way: &Way) -> [Cell; 3] {
        let plan = self.explanation.program.plan();
        let steps: Vec<_> =
            way.steps.iter().map(|(times, step)| words::step(self.explanation, *times, step)).collect();
        let standing = way.outcome.standing;
        let gain = Micropoints(way.outcome.score.0.saturating_sub(self.explanation.score.score.0));
        [
            Cell::new(Style::Bold, short_points(way.outcome.score)),
            Cell::new(
                standing_style(plan, standing),
                format!("{} ({})", harmless(&words::standing(plan, standing)), signed(gain)),
            ),
            harmless(&steps.join(", ")).into(),
        ]
    }

    fn bold(&self, text: &str) -> String {
        self.terminal.paint(Style::Bold, text)
    }

    fn dim(&self, text: &str) -> String {
        self.terminal.paint(Style::Dim, text)
    }
}

/// Whether a rule does something, or did.
fn is_worth_telling(trace: &RuleTrace) -> bool {
    let awarded = matches!(&trace.why, Why::Awards(awards) if !awards.is_empty());
    trace.points != Micropoints::ZERO || trace.disqualifies || awarded
}

/// Points to the last digit, with a sign.
fn exact(points: Micropoints) -> String {
    format!("{}{points}", if points.0 > 0 { "+" } else { "" })
}
