//! A model that somebody wrote, as far as its points go: what each rule is worth in each example, and how that becomes a score.

/// What the rules of a model make of examples, and how they become a score.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnModel {
    /// The rules.
    pub rules: Vec<OwnRule>,
    /// The dimensions that they belong to.
    pub dimensions: Vec<OwnDimension>,
    /// The least and the greatest score.
    pub range: (f64, f64),
}

/// A rule with the points that its author gave it.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnRule {
    /// What it is worth in each example, in points, before weights and ranges.
    pub worths: Vec<f64>,
    /// The place of its dimension.
    pub dimension: usize,
    /// The points that stand in it; empty where it has none that could be changed.
    pub numbers: Vec<f64>,
    /// How many decimals its points have.
    pub decimals: u32,
}

/// A dimension: how the sum of its rules counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OwnDimension {
    /// The least and the greatest sum.
    pub range: (f64, f64),
    /// What it counts for in the score.
    pub weight: f64,
}

impl OwnModel {
    /// What it makes of some examples only.
    pub(super) fn take(&self, rows: &[usize]) -> Self {
        let mut taken = self.clone();
        for (taken, rule) in taken.rules.iter_mut().zip(&self.rules) {
            taken.worths = rows.iter().map(|row| rule.worths[*row]).collect();
        }
        taken
    }

    /// How many points a rule adds to each score, where no range cuts them off.
    pub(super) fn effects(&self, rule: &OwnRule) -> Vec<f64> {
        let weight = self.dimensions.get(rule.dimension).map_or(1.0, |dimension| dimension.weight);
        rule.worths.iter().map(|worth| weight * worth).collect()
    }

    /// The scores when each rule is worth so many times what it was; ranges cut off what lies beyond them.
    #[must_use]
    pub fn scores(&self, factors: &[f64]) -> Vec<f64> {
        let rows = self.rules.first().map_or(0, |rule| rule.worths.len());
        let score = |row: usize| {
            let mut sums = vec![0.0; self.dimensions.len()];
            for (rule, factor) in self.rules.iter().zip(factors) {
                sums[rule.dimension] += factor * rule.worths[row];
            }
            let counted = self.dimensions.iter().zip(sums);
            let score: f64 =
                counted.map(|(dimension, sum)| dimension.weight * within(sum, dimension.range)).sum();
            // What is equal in decimals is to be equal here.
            libm::round(within(score, self.range) * 1e6) / 1e6
        };
        (0..rows).map(score).collect()
    }
}

fn within(value: f64, (least, most): (f64, f64)) -> f64 {
    value.max(least).min(most)
}
