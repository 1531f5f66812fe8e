//! Scored leads as a ranked table.

use kelvin_kernel::{
    plan::Plan,
    score::{Score, Standing},
};

use super::{
    bar::bar,
    grid::{Align, Cell, Grid},
    text::{Style, harmless, short_points, shortened, signed, width},
};
use crate::terminal::Terminal;

const BAR: usize = 10;
const LONGEST_LEAD: usize = 40;
const LONGEST_NAME: usize = 20;

/// The table of one model's leads, best first.
pub(crate) fn table(plan: &Plan, leads: &[(String, Score)], terminal: &Terminal) -> String {
    use Align::{Left, Right};
    let scale = Scale::of(plan, leads);
    let grade = if plan.grades.is_some() { "grade" } else { "" };
    let tier = if plan.tiers.is_empty() { "" } else { "tier" };
    let mut grid = Grid::new([
        ("#", Right),
        ("lead", Left),
        ("score", Right),
        ("", Left),
        (grade, Left),
        (tier, Left),
        ("why", Left),
    ]);
    for (place, (lead_id, score)) in leads.iter().enumerate() {
        let style = standing_style(plan, score.standing);
        grid.add([
            Cell::new(Style::Dim, (place + 1).to_string()),
            shortened(&harmless(lead_id), LONGEST_LEAD, terminal).into(),
            Cell::new(Style::Bold, short_points(score.score)),
            // As wide as a full bar: so it shows how much is missing.
            Cell::new(style, format!("{:<BAR$}", bar(scale.share(score), BAR, terminal.unicode))),
            grade_name(plan, score).unwrap_or_default().into(),
            Cell::new(
                style,
                shortened(&harmless(standing_name(plan, score.standing)), LONGEST_NAME, terminal),
            ),
            Cell::default(),
        ]);
    }
    let room = grid.room(terminal);
    for (row, (_, score)) in grid.rows_mut().zip(leads) {
        row[6] = Cell::new(Style::Dim, why(plan, score, room));
    }
    grid.render(0, terminal)
}

/// The tier's name; nothing where there is none.
pub(crate) fn standing_name(plan: &Plan, standing: Standing) -> &str {
    match standing {
        Standing::Disqualified => "disqualified",
        Standing::Tier(tier) => plan.tiers.get(tier).map_or("", |tier| &tier.name),
        Standing::None => "",
    }
}

/// The letter, where the model has grades.
pub(crate) fn grade_name<'a>(plan: &'a Plan, score: &Score) -> Option<&'a str> {
    let grades = plan.grades.as_ref()?;
    Some(score.grade.and_then(|place| grades.bounds.get(place)).map_or("F", |(letter, _)| letter))
}

/// Green at the top, then yellow; red for the disqualified.
pub(crate) fn standing_style(plan: &Plan, standing: Standing) -> Style {
    match standing {
        Standing::Disqualified => Style::Bad,
        Standing::Tier(tier) if tier + 1 == plan.tiers.len() => Style::Good,
        Standing::Tier(tier) if tier + 2 == plan.tiers.len() => Style::Fair,
        Standing::Tier(_) => Style::Accent,
        Standing::None => Style::Dim,
    }
}

/// As many reasons as there is room for, and how many more there are.
fn why(plan: &Plan, score: &Score, room: usize) -> String {
    let rule = |place: usize| plan.rules.rules.get(place).map_or("", |rule| &rule.id);
    let disqualified = score.disqualified.iter().map(|&place| rule(place).to_owned());
    let points = score
        .reasons
        .iter()
        .map(|reason| format!("{} {}", plan.rules.reason_name(reason), signed(reason.points)));
    let reasons: Vec<_> = disqualified.chain(points).map(|reason| harmless(&reason)).collect();
    let mut text = String::new();
    for (i, reason) in reasons.iter().enumerate() {
        let separator = if i == 0 { "" } else { ", " };
        let rest = reasons.len() - i;
        let more = if rest > 1 { format!(", {} more", rest - 1) } else { String::new() };
        if width(&text) + width(separator) + width(reason) + width(&more) > room {
            return if i == 0 { format!("{reason}{more}") } else { format!("{text}, {rest} more") };
        }
        text.push_str(separator);
        text.push_str(reason);
    }
    text
}

/// What an empty and a full bar stand for.
struct Scale {
    from: f64,
    to: f64,
}

impl Scale {
    /// The model's range where it has one, else from 0 to the best score shown.
    fn of(plan: &Plan, leads: &[(String, Score)]) -> Self {
        let best = leads.iter().map(|(_, score)| score.score.0).max().unwrap_or(0);
        let or = |end: i64, otherwise: i64| if end == i64::MIN || end == i64::MAX { otherwise } else { end };
        Self { from: or(plan.range.min.0, 0) as f64, to: or(plan.range.max.0, best) as f64 }
    }

    fn share(&self, score: &Score) -> f64 {
        if self.to > self.from { (score.score.0 as f64 - self.from) / (self.to - self.from) } else { 0.0 }
    }
}
