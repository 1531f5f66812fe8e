//! Which calibration helps, by predictions that it was not fitted to.

use super::{Calibration, across::parts, beta, isotonic, platt};
use crate::measure::Scored;

/// Parts of the rows that are calibrated by what the others tell.
const PARTS: usize = 5;
/// Fewer outcomes of either kind are too few to calibrate by.
const FEWEST: usize = 20;

/// A kind of calibration, and how it did.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tried {
    /// Its name.
    pub(crate) name: &'static str,
    /// The log loss on rows that it was not fitted to.
    pub(crate) log_loss: f64,
}

type Fit = fn(&[f64], &[bool]) -> Calibration;

/// The simplest kind of calibration than which none is surely better, fitted to all rows; and how all kinds did. `leads` tells whose
/// rows they are.
pub(crate) fn choose(
    log_odds: &[f64],
    outcomes: &[bool],
    leads: &[u32],
    seed: u64,
) -> (Calibration, Vec<Tried>) {
    let kinds: [(&'static str, Fit); 4] = [
        ("none", |_, _| Calibration::None),
        ("Platt", platt),
        ("beta", beta),
        ("isotonic", bounded_isotonic),
    ];
    let positives = outcomes.iter().filter(|outcome| **outcome).count();
    let enough = positives.min(outcomes.len() - positives) >= FEWEST;
    let parts = parts(leads, PARTS, seed);
    let mut best: Option<(Fit, Vec<f64>)> = None;
    let mut tried = Vec::new();
    for (name, fit) in kinds.into_iter().take(if enough { 4 } else { 1 }) {
        let losses = losses(log_odds, outcomes, fit, &parts);
        tried.push(Tried { name, log_loss: mean(&losses) });
        if best.as_ref().is_none_or(|(_, before)| is_surely_less(&losses, before)) {
            best = Some((fit, losses));
        }
    }
    (best.map_or(Calibration::None, |(fit, _)| fit(log_odds, outcomes)), tried)
}

/// Steps that never claim to be sure: no row among so many can prove it.
#[expect(clippy::cast_precision_loss, reason = "rows are fewer than 2^52")]
fn bounded_isotonic(log_odds: &[f64], outcomes: &[bool]) -> Calibration {
    let least = 0.5 / (outcomes.len() as f64 + 1.0);
    match isotonic(log_odds, outcomes) {
        Calibration::Isotonic { mut knots } => {
            knots.iter_mut().for_each(|(_, rate)| *rate = rate.clamp(least, 1.0 - least));
            Calibration::Isotonic { knots }
        }
        other => other,
    }
}

/// The log loss of each row, calibrated by the other parts.
fn losses(log_odds: &[f64], outcomes: &[bool], fit: Fit, parts: &[usize]) -> Vec<f64> {
    let mut losses = vec![0.0; log_odds.len()];
    for part in 0..PARTS {
        let others = || (0..parts.len()).filter(|row| parts[*row] != part);
        let (known, came): (Vec<f64>, Vec<bool>) = others().map(|row| (log_odds[row], outcomes[row])).unzip();
        let calibration = fit(&known, &came);
        for row in (0..parts.len()).filter(|row| parts[*row] == part) {
            let one = Scored::new(&[calibration.probability(log_odds[row])], &[outcomes[row]]);
            losses[row] = one.ok().and_then(|one| one.log_loss()).unwrap_or(f64::MAX);
        }
    }
    losses
}

/// Whether one is less on average by more than chance explains (one standard error).
#[expect(clippy::cast_precision_loss, reason = "rows are fewer than 2^52")]
fn is_surely_less(losses: &[f64], before: &[f64]) -> bool {
    let gains: Vec<f64> = before.iter().zip(losses).map(|(before, loss)| before - loss).collect();
    let gain = mean(&gains);
    let spread = gains.iter().map(|each| (each - gain).powi(2)).sum::<f64>() / gains.len().max(1) as f64;
    gain > (spread / gains.len().max(1) as f64).sqrt()
}

#[expect(clippy::cast_precision_loss, reason = "rows are fewer than 2^52")]
fn mean(numbers: &[f64]) -> f64 {
    numbers.iter().sum::<f64>() / numbers.len().max(1) as f64
}
