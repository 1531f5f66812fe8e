//! Positive definite equations, solved.

/// The lower triangle of a symmetric matrix' Cholesky factor, row by row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cholesky {
    factor: Vec<f64>,
    size: usize,
}

impl Cholesky {
    /// The factor of a square matrix of which the lower triangle is read; a pivot that chance has left at or below 0
    /// is lifted a little.
    pub(crate) fn new(mut matrix: Vec<f64>, size: usize) -> Self {
        for column in 0..size {
            for row in column..size {
                let known: f64 =
                    (0..column).map(|k| matrix[row * size + k] * matrix[column * size + k]).sum();
                let rest = matrix[row * size + column] - known;
                let pivot = matrix[column * size + column];
                matrix[row * size + column] =
                    if row == column { libm::sqrt(rest.max(1e-10)) } else { rest / pivot };
            }
        }
        Self { factor: matrix, size }
    }

    /// The logarithm of the matrix' determinant.
    pub(crate) fn log_determinant(&self) -> f64 {
        (0..self.size).map(|row| 2.0 * libm::log(self.factor[row * self.size + row])).sum()
    }

    /// The solution for a right side.
    pub(crate) fn solve(&self, right: &[f64]) -> Vec<f64> {
        let (factor, size) = (&self.factor, self.size);
        let mut x = right.to_vec();
        for row in 0..size {
            let known: f64 = (0..row).map(|k| factor[row * size + k] * x[k]).sum();
            x[row] = (x[row] - known) / factor[row * size + row];
        }
        for row in (0..size).rev() {
            let known: f64 = (row + 1..size).map(|k| factor[k * size + row] * x[k]).sum();
            x[row] = (x[row] - known) / factor[row * size + row];
        }
        x
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_solution_meets_its_equations() {
        let solved = Cholesky::new(vec![4.0, 0.0, 2.0, 3.0], 2).solve(&[10.0, 8.0]);
        assert!((solved[0] - 1.75).abs() < 1e-12 && (solved[1] - 1.5).abs() < 1e-12, "{solved:?}");
    }
}
