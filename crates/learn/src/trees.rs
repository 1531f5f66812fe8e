//! Gradient-boosted decision trees: many small trees, each of which mends what those before it got wrong.
//!
//! In the order of their making: values share bins (`crate::binned`), each row has a `pull`, a `histogram` sums those of each bin, a
//! `split` is the best way to part a leaf by one column, `grow` parts leaves until a tree is full, `boost` adds
//! trees. What is kept is a [`Tree`], which knows values and not bins.

pub(crate) mod boost;
mod grow;
mod histogram;
mod path;
mod pull;
mod rows;
mod settings;
mod split;
mod tree;

pub use kelvin_kernel::predict::{Node, Split, Test, Tree};
pub use settings::{Direction, TreeSettings};
pub(crate) use tree::tree;
