//! How sure an AUC is: what each lead adds to it.

use super::{Estimate, Scored};
use crate::chance::{normal_quantile, student_quantile};

/// So much the variance that a shape of scores would have counts beside the one that was seen, over the rarer outcome: with few
/// leads little is seen.
const PRIOR: f64 = 5.0;

/// What rows add to an AUC, or to a difference of two, around 0.
struct Placements {
    value: f64,
    /// In the order of what was given.
    parts: Vec<f64>,
}

/// How far a sum of parts is from the truth.
struct Spread {
    variance: f64,
    /// Degrees of freedom of that (Welch and Satterthwaite).
    degrees: f64,
}

/// The interval of an AUC; nothing where one of the outcomes is not there.
///
/// It holds every AUC from which the one that was found is no farther than chance explains (Newcombe 2006, method 5, with the variance
/// of Hanley and McNeil 1982), so that it does not shrink to nothing where few leads are ordered perfectly. The variance is stretched to
/// the one that was seen (DeLong et al. 1988; rows of one lead together, Obuchowski 1997), the more the more leads there are.
pub(super) fn interval(scored: &Scored, level: f64) -> Option<Estimate> {
    let value = scored.auc()?;
    let per_lead = scored.len() as f64 / scored.leads() as f64;
    let positives = scored.positives() as f64;
    let counts = [positives, scored.len() as f64 - positives].map(|rows| (rows / per_lead).max(1.0));
    let pairs = counts[0] * counts[1];
    let expected = hanley_mc_neil(value, counts);
    let prior =
        PRIOR / counts[0].min(counts[1]) * hanley_mc_neil((pairs * value + 0.5) / (pairs + 1.0), counts);
    let seen = Placements::new(scored)?.spread(scored).map_or(expected, |spread| spread.variance);
    let stretch = (seen + prior) / (expected + prior);
    let most = normal_quantile(level);
    let is_far = |truth: f64| (truth - value).abs() > most * (stretch * hanley_mc_neil(truth, counts)).sqrt();
    let nearest = |end: f64| {
        let (mut far, mut near) = (end, value);
        for _ in 0..50 {
            let middle = f64::midpoint(far, near);
            if is_far(middle) { far = middle } else { near = middle }
        }
        near
    };
    Some(Estimate { value, low: nearest(0.0), high: nearest(1.0) })
}

/// By how much the AUC of `a` is more than that of `b` on the same rows, with its interval by Student's distribution; rows are of the
/// leads of `a` (DeLong et al. 1988; Obuchowski 1997). Nothing where there are less than two leads of an outcome.
pub(super) fn difference(a: &Scored, b: &Scored, level: f64) -> Option<Estimate> {
    let (of_a, of_b) = (Placements::new(a)?, Placements::new(b)?);
    let parts = of_a.parts.iter().zip(&of_b.parts).map(|(a, b)| a - b).collect();
    let more = Placements { value: of_a.value - of_b.value, parts };
    let Spread { variance, degrees } = more.spread(a)?;
    if variance > 0.0 || more.value == 0.0 {
        let far = student_quantile(level, degrees) * variance.sqrt();
        return Some(Estimate { value: more.value, low: more.value - far, high: more.value + far });
    }
    // All agree that one order is perfect and the other the reverse, or no order: nothing is seen of chance. Either alone tells how
    // far it may be off (Newcombe 1998, method 10).
    let (a, b) = (interval(a, level)?, interval(b, level)?);
    let off = |one: f64, other: f64| libm::hypot(one, other);
    let low = more.value - off(a.value - a.low, b.high - b.value);
    Some(Estimate { value: more.value, low, high: more.value + off(a.high - a.value, b.value - b.low) })
}

/// The variance of an AUC by its value and the numbers of either outcome.
fn hanley_mc_neil(auc: f64, counts: [f64; 2]) -> f64 {
    let half = f64::midpoint(counts[0], counts[1]);
    let shape = (1.0 - auc) / (2.0 - auc) + auc / (1.0 + auc);
    auc * (1.0 - auc) * (1.0 + (half - 1.0) * shape) / (counts[0] * counts[1])
}

impl Placements {
    fn new(scored: &Scored) -> Option<Self> {
        let (value, total) = (scored.auc()?, scored.total());
        let mut parts = vec![0.0; scored.len()];
        let (mut above, mut from) = ([0.0; 2], 0);
        for same in scored.scores.chunk_by(|a, b| a == b) {
            let here = from..from + same.len();
            from = here.end;
            let mut tied = [0.0; 2];
            for place in here.clone() {
                tied[usize::from(!scored.outcomes[place])] += scored.weights[place];
            }
            let better = [0, 1].map(|side| above[side] + tied[side] / 2.0);
            for place in here {
                let share = if scored.outcomes[place] {
                    (1.0 - better[1] / total.negative - value) / total.positive
                } else {
                    (better[0] / total.positive - value) / total.negative
                };
                parts[scored.rows[place]] = scored.weights[place] * share;
            }
            above = [above[0] + tied[0], above[1] + tied[1]];
        }
        Some(Self { value, parts })
    }

    /// The spread of the sum, where each lead is one thing that chance dealt; nothing where an outcome has less than two leads.
    fn spread(&self, scored: &Scored) -> Option<Spread> {
        let mut sums = vec![[None; 2]; scored.leads()];
        for (row, outcome) in scored.rows.iter().zip(&scored.outcomes) {
            let sum = &mut sums[scored.leads[*row] as usize][usize::from(!outcome)];
            *sum = Some(sum.unwrap_or(0.0) + self.parts[*row]);
        }
        let square = |sum: f64| sum * sum;
        let side = |side: usize| {
            let (mut leads, mut squares) = (0.0, 0.0);
            for sum in sums.iter().filter_map(|sums| sums[side]) {
                leads += 1.0;
                squares += square(sum);
            }
            (leads > 1.0).then(|| (squares, squares * leads / (leads - 1.0), leads - 1.0))
        };
        let ((seen_with, with, free_with), (seen_without, without, free_without)) = (side(0)?, side(1)?);
        let together = |sums: &[Option<f64>; 2]| square(sums.iter().flatten().sum());
        let all: f64 = sums.iter().map(together).sum();
        let (seen, unbiased) = (seen_with + seen_without, with + without);
        if seen <= 0.0 {
            return Some(Spread { variance: 0.0, degrees: free_with.min(free_without) });
        }
        let degrees = square(unbiased) / (square(with) / free_with + square(without) / free_without);
        Some(Spread { variance: all * unbiased / seen, degrees })
    }
}
