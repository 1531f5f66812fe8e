//! The best way to part the rows of a leaf by one column.

use super::histogram::Sum;
use super::{Direction, TreeSettings};
use crate::binned::{Bins, NONE};

/// A gain below this is none.
const LEAST_GAIN: f64 = 1e-9;
/// Sets of levels are at most this large, seen from the smaller side.
const MOST_LEVELS: usize = 32;

/// A set of bins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct BinSet([u64; 4]);

impl BinSet {
    pub(super) fn insert(&mut self, bin: usize) {
        self.0[bin / 64] |= 1 << (bin % 64);
    }

    pub(crate) fn contains(&self, bin: u8) -> bool {
        self.0[usize::from(bin / 64)] >> (bin % 64) & 1 == 1
    }
}

/// Between which values the leaves of a part must stay, so that a direction holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bounds {
    pub(super) low: f64,
    pub(super) high: f64,
}

/// A way to part a leaf.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Parting {
    pub(super) gain: f64,
    pub(super) column: usize,
    pub(super) left_bins: BinSet,
    pub(super) left: Sum,
    pub(super) right: Sum,
    pub(super) left_value: f64,
    pub(super) right_value: f64,
}

/// A leaf that may be parted by a column.
pub(super) struct Search<'a> {
    pub(super) settings: &'a TreeSettings,
    pub(super) total: Sum,
    pub(super) bounds: Bounds,
    pub(super) direction: Direction,
    pub(super) column: usize,
}

/// The value that suits rows best.
pub(super) fn value(sum: Sum, l2: f64, bounds: Bounds) -> f64 {
    (-sum.gradient / (sum.hessian + l2)).clamp(bounds.low, bounds.high)
}

/// By how much the loss falls if rows get a value.
fn relief(sum: Sum, l2: f64, value: f64) -> f64 {
    -(2.0 * sum.gradient * value + (sum.hessian + l2) * value * value)
}

impl Search<'_> {
    /// The best parting by what the sums of the column's bins tell.
    pub(super) fn best(&self, bins: &Bins, sums: &[Sum]) -> Option<Parting> {
        match bins {
            Bins::Cuts(_) => self.best_cut(sums),
            Bins::Levels(_) => self.best_levels(sums),
        }
    }

    /// Small numbers to the left, with or without what is missing.
    fn best_cut(&self, sums: &[Sum]) -> Option<Parting> {
        let missing = sums[usize::from(NONE)];
        let (mut left, mut best) = (Sum::default(), None);
        let mut bins = BinSet::default();
        // Where nothing is missing here, what will be goes with the larger part.
        for (bin, sum) in sums.iter().enumerate().skip(1) {
            left += *sum;
            bins.insert(bin);
            if sum.rows == 0 {
                continue;
            }
            let mut with_missing = bins;
            with_missing.insert(NONE.into());
            let larger = if 2 * left.rows > self.total.rows { with_missing } else { bins };
            let here = if missing.rows == 0 { larger } else { bins };
            self.consider(&mut best, here, left, 0.0);
            if missing.rows > 0 {
                let mut joined = left;
                joined += missing;
                self.consider(&mut best, with_missing, joined, 0.0);
            }
        }
        best
    }

    /// A set of levels to the left; what is missing is a level too.
    fn best_levels(&self, sums: &[Sum]) -> Option<Parting> {
        let mut present: Vec<usize> = (0..sums.len()).filter(|bin| sums[*bin].rows > 0).collect();
        let mut best = None;
        if present.len() <= self.settings.one_hot {
            for bin in present {
                let mut bins = BinSet::default();
                bins.insert(bin);
                self.consider(&mut best, bins, sums[bin], 0.0);
            }
            return best;
        }
        let slope = |bin: &usize| sums[*bin].gradient / (sums[*bin].hessian + self.settings.level_smoothing);
        present.sort_by(|a, b| slope(a).total_cmp(&slope(b)));
        self.best_run(&mut best, sums, present.iter());
        self.best_run(&mut best, sums, present.iter().rev());
        best
    }

    /// The first so many levels of an order, to the left.
    fn best_run<'b>(
        &self,
        best: &mut Option<Parting>,
        sums: &[Sum],
        order: impl ExactSizeIterator<Item = &'b usize>,
    ) {
        let most = MOST_LEVELS.min(order.len().div_ceil(2));
        let (mut left, mut bins) = (Sum::default(), BinSet::default());
        for bin in order.take(most) {
            left += sums[*bin];
            bins.insert(*bin);
            let fewest = left.rows.min(self.total.rows - left.rows);
            if fewest >= self.settings.min_level_rows {
                self.consider(best, bins, left, self.settings.level_l2);
            }
        }
    }

    /// Keeps the parting if it is allowed and better than the best so far.
    fn consider(&self, best: &mut Option<Parting>, left_bins: BinSet, left: Sum, more_l2: f64) {
        let right = self.total - left;
        if !self.is_enough(left) || !self.is_enough(right) {
            return;
        }
        let l2 = self.settings.l2 + more_l2;
        let (left_value, right_value) = (value(left, l2, self.bounds), value(right, l2, self.bounds));
        let held = match self.direction {
            Direction::Any => true,
            Direction::Up => left_value <= right_value,
            Direction::Down => left_value >= right_value,
        };
        let whole = value(self.total, self.settings.l2, self.bounds);
        let gain = relief(left, l2, left_value) + relief(right, l2, right_value)
            - relief(self.total, self.settings.l2, whole);
        if held && gain > best.map_or(LEAST_GAIN, |best| best.gain) {
            let column = self.column;
            *best = Some(Parting { gain, column, left_bins, left, right, left_value, right_value });
        }
    }

    fn is_enough(&self, sum: Sum) -> bool {
        sum.rows >= self.settings.min_rows && sum.hessian >= self.settings.min_hessian
    }
}

impl Parting {
    /// The bounds of the left and of the right part.
    pub(super) fn bounds(&self, bounds: Bounds, direction: Direction) -> (Bounds, Bounds) {
        let middle = f64::midpoint(self.left_value, self.right_value);
        let (below, above) = (Bounds { high: middle, ..bounds }, Bounds { low: middle, ..bounds });
        match direction {
            Direction::Any => (bounds, bounds),
            Direction::Up => (below, above),
            Direction::Down => (above, below),
        }
    }
}
