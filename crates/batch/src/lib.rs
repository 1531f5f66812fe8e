//! Scores whole files: readers, partitions, writers.

mod accounts;
mod duplicates;
mod engine;
mod error;
mod files;
mod groups;
mod hash;
mod job;
mod lens;
mod models;
mod partition;
pub mod read;
mod results;
mod scores;
pub mod selection;
mod store;
mod workers;
pub mod write;

pub use engine::{history, score};
pub use error::Error;
pub use files::{Files, Listened};
pub use job::{Intake, Job, Resources, Source};
pub use models::Models;
pub use scores::Scores;
