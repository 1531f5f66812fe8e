//! What is gained by working from the top: the share of outcomes in the best tenths.

use super::{Ties, ties::Tie};

/// The best so many tenths of all rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tenth {
    /// How many tenths, from 1 to 10.
    pub tenths: u8,
    /// How many rows they are (their weight).
    pub weight: f64,
    /// How many outcomes they hold; where the border runs through equal scores, the expected number.
    pub positives: f64,
    /// The share of all outcomes that they hold.
    pub gain: f64,
    /// How many times as many as among as many rows picked blindly.
    pub lift: f64,
}

impl Ties {
    /// The best tenth, the best two tenths, up to all. Empty where nobody has the outcome.
    #[must_use]
    pub fn gains(&self) -> Vec<Tenth> {
        let total = self.total();
        if total.positive <= 0.0 {
            return Vec::new();
        }
        (1..=10).map(|tenths| tenth(tenths, self, total)).collect()
    }

    /// The share of all outcomes that the best rows hold, where these are this share of all rows. Nothing where nobody has the
    /// outcome.
    #[must_use]
    pub fn caught(&self, share: f64) -> Option<f64> {
        let total = self.total();
        (total.positive > 0.0).then(|| positives_among(share * total.weight(), self) / total.positive)
    }
}

fn tenth(tenths: u8, ties: &Ties, total: Tie) -> Tenth {
    // Whole rows, as people are worked: a tenth of 91 rows are 10.
    let weight = (total.weight() * f64::from(tenths) / 10.0).ceil().min(total.weight());
    let positives = positives_among(weight, ties);
    let gain = positives / total.positive;
    Tenth { tenths, weight, positives, gain, lift: gain * total.weight() / weight }
}

/// The outcomes among the best rows of a weight.
fn positives_among(weight: f64, ties: &Ties) -> f64 {
    let (mut left, mut positives) = (weight, 0.0);
    for tie in ties.iter() {
        let share = (left / tie.weight()).clamp(0.0, 1.0);
        positives += share * tie.positive;
        left -= tie.weight();
    }
    positives
}

#[cfg(test)]
mod tests {
    use super::super::Scored;

    #[test]
    fn a_border_through_equal_scores_takes_its_share_of_them() {
        let scored =
            Scored::new(&[1.0; 10], &[true, true, true, true, true, false, false, false, false, false]);
        let gains = scored.expect("scores").gains();
        assert!(gains.iter().all(|tenth| (tenth.lift - 1.0).abs() < 1e-12), "{gains:?}");
    }

    #[test]
    fn without_outcomes_there_is_nothing_to_gain() {
        assert_eq!(Scored::new(&[1.0], &[false]).expect("scores").gains(), []);
    }
}
