//! Makes predictions mean what they say: of those with 20 %, a fifth shall buy.

use serde::{Deserialize, Serialize};

use super::odds;

/// Log-odds count as at most this far from even; beyond, they are what a clipped 1e-6 has.
pub const FARTHEST: f64 = 13.815_509_557_963_773;

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
                let [up, down] = logarithms(bounded);
                odds::probability(rising * up + falling * down + intercept)
            }
            Self::Isotonic { knots } => between(knots, odds::probability(bounded)),
        }
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

/// The logarithm of the probability that has these log-odds, and that of the rest with its sign turned.
pub fn logarithms(log_odds: f64) -> [f64; 2] {
    [-odds::surprise(log_odds, true), odds::surprise(log_odds, false)]
}

/// The value at a place: on the line between the knots beside it, level beyond the outer ones.
fn between(knots: &[(f64, f64)], at: f64) -> f64 {
    let next = knots.partition_point(|(place, _)| *place < at);
    match (next.checked_sub(1).map(|before| knots[before]), knots.get(next)) {
        (Some((low, from)), Some((high, to))) => from + (to - from) * (at - low) / (high - low),
        (Some((_, value)), None) | (None, Some(&(_, value))) => value,
        (None, None) => at,
    }
}
