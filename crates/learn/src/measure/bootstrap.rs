//! How sure a measure is: intervals from data sets that chance might have dealt instead.

use super::deck::Deck;
use super::{Measure, MeasureError, Scored, placements};
use crate::{Random, chance::student_quantile};

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

/// With more leads than this over all draws, fewer draws are made: intervals are narrow then, and their ends need not be as precise.
const MOST_DEALT: usize = 20_000_000;
/// But at least so many.
const FEWEST_DRAWS: usize = 200;

impl Resampling {
    /// As many draws as are worth their time: none for the AUC alone.
    fn of(&self, measures: &[Measure], leads: usize) -> Self {
        let needed = measures.iter().any(|measure| *measure != Measure::Auc);
        let enough = (MOST_DEALT / leads.max(1)).max(FEWEST_DRAWS);
        Self { draws: if needed { self.draws.min(enough) } else { 0 }, ..*self }
    }
}

/// Measures with their intervals, in the order asked for; nothing where a measure is not defined.
///
/// Leads are drawn with replacement, each with all of its rows, as often as there are leads; the interval spans the middle of what the
/// draws give. That of the AUC needs no draws (`placements.rs`).
#[must_use]
pub fn estimates(scored: &Scored, measures: &[Measure], how: &Resampling) -> Vec<Option<Estimate>> {
    let deck = Deck::new(scored, &scored.leads, measures);
    let draws = drawn(scored.leads(), &how.of(measures, scored.leads()), |counts| deck.dealt(counts));
    let estimate = |(place, measure): (usize, &Measure)| match measure {
        Measure::Auc => placements::interval(scored, how.level),
        _ => {
            let found = interval(measure.of(scored)?, column(&draws, place), *measure, how.level)?;
            Some(Estimate { low: found.low.max(0.0).min(perfect(scored, *measure, found.value)), ..found })
        }
    };
    measures.iter().enumerate().map(estimate).collect()
}

/// How low a measure of a perfect order may be in truth, of which all draws say that it is perfect: as if those shares of either
/// outcome lay on the wrong side that may do so unseen (Wilson 1927).
fn perfect(scored: &Scored, measure: Measure, value: f64) -> f64 {
    const SQUARE: f64 = 3.841_458_820_694_124;
    // Sums of shares fall short of 1 by what is rounded.
    if value < 1.0 - 1e-9 {
        return value;
    }
    let leads = scored.leads() as f64 / scored.len() as f64;
    let positives = scored.positives() as f64 * leads;
    let negatives = scored.len() as f64 * leads - positives;
    let (found, wrong) = (positives / (positives + SQUARE), SQUARE / (negatives + SQUARE));
    match measure {
        Measure::AveragePrecision => found * positives * found / (positives * found + negatives * wrong),
        Measure::Ks => (found - wrong).max(0.0),
        _ => value,
    }
}

/// By how much `a` measures more than `b` on the same rows, with intervals: both are drawn alike, as the leads of `a`, so that what is
/// hard for both does not blur the difference. That of the AUC needs no draws (`placements.rs`).
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
    let minus = |a: Option<f64>, b: Option<f64>| Some(a? - b?);
    let decks = [a, b].map(|scored| Deck::new(scored, &a.leads, measures));
    let draws = drawn(a.leads(), &how.of(measures, a.leads()), |counts| {
        let [a, b] = decks.each_ref().map(|deck| deck.dealt(counts));
        a.into_iter().zip(b).map(|(a, b)| minus(a, b)).collect()
    });
    let difference = |(place, measure): (usize, &Measure)| match measure {
        Measure::Auc => placements::difference(a, b, how.level),
        _ => interval(minus(measure.of(a), measure.of(b))?, column(&draws, place), *measure, how.level),
    };
    Ok(measures.iter().enumerate().map(difference).collect())
}

/// The mean of numbers, one a lead, and its interval; nothing without numbers. That of a single number has no ends.
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
    let mean = (!numbers.is_empty()).then(|| numbers.iter().sum::<f64>() / count)?;
    // Draws of few numbers never leave them, so that they seem surer than they are: Student's interval knows better.
    let off = student_off(numbers, mean, how.level);
    // What none falls below, the mean does not either.
    let least =
        if numbers.iter().all(|number| *number >= 0.0) && off.is_finite() { 0.0 } else { f64::NEG_INFINITY };
    Some([mean, ends.0.min((mean - off).max(least)), ends.1.max(mean + off)])
}

/// How far a mean of numbers may be off, by Student's distribution.
fn student_off(numbers: &[f64], mean: f64, level: f64) -> f64 {
    let count = numbers.len() as f64;
    if numbers.len() < 2 {
        return f64::INFINITY;
    }
    let squares: f64 = numbers.iter().map(|number| (number - mean) * (number - mean)).sum();
    student_quantile(level, count - 1.0) * libm::sqrt(squares / (count - 1.0) / count)
}

/// What a function makes of each draw of leads, of which there are so many; it is given how often each was drawn.
pub(crate) fn drawn<T: Send>(leads: usize, how: &Resampling, of: impl Fn(&[u8]) -> T + Sync) -> Vec<T> {
    let one = |number: usize| {
        let mut random = Random::stream(how.seed, number as u64);
        let mut counts = vec![0_u8; leads];
        for _ in 0..leads {
            // No lead is drawn 256 times: with so few leads there are fewer draws, with more it does not happen.
            let count = &mut counts[random.below(leads)];
            *count = count.saturating_add(1);
        }
        of(&counts)
    };
    crate::threads::map(how.draws, how.threads, one)
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
