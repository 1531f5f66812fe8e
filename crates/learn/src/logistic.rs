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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Column, Feature, Random, Table, Values};

    const ROWS: usize = 4000;

    /// A number and two texts of so many levels, all of which tell of the outcome.
    fn leads(levels: usize) -> (Table, Vec<bool>) {
        let mut random = Random::new(7);
        let numbers: Vec<f64> = (0..ROWS).map(|_| random.normal()).collect();
        let mut codes = || -> Vec<u32> { (0..ROWS).map(|_| random.below(levels) as u32).collect() };
        let texts = [codes(), codes()];
        let came = |row: usize| {
            let of_texts: u32 = texts.iter().map(|codes| codes[row] % 3).sum();
            random.unit() < odds::probability(numbers[row] + f64::from(of_texts) - 3.0)
        };
        let outcomes = (0..ROWS).map(came).collect();
        let column = |name: &str, values| Column { feature: Feature::Attribute(name.into()), values };
        let [industry, source] = texts.map(|codes| {
            let levels = (0..levels).map(|level| format!("level {level}")).collect();
            Values::Categories { codes, levels }
        });
        let columns = vec![
            column("age", Values::Numbers(numbers)),
            column("industry", industry),
            column("source", source),
        ];
        (Table::new(columns).expect("a table"), outcomes)
    }

    #[test]
    fn a_fit_of_few_or_many_weights_ends_where_the_loss_is_least() {
        // Beyond 256 weights, those of texts are stepped along as if each were alone.
        for levels in [4, 200] {
            let (table, outcomes) = leads(levels);
            let binned = Binned::new(&table, 1);
            let logistic = Logistic::new(&table, &binned, &outcomes);
            let rows: Vec<u32> = (0..ROWS as u32).collect();
            let weights = logistic.fit(&rows, 1.0, &logistic.start());
            let (least, _) = logistic.loss(&rows, 1.0, &weights);
            assert!(least < 0.95 * logistic.loss(&rows, 1.0, &logistic.start()).0, "{levels} levels");
            for (place, by) in (0..weights.len()).flat_map(|place| [(place, -0.05), (place, 0.05)]) {
                let mut nudged = weights.clone();
                nudged[place] += by;
                assert!(
                    logistic.loss(&rows, 1.0, &nudged).0 > least,
                    "{levels} levels: weight {place} by {by}"
                );
            }
        }
    }

    #[test]
    fn where_all_rows_are_alike_a_step_changes_the_slope_as_it_should() {
        let (table, outcomes) = leads(4);
        let binned = Binned::new(&table, 1);
        let logistic = Logistic::new(&table, &binned, &outcomes);
        let rows: Vec<u32> = (0..ROWS as u32).collect();
        let mut random = Random::new(1);
        let wanted: Vec<f64> = logistic.start().iter().map(|_| random.normal()).collect();
        let step = logistic.curvature.step(ROWS, 1.0).of(&wanted);
        let tiny = 1e-4;
        let moved: Vec<f64> =
            logistic.start().iter().zip(&step).map(|(weight, step)| weight + tiny * step).collect();
        let [before, after] = [&logistic.start(), &moved].map(|weights| logistic.loss(&rows, 1.0, weights).1);
        for ((before, after), wanted) in before.iter().zip(&after).zip(&wanted) {
            assert!(
                ((after - before) / tiny - wanted).abs() < 1e-2,
                "{} for {wanted}",
                (after - before) / tiny
            );
        }
    }
}
