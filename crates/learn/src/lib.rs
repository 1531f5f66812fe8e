//! Learns from outcomes: measures how well a score tells those who bought from those who did not, and fits models that do.
//!
//! Everything starts from a [`Dataset`]: leads as they were known at the moment of decision, and what became of them.

mod dataset;
mod feature;
pub mod measure;
mod random;
mod table;
mod threads;

pub use dataset::{Dataset, Example};
pub use feature::Feature;
pub use random::Random;
pub use table::{Column, MISSING, Table, TableError, Values};
