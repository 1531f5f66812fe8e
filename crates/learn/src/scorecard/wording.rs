//! What is said beside rules: how many leads, how they convert, how sure their points are.

use super::suggest::Tier;
use super::{Band, Suggestion};
use crate::Dataset;

/// What the examples of a data set are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// Each is of another lead.
    Leads,
    /// Moments of leads: some are looked at several times.
    Moments,
}

impl Unit {
    pub(super) fn of(dataset: &Dataset) -> Self {
        Self::new(dataset.examples.len(), dataset.leads_with(|_| true))
    }

    /// That of so many examples of so many leads.
    pub(super) fn new(examples: usize, leads: usize) -> Self {
        if examples == leads { Self::Leads } else { Self::Moments }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Leads => "leads",
            Self::Moments => "moments",
        }
    }
}

/// The lines above a model.
pub(super) fn head(suggestion: &Suggestion) -> Vec<String> {
    let (rows, positives) = (suggestion.rows, suggestion.positives);
    let base = percent(ratio(positives, rows));
    let examples = match suggestion.unit() {
        Unit::Leads => format!("{} leads", grouped(rows)),
        Unit::Moments => format!("{} moments of {} leads", grouped(rows), grouped(suggestion.leads)),
    };
    let mut lines = vec![format!(
        "# Suggested from {examples}, of which {} have the outcome ({base}).",
        grouped(positives)
    )];
    if let Some((from, to)) = suggestion.period {
        lines.push(format!("# Decided from {from} to {to}."));
    }
    if let Some(auc) = suggestion.held_out {
        lines.push(format!(
            "# AUC on leads that did not teach it: {:.3} (95 % interval {:.3} to {:.3}).",
            auc.value, auc.low, auc.high
        ));
    }
    let line = suggestion.card.line;
    let chance = |score: f64| percent(1.0 / (1.0 + libm::exp(-line.start - line.slope * score)));
    lines.push(format!(
        "# One point multiplies the odds by {:.2}: a score of 0 stands for {}, one of 10 for {}.",
        libm::exp(line.slope),
        chance(0.0),
        chance(10.0)
    ));
    lines.push("# Intervals hold what the points were before rounding, at 95 %.".to_owned());
    lines.extend(suggestion.notes.iter().map(|note| format!("# Note: {note}.")));
    lines
}

/// What is known of a band.
pub(super) fn band(band: &Band, suggestion: &Suggestion) -> String {
    let (rows, positives) = (suggestion.rows, suggestion.positives);
    let (low, high) = band.interval();
    let unsure = if band.is_unsure() { "; unsure" } else { "" };
    let support = support((band.rows, band.positives), (rows, positives), suggestion.unit());
    format!("{support}; {:.1} ({low:.1} to {high:.1}){unsure}", band.exact)
}

/// How many leads meet something, how they convert and how the others do: rows and how many of them have the outcome, there and in all.
pub(super) fn support(
    (rows, positives): (usize, usize),
    (all, all_positives): (usize, usize),
    unit: Unit,
) -> String {
    let with = ratio(positives, rows);
    format!(
        "{} {}, {} convert, {} of the others, lift {:.1}",
        grouped(rows),
        unit.name(),
        percent(with),
        percent(ratio(all_positives - positives, all - rows)),
        with / ratio(all_positives, all)
    )
}

/// What is known of a tier.
pub(super) fn tier(tier: &Tier, suggestion: &Suggestion) -> String {
    format!(
        "{} of {}, {} convert",
        percent(ratio(tier.rows, suggestion.rows)),
        suggestion.unit().name(),
        percent(ratio(tier.positives, tier.rows))
    )
}

pub(super) fn points(points: i32) -> String {
    format!("{points} point{}", if points.abs() == 1 { "" } else { "s" })
}

#[expect(clippy::cast_precision_loss, reason = "counts of rows")]
fn ratio(part: usize, of: usize) -> f64 {
    if of == 0 { 0.0 } else { part as f64 / of as f64 }
}

fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

/// A count with its thousands apart.
fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}
