//! Scores whole files: readers, partitions, writers.

mod error;
pub mod read;
pub mod selection;
pub mod write;

pub use error::Error;
