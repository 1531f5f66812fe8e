//! Logistic regression: each column adds its part to the log-odds. The baseline that trees must beat.
//!
//! Numbers are standardized (their logarithm, where they are skewed) and texts have a weight for each level; what is
//! missing has a weight of its own. Fitted on binned values: one pass over bytes is one step.

mod basis;
mod curvature;
mod lbfgs;

use crate::binned::Binned;
use crate::odds::{self, Loss};
use basis::Basis;
use curvature::Curvature;
pub use kelvin_kernel::predict::{Linear, Shape, Term};

/// What a logistic model learns from.
pub(crate) struct Logistic<'a> {
    binned: &'a Binned,
    outcomes: &'a [bool],
    basis: Basis,
    curvature: Curvature,
    /// The log-odds that all rows have before anything is known of them.
    base: f64,
}

impl<'a> Logistic<'a> {
    /// Prepares columns of a table for all fits to come.
    pub(crate) fn new(table: &crate::Table, binned: &'a Binned, outcomes: &'a [bool]) -> Self {
        let rows: Vec<u32> = (0..).take(binned.rows).collect();
        let (basis, base) = (Basis::new(table, binned), odds::base(outcomes, &rows));
        let curvature = Curvature::new(&basis, binned, odds::probability(base));
        Self { binned, outcomes, basis, curvature, base }
    }

    /// Weights that make the outcomes of some rows likely and are small: `l2` says how small. The intercept comes
    /// last. `start` is where the search begins: the weights of a fit nearby.
    pub(crate) fn fit(&self, rows: &[u32], l2: f64, start: &[f64]) -> Vec<f64> {
        let step = self.curvature.step(rows.len(), l2);
        lbfgs::minimum(start, |slope| step.of(slope), |weights| self.loss(rows, l2, weights))
    }

    /// No weights, all rows alike.
    pub(crate) fn start(&self) -> Vec<f64> {
        let mut weights = vec![0.0; self.basis.parameters];
        weights.push(self.base);
        weights
    }

    /// The log-odds of some rows.
    pub(crate) fn log_odds(&self, rows: &[u32], weights: &[f64]) -> Vec<f64> {
        let parts = self.basis.parts(weights);
        rows.iter().map(|row| self.basis.log_odds(self.binned.row(*row as usize), &parts)).collect()
    }

    /// The model of weights, times a factor.
    pub(crate) fn linear(&self, weights: &[f64], factor: f64) -> Linear {
        self.basis.linear(self.binned, weights, factor)
    }

    /// The loss of some rows, and its slope.
    fn loss(&self, rows: &[u32], l2: f64, weights: &[f64]) -> (f64, Vec<f64>) {
        let log_odds = self.log_odds(rows, weights);
        let (mut loss, mut errors) = (Loss::NONE, self.basis.nothing());
        for (log_odds, row) in log_odds.into_iter().zip(rows.iter().map(|row| *row as usize)) {
            let error = loss.add(log_odds, self.outcomes[row]);
            self.basis.add(self.binned.row(row), error, &mut errors);
        }
        let mut loss = loss.total();
        let mut slope = self.basis.slope(&errors);
        // The intercept is free.
        for (slope, weight) in slope.iter_mut().zip(&weights[..self.basis.parameters]) {
            loss += l2 / 2.0 * weight * weight;
            *slope += l2 * weight;
        }
        (loss, slope)
    }
}
