//! Whether probabilities still mean what they say.

use crate::chance::normal_tails;

/// What was predicted beside what came.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Calibration {
    /// How many predictions there are.
    pub rows: usize,
    /// The outcomes that were to be expected: the sum of the probabilities.
    pub expected: f64,
    /// The outcomes that came.
    pub observed: f64,
    /// The chance of a difference as large where the probabilities are right; nothing where there is no doubt in them.
    pub p: Option<f64>,
}

/// Compares probabilities with outcomes, row by row. Of rows that may tell the same, as those of one lead do, each counts as so much of
/// a case ([`Dataset::cases`](crate::Dataset::cases) for each row).
#[must_use]
pub fn calibration(probabilities: &[f64], outcomes: &[bool], of_a_case: f64) -> Calibration {
    let expected: f64 = probabilities.iter().sum();
    let observed: f64 = outcomes.iter().map(|outcome| f64::from(u8::from(*outcome))).sum();
    let variance: f64 = probabilities.iter().map(|p| p * (1.0 - p)).sum();
    let p = (variance > 0.0).then(|| normal_tails((observed - expected) * (of_a_case / variance).sqrt()));
    Calibration { rows: probabilities.len().min(outcomes.len()), expected, observed, p }
}
