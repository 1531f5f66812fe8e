//! A logistic model as it is kept: over values, each column's part apart from the others.

use serde::{Deserialize, Serialize};

/// Parts of the log-odds that columns add, each around its mean in training.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Linear {
    /// The log-odds of a row whose parts are all as on average.
    pub base: f64,
    /// One a column.
    pub terms: Vec<Term>,
}

/// What a column adds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Term {
    /// A number times a weight.
    Number {
        /// What is added where there is no number.
        missing: f64,
        /// The part's mean in training, which is taken off.
        mean: f64,
        /// What one step of the standardized number adds.
        weight: f64,
        /// How the number is standardized.
        shape: Shape,
    },
    /// A part for each level.
    Levels {
        /// What is added where there is none, or one that training has not seen.
        missing: f64,
        /// What each level adds.
        parts: Vec<f64>,
    },
}

/// How a number is standardized.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Shape {
    /// Whether the logarithm of the number and 1 is taken.
    pub log: bool,
    /// The least number in training: lesser ones count as this one.
    pub low: f64,
    /// The greatest number in training: greater ones count as this one.
    pub high: f64,
    /// What is taken off.
    pub mean: f64,
    /// What the rest is divided by.
    pub spread: f64,
}

impl Default for Shape {
    fn default() -> Self {
        Self { log: false, low: 0.0, high: 0.0, mean: 0.0, spread: 1.0 }
    }
}

impl Linear {
    /// The log-odds of a row.
    #[must_use]
    pub fn log_odds(&self, row: &[f64]) -> f64 {
        self.base + self.parts(row).sum::<f64>()
    }

    /// What each column adds for a row.
    pub fn parts<'a>(&'a self, row: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
        self.terms.iter().zip(row).map(|(term, value)| term.part(*value))
    }
}

impl Shape {
    /// The standardized number.
    #[must_use]
    pub fn position(&self, number: f64) -> f64 {
        let bounded = number.clamp(self.low, self.high);
        let plain = if self.log { libm::log1p(bounded) } else { bounded };
        (plain - self.mean) / self.spread
    }
}

impl Term {
    /// What a column adds for a value: a number, or the place of a level; not a number where it is missing.
    #[must_use]
    pub fn part(&self, value: f64) -> f64 {
        match self {
            Self::Number { missing, .. } | Self::Levels { missing, .. } if value.is_nan() => *missing,
            Self::Number { mean, weight, shape, .. } => weight * shape.position(value) - mean,
            Self::Levels { missing, parts } => parts.get(value as usize).copied().unwrap_or(*missing),
        }
    }
}
