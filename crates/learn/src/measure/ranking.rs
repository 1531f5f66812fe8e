//! Measures of the order alone: any scores will do, points as well as probabilities.

use super::Ties;

impl Ties {
    /// The chance that one with the outcome scores above one without it (area under the ROC curve); half where they
    /// score the same. Nothing, where one of the two is not there.
    #[must_use]
    pub fn auc(&self) -> Option<f64> {
        let total = self.total();
        let (mut above, mut pairs) = (0.0, 0.0);
        for tie in self.iter() {
            pairs += tie.negative * (above + tie.positive / 2.0);
            above += tie.positive;
        }
        let all = total.positive * total.negative;
        (all > 0.0).then(|| pairs / all)
    }

    /// Twice the area between the ROC curve and chance: 0 for chance, 1 for perfect order.
    #[must_use]
    pub fn gini(&self) -> Option<f64> {
        self.auc().map(|auc| 2.0 * auc - 1.0)
    }

    /// The precision at each score, weighed by the share of outcomes found there (area under the precision-recall
    /// curve, without interpolation).
    #[must_use]
    pub fn average_precision(&self) -> Option<f64> {
        let total = self.total();
        let (mut found, mut seen, mut sum) = (0.0, 0.0, 0.0);
        for tie in self.iter() {
            found += tie.positive;
            seen += tie.weight();
            sum += tie.positive * found / seen;
        }
        (total.positive > 0.0).then(|| sum / total.positive)
    }

    /// The greatest distance between the shares of outcomes and of others found above any score (Kolmogorov-Smirnov).
    #[must_use]
    pub fn ks(&self) -> Option<f64> {
        let total = self.total();
        let (mut found, mut wrong, mut most) = (0.0, 0.0, 0.0_f64);
        for tie in self.iter() {
            found += tie.positive / total.positive;
            wrong += tie.negative / total.negative;
            most = most.max((found - wrong).abs());
        }
        (total.positive > 0.0 && total.negative > 0.0).then_some(most)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Scored;

    fn scored(scores: &[f64], outcomes: &[u8]) -> Scored {
        let outcomes: Vec<bool> = outcomes.iter().map(|outcome| *outcome == 1).collect();
        Scored::new(scores, &outcomes).expect("scores")
    }

    #[test]
    fn perfect_order_is_one_and_the_reverse_is_nothing() {
        assert_eq!(scored(&[3.0, 2.0, 1.0], &[1, 1, 0]).auc(), Some(1.0));
        assert_eq!(scored(&[3.0, 2.0, 1.0], &[0, 0, 1]).auc(), Some(0.0));
        assert_eq!(scored(&[3.0, 2.0, 1.0], &[1, 1, 0]).ks(), Some(1.0));
    }

    #[test]
    fn equal_scores_tell_nothing() {
        let scored = scored(&[7.0; 4], &[1, 0, 0, 1]);
        assert_eq!((scored.auc(), scored.gini(), scored.ks()), (Some(0.5), Some(0.0), Some(0.0)));
        assert_eq!(scored.average_precision(), Some(0.5));
    }

    #[test]
    fn without_both_outcomes_there_is_no_order_to_measure() {
        let scored = scored(&[1.0, 2.0], &[0, 0]);
        assert_eq!((scored.auc(), scored.ks(), scored.average_precision()), (None, None, None));
    }

    #[test]
    fn a_weight_of_two_is_as_two_rows() {
        let twice = scored(&[3.0, 2.0, 2.0, 1.0], &[1, 0, 0, 1]);
        let heavy = Scored::weighted(&[3.0, 2.0, 1.0], &[true, false, true], &[1.0, 2.0, 1.0]);
        let heavy = heavy.expect("scores");
        assert_eq!((heavy.auc(), heavy.average_precision()), (twice.auc(), twice.average_precision()));
    }
}
