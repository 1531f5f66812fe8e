//! About how the loss bends: who knows that goes straight to its minimum.

use super::basis::Basis;
use crate::binned::Binned;
use crate::points::Cholesky;

/// So many parameters are taken together at most: that is a matrix.
const TOGETHER: usize = 256;
/// So many rows tell enough of how columns go together.
const ROWS: usize = 50_000;

/// How the loss bends along each parameter and each pair of those that are taken together, by row, where all rows have the same
/// probability. It need not be exact: the search corrects it, and where the minimum lies does not depend on it.
pub(super) struct Curvature {
    /// Parameters that are taken together; the others are as if each were alone.
    together: Vec<usize>,
    /// A square matrix of these, of which the lower triangle is filled.
    matrix: Vec<f64>,
    /// Along each parameter.
    alone: Vec<f64>,
}

/// Takes a slope to a step.
pub(super) struct Step<'a> {
    curvature: &'a Curvature,
    factor: Cholesky,
    alone: Vec<f64>,
}

impl Curvature {
    /// By an even pick of rows, each with such a probability.
    #[expect(clippy::cast_precision_loss, reason = "rows are fewer than 2^52")]
    pub(super) fn new(basis: &Basis, binned: &Binned, probability: f64) -> Self {
        let intercept = basis.parameters;
        let numbers = basis.numbers().chain([intercept]);
        let together: Vec<usize> =
            if intercept < TOGETHER { (0..=intercept).collect() } else { numbers.take(TOGETHER).collect() };
        let size = together.len();
        let mut places = vec![None; intercept + 1];
        together.iter().enumerate().for_each(|(place, parameter)| places[*parameter] = Some(place));
        let (mut matrix, mut alone) = (vec![0.0; size * size], vec![0.0; intercept + 1]);
        let step = binned.rows.div_ceil(ROWS).max(1);
        let share = probability * (1.0 - probability) * step as f64 / binned.rows.max(1) as f64;
        let mut of_row = Vec::new();
        for bins in binned.all().step_by(step) {
            of_row.clear();
            for (parameter, factor) in basis.factors(bins) {
                alone[parameter] += share * factor * factor;
                of_row.extend(places[parameter].map(|place| (place, factor)));
            }
            for (number, (row, one)) in of_row.iter().enumerate() {
                for (column, other) in &of_row[..=number] {
                    matrix[row.max(column) * size + row.min(column)] += share * one * other;
                }
            }
        }
        Self { together, matrix, alone }
    }

    /// The step for so many rows, where weights are shrunk by `l2`.
    #[expect(clippy::cast_precision_loss, reason = "rows are fewer than 2^52")]
    pub(super) fn step(&self, rows: usize, l2: f64) -> Step<'_> {
        let (rows, size, intercept) = (rows as f64, self.together.len(), self.alone.len() - 1);
        let mut matrix: Vec<f64> = self.matrix.iter().map(|bend| bend * rows).collect();
        for (place, parameter) in self.together.iter().enumerate() {
            matrix[place * size + place] += if *parameter == intercept { 1e-6 } else { l2 };
        }
        let alone = self.alone.iter().map(|bend| bend * rows + l2).collect();
        Step { curvature: self, factor: Cholesky::new(matrix, size), alone }
    }
}

impl Step<'_> {
    pub(super) fn of(&self, slope: &[f64]) -> Vec<f64> {
        let mut step: Vec<f64> = slope.iter().zip(&self.alone).map(|(slope, bend)| slope / bend).collect();
        let together = &self.curvature.together;
        let right: Vec<f64> = together.iter().map(|parameter| slope[*parameter]).collect();
        for (parameter, solved) in together.iter().zip(self.factor.solve(&right)) {
            step[*parameter] = solved;
        }
        step
    }
}
