//! Logistic regression on one or two columns, without shrinking (Newton's method).

use crate::odds;

/// Steps until the fit is as exact as floats are.
const STEPS: usize = 100;

/// The weights of the columns and, last, the intercept.
pub(super) fn fit<const COLUMNS: usize, const WEIGHTS: usize>(
    rows: impl Iterator<Item = [f64; COLUMNS]>,
    outcomes: &[bool],
) -> [f64; WEIGHTS] {
    let mut rows: Vec<[f64; WEIGHTS]> =
        rows.map(|row| std::array::from_fn(|place| row.get(place).copied().unwrap_or(1.0))).collect();
    rows.truncate(outcomes.len());
    let mut weights = [0.0; WEIGHTS];
    let mut loss = total(&rows, outcomes, &weights);
    for _ in 0..STEPS {
        let step = newton(&rows, outcomes, &weights);
        let Some((next, lower)) = shortened(&rows, outcomes, &weights, step, loss) else { break };
        (weights, loss) = (next, lower);
    }
    weights
}

/// The step, halved until it lowers the loss; nothing, where it does not.
fn shortened<const N: usize>(
    rows: &[[f64; N]],
    outcomes: &[bool],
    weights: &[f64; N],
    step: [f64; N],
    loss: f64,
) -> Option<([f64; N], f64)> {
    let mut length = 1.0;
    for _ in 0..20 {
        let next: [f64; N] = std::array::from_fn(|place| weights[place] - length * step[place]);
        let lower = total(rows, outcomes, &next);
        if lower < loss {
            return Some((next, lower));
        }
        length /= 2.0;
    }
    None
}

fn margin<const N: usize>(row: &[f64; N], weights: &[f64; N]) -> f64 {
    row.iter().zip(weights).map(|(value, weight)| value * weight).sum()
}

fn total<const N: usize>(rows: &[[f64; N]], outcomes: &[bool], weights: &[f64; N]) -> f64 {
    odds::Loss::of(rows.iter().zip(outcomes).map(|(row, outcome)| (margin(row, weights), *outcome)))
}

/// Slope over curvature.
fn newton<const N: usize>(rows: &[[f64; N]], outcomes: &[bool], weights: &[f64; N]) -> [f64; N] {
    let (mut slope, mut curve) = ([0.0; N], [[0.0; N]; N]);
    for (row, outcome) in rows.iter().zip(outcomes) {
        let probability = odds::probability(margin(row, weights));
        let error = probability - f64::from(u8::from(*outcome));
        for i in 0..N {
            slope[i] += error * row[i];
            for j in 0..N {
                curve[i][j] += probability * (1.0 - probability) * row[i] * row[j];
            }
        }
    }
    // Keeps the curvature positive where a column does not vary.
    (0..N).for_each(|place| curve[place][place] += 1e-9);
    solve(curve, slope)
}

/// Solves `matrix * x = right` for a positive matrix.
fn solve<const N: usize>(mut matrix: [[f64; N]; N], mut right: [f64; N]) -> [f64; N] {
    for pivot in 0..N {
        for below in pivot + 1..N {
            let times = matrix[below][pivot] / matrix[pivot][pivot];
            let above = matrix[pivot];
            matrix[below]
                .iter_mut()
                .zip(above)
                .skip(pivot)
                .for_each(|(value, above)| *value -= times * above);
            right[below] -= times * right[pivot];
        }
    }
    for row in (0..N).rev() {
        let known: f64 = (row + 1..N).map(|column| matrix[row][column] * right[column]).sum();
        right[row] = (right[row] - known) / matrix[row][row];
    }
    right
}
