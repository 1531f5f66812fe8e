//! What each bin of a column contributes to: a parameter, times a factor.

use super::{Linear, Shape, Term};
use crate::binned::{Binned, BinnedColumn, Bins, NONE};
use crate::{Table, Values};

/// Numbers more skewed than this, and never below 0, are taken as logarithms.
const SKEWED: f64 = 2.0;

/// The parameters of a model over bins.
pub(super) struct Basis {
    /// Of each column, what its bins contribute to.
    pub(super) columns: Vec<Vec<Bin>>,
    shapes: Vec<Shape>,
    /// How many parameters there are, without the intercept.
    pub(super) parameters: usize,
}

/// What a bin contributes to.
#[derive(Clone, Copy)]
pub(super) struct Bin {
    pub(super) parameter: usize,
    pub(super) factor: f64,
}

impl Basis {
    pub(super) fn new(table: &Table, binned: &Binned) -> Self {
        let mut basis = Self { columns: Vec::new(), shapes: Vec::new(), parameters: 0 };
        for (column, binned) in table.columns().iter().zip(&binned.columns) {
            match (&column.values, &binned.bins) {
                (Values::Numbers(numbers), Bins::Cuts(_)) => basis.add_numbers(numbers, binned),
                (_, bins) => basis.add_levels(bins.len()),
            }
        }
        basis
    }

    /// One parameter for the number, one for its absence.
    fn add_numbers(&mut self, numbers: &[f64], binned: &BinnedColumn) {
        let shape = shape(numbers);
        let mut sums = vec![(0.0, 0_u32); binned.bins.len()];
        for (number, bin) in numbers.iter().zip(&binned.codes).filter(|(_, bin)| **bin != NONE) {
            let sum = &mut sums[usize::from(*bin)];
            *sum = (sum.0 + shape.position(*number), sum.1 + 1);
        }
        let absent = Bin { parameter: self.parameters + 1, factor: 1.0 };
        let present = sums
            .iter()
            .skip(1)
            .map(|(sum, rows)| Bin { parameter: self.parameters, factor: sum / f64::from((*rows).max(1)) });
        self.columns.push(std::iter::once(absent).chain(present).collect());
        self.shapes.push(shape);
        self.parameters += 2;
    }

    /// A parameter for each level, and one for its absence.
    fn add_levels(&mut self, bins: usize) {
        let bin = |bin| Bin { parameter: self.parameters + bin, factor: 1.0 };
        self.columns.push((0..bins).map(bin).collect());
        self.shapes.push(Shape::default());
        self.parameters += bins;
    }

    /// The model of weights, times a factor, around the means of all rows.
    #[expect(clippy::cast_precision_loss, reason = "rows are fewer than 2^52")]
    pub(super) fn linear(&self, binned: &Binned, weights: &[f64], factor: f64) -> Linear {
        let mut base = weights[self.parameters] * factor;
        let mut terms = Vec::new();
        for (place, (column, bins)) in binned.columns.iter().zip(&self.columns).enumerate() {
            let parts: Vec<f64> =
                bins.iter().map(|bin| factor * bin.factor * weights[bin.parameter]).collect();
            let sum: f64 = column.codes.iter().map(|code| parts[usize::from(*code)]).sum();
            let mean = sum / binned.rows.max(1) as f64;
            base += mean;
            let missing = parts[0] - mean;
            terms.push(match &column.bins {
                Bins::Levels(_) => {
                    Term::Levels { missing, parts: parts[1..].iter().map(|part| part - mean).collect() }
                }
                Bins::Cuts(_) => {
                    let weight = bins.get(1).map_or(0.0, |bin| weights[bin.parameter]) * factor;
                    Term::Number { missing, mean, weight, shape: self.shapes[place] }
                }
            });
        }
        Linear { base, terms }
    }
}

/// How numbers are standardized.
fn shape(numbers: &[f64]) -> Shape {
    let known: Vec<f64> = numbers.iter().copied().filter(|number| number.is_finite()).collect();
    let low = known.iter().copied().fold(f64::INFINITY, f64::min);
    let high = known.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if known.is_empty() {
        return Shape::default();
    }
    let log = low >= 0.0 && skewness(&known) > SKEWED;
    let plain = Shape { log, low, high, ..Shape::default() };
    let positions: Vec<f64> = known.iter().map(|number| plain.position(*number)).collect();
    let (mean, spread, _) = moments(&positions);
    if !mean.is_finite() || !spread.is_finite() {
        // Too far apart to be added up: of no use to a line.
        return Shape::default();
    }
    Shape { mean, spread: if spread > 1e-12 { spread } else { 1.0 }, ..plain }
}

fn skewness(numbers: &[f64]) -> f64 {
    let (_, spread, third) = moments(numbers);
    if spread > 0.0 { third / spread.powi(3) } else { 0.0 }
}

/// Mean, standard deviation and third central moment.
#[expect(clippy::cast_precision_loss, reason = "rows are fewer than 2^52")]
fn moments(numbers: &[f64]) -> (f64, f64, f64) {
    let count = numbers.len().max(1) as f64;
    let mean = numbers.iter().sum::<f64>() / count;
    let central = |power| numbers.iter().map(|number| (number - mean).powi(power)).sum::<f64>() / count;
    (mean, central(2).sqrt(), central(3))
}
