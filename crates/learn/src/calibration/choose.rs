//! Which calibration helps, by predictions that it was not fitted to.

use super::{Calibration, across::parts, beta, isotonic, platt};
use crate::measure::{design_effect, log_loss};
use crate::threads;

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
    threads: usize,
) -> (Calibration, Vec<Tried>) {
    let kinds: [(&'static str, Fit); 4] = [
        ("none", |_, _| Calibration::None),
        ("Platt", platt),
        ("beta", beta),
        ("isotonic", bounded_isotonic),
    ];
    let enough = [true, false].into_iter().all(|outcome| leads_with(outcome, outcomes, leads) >= FEWEST);
    let parts = parts(leads, PARTS, seed);
    let mut best: Option<(Fit, Vec<f64>)> = None;
    let mut tried = Vec::new();
    for (name, fit) in kinds.into_iter().take(if enough { 4 } else { 1 }) {
        let losses = losses(log_odds, outcomes, fit, &parts, threads);
        tried.push(Tried { name, log_loss: mean(&losses) });
        if best.as_ref().is_none_or(|(_, before)| is_surely_less(&losses, before, leads)) {
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
fn losses(log_odds: &[f64], outcomes: &[bool], fit: Fit, parts: &[usize], threads: usize) -> Vec<f64> {
    let fitted = threads::map(PARTS, threads, |part| {
        let others = (0..parts.len()).filter(|row| parts[*row] != part);
        let (known, came): (Vec<f64>, Vec<bool>) = others.map(|row| (log_odds[row], outcomes[row])).unzip();
        fit(&known, &came)
    });
    let loss = |row: usize| log_loss(fitted[parts[row]].probability(log_odds[row]), outcomes[row]);
    (0..parts.len()).map(loss).collect()
}

/// How many leads have a row with such an outcome.
fn leads_with(outcome: bool, outcomes: &[bool], leads: &[u32]) -> usize {
    let rows = outcomes.iter().zip(leads).filter(|(came, _)| **came == outcome);
    let mut leads: Vec<u32> = rows.map(|(_, lead)| *lead).collect();
    leads.sort_unstable();
    leads.dedup();
    leads.len()
}

/// Whether one is less on average by more than chance explains (one standard error; rows of one lead tell the same again).
#[expect(clippy::cast_precision_loss, reason = "rows are fewer than 2^52")]
fn is_surely_less(losses: &[f64], before: &[f64], leads: &[u32]) -> bool {
    let gains: Vec<f64> = before.iter().zip(losses).map(|(before, loss)| before - loss).collect();
    let gain = mean(&gains);
    let parts: Vec<f64> = gains.iter().map(|each| each - gain).collect();
    let spread = mean(&parts.iter().map(|part| part * part).collect::<Vec<_>>());
    gain > (design_effect(&parts, leads) * spread / gains.len().max(1) as f64).sqrt()
}

#[expect(clippy::cast_precision_loss, reason = "rows are fewer than 2^52")]
fn mean(numbers: &[f64]) -> f64 {
    numbers.iter().sum::<f64>() / numbers.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gain_that_is_seen_ten_times_in_the_same_leads_is_no_surer() {
        let (before, losses) = ([0.9, 0.5, 0.7, 0.6, 0.8], [0.5, 0.6, 0.6, 0.7, 0.7]);
        let leads: Vec<u32> = (0..5).collect();
        assert!(!is_surely_less(&losses, &before, &leads));
        let (before, losses, leads) = (before.repeat(10), losses.repeat(10), leads.repeat(10));
        assert!(!is_surely_less(&losses, &before, &leads));
        let rows: Vec<u32> = (0..50).collect();
        assert!(is_surely_less(&losses, &before, &rows));
    }

    #[test]
    fn outcomes_of_one_lead_are_one() {
        assert_eq!(leads_with(true, &[true, true, false, true], &[0, 0, 1, 2]), 2);
    }
}
