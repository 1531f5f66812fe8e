//! What bounds the growth of trees.

/// How trees are grown.
#[derive(Debug, Clone, PartialEq)]
pub struct TreeSettings {
    /// The most trees.
    pub rounds: usize,
    /// How much of what it would mend each tree does mend.
    pub learning_rate: f64,
    /// The most leaves of a tree.
    pub leaves: usize,
    /// The least rows of a leaf.
    pub min_rows: u32,
    /// The least curvature of the loss in a leaf: of sure rows it takes more.
    pub min_hessian: f64,
    /// How strongly the values of leaves are drawn to 0.
    pub l2: f64,
    /// The share of rows that each tree sees.
    pub row_share: f64,
    /// The share of columns that each tree sees.
    pub column_share: f64,
    /// Columns of at most this many levels are parted one level from the rest.
    pub one_hot: usize,
    /// How many rows without an opinion each level is given before levels are ordered.
    pub level_smoothing: f64,
    /// As `l2`, in addition to it, where a set of levels is chosen: there are many sets.
    pub level_l2: f64,
    /// The least rows on either side of a set of levels.
    pub min_level_rows: u32,
}

impl Default for TreeSettings {
    fn default() -> Self {
        Self {
            rounds: 1000,
            learning_rate: 0.03,
            leaves: 15,
            min_rows: 20,
            min_hessian: 1e-3,
            l2: 3.0,
            row_share: 0.8,
            column_share: 0.7,
            one_hot: 4,
            level_smoothing: 10.0,
            level_l2: 10.0,
            min_level_rows: 20,
        }
    }
}

/// From so many rows on, larger trees in larger steps lose nothing and take a fraction of the time.
const MANY: usize = 100_000;

impl TreeSettings {
    /// What suits so many rows.
    #[must_use]
    pub fn for_rows(rows: usize) -> Self {
        if rows < MANY { Self::default() } else { Self { learning_rate: 0.1, leaves: 31, ..Self::default() } }
    }
}

/// Which way a prediction may go when a number rises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// Either.
    #[default]
    Any,
    /// Never down.
    Up,
    /// Never up.
    Down,
}
