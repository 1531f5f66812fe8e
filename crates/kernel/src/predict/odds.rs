//! Probabilities and their log-odds.

/// The probability that has these log-odds.
#[must_use]
#[inline]
pub fn probability(log_odds: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-log_odds))
}

/// The log-odds of a probability.
#[must_use]
#[inline]
pub fn log_odds(probability: f64) -> f64 {
    libm::log(probability / (1.0 - probability))
}

/// The log loss of one row.
#[must_use]
#[inline]
pub fn surprise(log_odds: f64, outcome: bool) -> f64 {
    let against = if outcome { -log_odds } else { log_odds };
    against.max(0.0) + libm::log1p(libm::exp(-against.abs()))
}
