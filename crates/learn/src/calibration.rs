//! Makes predictions mean what they say: of those with 20 %, a fifth shall buy.

mod across;
mod choose;
mod isotonic;
mod logit;

pub use kelvin_kernel::predict::Calibration;
use kelvin_kernel::predict::calibration::{FARTHEST, logarithms};

use crate::odds;

pub(crate) use across::across;
pub(crate) use choose::{Tried, choose};

/// The line over log-odds under which the outcomes are likeliest.
#[must_use]
pub fn platt(log_odds: &[f64], outcomes: &[bool]) -> Calibration {
    let columns = log_odds.iter().map(|value| [value.clamp(-FARTHEST, FARTHEST)]);
    let [slope, intercept] = logit::fit(columns, outcomes);
    Calibration::Platt { slope, intercept }
}

/// The bent line under which the outcomes are likeliest; neither side may fall.
#[must_use]
pub fn beta(log_odds: &[f64], outcomes: &[bool]) -> Calibration {
    let bounded = || log_odds.iter().map(|value| value.clamp(-FARTHEST, FARTHEST));
    let [rising, falling, intercept] = logit::fit(bounded().map(logarithms), outcomes);
    if rising >= 0.0 && falling >= 0.0 {
        return Calibration::Beta { rising, falling, intercept };
    }
    let side = usize::from(rising < 0.0);
    let [weight, intercept] = logit::fit(bounded().map(|value| [logarithms(value)[side]]), outcomes);
    let (rising, falling) = if side == 0 { (weight, 0.0) } else { (0.0, weight) };
    Calibration::Beta { rising, falling, intercept }
}

/// The steps that never fall and lie nearest to the outcomes.
#[must_use]
pub fn isotonic(log_odds: &[f64], outcomes: &[bool]) -> Calibration {
    let predicted: Vec<f64> = log_odds.iter().map(|value| odds::probability(*value)).collect();
    Calibration::Isotonic { knots: isotonic::fit(&predicted, outcomes) }
}
