//! Whether more points of a rule go with the outcome: for rules that are worth this here and that there.

use super::Rows;
use crate::{chance::normal_tails, measure::design_effect};

/// How worths of a rule lie beside outcomes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Concordance {
    /// The chance that one with the outcome is worth more than one without it; half where they are worth the same.
    pub(super) value: f64,
    /// The standard error of that (DeLong et al. 1988), with rows of one lead taken together (Obuchowski 1997).
    error: f64,
    /// The standard error where worths have nothing to do with outcomes (Mann and Whitney 1947, with ties).
    chance_error: f64,
}

impl Concordance {
    /// Of worths and outcomes; nothing where all are worth the same, or have the same outcome.
    pub(super) fn new(worths: &[f64], rows: &Rows<'_>) -> Option<Self> {
        let count = worths.len() as f64;
        let positives = rows.outcomes.iter().filter(|outcome| **outcome).count() as f64;
        let negatives = count - positives;
        if positives <= 0.0 || negatives <= 0.0 {
            return None;
        }
        let (placements, ties) = placements(worths, &rows.outcomes, [negatives, positives]);
        let of_positives = placements.iter().zip(&rows.outcomes).filter(|(_, outcome)| **outcome);
        let value = of_positives.map(|(placement, _)| placement).sum::<f64>() / positives;
        let part = |(placement, outcome): (&f64, &bool)| {
            if *outcome { (placement - value) / positives } else { (1.0 - placement - value) / negatives }
        };
        let parts: Vec<f64> = placements.iter().zip(&rows.outcomes).map(part).collect();
        let effect = design_effect(&parts, &rows.leads);
        let square: f64 = parts.iter().map(|part| part * part).sum();
        let by_chance = (count + 1.0 - ties / (count * (count - 1.0))) / (12.0 * positives * negatives);
        (by_chance > 0.0).then(|| Self {
            value,
            error: (effect * square).sqrt(),
            chance_error: (effect * by_chance).sqrt(),
        })
    }

    /// The chance of one as far from a half, or farther, where worths have nothing to do with outcomes.
    pub(super) fn chance(self) -> f64 {
        normal_tails((self.value - 0.5) / self.chance_error)
    }

    /// With the interval in which it lies in 95 of 100 cases.
    pub(super) fn estimate(self) -> [f64; 3] {
        const Z: f64 = 1.959_963_984_540_054;
        let end = |z: f64| (self.value + z * self.error).clamp(0.0, 1.0);
        [self.value, end(-Z), end(Z)]
    }
}

/// The share of rows with the other outcome that are worth less than each row, and half of those that are worth the same; and the sum
/// of t³ − t over ties.
fn placements(worths: &[f64], outcomes: &[bool], others: [f64; 2]) -> (Vec<f64>, f64) {
    let mut order: Vec<usize> = (0..worths.len()).collect();
    order.sort_by(|a, b| worths[*a].total_cmp(&worths[*b]));
    let mut placements = vec![0.0; worths.len()];
    let (mut below, mut ties) = ([0.0; 2], 0.0);
    for same in order.chunk_by(|a, b| worths[*a] == worths[*b]) {
        let count = same.len() as f64;
        ties += count * count * count - count;
        let positives = same.iter().filter(|row| outcomes[**row]).count() as f64;
        // Those without the outcome are the others of those with it.
        let here = [count - positives, positives];
        for row in same {
            let other = usize::from(!outcomes[*row]);
            placements[*row] = (below[other] + here[other] / 2.0) / others[other];
        }
        below = [below[0] + here[0], below[1] + here[1]];
    }
    (placements, ties)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::Scored;

    fn rows(outcomes: &[bool], leads: Vec<u32>) -> Rows<'static> {
        Rows { outcomes: outcomes.to_vec(), leads, ..Rows::default() }
    }

    #[test]
    fn it_is_the_auc_of_the_worths() {
        let worths = [3.0, 0.0, 1.5, 0.0, 1.5, -2.0, 0.0];
        let outcomes = [true, false, true, true, false, false, false];
        let found = Concordance::new(&worths, &rows(&outcomes, (0..7).collect())).expect("both outcomes");
        let auc = Scored::new(&worths, &outcomes).expect("scores").auc().expect("both outcomes");
        assert!((found.value - auc).abs() < 1e-12, "{} {auc}", found.value);
    }

    #[test]
    fn rows_of_one_lead_are_no_further_proof() {
        let worths: Vec<f64> = (0..40).map(|row| f64::from(row * 7 % 11)).collect();
        let outcomes: Vec<bool> = (0..40).map(|row| row % 3 == 0).collect();
        let once = Concordance::new(&worths, &rows(&outcomes, (0..40).collect())).expect("both outcomes");
        let (worths, outcomes) = ([&worths[..]; 4].concat(), [&outcomes[..]; 4].concat());
        let leads = (0..160).map(|row| row % 40).collect();
        let again = Concordance::new(&worths, &rows(&outcomes, leads)).expect("both outcomes");
        assert!((once.error - again.error).abs() < 1e-12, "{} {}", once.error, again.error);
        assert!((once.chance() - again.chance()).abs() < 0.02, "{} {}", once.chance(), again.chance());
    }
}
