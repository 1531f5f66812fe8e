//! Makes predictions mean what they say: of those with 20 %, a fifth shall buy.

mod across;
mod choose;
mod isotonic;
mod logit;

use serde::{Deserialize, Serialize};

use crate::odds;

pub(crate) use across::across;
pub(crate) use choose::{Tried, choose};

/// Log-odds count as at most this far from even; beyond, they are what a clipped 1e-6 has.
const FARTHEST: f64 = 13.815_509_557_963_773;

/// How predicted log-odds become probabilities.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Calibration {
    /// As they are.
    None,
    /// A line over the log-odds.
    Platt {
        /// The line's slope.
        slope: f64,
        /// Its value at even odds.
        intercept: f64,
    },
    /// A line over the logarithms of the probability and of its rest, which may bend differently at its two ends.
    Beta {
        /// The weight of the probability's logarithm.
        rising: f64,
        /// The weight of the rest's logarithm, with its sign turned.
        falling: f64,
        /// The value where both are 0.
        intercept: f64,
    },
    /// Steps that never fall, with lines between them.
    Isotonic {
        /// Predicted and true probability, in order.
        knots: Vec<(f64, f64)>,
    },
}

impl Calibration {
    /// The probability of predicted log-odds.
    #[must_use]
    pub fn probability(&self, log_odds: f64) -> f64 {
        let bounded = log_odds.clamp(-FARTHEST, FARTHEST);
        match self {
            Self::None => odds::probability(log_odds),
            Self::Platt { slope, intercept } => odds::probability(slope * bounded + intercept),
            Self::Beta { rising, falling, intercept } => {
                let [up, down] = logit::logarithms(bounded);
                odds::probability(rising * up + falling * down + intercept)
            }
            Self::Isotonic { knots } => isotonic::between(knots, odds::probability(bounded)),
        }
    }

    /// The line over log-odds under which the outcomes are likeliest.
    #[must_use]
    pub fn platt(log_odds: &[f64], outcomes: &[bool]) -> Self {
        let columns = log_odds.iter().map(|value| [value.clamp(-FARTHEST, FARTHEST)]);
        let [slope, intercept] = logit::fit(columns, outcomes);
        Self::Platt { slope, intercept }
    }

    /// The bent line under which the outcomes are likeliest; neither side may fall.
    #[must_use]
    pub fn beta(log_odds: &[f64], outcomes: &[bool]) -> Self {
        let bounded = || log_odds.iter().map(|value| value.clamp(-FARTHEST, FARTHEST));
        let [rising, falling, intercept] = logit::fit(bounded().map(logit::logarithms), outcomes);
        if rising >= 0.0 && falling >= 0.0 {
            return Self::Beta { rising, falling, intercept };
        }
        let side = usize::from(rising < 0.0);
        let [weight, intercept] =
            logit::fit(bounded().map(|value| [logit::logarithms(value)[side]]), outcomes);
        let (rising, falling) = if side == 0 { (weight, 0.0) } else { (0.0, weight) };
        Self::Beta { rising, falling, intercept }
    }

    /// The steps that never fall and lie nearest to the outcomes.
    #[must_use]
    pub fn isotonic(log_odds: &[f64], outcomes: &[bool]) -> Self {
        let predicted: Vec<f64> = log_odds.iter().map(|value| odds::probability(*value)).collect();
        Self::Isotonic { knots: isotonic::fit(&predicted, outcomes) }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Platt { .. } => "Platt",
            Self::Beta { .. } => "beta",
            Self::Isotonic { .. } => "isotonic",
        }
    }
}
