//! The best way to part the rows of a leaf by one column.

use super::pull::{Pull, Scale, Sum};
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
    settings: &'a TreeSettings,
    scale: Scale,
    total: Sum,
    bounds: Bounds,
    direction: Direction,
    /// Whether a part may have any value.
    is_free: bool,
    /// The relief of the leaf as it is.
    whole: f64,
}

/// What some rows to the left bring, and with which `l2`.
#[derive(Clone, Copy)]
struct Found {
    gain: f64,
    left: Pull,
    l2: f64,
}

/// The best so far, and the bins to its left in the words of who looks for it.
type Best<T> = Option<(Found, T)>;

/// The value that suits rows best.
pub(super) fn value(sum: Sum, l2: f64, bounds: Bounds) -> f64 {
    (-sum.gradient / (sum.hessian + l2)).clamp(bounds.low, bounds.high)
}

/// By how much the loss falls if rows get a value.
fn relief(sum: Sum, l2: f64, value: f64) -> f64 {
    -(2.0 * sum.gradient * value + (sum.hessian + l2) * value * value)
}

/// By how much the loss falls if rows get the value that suits them best.
#[inline]
fn most_relief(sum: Sum, l2: f64) -> f64 {
    sum.gradient * sum.gradient / (sum.hessian + l2)
}

impl<'a> Search<'a> {
    pub(super) fn new(
        settings: &'a TreeSettings,
        scale: Scale,
        total: Sum,
        bounds: Bounds,
        direction: Direction,
    ) -> Self {
        let whole = relief(total, settings.l2, value(total, settings.l2, bounds));
        let is_bounded = bounds.low.is_finite() || bounds.high.is_finite();
        let is_free = direction == Direction::Any && !is_bounded;
        Self { settings, scale, total, bounds, direction, is_free, whole }
    }

    /// The best parting by a column, by what the pulls of its bins tell.
    pub(super) fn best(&self, column: usize, bins: &Bins, pulls: &[Pull]) -> Option<Parting> {
        let (found, left_bins) = match bins {
            Bins::Cuts(_) => self.best_cut(pulls),
            Bins::Levels(_) => self.best_levels(pulls),
        }?;
        let Found { gain, left, l2 } = found;
        let left = self.scale.sum(left);
        let right = self.total - left;
        let [left_value, right_value] = [left, right].map(|sum| value(sum, l2, self.bounds));
        Some(Parting { gain, column, left_bins, left, right, left_value, right_value })
    }

    /// Small numbers to the left, with or without what is missing.
    fn best_cut(&self, pulls: &[Pull]) -> Best<BinSet> {
        let missing = pulls[usize::from(NONE)];
        let (mut left, mut best) = (Pull::default(), None);
        for (bin, pull) in pulls.iter().enumerate().skip(1).filter(|(_, pull)| !pull.is_none()) {
            left += *pull;
            if missing.is_none() {
                // Where nothing is missing here, what will be goes with the larger part.
                let is_larger = 2 * self.scale.rows(left) > self.total.rows;
                self.weigh(&mut best, left, 0.0, (bin, is_larger));
            } else {
                self.weigh(&mut best, left, 0.0, (bin, false));
                let mut joined = left;
                joined += missing;
                self.weigh(&mut best, joined, 0.0, (bin, true));
            }
        }
        let (found, (last, with_missing)) = best?;
        let mut bins = BinSet::default();
        (usize::from(!with_missing)..=last).for_each(|bin| bins.insert(bin));
        Some((found, bins))
    }

    /// A set of levels to the left; what is missing is a level too.
    fn best_levels(&self, pulls: &[Pull]) -> Best<BinSet> {
        let present = || (0..pulls.len()).filter(|bin| !pulls[*bin].is_none());
        let mut best = None;
        if present().count() <= self.settings.one_hot {
            for bin in present() {
                let mut bins = BinSet::default();
                bins.insert(bin);
                self.weigh(&mut best, pulls[bin], 0.0, bins);
            }
            return best;
        }
        let slope = |bin: usize| {
            let sum = self.scale.sum(pulls[bin]);
            (sum.gradient / (sum.hessian + self.settings.level_smoothing), bin)
        };
        let mut present: Vec<(f64, usize)> = present().map(slope).collect();
        present.sort_by(|a, b| a.0.total_cmp(&b.0));
        self.best_run(&mut best, pulls, present.iter());
        self.best_run(&mut best, pulls, present.iter().rev());
        best
    }

    /// The first so many levels of an order, to the left.
    fn best_run<'b>(
        &self,
        best: &mut Best<BinSet>,
        pulls: &[Pull],
        order: impl ExactSizeIterator<Item = &'b (f64, usize)>,
    ) {
        let most = MOST_LEVELS.min(order.len().div_ceil(2));
        let (mut left, mut bins) = (Pull::default(), BinSet::default());
        for (_, bin) in order.take(most) {
            left += pulls[*bin];
            bins.insert(*bin);
            let rows = self.scale.rows(left);
            if rows.min(self.total.rows - rows) >= self.settings.min_level_rows {
                self.weigh(best, left, self.settings.level_l2, bins);
            }
        }
    }

    /// Keeps these rows to the left if they bring more than the best so far.
    #[inline]
    fn weigh<T>(&self, best: &mut Best<T>, left: Pull, more_l2: f64, bins: T) {
        let l2 = self.settings.l2 + more_l2;
        let gain = self.gain(left, l2);
        if gain > best.as_ref().map_or(LEAST_GAIN, |(best, _)| best.gain) {
            *best = Some((Found { gain, left, l2 }, bins));
        }
    }

    /// What these rows to the left bring; less than nothing, where they may not be parted from the others.
    #[inline]
    fn gain(&self, left: Pull, l2: f64) -> f64 {
        let rows = self.scale.rows(left);
        if rows.min(self.total.rows - rows) < self.settings.min_rows {
            return f64::NEG_INFINITY;
        }
        let left = self.scale.sum(left);
        let right = self.total - left;
        if left.hessian.min(right.hessian) < self.settings.min_hessian {
            return f64::NEG_INFINITY;
        }
        if self.is_free {
            return most_relief(left, l2) + most_relief(right, l2) - self.whole;
        }
        let [left_value, right_value] = [left, right].map(|sum| value(sum, l2, self.bounds));
        let held = match self.direction {
            Direction::Any => true,
            Direction::Up => left_value <= right_value,
            Direction::Down => left_value >= right_value,
        };
        let gain = relief(left, l2, left_value) + relief(right, l2, right_value) - self.whole;
        if held { gain } else { f64::NEG_INFINITY }
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
