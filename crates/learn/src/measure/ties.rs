//! Rows of equal scores as one: all that measures look at.

/// All who have the same score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Tie {
    pub(super) score: f64,
    /// The weight of those with the outcome.
    pub(super) positive: f64,
    /// The weight of the others.
    pub(super) negative: f64,
}

/// Scores, each with the weight of those who have it; the highest first. Every measure is a function of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ties(Vec<Tie>);

impl Tie {
    pub(super) fn weight(self) -> f64 {
        self.positive + self.negative
    }
}

impl Ties {
    /// Of rows in the order of their scores: score, outcome and weight. Rows without weight are left out.
    pub(super) fn new(rows: impl Iterator<Item = (f64, bool, f64)>, most: usize) -> Self {
        let mut ties: Vec<Tie> = Vec::with_capacity(most);
        for (score, outcome, weight) in rows.filter(|(.., weight)| *weight > 0.0) {
            let [positive, negative] = if outcome { [weight, 0.0] } else { [0.0, weight] };
            match ties.last_mut().filter(|tie| tie.score == score) {
                Some(tie) => {
                    tie.positive += positive;
                    tie.negative += negative;
                }
                None => ties.push(Tie { score, positive, negative }),
            }
        }
        Self(ties)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Tie> {
        self.0.iter().copied()
    }

    /// How many scores there are.
    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    /// The weight of all, as of one group.
    pub(super) fn total(&self) -> Tie {
        let none = Tie { score: 0.0, positive: 0.0, negative: 0.0 };
        self.iter().fold(none, |sum, tie| Tie {
            positive: sum.positive + tie.positive,
            negative: sum.negative + tie.negative,
            ..sum
        })
    }
}
