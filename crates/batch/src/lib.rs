//! Scores whole files: readers, partitions, writers.

pub mod write;
