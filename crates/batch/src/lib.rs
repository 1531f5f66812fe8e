//! Scores whole files: readers, partitions, writers.

mod error;
pub mod read;
pub mod write;

pub use error::Error;
