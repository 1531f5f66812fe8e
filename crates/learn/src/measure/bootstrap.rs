//! How sure a measure is: intervals from data sets that chance might have dealt instead.

use super::{Measure, MeasureError, Scored};
use crate::Random;

/// A value and the interval in which the truth lies at the level that was asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// What was measured.
    pub value: f64,
    /// The interval's lower end.
    pub low: f64,
    /// The interval's upper end.
    pub high: f64,
}

/// How leads are drawn again.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Resampling {
    /// How often; 1000 are enough for an interval that a person reads.
    pub draws: usize,
    /// How often the interval shall hold the truth: 0.95.
    pub level: f64,
    /// What chance starts from.
    pub seed: u64,
    /// On how many threads; the result does not depend on it.
    pub threads: usize,
}

impl Default for Resampling {
    fn default() -> Self {
        Self { draws: 1000, level: 0.95, seed: 1, threads: 1 }
    }
}

/// Measures with their intervals, in the order asked for; nothing where a measure is not defined.
///
/// Leads are drawn with replacement, each with all of its rows, as often as there are leads; the interval spans the middle of what the
/// draws give.
#[must_use]
pub fn estimates(scored: &Scored, measures: &[Measure], how: &Resampling) -> Vec<Option<Estimate>> {
    let values = |scored: &Scored| measures.iter().map(|measure| measure.of(scored)).collect();
    let draws = drawn(&scored.leads, how, |counts| values(&recounted(scored, counts)));
    measures
        .iter()
        .zip(values(scored) as Vec<Option<f64>>)
        .enumerate()
        .map(|(place, (measure, value))| {
            let interval = interval(value?, column(&draws, place), *measure, how.level)?;
            Some(Estimate { low: interval.low.max(0.0), ..interval })
        })
        .collect()
}

/// By how much `a` measures more than `b` on the same rows, with intervals: both are drawn alike, as the leads of `a`, so that what is
/// hard for both does not blur the difference.
///
/// # Errors
/// When the two do not have the same number of rows.
pub fn differences(
    a: &Scored,
    b: &Scored,
    measures: &[Measure],
    how: &Resampling,
) -> Result<Vec<Option<Estimate>>, MeasureError> {
    if a.len() != b.len() {
        let (scores, outcomes) = (a.len(), b.len());
        return Err(MeasureError::Lengths { scores, outcomes, weights: outcomes });
    }
    let minus = |measure: &Measure, a: &Scored, b: &Scored| Some(measure.of(a)? - measure.of(b)?);
    let draws = drawn(&a.leads, how, |counts| {
        let (a, b) = (recounted(a, counts), recounted(b, counts));
        measures.iter().map(|measure| minus(measure, &a, &b)).collect()
    });
    let difference = |(place, measure): (usize, &Measure)| {
        interval(minus(measure, a, b)?, column(&draws, place), *measure, how.level)
    };
    Ok(measures.iter().enumerate().map(difference).collect())
}

/// The mean of numbers, one a lead, and its interval; nothing without numbers.
pub(crate) fn mean_interval(numbers: &[f64], how: &Resampling) -> Option<[f64; 3]> {
    let count = numbers.len().max(1) as f64;
    let one = |number: usize| {
        let mut random = Random::stream(how.seed, number as u64);
        numbers.iter().map(|_| numbers[random.below(numbers.len())]).sum::<f64>() / count
    };
    let mut draws = crate::threads::map(how.draws, how.threads, one);
    draws.sort_by(f64::total_cmp);
    let tail = (1.0 - how.level) / 2.0;
    let ends = (quantile(&draws, tail)?, quantile(&draws, 1.0 - tail)?);
    (!numbers.is_empty()).then(|| [numbers.iter().sum::<f64>() / count, ends.0, ends.1])
}

/// By how much `a` has more of what a function finds than `b`, as [`differences`].
///
/// # Errors
/// As [`differences`].
pub fn difference(
    a: &Scored,
    b: &Scored,
    of: impl Fn(&Scored) -> Option<f64> + Sync,
    how: &Resampling,
) -> Result<Option<Estimate>, MeasureError> {
    if a.len() != b.len() {
        let (scores, outcomes) = (a.len(), b.len());
        return Err(MeasureError::Lengths { scores, outcomes, weights: outcomes });
    }
    let minus = |a: &Scored, b: &Scored| Some(of(a)? - of(b)?);
    let draws = drawn(&a.leads, how, |counts| vec![minus(&recounted(a, counts), &recounted(b, counts))]);
    Ok(minus(a, b).and_then(|value| interval(value, column(&draws, 0), Measure::Auc, how.level)))
}

/// What a function makes of each draw of leads, of which each row has one; it is given how often each row was drawn.
pub(crate) fn drawn<T: Send>(lead_of: &[u32], how: &Resampling, of: impl Fn(&[f64]) -> T + Sync) -> Vec<T> {
    let leads = lead_of.iter().max().map_or(0, |last| *last as usize + 1);
    let one = |number: usize| {
        let mut random = Random::stream(how.seed, number as u64);
        let mut counts = vec![0.0; leads];
        (0..leads).for_each(|_| counts[random.below(leads)] += 1.0);
        let of_rows: Vec<f64> = lead_of.iter().map(|lead| counts[*lead as usize]).collect();
        of(&of_rows)
    };
    crate::threads::map(how.draws, how.threads, one)
}

/// The rows as often as they were drawn.
fn recounted(scored: &Scored, counts: &[f64]) -> Scored {
    let weights = scored.rows.iter().zip(&scored.weights).map(|(row, weight)| counts[*row] * weight);
    scored.reweighted(weights.collect())
}

fn column(draws: &[Vec<Option<f64>>], place: usize) -> Vec<f64> {
    let mut column: Vec<f64> = draws.iter().filter_map(|draw| draw[place]).collect();
    column.sort_by(f64::total_cmp);
    column
}

/// The interval that sorted draws give; nothing without draws.
fn interval(value: f64, draws: Vec<f64>, measure: Measure, level: f64) -> Option<Estimate> {
    let tail = (1.0 - level) / 2.0;
    let (low, high) = (quantile(&draws, tail)?, quantile(&draws, 1.0 - tail)?);
    // A distance grows with chance: that of a draw is too high by as much as the draw adds to that of the rows, and only
    // the interval that is mirrored at the value takes this back.
    if matches!(measure, Measure::CalibrationError | Measure::Ks) {
        let (low, high) = (2.0 * value - high, 2.0 * value - low);
        return Some(Estimate { value, low: low.min(value), high: high.max(value) });
    }
    Some(Estimate { value, low, high })
}

/// The quantile of sorted numbers, between neighbours where it falls between two.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a place among the numbers"
)]
pub(crate) fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let place = share.clamp(0.0, 1.0) * last as f64;
    let (below, above) = (sorted[place as usize], sorted[(place as usize + 1).min(last)]);
    Some(below + (above - below) * place.fract())
}
