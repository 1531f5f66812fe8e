//! What is told of two periods: as text and JSON.

use kelvin_learn::{
    Feature,
    drift::{Calibration, Level, Shift},
};
use serde_json::{Value as Json, json};

use super::{Found, events};
use crate::{
    render::{
        grid::{Align, Cell, Grid},
        text::{Style, counted, harmless},
    },
    terminal::Terminal,
};

impl Found {
    /// The largest change of all.
    pub(super) fn level(&self) -> Level {
        let shifts = self.attributes.iter().chain(&self.scores);
        let events = self.events.iter().flat_map(|events| [events.mix.level, events.rates.level]);
        let levels = shifts.map(|shift| shift.level).chain(events);
        levels.chain([self.calibration_level()]).max().unwrap_or(Level::None)
    }

    /// Probabilities that were right before and are wrong now have changed strongly.
    fn calibration_level(&self) -> Level {
        let is_wrong = |found: &Calibration| found.p.is_some_and(|p| p < WRONG);
        match &self.calibration {
            Some([_, after]) if is_wrong(after) => Level::Strong,
            _ => Level::None,
        }
    }

    pub(super) fn text(&self, terminal: &Terminal) -> String {
        let [before, after] = self.rows.map(|rows| counted(rows as u64, "row"));
        let mut text = format!("before: {before}; after: {after}\n");
        text.push_str(&shifted(ATTRIBUTE, &self.attributes, terminal));
        text.extend(self.events.iter().map(|events| events::text(events, terminal)));
        if !self.scores.is_empty() {
            text.push_str(&shifted(SCORE, &self.scores, terminal));
        }
        if let Some(conversion) = &self.conversion {
            let rates: Vec<_> = (0..2)
                .map(|at| percent(conversion.positives[at] as f64 / (self.rows[at] as f64).max(1.0)))
                .collect();
            text.push_str(&format!(
                "\nconversion: {} before, {} after; as much by chance: {}\n",
                rates[0],
                rates[1],
                chance(conversion.p)
            ));
        }
        for (found, when) in self.calibration.iter().flatten().zip(["before", "after"]) {
            text.push_str(&format!("calibration {when}: {}\n", calibrated(found)));
        }
        text.push_str(match self.level() {
            Level::None => "\nnothing has changed that could not be chance\n",
            Level::Moderate => "\nsomething has changed moderately\n",
            Level::Strong => {
                "\nsomething has changed strongly: what was learned before may not hold any more\n"
            }
        });
        text
    }

    pub(super) fn json(&self) -> Json {
        let conversion =
            self.conversion.as_ref().map(|found| json!({"positives": found.positives, "p": found.p}));
        let calibration = self.calibration.as_ref().map(|both| both.each_ref().map(calibration_json));
        json!({
            "level": name(self.level()),
            "rows": self.rows,
            "attributes": self.attributes.iter().map(|shift| shift_json(shift, ATTRIBUTE)).collect::<Vec<_>>(),
            "events": self.events.as_ref().map(events::json),
            "scores": self.scores.iter().map(|shift| shift_json(shift, SCORE)).collect::<Vec<_>>(),
            "conversion": conversion,
            "calibration": calibration,
        })
    }
}

const ATTRIBUTE: &str = "attribute";
const SCORE: &str = "score";

/// Fewer than this part of right probabilities are taken for wrong.
const WRONG: f64 = 0.01;

/// Those that have changed, the largest change first, and how many others there are.
fn shifted(what: &'static str, shifts: &[Shift], terminal: &Terminal) -> String {
    let mut changed: Vec<&Shift> = shifts.iter().filter(|shift| shift.level > Level::None).collect();
    changed.sort_by(|a, b| b.level.cmp(&a.level).then(b.psi.total_cmp(&a.psi)));
    let titles = [what, "change", "PSI", "by chance", "missing before", "after"];
    let mut grid =
        Grid::new(titles.map(|title| (title, if title == what { Align::Left } else { Align::Right })));
    for shift in &changed {
        let style = if shift.level == Level::Strong { Style::Bad } else { Style::Fair };
        let [before, after] = shift.missing.map(percent);
        grid.add([
            harmless(&named(shift, what)).into(),
            Cell::new(style, name(shift.level)),
            format!("{:.2}", shift.psi).into(),
            chance(shift.q).into(),
            before.into(),
            after.into(),
        ]);
    }
    let table = if changed.is_empty() { String::new() } else { format!("\n{}", grid.render(0, terminal)) };
    let others = shifts.len() - changed.len();
    format!("{table}\n{} unchanged\n", counted(others as u64, what))
}

/// What a shift is of: a score goes by the name of its model.
fn named(shift: &Shift, what: &str) -> String {
    match &shift.feature {
        Feature::Attribute(model) if what == SCORE => model.clone(),
        feature => feature.to_string(),
    }
}

fn calibrated(found: &Calibration) -> String {
    let doubt = found.p.map_or(String::new(), |p| format!("; as far off by chance: {}", chance(p)));
    let Calibration { expected, observed, .. } = found;
    format!("{expected:.1} outcomes expected, {observed} came{doubt}")
}

/// A level in a word.
pub(super) fn name(level: Level) -> &'static str {
    match level {
        Level::None => "none",
        Level::Moderate => "moderate",
        Level::Strong => "strong",
    }
}

pub(super) fn chance(p: f64) -> String {
    if p < 1e-4 { "< 0.0001".to_owned() } else { format!("{p:.4}") }
}

pub(super) fn percent(part: f64) -> String {
    format!("{:.1} %", 100.0 * part)
}

fn shift_json(shift: &Shift, what: &str) -> Json {
    json!({
        what: named(shift, what),
        "level": name(shift.level),
        "psi": shift.psi,
        "p": shift.p,
        "q": shift.q,
        "missing": shift.missing,
    })
}

fn calibration_json(found: &Calibration) -> Json {
    json!({"rows": found.rows, "expected": found.expected, "observed": found.observed, "p": found.p})
}
