//! From what is known of leads to columns of features.

mod amounts;
mod attributes;
mod behaviour;
mod cells;
mod moments;

pub use attributes::{Attributes, Reading};
pub use behaviour::{Journey, Names, Touch, behaviour};
pub use moments::Moments;
