//! The ways of many rows through one tree.

use super::grow::{Grown, GrownNode};
use super::split::BinSet;
use crate::binned::Binned;

/// A tree as steps that are all alike: at a leaf one stays, so that all rows take as many and none has to be waited for.
pub(super) struct Paths {
    steps: Vec<Step>,
    values: Vec<f64>,
    /// How many steps lead to the farthest leaf.
    longest: usize,
}

#[derive(Clone, Copy, Default)]
struct Step {
    column: usize,
    left_bins: BinSet,
    /// To the right, to the left.
    next: [usize; 2],
}

impl Paths {
    pub(super) fn new(tree: &Grown) -> Self {
        let count = tree.nodes.len();
        let mut paths = Self { steps: vec![Step::default(); count], values: vec![0.0; count], longest: 0 };
        let mut depths = vec![0; count];
        // Parts come after what they are parts of.
        for (place, node) in tree.nodes.iter().enumerate() {
            match node {
                GrownNode::Leaf { value, .. } => {
                    paths.steps[place].next = [place; 2];
                    paths.values[place] = *value;
                }
                GrownNode::Parted { column, left_bins, left, right, .. } => {
                    paths.steps[place] =
                        Step { column: *column, left_bins: *left_bins, next: [*right, *left] };
                    [*left, *right].into_iter().for_each(|part| depths[part] = depths[place] + 1);
                    paths.longest = paths.longest.max(depths[place] + 1);
                }
            }
        }
        paths
    }

    /// The value of the leaf in which a row ends.
    #[inline]
    pub(super) fn value(&self, binned: &Binned, row: u32) -> f64 {
        let bins = binned.row(row as usize);
        let mut at = 0;
        for _ in 0..self.longest {
            let step = &self.steps[at];
            at = step.next[usize::from(step.left_bins.contains(bins[step.column]))];
        }
        self.values[at]
    }
}
