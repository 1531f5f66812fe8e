//! One tree, grown by parting that leaf next from which most is gained.

use std::ops::Range;

use super::histogram::{Histogram, Layout};
use super::pull::{Pull, Scale, Sum};
use super::rows::part;
use super::split::{BinSet, Bounds, Parting, Search, value};
use super::{Direction, TreeSettings};
use crate::binned::Binned;

/// A tree over bins.
#[derive(Debug)]
pub(crate) struct Grown {
    pub(super) nodes: Vec<GrownNode>,
}

#[derive(Debug)]
pub(super) enum GrownNode {
    Leaf { value: f64, rows: u32 },
    Parted { column: usize, left_bins: BinSet, left: usize, right: usize, rows: u32 },
}

/// What a tree is grown from.
pub(super) struct Ground<'a> {
    pub(super) binned: &'a Binned,
    pub(super) settings: &'a TreeSettings,
    pub(super) directions: &'a [Direction],
    /// The columns in play.
    pub(super) layout: Layout<'a>,
    /// The pull of every row of the table.
    pub(super) pulls: &'a [Pull],
    pub(super) scale: Scale,
    pub(super) threads: usize,
}

/// A leaf that may yet be parted.
struct Leaf {
    node: usize,
    /// Where its rows lie among those of the tree.
    rows: Range<usize>,
    histogram: Histogram,
    bounds: Bounds,
    parting: Option<Parting>,
}

impl Ground<'_> {
    /// A tree for some rows, which it brings into the order of its leaves; tells each leaf's rows and value. `spare` has room for as
    /// many rows.
    pub(super) fn grow(
        &self,
        rows: &mut [u32],
        spare: &mut [u32],
        mut tell: impl FnMut(&[u32], f64),
    ) -> Grown {
        let bounds = Bounds { low: f64::NEG_INFINITY, high: f64::INFINITY };
        let total = self.sum(rows);
        let mut nodes = vec![self.leaf_node(value(total, self.settings.l2, bounds), total)];
        let histogram = self.histogram(rows);
        let mut leaves = vec![self.leaf(0, 0..rows.len(), histogram, total, bounds)];
        while leaves.len() < self.settings.leaves {
            let Some(next) = most_gaining(&leaves) else { break };
            let leaf = leaves.swap_remove(next);
            let Some(parting) = leaf.parting else { break };
            leaves.extend(self.part(leaf, parting, (&mut *rows, &mut *spare), &mut nodes));
        }
        for leaf in leaves {
            if let GrownNode::Leaf { value, .. } = nodes[leaf.node] {
                tell(&rows[leaf.rows], value);
            }
        }
        Grown { nodes }
    }

    /// The two leaves that a leaf is parted into.
    fn part(
        &self,
        leaf: Leaf,
        parting: Parting,
        (all, spare): (&mut [u32], &mut [u32]),
        nodes: &mut Vec<GrownNode>,
    ) -> [Leaf; 2] {
        let Parting { column, left_bins, .. } = parting;
        let is_left = |row: u32| left_bins.contains(self.binned.row(row as usize)[column]);
        let middle = leaf.rows.start + part(&mut all[leaf.rows.clone()], spare, is_left);
        let (left_rows, right_rows) = (leaf.rows.start..middle, middle..leaf.rows.end);
        let (left_sums, right_sums) = if left_rows.len() <= right_rows.len() {
            let small = self.histogram(&all[left_rows.clone()]);
            let large = leaf.histogram.without(&small);
            (small, large)
        } else {
            let small = self.histogram(&all[right_rows.clone()]);
            (leaf.histogram.without(&small), small)
        };
        let (left, right) = (nodes.len(), nodes.len() + 1);
        nodes.push(self.leaf_node(parting.left_value, parting.left));
        nodes.push(self.leaf_node(parting.right_value, parting.right));
        let rows = parting.left.rows + parting.right.rows;
        nodes[leaf.node] = GrownNode::Parted { column, left_bins, left, right, rows };
        let (left_bounds, right_bounds) = parting.bounds(leaf.bounds, self.direction(column));
        [
            self.leaf(left, left_rows, left_sums, parting.left, left_bounds),
            self.leaf(right, right_rows, right_sums, parting.right, right_bounds),
        ]
    }

    fn leaf(
        &self,
        node: usize,
        rows: Range<usize>,
        histogram: Histogram,
        total: Sum,
        bounds: Bounds,
    ) -> Leaf {
        let parting =
            if total.rows < 2 * self.settings.min_rows { None } else { self.best(&histogram, total, bounds) };
        Leaf { node, rows, histogram, bounds, parting }
    }

    /// The best parting by any column.
    fn best(&self, histogram: &Histogram, total: Sum, bounds: Bounds) -> Option<Parting> {
        let by_column = self.layout.columns(histogram).filter_map(|(column, pulls)| {
            let search = Search::new(self.settings, self.scale, total, bounds, self.direction(column));
            search.best(column, &self.binned.columns[column].bins, pulls)
        });
        by_column.reduce(|best, next| if next.gain > best.gain { next } else { best })
    }

    fn direction(&self, column: usize) -> Direction {
        self.directions.get(column).copied().unwrap_or_default()
    }

    fn histogram(&self, rows: &[u32]) -> Histogram {
        self.layout.histogram(rows, self.pulls, self.threads)
    }

    fn sum(&self, rows: &[u32]) -> Sum {
        let mut sum = Pull::default();
        rows.iter().for_each(|row| sum += self.pulls[*row as usize]);
        self.scale.sum(sum)
    }

    fn leaf_node(&self, value: f64, sum: Sum) -> GrownNode {
        GrownNode::Leaf { value: value * self.settings.learning_rate, rows: sum.rows }
    }
}

/// The place of the leaf from which most is gained; among equals the oldest.
fn most_gaining(leaves: &[Leaf]) -> Option<usize> {
    let gains = leaves.iter().enumerate().filter_map(|(place, leaf)| {
        leaf.parting.map(|parting| (place, parting.gain, std::cmp::Reverse(leaf.node)))
    });
    gains.max_by(|a, b| a.1.total_cmp(&b.1).then(a.2.cmp(&b.2))).map(|(place, ..)| place)
}
