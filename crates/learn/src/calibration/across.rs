//! Probabilities for scores of any kind, each by what became of other leads.

use super::{Calibration, choose, platt};
use crate::Random;

/// Parts of the leads, of which each gets its probabilities from the others.
const PARTS: usize = 5;
/// Fewer rows of either outcome tell nothing of probabilities.
const FEWEST: usize = 10;

/// The probability of each row by its score, from what became of leads other than the row's own; nothing where there are too few of
/// either outcome.
pub(crate) fn across(scores: &[f64], outcomes: &[bool], leads: &[u32], seed: u64) -> Option<Vec<f64>> {
    let parts = parts(leads, PARTS, seed);
    let mut probabilities = vec![0.0; scores.len()];
    for part in 0..PARTS {
        let others: Vec<usize> = (0..scores.len()).filter(|row| parts[*row] != part).collect();
        let positives = others.iter().filter(|row| outcomes[**row]).count();
        if positives.min(others.len() - positives) < FEWEST {
            return None;
        }
        let pick = |row: &usize| (scores[*row], outcomes[*row]);
        let (known, came): (Vec<f64>, Vec<bool>) = others.iter().map(pick).unzip();
        let leads: Vec<u32> = others.iter().map(|row| leads[*row]).collect();
        let fitted = Fitted::new(&known, &came, &leads, seed);
        for row in (0..scores.len()).filter(|row| parts[*row] == part) {
            probabilities[row] = fitted.probability(scores[row]);
        }
    }
    Some(probabilities)
}

/// The part of each row, by chance; all rows of a lead are in one.
pub(super) fn parts(leads: &[u32], parts: usize, seed: u64) -> Vec<usize> {
    let mut random = Random::new(seed);
    let count = leads.iter().max().map_or(0, |last| *last as usize + 1);
    let of_leads: Vec<usize> = (0..count).map(|_| random.below(parts)).collect();
    leads.iter().map(|lead| of_leads[*lead as usize]).collect()
}

/// A line from scores to log-odds, and how these become probabilities.
struct Fitted {
    mean: f64,
    spread: f64,
    line: [f64; 2],
    calibration: Calibration,
}

impl Fitted {
    #[expect(clippy::cast_precision_loss, reason = "rows are fewer than 2^52")]
    fn new(scores: &[f64], outcomes: &[bool], leads: &[u32], seed: u64) -> Self {
        let count = scores.len().max(1) as f64;
        let mean = scores.iter().sum::<f64>() / count;
        let spread = (scores.iter().map(|score| (score - mean).powi(2)).sum::<f64>() / count).sqrt();
        let mut fitted = Self {
            mean,
            spread: if spread > 0.0 { spread } else { 1.0 },
            line: [1.0, 0.0],
            calibration: Calibration::None,
        };
        let standard: Vec<f64> = scores.iter().map(|score| fitted.log_odds(*score)).collect();
        if let Calibration::Platt { slope, intercept } = platt(&standard, outcomes) {
            fitted.line = [slope, intercept];
        }
        let log_odds: Vec<f64> = scores.iter().map(|score| fitted.log_odds(*score)).collect();
        fitted.calibration = choose(&log_odds, outcomes, leads, seed, 1).0;
        fitted
    }

    fn log_odds(&self, score: f64) -> f64 {
        let [slope, intercept] = self.line;
        slope * (score - self.mean) / self.spread + intercept
    }

    fn probability(&self, score: f64) -> f64 {
        self.calibration.probability(self.log_odds(score))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::Scored;

    #[test]
    fn points_become_probabilities_that_hold_for_leads_that_did_not_teach_them() {
        let mut random = Random::new(4);
        let points: Vec<f64> = (0..6000).map(|_| (random.unit() * 20.0).floor() * 5.0).collect();
        // The chance bends: nothing below 40 points, then ever more.
        let chance = |points: f64| 0.02 + 0.6 * ((points - 40.0) / 60.0).max(0.0).powi(2);
        let outcomes: Vec<bool> = points.iter().map(|points| random.unit() < chance(*points)).collect();
        let leads: Vec<u32> = (0..6000).collect();
        let found = across(&points, &outcomes, &leads, 1).expect("enough");
        for (points, found) in points.iter().zip(&found) {
            assert!((chance(*points) - found).abs() < 0.1, "{points}: {found}");
        }
        let error = Scored::new(&found, &outcomes).expect("scores").calibration_error().expect("rows");
        assert!(error < 0.02, "{error}");
    }

    #[test]
    fn what_became_of_a_lead_does_not_tell_its_own_probability() {
        // Noise: whoever learnt from the lead itself would seem to know.
        let mut random = Random::new(4);
        let scores: Vec<f64> = (0..600).map(|row| f64::from(row / 5)).collect();
        let won: Vec<bool> = (0..120).map(|_| random.unit() < 0.5).collect();
        let leads: Vec<u32> = (0..600).map(|row| row / 5).collect();
        let outcomes: Vec<bool> = leads.iter().map(|lead| won[*lead as usize]).collect();
        let found = across(&scores, &outcomes, &leads, 1).expect("enough");
        let loss = Scored::new(&found, &outcomes).expect("scores").log_loss().expect("rows");
        assert!(loss > 0.68, "{loss}");
    }

    #[test]
    fn too_few_outcomes_make_no_probabilities() {
        let outcomes: Vec<bool> = (0..100).map(|row| row < 9).collect();
        assert_eq!(across(&[1.0; 100], &outcomes, &(0..100).collect::<Vec<_>>(), 1), None);
    }
}
