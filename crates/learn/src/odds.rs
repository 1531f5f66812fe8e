//! Probabilities and their log-odds, and how far they are from what happened.

pub(crate) use kelvin_kernel::predict::odds::{probability, surprise};

/// The log loss of one row, and its slope: by how much the probability is too high.
pub(crate) fn surprise_and_error(log_odds: f64, outcome: bool) -> (f64, f64) {
    let against = if outcome { -log_odds } else { log_odds };
    let near = libm::exp(-against.abs());
    let wrong = if against > 0.0 { 1.0 / (1.0 + near) } else { near / (1.0 + near) };
    (against.max(0.0) + libm::log1p(near), if outcome { -wrong } else { wrong })
}

/// The log-odds of the outcome among some rows, drawn a little to even odds so that it is finite.
#[expect(clippy::cast_precision_loss, reason = "rows are fewer than 2^52")]
pub(crate) fn base(outcomes: &[bool], rows: &[u32]) -> f64 {
    let positives = rows.iter().filter(|row| outcomes[**row as usize]).count() as f64;
    libm::log((positives + 0.5) / (rows.len() as f64 - positives + 0.5))
}
