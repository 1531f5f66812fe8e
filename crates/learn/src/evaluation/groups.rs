//! Conversion by groups of leads: tiers, and bands of scores.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Rows;
use crate::{Example, attribution::Counted, measure::design_effect};

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
    /// The group of some rows.
    pub(super) fn of(name: String, rows: &Rows<'_>, members: &[usize]) -> Self {
        let won: Vec<&Example> =
            members.iter().map(|row| rows.examples[*row]).filter(|example| example.outcome).collect();
        // A lead that was looked at several times before its outcome brought it once.
        let values: BTreeMap<&str, f64> =
            won.iter().filter_map(|example| Some((example.lead.as_str(), example.value?))).collect();
        let counted = Counted { journeys: members.len() as f64, conversions: won.len() as f64 };
        let rate = counted.conversions / counted.journeys.max(1.0);
        let [low, high] = interval(counted, rows, members);
        let mut days: Vec<f64> = won.iter().filter_map(|example| days(example)).collect();
        days.sort_by(f64::total_cmp);
        Self {
            name,
            examples: members.len(),
            positives: won.len(),
            rate,
            low,
            high,
            value: (!values.is_empty()).then(|| values.values().sum()),
            days_to_outcome: days.get(days.len() / 2).copied(),
        }
    }
}

/// The interval of a share, where rows of one lead may tell the same again.
fn interval(counted: Counted, rows: &Rows<'_>, members: &[usize]) -> [f64; 2] {
    let rate = counted.conversions / counted.journeys.max(1.0);
    let parts: Vec<f64> = members.iter().map(|row| f64::from(u8::from(rows.outcomes[*row])) - rate).collect();
    let leads: Vec<u32> = members.iter().map(|row| rows.leads[*row]).collect();
    let effect = design_effect(&parts, &leads);
    Counted { journeys: counted.journeys / effect, conversions: counted.conversions / effect }.interval()
}

/// How many days after the moment of decision the outcome came.
fn days(example: &Example) -> Option<f64> {
    Some(example.outcome_at?.millis_since(example.at?) as f64 / 86_400_000.0)
}

/// By tier, that of the lowest scores first.
pub(super) fn by_tier(rows: &Rows<'_>) -> Vec<Group> {
    let mut names: Vec<Option<&str>> = rows.tiers.clone();
    names.sort_unstable();
    names.dedup();
    let mut groups: Vec<(f64, Group)> = names
        .iter()
        .map(|name| {
            let members: Vec<usize> = (0..rows.len()).filter(|row| rows.tiers[*row] == *name).collect();
            let sum: f64 = members.iter().map(|row| rows.scores[*row]).sum();
            let mean = sum / members.len().max(1) as f64;
            (mean, Group::of(name.unwrap_or("none").to_owned(), rows, &members))
        })
        .collect();
    groups.sort_by(|a, b| a.0.total_cmp(&b.0));
    groups.into_iter().map(|(_, group)| group).collect()
}

/// By bands of scores of a width that a person would choose; empty ones are left out.
pub(super) fn by_band(rows: &Rows<'_>) -> Vec<Group> {
    let scores = &rows.scores;
    let least = scores.iter().copied().fold(f64::INFINITY, f64::min);
    let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let width = readable((most - least) / 8.0);
    let band = |score: f64| (score / width).floor();
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by(|a, b| scores[*a].total_cmp(&scores[*b]));
    order
        .chunk_by(|a, b| band(scores[*a]) == band(scores[*b]))
        .map(|members| {
            let from = band(scores[members[0]]) * width;
            Group::of(format!("{from} to {}", from + width), rows, members)
        })
        .collect()
}

/// The least of 1, 2, 5, 10, 20, … that is no less.
fn readable(width: f64) -> f64 {
    let steps = (0..12).flat_map(|power| [1.0, 2.0, 5.0].map(|step| step * 10_f64.powi(power)));
    steps.into_iter().find(|step| *step >= width).unwrap_or(1e12)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Random;

    #[test]
    fn looks_at_one_lead_do_not_narrow_the_interval_of_a_share() {
        let mut held = 0;
        for seed in 0..400 {
            let mut random = Random::new(seed);
            let won: Vec<bool> = (0..100).map(|_| random.unit() < 0.3).collect();
            let looks: Vec<u32> = (0..100).flat_map(|lead| [lead; 5]).collect();
            let outcomes = looks.iter().map(|lead| won[*lead as usize]).collect();
            let rows =
                Rows { leads: looks, outcomes, examples: Vec::new(), scores: Vec::new(), tiers: Vec::new() };
            let positives = won.iter().filter(|won| **won).count() as f64;
            let counted = Counted { journeys: 500.0, conversions: 5.0 * positives };
            let [low, high] = interval(counted, &rows, &(0..500).collect::<Vec<_>>());
            held += usize::from(low <= 0.3 && 0.3 <= high);
        }
        // 380 are expected, with a standard deviation of 4.
        assert!((365..=393).contains(&held), "{held}");
    }
}
