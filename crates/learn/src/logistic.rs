//! Logistic regression: each column adds its part to the log-odds. The baseline that trees must beat.
//!
//! Numbers are standardized (their logarithm, where they are skewed) and texts have a weight for each level; what is
//! missing has a weight of its own. Fitted on binned values: one pass over bytes is one step.

mod basis;
mod lbfgs;

use crate::binned::Binned;
use crate::odds;
use basis::Basis;
pub use kelvin_kernel::predict::{Linear, Shape, Term};

/// What a logistic model learns from.
pub(crate) struct Logistic<'a> {
    binned: &'a Binned,
    outcomes: &'a [bool],
    basis: Basis,
}

impl<'a> Logistic<'a> {
    /// Prepares columns of a table for all fits to come.
    pub(crate) fn new(table: &crate::Table, binned: &'a Binned, outcomes: &'a [bool]) -> Self {
        Self { binned, outcomes, basis: Basis::new(table, binned) }
    }

    /// Weights that make the outcomes of some rows likely and are small: `l2` says how small. The intercept comes
    /// last. `start` is where the search begins: the weights of a fit nearby.
    pub(crate) fn fit(&self, rows: &[u32], l2: f64, start: &[f64]) -> Vec<f64> {
        lbfgs::minimum(start, |weights| self.loss(rows, l2, weights))
    }

    /// No weights.
    pub(crate) fn start(&self) -> Vec<f64> {
        vec![0.0; self.basis.parameters + 1]
    }

    /// The log-odds of some rows.
    pub(crate) fn log_odds(&self, rows: &[u32], weights: &[f64]) -> Vec<f64> {
        let mut sums = vec![weights[self.basis.parameters]; rows.len()];
        for (column, bins) in self.binned.columns.iter().zip(&self.basis.columns) {
            let parts: Vec<f64> = bins.iter().map(|bin| bin.factor * weights[bin.parameter]).collect();
            for (sum, row) in sums.iter_mut().zip(rows) {
                *sum += parts[usize::from(column.codes[*row as usize])];
            }
        }
        sums
    }

    /// The model of weights, times a factor.
    pub(crate) fn linear(&self, weights: &[f64], factor: f64) -> Linear {
        self.basis.linear(self.binned, weights, factor)
    }

    /// The loss of some rows, and its slope.
    fn loss(&self, rows: &[u32], l2: f64, weights: &[f64]) -> (f64, Vec<f64>) {
        let log_odds = self.log_odds(rows, weights);
        let mut loss = 0.0;
        let mut errors = Vec::with_capacity(rows.len());
        for (log_odds, row) in log_odds.into_iter().zip(rows) {
            let (surprise, error) = odds::surprise_and_error(log_odds, self.outcomes[*row as usize]);
            loss += surprise;
            errors.push(error);
        }
        let mut slope = self.slope(rows, &errors);
        // The intercept is free.
        for (slope, weight) in slope.iter_mut().zip(&weights[..self.basis.parameters]) {
            loss += l2 / 2.0 * weight * weight;
            *slope += l2 * weight;
        }
        (loss, slope)
    }

    fn slope(&self, rows: &[u32], errors: &[f64]) -> Vec<f64> {
        let mut slope = self.start();
        slope[self.basis.parameters] = errors.iter().sum();
        for (column, bins) in self.binned.columns.iter().zip(&self.basis.columns) {
            let mut sums = vec![0.0; bins.len()];
            for (row, error) in rows.iter().zip(errors) {
                sums[usize::from(column.codes[*row as usize])] += error;
            }
            for (bin, sum) in bins.iter().zip(sums) {
                slope[bin.parameter] += bin.factor * sum;
            }
        }
        slope
    }
}
