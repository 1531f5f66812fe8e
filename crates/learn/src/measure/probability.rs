//! Measures of scores that are probabilities.

use super::Ties;

/// Probabilities nearer than this to 0 or 1 count as this near: one sure error must not outweigh all else.
const CLIP: f64 = 1e-7;
/// How many bands of equal width [`Ties::reliability`] has.
const BANDS: usize = 10;

/// Those to whom about the same probability was given.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    /// The lowest probability of the band.
    pub from: f64,
    /// The highest: it belongs to the next band, 1 to the last.
    pub to: f64,
    /// How many they are (their weight).
    pub weight: f64,
    /// What was predicted, on average.
    pub predicted: f64,
    /// The share of those with the outcome.
    pub rate: f64,
}

/// How decisions at a threshold came out, as weights of rows.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Confusion {
    /// At or above the threshold, with the outcome.
    pub true_positive: f64,
    /// At or above the threshold, without it.
    pub false_positive: f64,
    /// Below the threshold, without the outcome.
    pub true_negative: f64,
    /// Below the threshold, with it.
    pub false_negative: f64,
}

/// The surprise at what happened, in nats.
pub(crate) fn log_loss(probability: f64, outcome: bool) -> f64 {
    let probability = probability.clamp(CLIP, 1.0 - CLIP);
    -libm::log(if outcome { probability } else { 1.0 - probability })
}

/// The squared distance between probability and outcome.
pub(super) fn brier(probability: f64, outcome: bool) -> f64 {
    (probability - f64::from(u8::from(outcome))).powi(2)
}

impl Ties {
    /// The mean surprise at what happened, in nats; 0 for those who knew. Nothing, where there are no rows.
    #[must_use]
    pub fn log_loss(&self) -> Option<f64> {
        self.mean(log_loss)
    }

    /// The mean squared distance between probability and outcome.
    #[must_use]
    pub fn brier(&self) -> Option<f64> {
        self.mean(brier)
    }

    /// Ten bands of equal width of what was predicted, beside what happened; bands without rows are left out.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "ten bands")]
    pub fn reliability(&self) -> Vec<Band> {
        let mut sums = [(0.0, 0.0, 0.0); BANDS];
        for tie in self.iter() {
            let sum = &mut sums[band(tie.score)];
            sum.0 += tie.weight();
            sum.1 += tie.weight() * tie.score;
            sum.2 += tie.positive;
        }
        let bands = sums.into_iter().enumerate().filter(|(_, (weight, ..))| *weight > 0.0);
        bands
            .map(|(place, (weight, predicted, came))| Band {
                from: place as f64 / BANDS as f64,
                to: (place + 1) as f64 / BANDS as f64,
                weight,
                predicted: predicted / weight,
                rate: came / weight,
            })
            .collect()
    }

    /// The mean distance between what was predicted and what happened, over ten bands of equal width (expected
    /// calibration error).
    #[must_use]
    pub fn calibration_error(&self) -> Option<f64> {
        let bands = self.reliability();
        let weight: f64 = bands.iter().map(|band| band.weight).sum();
        let error = bands.iter().map(|band| band.weight * (band.predicted - band.rate).abs()).sum::<f64>();
        (weight > 0.0).then(|| error / weight)
    }

    /// What becomes of decisions for all who score at least `threshold`.
    #[must_use]
    pub fn confusion(&self, threshold: f64) -> Confusion {
        let mut counts = Confusion::default();
        for tie in self.iter() {
            let (positive, negative) = if tie.score >= threshold {
                (&mut counts.true_positive, &mut counts.false_positive)
            } else {
                (&mut counts.false_negative, &mut counts.true_negative)
            };
            *positive += tie.positive;
            *negative += tie.negative;
        }
        counts
    }

    fn mean(&self, of: impl Fn(f64, bool) -> f64) -> Option<f64> {
        let (mut sum, mut weights) = (0.0, 0.0);
        for tie in self.iter() {
            for (outcome, weight) in [(true, tie.positive), (false, tie.negative)] {
                if weight > 0.0 {
                    sum += weight * of(tie.score, outcome);
                    weights += weight;
                }
            }
        }
        (weights > 0.0).then(|| sum / weights)
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "ten bands; what lies outside of 0..1 saturates"
)]
fn band(probability: f64) -> usize {
    ((probability * BANDS as f64) as usize).min(BANDS - 1)
}

#[cfg(test)]
mod tests {
    use super::super::Scored;
    use super::*;

    #[test]
    fn one_sure_error_is_bounded() {
        let sure = Scored::new(&[0.0], &[true]).expect("scores");
        assert!((sure.log_loss().expect("a row") - 16.118).abs() < 1e-3);
    }

    #[test]
    fn what_is_predicted_as_it_happens_has_no_calibration_error() {
        let fair = Scored::new(&[0.25; 4], &[true, false, false, false]).expect("scores");
        assert_eq!(fair.calibration_error(), Some(0.0));
        let band = Band { from: 0.2, to: 0.3, weight: 4.0, predicted: 0.25, rate: 0.25 };
        assert_eq!(fair.reliability(), [band]);
    }

    #[test]
    fn the_threshold_itself_is_above() {
        let at = Scored::new(&[0.5], &[true]).expect("scores");
        assert_eq!(at.confusion(0.5), Confusion { true_positive: 1.0, ..Confusion::default() });
    }
}
