//! One tree, grown by parting that leaf next from which most is gained.

use super::histogram::{Histogram, Pull, Sum, histogram, without};
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

impl Grown {
    /// The value of the leaf in which a row ends.
    pub(crate) fn value(&self, binned: &Binned, row: usize) -> f64 {
        let mut at = 0;
        loop {
            match &self.nodes[at] {
                GrownNode::Leaf { value, .. } => return *value,
                GrownNode::Parted { column, left_bins, left, right, .. } => {
                    let bin = binned.columns[*column].codes[row];
                    at = if left_bins.contains(bin) { *left } else { *right };
                }
            }
        }
    }
}

/// What a tree is grown from.
pub(super) struct Ground<'a> {
    pub(super) binned: &'a Binned,
    pub(super) settings: &'a TreeSettings,
    pub(super) directions: &'a [Direction],
    /// The columns in play.
    pub(super) columns: &'a [usize],
    /// The pull of every row of the table.
    pub(super) pulls: &'a [Pull],
    pub(super) threads: usize,
}

/// A leaf that may yet be parted.
struct Leaf {
    node: usize,
    rows: Vec<u32>,
    histogram: Histogram,
    bounds: Bounds,
    parting: Option<Parting>,
}

impl Ground<'_> {
    /// A tree for some rows; tells each row's value as it goes.
    pub(super) fn grow(&self, rows: Vec<u32>, mut tell: impl FnMut(u32, f64)) -> Grown {
        let bounds = Bounds { low: f64::NEG_INFINITY, high: f64::INFINITY };
        let total = self.sum(&rows);
        let mut nodes = vec![self.leaf_node(value(total, self.settings.l2, bounds), total)];
        let histogram = self.histogram(&rows);
        let mut leaves = vec![self.leaf(0, rows, histogram, total, bounds)];
        while leaves.len() < self.settings.leaves {
            let Some(next) = most_gaining(&leaves) else { break };
            let leaf = leaves.swap_remove(next);
            let Some(parting) = leaf.parting else { break };
            leaves.extend(self.part(leaf, parting, &mut nodes));
        }
        for leaf in leaves {
            if let GrownNode::Leaf { value, .. } = nodes[leaf.node] {
                leaf.rows.iter().for_each(|row| tell(*row, value));
            }
        }
        Grown { nodes }
    }

    /// The two leaves that a leaf is parted into.
    fn part(&self, leaf: Leaf, parting: Parting, nodes: &mut Vec<GrownNode>) -> [Leaf; 2] {
        let codes = &self.binned.columns[parting.column].codes;
        let (left_rows, right_rows): (Vec<u32>, Vec<u32>) =
            leaf.rows.iter().partition(|row| parting.left_bins.contains(codes[**row as usize]));
        let (left_sums, right_sums) = if left_rows.len() <= right_rows.len() {
            let small = self.histogram(&left_rows);
            let large = without(leaf.histogram, &small);
            (small, large)
        } else {
            let small = self.histogram(&right_rows);
            (without(leaf.histogram, &small), small)
        };
        let (left, right) = (nodes.len(), nodes.len() + 1);
        nodes.push(self.leaf_node(parting.left_value, parting.left));
        nodes.push(self.leaf_node(parting.right_value, parting.right));
        let Parting { column, left_bins, .. } = parting;
        let rows = parting.left.rows + parting.right.rows;
        nodes[leaf.node] = GrownNode::Parted { column, left_bins, left, right, rows };
        let (left_bounds, right_bounds) = parting.bounds(leaf.bounds, self.direction(column));
        [
            self.leaf(left, left_rows, left_sums, parting.left, left_bounds),
            self.leaf(right, right_rows, right_sums, parting.right, right_bounds),
        ]
    }

    fn leaf(&self, node: usize, rows: Vec<u32>, histogram: Histogram, total: Sum, bounds: Bounds) -> Leaf {
        let parting =
            if total.rows < 2 * self.settings.min_rows { None } else { self.best(&histogram, total, bounds) };
        Leaf { node, rows, histogram, bounds, parting }
    }

    /// The best parting by any column.
    fn best(&self, histogram: &Histogram, total: Sum, bounds: Bounds) -> Option<Parting> {
        let by_column = self.columns.iter().zip(histogram).filter_map(|(column, sums)| {
            let direction = self.direction(*column);
            let search = Search { settings: self.settings, total, bounds, direction, column: *column };
            search.best(&self.binned.columns[*column].bins, sums)
        });
        by_column.reduce(|best, next| if next.gain > best.gain { next } else { best })
    }

    fn direction(&self, column: usize) -> Direction {
        self.directions.get(column).copied().unwrap_or_default()
    }

    fn histogram(&self, rows: &[u32]) -> Histogram {
        let pulls: Vec<Pull> = rows.iter().map(|row| self.pulls[*row as usize]).collect();
        histogram(self.binned, self.columns, rows, &pulls, self.threads)
    }

    fn sum(&self, rows: &[u32]) -> Sum {
        let mut sum = Sum::default();
        for row in rows {
            let [gradient, hessian] = self.pulls[*row as usize].map(f64::from);
            sum += Sum { gradient, hessian, rows: 1 };
        }
        sum
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
