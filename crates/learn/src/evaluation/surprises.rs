//! Leads whose scores tell another story than their outcomes.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{
    Rows,
    common::{Common, in_common},
};
use crate::Table;

/// A lead whose score tells another story than its outcome.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Surprise {
    /// The lead.
    pub lead: String,
    /// The moment of decision at which its score was furthest from its outcome.
    pub at: Option<String>,
    /// Its score then.
    pub score: f64,
    /// Its tier then.
    pub tier: Option<String>,
}

/// What leads have in common that scored alike and were surprises.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InCommon {
    /// The least score of the high ones, or the greatest of the low ones.
    pub bound: f64,
    /// How many leads surprised.
    pub surprises: usize,
    /// How many of the same scores did not.
    pub others: usize,
    /// What is more frequent among those that surprised, the surest first.
    pub common: Vec<Common>,
}

/// Which surprises are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    HighButLost,
    LowButWon,
}

/// So many surprises of either kind are listed.
const SURPRISES: usize = 10;
/// The best fifth of leads have high scores, the worse half low ones.
const HIGH: f64 = 0.8;
const LOW: f64 = 0.5;
/// What the standing of a disqualified lead is called.
const DISQUALIFIED: &str = "disqualified";

/// The leads whose scores lie furthest from their outcomes: the lowest that won, or the highest that did not. One that was disqualified
/// was not expected to win, whatever its score.
pub(super) fn surprises(rows: &Rows<'_>, side: Side) -> Vec<Surprise> {
    let surprise = |row: &usize| Surprise {
        lead: rows.examples[*row].lead.clone(),
        at: rows.examples[*row].at.map(|at| at.to_string()),
        score: rows.scores[*row],
        tier: rows.tiers[*row].map(str::to_owned),
    };
    let leads = each_lead(rows, side);
    let found = leads.iter().filter(|row| rows.outcomes[**row] == (side == Side::LowButWon));
    found.take(SURPRISES).map(surprise).collect()
}

/// What surprises have in common that others of such scores have not; nothing where there are none of either.
pub(super) fn common(rows: &Rows<'_>, table: &Table, side: Side) -> Option<InCommon> {
    let leads = each_lead(rows, side);
    let mut scores: Vec<f64> = leads.iter().map(|row| rows.scores[*row]).collect();
    scores.sort_by(f64::total_cmp);
    let share = if side == Side::HighButLost { HIGH } else { LOW };
    let bound = *scores.get((share * scores.len() as f64) as usize)?;
    let is_within = |score: f64| if side == Side::HighButLost { score >= bound } else { score <= bound };
    let band = leads.into_iter().filter(|row| is_within(rows.scores[*row]));
    let (surprises, others): (Vec<usize>, Vec<usize>) =
        band.partition(|row| rows.outcomes[*row] == (side == Side::LowButWon));
    if surprises.is_empty() || others.is_empty() {
        return None;
    }
    let places = |rows_of: &[usize]| rows_of.iter().map(|row| rows.places[*row]).collect::<Vec<_>>();
    Some(InCommon {
        bound,
        surprises: surprises.len(),
        others: others.len(),
        common: in_common(table, [&places(&surprises), &places(&others)]),
    })
}

/// One row of each lead, those first that are furthest to the side: of a lead that won one before it won.
fn each_lead(rows: &Rows<'_>, side: Side) -> Vec<usize> {
    let won: BTreeSet<u32> =
        (0..rows.len()).filter(|row| rows.outcomes[*row]).map(|row| rows.leads[row]).collect();
    let counts = |row: &usize| rows.outcomes[*row] || !won.contains(&rows.leads[*row]);
    let stands = |row: &usize| side == Side::LowButWon || rows.tiers[*row] != Some(DISQUALIFIED);
    let mut order: Vec<usize> = (0..rows.len()).filter(counts).filter(stands).collect();
    let sign = if side == Side::LowButWon { 1.0 } else { -1.0 };
    order.sort_by(|a, b| (sign * rows.scores[*a]).total_cmp(&(sign * rows.scores[*b])));
    let mut seen = BTreeSet::new();
    order.retain(|row| seen.insert(rows.leads[*row]));
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Example;

    #[test]
    fn each_lead_is_told_once_and_those_that_could_not_win_or_did_later_not_at_all() {
        let told = [
            ("often", 90.0, false, None),
            ("often", 95.0, false, None),
            ("early", 99.0, false, None),
            ("early", 50.0, true, None),
            ("barred", 98.0, false, Some("disqualified")),
            ("low", 10.0, false, None),
        ];
        let example = |(lead, _, outcome, _): &(&str, f64, bool, Option<&str>)| Example {
            lead: (*lead).to_owned(),
            at: None,
            outcome: *outcome,
            outcome_at: None,
            value: None,
        };
        let examples: Vec<Example> = told.iter().map(example).collect();
        let rows = Rows {
            places: (0..6).collect(),
            examples: examples.iter().collect(),
            leads: vec![0, 0, 1, 1, 2, 3],
            outcomes: told.iter().map(|(_, _, outcome, _)| *outcome).collect(),
            scores: told.iter().map(|(_, score, ..)| *score).collect(),
            tiers: told.iter().map(|(.., tier)| *tier).collect(),
        };
        let found = surprises(&rows, Side::HighButLost);
        let found: Vec<_> = found.iter().map(|one| (one.lead.as_str(), one.score)).collect();
        assert_eq!(found, [("often", 95.0), ("low", 10.0)]);
    }
}
