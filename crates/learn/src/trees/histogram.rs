//! What the rows of a leaf call for, summed by bin.

use super::pull::Pull;
use crate::binned::Binned;
use crate::threads;

/// Below this many additions a second thread costs more than it brings.
const WORTH_A_THREAD: usize = 200_000;

/// The columns in play, and where the bins of each lie among the sums of a leaf.
pub(super) struct Layout<'a> {
    binned: &'a Binned,
    /// Of each column in play its place in the table, its first bin and the one after its last.
    columns: Vec<(usize, usize, usize)>,
    bins: usize,
}

/// The sums of a leaf's rows, by bin, column after column.
#[derive(Debug, Default)]
pub(super) struct Histogram(Vec<Pull>);

impl<'a> Layout<'a> {
    /// Of columns by their places in the table.
    pub(super) fn new(binned: &'a Binned, columns: &[usize]) -> Self {
        let mut layout = Self { binned, columns: Vec::with_capacity(columns.len()), bins: 0 };
        for column in columns {
            let first = layout.bins;
            layout.bins += binned.columns[*column].bins.len();
            layout.columns.push((*column, first, layout.bins));
        }
        layout
    }

    /// The sums of each column in play, with its place in the table.
    pub(super) fn columns<'h>(
        &'h self,
        histogram: &'h Histogram,
    ) -> impl Iterator<Item = (usize, &'h [Pull])> {
        self.columns.iter().map(|(column, first, end)| (*column, &histogram.0[*first..*end]))
    }

    /// Sums the pulls of some rows; `pulls` has one for every row of the table. Sums of whole numbers are the same in any order.
    pub(super) fn histogram(&self, rows: &[u32], pulls: &[Pull], threads: usize) -> Histogram {
        let threads = if rows.len() * self.columns.len() < WORTH_A_THREAD { 1 } else { threads };
        let share = rows.len().div_ceil(threads).max(1);
        let parts = threads::map(rows.len().div_ceil(share), threads, |part| {
            self.part(&rows[part * share..rows.len().min((part + 1) * share)], pulls)
        });
        let joined = parts.into_iter().reduce(|mut all, part| {
            all.0.iter_mut().zip(part.0).for_each(|(all, part)| *all += part);
            all
        });
        joined.unwrap_or_else(|| Histogram(vec![Pull::default(); self.bins]))
    }

    /// Row by row and not column by column: neighbouring rows often share a bin, and an addition would wait for the one before.
    fn part(&self, rows: &[u32], pulls: &[Pull]) -> Histogram {
        let mut sums = vec![Pull::default(); self.bins];
        for row in rows.iter().map(|row| *row as usize) {
            let (pull, bins) = (pulls[row], self.binned.row(row));
            for (column, first, _) in &self.columns {
                sums[first + usize::from(bins[*column])] += pull;
            }
        }
        Histogram(sums)
    }
}

impl Histogram {
    /// What is left of a leaf's sums without those of one part.
    pub(super) fn without(mut self, part: &Self) -> Self {
        self.0.iter_mut().zip(&part.0).for_each(|(whole, part)| *whole = *whole - *part);
        self
    }
}
