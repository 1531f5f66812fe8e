//! What each column adds to a row's log-odds: Shapley values, exact for trees (`TreeSHAP`, along the paths of training).

use super::{Node, Split, Tree};

/// A column on the way from the root.
#[derive(Debug, Clone, Copy)]
struct Step {
    column: usize,
    /// The share of training rows that go this way when the column is not known.
    unknown: f64,
    /// Whether the row goes this way when the column is known: 1 or 0.
    known: f64,
    /// The weight of the orders in which so many columns are known.
    weight: f64,
}

/// Stands for the root, which asks for no column.
const ROOT: usize = usize::MAX;

/// Adds a tree's contributions for a row to `sums`, one a column: by how much it departs from [`mean`].
pub(crate) fn contribute(tree: &Tree, row: &[f64], sums: &mut [f64]) {
    let start = Step { column: ROOT, unknown: 1.0, known: 1.0, weight: 1.0 };
    Walk { tree, row, sums, steps: Vec::new() }.to(0, 0, start);
}

/// The mean value of a tree over the rows that it was grown from.
pub(crate) fn mean(tree: &Tree) -> f64 {
    mean_below(tree, 0)
}

/// The mean value of the training rows that come to a node.
fn mean_below(tree: &Tree, at: usize) -> f64 {
    match &tree.nodes[at] {
        Node::Leaf { value, .. } => *value,
        Node::Split(split) => [split.left, split.right]
            .map(|child| share(tree, split, child) * mean_below(tree, child))
            .iter()
            .sum(),
    }
}

fn share(tree: &Tree, split: &Split, child: usize) -> f64 {
    f64::from(tree.nodes[child].rows()) / f64::from(split.rows)
}

/// Goes through all of a tree.
struct Walk<'a> {
    tree: &'a Tree,
    row: &'a [f64],
    sums: &'a mut [f64],
    /// The path to each node on the way, one after the other: they differ in more than their last step.
    steps: Vec<Step>,
}

impl Walk<'_> {
    /// Goes to a node by one step; the path before it is that from `start` on.
    fn to(&mut self, at: usize, start: usize, step: Step) {
        extend(&mut self.steps, start, step);
        match &self.tree.nodes[at] {
            Node::Leaf { value, .. } => leaf(&self.steps[start..], *value, self.sums),
            Node::Split(split) => {
                let taken = split.next(self.row);
                let (mut unknown, mut known) = (1.0, 1.0);
                // A column that was asked before counts once: its earlier step is taken back.
                let path = &self.steps[start..];
                if let Some(before) = path.iter().position(|step| step.column == split.column) {
                    (unknown, known) = (path[before].unknown, path[before].known);
                    take_back(&mut self.steps, start, before);
                }
                let end = self.steps.len();
                for child in [split.left, split.right] {
                    let known = if child == taken { known } else { 0.0 };
                    let unknown = unknown * share(self.tree, split, child);
                    self.steps.extend_from_within(start..end);
                    self.to(child, end, Step { column: split.column, unknown, known, weight: 0.0 });
                    self.steps.truncate(end);
                }
            }
        }
    }
}

/// Adds what the columns on the path to a leaf contribute.
fn leaf(path: &[Step], value: f64, sums: &mut [f64]) {
    let last = path.len() - 1;
    // It is the same for all columns that lead elsewhere: whichever of them is known, the leaf is not reached.
    let elsewhere: f64 =
        path[..last].iter().zip(0..).map(|(step, at)| step.weight / (last - at) as f64).sum();
    let elsewhere = elsewhere * path.len() as f64;
    for (place, step) in path.iter().enumerate().skip(1) {
        let added = match step.known {
            0.0 => -elsewhere,
            _ => {
                let mut weights = 0.0;
                before(path, place, |_, weight| weights += weight);
                weights * (step.known - step.unknown)
            }
        };
        sums[step.column] += added * value;
    }
}

/// Adds a step to the path from `start` on.
fn extend(steps: &mut Vec<Step>, start: usize, step: Step) {
    let length = steps.len() - start;
    steps.push(Step { weight: if length == 0 { 1.0 } else { 0.0 }, ..step });
    let path = &mut steps[start..];
    for place in (0..length).rev() {
        let weight = path[place].weight;
        path[place + 1].weight += step.known * weight * (place + 1) as f64 / (length + 1) as f64;
        path[place].weight = step.unknown * weight * (length - place) as f64 / (length + 1) as f64;
    }
}

/// Makes the path from `start` on what it were if a step had not been taken.
fn take_back(steps: &mut Vec<Step>, start: usize, place: usize) {
    let mut weights = vec![0.0; steps.len() - start - 1];
    before(&steps[start..], place, |at, weight| weights[at] = weight);
    steps.remove(start + place);
    steps[start..].iter_mut().zip(weights).for_each(|(step, weight)| step.weight = weight);
}

/// Tells the weights that the path had before a step was taken, from the last to the first.
fn before(path: &[Step], place: usize, mut tell: impl FnMut(usize, f64)) {
    let last = path.len() - 1;
    let Step { known, unknown, .. } = path[place];
    let mut next = path[last].weight;
    for at in (0..last).rev() {
        let length = (last + 1) as f64;
        let now = path[at].weight;
        if known == 0.0 {
            tell(at, now * length / (unknown * (last - at) as f64));
        } else {
            let weight = next * length / ((at + 1) as f64 * known);
            tell(at, weight);
            next = now - weight * unknown * (last - at) as f64 / length;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::predict::Test;

    fn leaf(value: f64, rows: u32) -> Node {
        Node::Leaf { value, rows }
    }

    fn split(column: usize, cut: f64, left: usize, right: usize, rows: u32) -> Node {
        Node::Split(Split { column, test: Test::AtMost(cut), missing_left: true, left, right, rows })
    }

    /// The first column is asked twice on the way to the last leaf.
    fn tree() -> Tree {
        let nodes = vec![
            split(0, 1.0, 1, 2, 100),
            split(1, 1.0, 3, 4, 40),
            split(2, 1.0, 5, 6, 60),
            leaf(1.0, 30),
            leaf(-2.0, 10),
            leaf(4.0, 25),
            split(0, 2.0, 7, 8, 35),
            leaf(0.5, 20),
            leaf(8.0, 15),
        ];
        Tree { nodes }
    }

    /// The mean of the tree where only some columns are known.
    fn expected(tree: &Tree, row: &[f64], known: &[bool], at: usize) -> f64 {
        match &tree.nodes[at] {
            Node::Leaf { value, .. } => *value,
            Node::Split(split) if known[split.column] => expected(tree, row, known, split.next(row)),
            Node::Split(split) => {
                let part = |child| share(tree, split, child) * expected(tree, row, known, child);
                part(split.left) + part(split.right)
            }
        }
    }

    /// A column's part by its definition: what it adds, on average over all orders of three columns.
    fn by_definition(tree: &Tree, row: &[f64], column: usize) -> f64 {
        let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
        let added = orders.map(|order| {
            let mut known = [false; 3];
            order.iter().take_while(|other| **other != column).for_each(|other| known[*other] = true);
            let before = expected(tree, row, &known, 0);
            known[column] = true;
            expected(tree, row, &known, 0) - before
        });
        added.iter().sum::<f64>() / 6.0
    }

    #[test]
    fn parts_are_those_of_the_definition() {
        for row in [[0.0, 0.0, 0.0], [2.0, 2.0, 2.0], [3.0, 0.0, 2.0], [f64::NAN, 5.0, f64::NAN]] {
            let mut parts = [0.0; 3];
            contribute(&tree(), &row, &mut parts);
            for (column, part) in parts.iter().enumerate() {
                let expected = by_definition(&tree(), &row, column);
                assert!((part - expected).abs() < 1e-12, "{row:?} {column}: {part} instead of {expected}");
            }
        }
    }
}
