//! What each bin of a column contributes to: a parameter, times a factor.

use super::{Linear, Shape, Term};
use crate::binned::{Binned, Bins, NONE};
use crate::{Table, Values};

/// Numbers more skewed than this, and never below 0, are taken as logarithms.
const SKEWED: f64 = 2.0;

/// The parameters of a model over bins.
#[derive(Default)]
pub(super) struct Basis {
    /// What each bin contributes to, column after column.
    bins: Vec<Bin>,
    /// The first bin of each column.
    firsts: Vec<usize>,
    shapes: Vec<Shape>,
    /// The parameters of numbers.
    numbers: Vec<usize>,
    /// How many parameters there are, without the intercept.
    pub(super) parameters: usize,
}

/// What a bin contributes to.
#[derive(Clone, Copy)]
struct Bin {
    parameter: usize,
    factor: f64,
}

impl Basis {
    pub(super) fn new(table: &Table, binned: &Binned) -> Self {
        let mut basis = Self::default();
        for (place, (column, binned_column)) in table.columns().iter().zip(&binned.columns).enumerate() {
            basis.firsts.push(basis.bins.len());
            match (&column.values, &binned_column.bins) {
                (Values::Numbers(numbers), Bins::Cuts(cuts)) => {
                    let bins = binned.all().map(|row| row[place]);
                    basis.add_numbers(numbers, bins, cuts.len() + 2);
                }
                (_, bins) => basis.add_levels(bins.len()),
            }
        }
        basis
    }

    /// What each bin adds to the log-odds and, last, the intercept.
    pub(super) fn parts(&self, weights: &[f64]) -> Vec<f64> {
        let of_bins = self.bins.iter().map(|bin| bin.factor * weights[bin.parameter]);
        of_bins.chain([weights[self.parameters]]).collect()
    }

    /// The log-odds of a row, by its bins.
    #[inline]
    pub(super) fn log_odds(&self, bins: &[u8], parts: &[f64]) -> f64 {
        let of_columns = self.firsts.iter().zip(bins).map(|(first, bin)| parts[first + usize::from(*bin)]);
        of_columns.sum::<f64>() + parts[self.bins.len()]
    }

    /// A sum for each bin and, last, for the intercept.
    pub(super) fn nothing(&self) -> Vec<f64> {
        vec![0.0; self.bins.len() + 1]
    }

    /// Adds what concerns a row to the sums of its bins.
    #[inline]
    pub(super) fn add(&self, bins: &[u8], what: f64, sums: &mut [f64]) {
        self.firsts.iter().zip(bins).for_each(|(first, bin)| sums[first + usize::from(*bin)] += what);
        sums[self.bins.len()] += what;
    }

    /// What sums over bins are for the parameters; the intercept comes last.
    pub(super) fn slope(&self, sums: &[f64]) -> Vec<f64> {
        let mut slope = vec![0.0; self.parameters];
        self.bins.iter().zip(sums).for_each(|(bin, sum)| slope[bin.parameter] += bin.factor * sum);
        slope.extend(sums.last());
        slope
    }

    /// The parameters that a row contributes to and how much, by its bins; the intercept comes last.
    pub(super) fn factors(&self, bins: &[u8]) -> impl Iterator<Item = (usize, f64)> {
        let of_columns =
            self.firsts.iter().zip(bins).map(|(first, bin)| self.bins[first + usize::from(*bin)]);
        of_columns.map(|bin| (bin.parameter, bin.factor)).chain([(self.parameters, 1.0)])
    }

    /// The parameters of numbers, and of their absence.
    pub(super) fn numbers(&self) -> impl Iterator<Item = usize> {
        self.numbers.iter().flat_map(|parameter| [*parameter, parameter + 1])
    }

    /// One parameter for the number, one for its absence.
    fn add_numbers(&mut self, numbers: &[f64], bins: impl Iterator<Item = u8>, count: usize) {
        let shape = shape(numbers);
        let mut sums = vec![(0.0, 0_u32); count];
        for (number, bin) in numbers.iter().zip(bins).filter(|(_, bin)| *bin != NONE) {
            let sum = &mut sums[usize::from(bin)];
            *sum = (sum.0 + shape.position(*number), sum.1 + 1);
        }
        let absent = Bin { parameter: self.parameters + 1, factor: 1.0 };
        let present = sums
            .iter()
            .skip(1)
            .map(|(sum, rows)| Bin { parameter: self.parameters, factor: sum / f64::from((*rows).max(1)) });
        self.bins.extend(std::iter::once(absent).chain(present));
        self.shapes.push(shape);
        self.numbers.push(self.parameters);
        self.parameters += 2;
    }

    /// A parameter for each level, and one for its absence.
    fn add_levels(&mut self, bins: usize) {
        let bin = |bin| Bin { parameter: self.parameters + bin, factor: 1.0 };
        self.bins.extend((0..bins).map(bin));
        self.shapes.push(Shape::default());
        self.parameters += bins;
    }

    /// The model of weights, times a factor, around the means of all rows.
    #[expect(clippy::cast_precision_loss, reason = "rows are fewer than 2^52")]
    pub(super) fn linear(&self, binned: &Binned, weights: &[f64], factor: f64) -> Linear {
        let mut base = weights[self.parameters] * factor;
        let mut counts = self.nothing();
        binned.all().for_each(|bins| self.add(bins, 1.0, &mut counts));
        let parts: Vec<f64> = self.parts(weights).into_iter().map(|part| part * factor).collect();
        let ends = self.firsts.iter().skip(1).copied().chain([self.bins.len()]);
        let mut terms = Vec::new();
        for ((place, column), (first, end)) in
            binned.columns.iter().enumerate().zip(self.firsts.iter().zip(ends))
        {
            let (parts, counts) = (&parts[*first..end], &counts[*first..end]);
            let sum: f64 = parts.iter().zip(counts).map(|(part, count)| part * count).sum();
            let mean = sum / binned.rows.max(1) as f64;
            base += mean;
            let missing = parts[0] - mean;
            terms.push(match &column.bins {
                Bins::Levels(_) => {
                    Term::Levels { missing, parts: parts[1..].iter().map(|part| part - mean).collect() }
                }
                Bins::Cuts(_) => {
                    let weight = weights[self.bins[first + 1].parameter] * factor;
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
