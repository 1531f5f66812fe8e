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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Column, Feature, Random, Table, Values};

    /// A tree of so many leaves that is parted anywhere, by any bins.
    fn grown(leaves: usize, columns: usize, random: &mut Random) -> Grown {
        let leaf = |random: &mut Random| GrownNode::Leaf { value: random.normal(), rows: 1 };
        let mut nodes = vec![leaf(random)];
        for _ in 1..leaves {
            let at: Vec<usize> =
                (0..nodes.len()).filter(|place| matches!(nodes[*place], GrownNode::Leaf { .. })).collect();
            let mut left_bins = BinSet::default();
            (0..256).filter(|_| random.below(2) == 0).for_each(|bin| left_bins.insert(bin));
            let (left, right) = (nodes.len(), nodes.len() + 1);
            let column = random.below(columns);
            nodes[at[random.below(at.len())]] = GrownNode::Parted { column, left_bins, left, right, rows: 1 };
            nodes.extend([leaf(random), leaf(random)]);
        }
        Grown { nodes }
    }

    /// The value of a row, step by step.
    fn walked(tree: &Grown, bins: &[u8]) -> f64 {
        let mut at = 0;
        loop {
            match &tree.nodes[at] {
                GrownNode::Leaf { value, .. } => return *value,
                GrownNode::Parted { column, left_bins, left, right, .. } => {
                    at = if left_bins.contains(bins[*column]) { *left } else { *right };
                }
            }
        }
    }

    #[test]
    fn a_row_ends_in_the_leaf_that_its_bins_lead_to() {
        let mut random = Random::new(3);
        let column = |place: usize, random: &mut Random| Column {
            feature: Feature::Attribute(format!("column {place}")),
            values: Values::Numbers((0..300).map(|_| random.unit()).collect()),
        };
        let columns: Vec<Column> = (0..5).map(|place| column(place, &mut random)).collect();
        let binned = Binned::new(&Table::new(columns).expect("a table"), 1);
        for leaves in (1..40).chain([200]) {
            let tree = grown(leaves, 5, &mut random);
            let paths = Paths::new(&tree);
            for row in 0..300 {
                assert_eq!(
                    paths.value(&binned, row),
                    walked(&tree, binned.row(row as usize)),
                    "{leaves} leaves"
                );
            }
        }
    }
}
