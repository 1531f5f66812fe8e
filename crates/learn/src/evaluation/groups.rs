//! Conversion by groups of leads: tiers, and bands of scores.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{Example, attribution::Counted};

/// A group of examples, and how many of them had the outcome.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Group {
    /// What they have in common.
    pub name: String,
    /// How many there are.
    pub examples: usize,
    /// How many had the outcome.
    pub positives: usize,
    /// The share of them that had it.
    pub rate: f64,
    /// The lower end of the interval in which the share lies in 95 of 100 cases (Wilson).
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// What their outcomes brought together, each lead's once, where that is known.
    pub value: Option<f64>,
    /// In how many days half of the outcomes came, where that is known.
    pub days_to_outcome: Option<f64>,
}

impl Group {
    fn of(name: String, examples: &[&Example]) -> Self {
        let won: Vec<&&Example> = examples.iter().filter(|example| example.outcome).collect();
        // A lead that was looked at several times before its outcome brought it once.
        let values: BTreeMap<&str, f64> =
            won.iter().filter_map(|example| Some((example.lead.as_str(), example.value?))).collect();
        let counted = Counted { journeys: examples.len() as f64, conversions: won.len() as f64 };
        let [low, high] = counted.interval();
        let rate = counted.conversions / counted.journeys.max(1.0);
        let mut days: Vec<f64> = won.iter().filter_map(|example| days(example)).collect();
        days.sort_by(f64::total_cmp);
        Self {
            name,
            examples: examples.len(),
            positives: won.len(),
            rate,
            low,
            high,
            value: (!values.is_empty()).then(|| values.values().sum()),
            days_to_outcome: days.get(days.len() / 2).copied(),
        }
    }
}

/// How many days after the moment of decision the outcome came.
fn days(example: &Example) -> Option<f64> {
    Some(example.outcome_at?.millis_since(example.at?) as f64 / 86_400_000.0)
}

/// By tier, that of the lowest scores first.
pub(super) fn by_tier(examples: &[&Example], (scores, tiers): (&[f64], &[Option<&str>])) -> Vec<Group> {
    let mut names: Vec<Option<&str>> = tiers.to_vec();
    names.sort_unstable();
    names.dedup();
    let of =
        |name: &Option<&str>| (0..examples.len()).filter(move |row| tiers[*row] == *name).collect::<Vec<_>>();
    let mut groups: Vec<(f64, Group)> = names
        .iter()
        .map(|name| {
            let rows = of(name);
            let mean = rows.iter().map(|row| scores[*row]).sum::<f64>() / rows.len().max(1) as f64;
            let members: Vec<&Example> = rows.iter().map(|row| examples[*row]).collect();
            (mean, Group::of(name.unwrap_or("none").to_owned(), &members))
        })
        .collect();
    groups.sort_by(|a, b| a.0.total_cmp(&b.0));
    groups.into_iter().map(|(_, group)| group).collect()
}

/// By bands of scores of a width that a person would choose; empty ones are left out.
pub(super) fn by_band(examples: &[&Example], scores: &[f64]) -> Vec<Group> {
    let least = scores.iter().copied().fold(f64::INFINITY, f64::min);
    let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let width = readable((most - least) / 8.0);
    let band = |score: f64| (score / width).floor();
    let mut rows: Vec<usize> = (0..examples.len()).collect();
    rows.sort_by(|a, b| scores[*a].total_cmp(&scores[*b]));
    rows.chunk_by(|a, b| band(scores[*a]) == band(scores[*b]))
        .map(|rows| {
            let from = band(scores[rows[0]]) * width;
            let members: Vec<&Example> = rows.iter().map(|row| examples[*row]).collect();
            Group::of(format!("{from} to {}", from + width), &members)
        })
        .collect()
}

/// The least of 1, 2, 5, 10, 20, … that is no less.
fn readable(width: f64) -> f64 {
    let steps = (0..12).flat_map(|power| [1.0, 2.0, 5.0].map(|step| step * 10_f64.powi(power)));
    steps.into_iter().find(|step| *step >= width).unwrap_or(1e12)
}
