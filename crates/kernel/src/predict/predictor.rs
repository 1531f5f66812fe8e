//! A predictive model: from what is known of a lead to the probability of its outcome.

use serde::{Deserialize, Serialize};

use super::{Calibration, Linear, Tree, explain, odds};

/// A fitted model, as it is kept and applied.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Predictor {
    /// What it asks of a lead, one a column.
    pub inputs: Vec<Input>,
    /// The log-odds before any column is asked.
    pub base: f64,
    /// Trees, of which each adds to the log-odds.
    pub trees: Vec<Tree>,
    /// What columns add one by one.
    pub linear: Option<Linear>,
    /// How log-odds become probabilities.
    pub calibration: Calibration,
}

/// One column of what a model asks of a lead.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// What it holds, as features are written: `lead.employees`.
    pub feature: String,
    /// The texts that it tells apart; nothing for numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub levels: Option<Vec<String>>,
}

/// Why a lead has its probability: parts that add up to its log-odds.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The log-odds of leads on average.
    pub base: f64,
    /// What each column adds, in the order of the model's inputs.
    pub parts: Vec<f64>,
    /// What calibration adds.
    pub calibration: f64,
    /// The log-odds: the sum of all of the above.
    pub log_odds: f64,
}

impl Predictor {
    /// The log-odds of a row before calibration: a number a column, the place of its level for texts, not a number
    /// where nothing is known.
    #[must_use]
    pub fn log_odds(&self, row: &[f64]) -> f64 {
        let trees: f64 = self.trees.iter().map(|tree| tree.value(row)).sum();
        self.base + trees + self.linear.as_ref().map_or(0.0, |linear| linear.log_odds(row))
    }

    /// The probability of the outcome for a row.
    #[must_use]
    #[inline]
    pub fn probability(&self, row: &[f64]) -> f64 {
        self.calibration.probability(self.log_odds(row))
    }

    /// Why a row has its log-odds.
    #[must_use]
    pub fn explanation(&self, row: &[f64]) -> Explanation {
        let mut parts = vec![0.0; self.inputs.len()];
        self.trees.iter().for_each(|tree| explain::contribute(tree, row, &mut parts));
        if let Some(linear) = &self.linear {
            parts.iter_mut().zip(linear.parts(row)).for_each(|(part, more)| *part += more);
        }
        let plain = self.log_odds(row);
        let bounded = self.calibration.probability(plain).clamp(1e-12, 1.0 - 1e-12);
        let log_odds = if self.calibration == Calibration::None { plain } else { odds::log_odds(bounded) };
        Explanation { base: self.mean(), parts, calibration: log_odds - plain, log_odds }
    }

    /// The log-odds of leads on average.
    #[must_use]
    pub fn mean(&self) -> f64 {
        let trees: f64 = self.trees.iter().map(explain::mean).sum();
        self.base + trees + self.linear.as_ref().map_or(0.0, |linear| linear.base)
    }
}
