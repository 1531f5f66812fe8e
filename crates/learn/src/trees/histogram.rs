//! What the rows of a leaf call for, summed by bin.

use std::ops::{AddAssign, Sub};

use crate::binned::Binned;
use crate::threads;

/// Below this many additions a second thread costs more than it brings.
const WORTH_A_THREAD: usize = 200_000;

/// Slope and curvature of the loss over some rows.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Sum {
    pub(super) gradient: f64,
    pub(super) hessian: f64,
    pub(super) rows: u32,
}

impl AddAssign for Sum {
    fn add_assign(&mut self, other: Self) {
        self.gradient += other.gradient;
        self.hessian += other.hessian;
        self.rows += other.rows;
    }
}

impl Sub for Sum {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self {
            gradient: self.gradient - other.gradient,
            hessian: self.hessian - other.hessian,
            rows: self.rows - other.rows,
        }
    }
}

/// The sums of a leaf's rows: of each column in play, by bin.
pub(super) type Histogram = Vec<Vec<Sum>>;

/// Slope and curvature of the loss at a row.
pub(super) type Pull = [f32; 2];

/// Sums the pulls of some rows; `pulls` are in the order of `rows`.
pub(super) fn histogram(
    binned: &Binned,
    columns: &[usize],
    rows: &[u32],
    pulls: &[Pull],
    threads: usize,
) -> Histogram {
    let threads = if rows.len() * columns.len() < WORTH_A_THREAD { 1 } else { threads };
    threads::map(columns.len(), threads, |place| {
        let column = &binned.columns[columns[place]];
        // As many as a byte has values: no place needs to be checked.
        let mut sums = [Sum::default(); 256];
        for (row, pull) in rows.iter().zip(pulls) {
            let sum = &mut sums[usize::from(column.codes[*row as usize])];
            sum.gradient += f64::from(pull[0]);
            sum.hessian += f64::from(pull[1]);
            sum.rows += 1;
        }
        sums[..column.bins.len()].to_vec()
    })
}

/// What is left of a leaf's sums without those of one part.
pub(super) fn without(mut whole: Histogram, part: &Histogram) -> Histogram {
    for (whole, part) in whole.iter_mut().flatten().zip(part.iter().flatten()) {
        *whole = *whole - *part;
    }
    whole
}
