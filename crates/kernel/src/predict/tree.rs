//! A tree as it is kept: over values, so that it can be read and applied without the bins it was grown from.

use serde::{Deserialize, Serialize};

/// A decision tree; its first node is the root.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tree {
    /// Its nodes; those that a node leads to stand behind it.
    pub nodes: Vec<Node>,
}

/// A node of a tree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Node {
    /// Parts rows in two.
    Split(Split),
    /// Gives rows their value.
    Leaf {
        /// What is added to the log-odds.
        value: f64,
        /// How many rows ended here in training.
        rows: u32,
    },
}

/// How a node parts rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Split {
    /// By which column of the model.
    pub column: usize,
    /// Who goes to the left.
    #[serde(flatten)]
    pub test: Test,
    /// Whether rows go to the left of which the value is not known.
    pub missing_left: bool,
    /// The node to the left.
    pub left: usize,
    /// The node to the right.
    pub right: usize,
    /// How many rows came here in training.
    pub rows: u32,
}

/// Who goes to the left at a node.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Test {
    /// Numbers up to this one.
    AtMost(f64),
    /// The levels at these places among the column's levels, in order.
    OneOf(Vec<u32>),
}

impl Tree {
    /// What the tree adds to the log-odds of a row: a number a column, the place of its level for texts, not a number
    /// where nothing is known.
    #[must_use]
    #[inline]
    pub fn value(&self, row: &[f64]) -> f64 {
        let mut at = 0;
        loop {
            match &self.nodes[at] {
                Node::Leaf { value, .. } => return *value,
                Node::Split(split) => at = split.next(row),
            }
        }
    }
}

impl Split {
    /// The node to which a row goes.
    #[must_use]
    #[inline]
    pub fn next(&self, row: &[f64]) -> usize {
        let value = row[self.column];
        let left = if value.is_nan() { self.missing_left } else { self.test.holds(value) };
        if left { self.left } else { self.right }
    }
}

impl Node {
    /// How many rows came here in training.
    #[must_use]
    pub fn rows(&self) -> u32 {
        match self {
            Self::Leaf { rows, .. } => *rows,
            Self::Split(split) => split.rows,
        }
    }
}

impl Test {
    #[inline]
    pub(crate) fn holds(&self, value: f64) -> bool {
        match self {
            Self::AtMost(cut) => value <= *cut,
            Self::OneOf(levels) => levels.binary_search(&(value as u32)).is_ok(),
        }
    }
}

impl Tree {
    /// The numbers that the tree asks of a column.
    pub(super) fn cuts(&self, column: usize) -> impl Iterator<Item = f64> {
        self.nodes.iter().filter_map(move |node| match node {
            Node::Split(Split { column: asked, test: Test::AtMost(cut), .. }) if *asked == column => {
                Some(*cut)
            }
            _ => None,
        })
    }
}
