//! Groups of leads: tiers, and bands of scores.

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
        let [rate, low, high] = share(rows, members);
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

/// The share of some rows that have the outcome, with its interval; rows of one lead may tell the same again.
pub(super) fn share(rows: &Rows<'_>, members: &[usize]) -> [f64; 3] {
    let outcomes = || members.iter().map(|row| f64::from(u8::from(rows.outcomes[*row])));
    let rate = outcomes().sum::<f64>() / members.len().max(1) as f64;
    let parts: Vec<f64> = outcomes().map(|outcome| outcome - rate).collect();
    let leads: Vec<u32> = members.iter().map(|row| rows.leads[*row]).collect();
    let count = members.len() as f64 / design_effect(&parts, &leads);
    let [low, high] = Counted { journeys: count, conversions: count * rate }.interval();
    [rate, low, high]
}

/// Where the second, third and last quarter of numbers begin, each once.
pub(super) fn quarters(numbers: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut present: Vec<f64> = numbers.filter(|number| !number.is_nan()).collect();
    present.sort_by(f64::total_cmp);
    let mut starts: Vec<f64> =
        [1, 2, 3].iter().filter_map(|quarter| present.get(quarter * present.len() / 4)).copied().collect();
    starts.dedup();
    starts.retain(|start| present.first() != Some(start));
    starts
}

/// How many days after the moment of decision the outcome came.
fn days(example: &Example) -> Option<f64> {
    Some(example.outcome_at?.millis_since(example.at?) as f64 / 86_400_000.0)
}

/// By tier, that of the lowest scores first; nothing where there are no tiers.
pub(super) fn by_tier(rows: &Rows<'_>) -> Vec<Group> {
    let mut names: Vec<Option<&str>> = rows.tiers.clone();
    names.sort_unstable();
    names.dedup();
    if names == [None] {
        return Vec::new();
    }
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

/// By about so many bands of scores, of a width that a person would choose; empty ones are left out.
pub(super) fn by_band(rows: &Rows<'_>, about: usize) -> Vec<Group> {
    let width = Width::new(&rows.scores, about);
    let band = |row: &usize| width.band(rows.scores[*row]);
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by(|a, b| rows.scores[*a].total_cmp(&rows.scores[*b]));
    let name = |band: i64| format!("{} to {}", width.start(band), width.start(band.saturating_add(1)));
    order
        .chunk_by(|a, b| band(a) == band(b))
        .map(|members| Group::of(name(band(&members[0])), rows, members))
        .collect()
}

/// How many had the outcome and how many had not, of a band of scores.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Bin {
    /// Where the band begins.
    pub from: f64,
    /// Where the next one begins.
    pub to: f64,
    /// Examples with the outcome.
    pub won: usize,
    /// Examples without it.
    pub lost: usize,
}

/// How scores lie, in about so many bands; empty ones are left out.
pub(super) fn distribution(rows: &Rows<'_>, about: usize) -> Vec<Bin> {
    let width = Width::new(&rows.scores, about);
    let mut counts: BTreeMap<i64, [usize; 2]> = BTreeMap::new();
    for (score, outcome) in rows.scores.iter().zip(&rows.outcomes) {
        counts.entry(width.band(*score)).or_default()[usize::from(*outcome)] += 1;
    }
    let bin = |(band, [lost, won]): (i64, [usize; 2])| Bin {
        from: width.start(band),
        to: width.start(band.saturating_add(1)),
        won,
        lost,
    };
    counts.into_iter().map(bin).collect()
}

/// How wide bands are: 1, 2 or 5 times a power of ten, kept in parts that floats hold exactly.
#[derive(Debug, Clone, Copy)]
struct Width {
    step: f64,
    power: i32,
    /// The band of the greatest probability has no other in it.
    last: i64,
}

impl Width {
    /// The least that leaves no more than so many bands.
    fn new(scores: &[f64], most: usize) -> Self {
        let least = scores.iter().copied().fold(f64::INFINITY, f64::min);
        let greatest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let wanted = (greatest - least) / most.max(1) as f64;
        let all = (-6..12).flat_map(|power| [1.0, 2.0, 5.0].map(|step| Self { step, power, last: i64::MAX }));
        let wide = |width: &Self| width.start(1) >= wanted * (1.0 - 1e-9);
        let plain = Self { step: 1.0, power: 0, last: i64::MAX };
        let found = if wanted > 0.0 { all.into_iter().find(wide).unwrap_or(plain) } else { plain };
        // A probability of 1 belongs to those below it.
        let of_probabilities = least >= 0.0 && greatest <= 1.0 && found.start(1) <= 0.5;
        Self { last: if of_probabilities { found.band(1.0) - 1 } else { i64::MAX }, ..found }
    }

    fn band(self, score: f64) -> i64 {
        let scaled =
            if self.power < 0 { score * 10_f64.powi(-self.power) } else { score / 10_f64.powi(self.power) };
        // What is a bound but for the last bit is one.
        ((scaled / self.step + 1e-9).floor() as i64).min(self.last)
    }

    fn start(self, band: i64) -> f64 {
        let steps = self.step * band as f64;
        if self.power < 0 { steps / 10_f64.powi(-self.power) } else { steps * 10_f64.powi(self.power) }
    }
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
            let rows = Rows { leads: looks, outcomes, ..Rows::default() };
            let [_, low, high] = share(&rows, &(0..500).collect::<Vec<_>>());
            held += usize::from(low <= 0.3 && 0.3 <= high);
        }
        // 380 are expected, with a standard deviation of 4.
        assert!((365..=393).contains(&held), "{held}");
    }

    fn names(scores: &[f64]) -> Vec<String> {
        let examples: Vec<Example> = scores.iter().map(|_| example()).collect();
        let rows = Rows {
            examples: examples.iter().collect(),
            leads: (0..).take(scores.len()).collect(),
            outcomes: vec![false; scores.len()],
            scores: scores.to_vec(),
            ..Rows::default()
        };
        by_band(&rows, 8).into_iter().map(|group| group.name).collect()
    }

    fn example() -> Example {
        Example { lead: String::new(), at: None, outcome: false, outcome_at: None, value: None }
    }

    #[test]
    fn bands_are_as_wide_as_scores_are_apart() {
        assert_eq!(
            names(&[-35.0, 0.0, 19.0, 20.0, 100.0]),
            ["-40 to -20", "0 to 20", "20 to 40", "100 to 120"]
        );
        assert_eq!(names(&[0.0, 0.3, 0.6, 0.61, 1.0]), ["0 to 0.2", "0.2 to 0.4", "0.6 to 0.8", "0.8 to 1"]);
        assert_eq!(names(&[0.012, 0.03, 0.029]), ["0.01 to 0.015", "0.025 to 0.03", "0.03 to 0.035"]);
        assert_eq!(names(&[7.0, 7.0]), ["7 to 8"]);
    }
}
