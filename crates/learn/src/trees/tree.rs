//! Trees as they are kept, from those that were grown over bins: over values, so that they can be read and applied alone.

use kelvin_kernel::predict::{Node, Split, Test, Tree};

use super::grow::{Grown, GrownNode};
use super::split::BinSet;
use crate::binned::{Binned, Bins, NONE};

/// A grown tree over values; what it adds is weighted.
pub(crate) fn tree(grown: &Grown, binned: &Binned, weight: f64) -> Tree {
    let node = |node: &GrownNode| match node {
        GrownNode::Leaf { value, rows } => Node::Leaf { value: value * weight, rows: *rows },
        GrownNode::Parted { column, left_bins, left, right, rows } => Node::Split(Split {
            column: *column,
            test: test(&binned.columns[*column].bins, left_bins),
            missing_left: left_bins.contains(NONE),
            left: *left,
            right: *right,
            rows: *rows,
        }),
    };
    Tree { nodes: grown.nodes.iter().map(node).collect() }
}

/// Who goes to the left: those in some bins.
fn test(bins: &Bins, left: &BinSet) -> Test {
    match bins {
        Bins::Levels(levels) => {
            let places = (0_u8..=u8::MAX).filter(|place| usize::from(*place) < levels.len());
            Test::OneOf(places.filter(|place| left.contains(place + 1)).map(u32::from).collect())
        }
        Bins::Cuts(cuts) => {
            let bins = (1_u8..=u8::MAX).take(cuts.len() + 1);
            let last = bins.take_while(|bin| left.contains(*bin)).count();
            // Where all known numbers go to the left, so do greater ones.
            Test::AtMost(cuts.get(last.max(1) - 1).copied().unwrap_or(f64::MAX))
        }
    }
}
