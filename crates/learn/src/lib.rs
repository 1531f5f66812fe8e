//! Learns from outcomes: measures how well a score tells those who bought from those who did not, and fits models that do.
//!
//! Everything starts from a [`Dataset`]: leads as they were known at the moment of decision, and what became of them.

mod artifact;
pub mod attribution;
mod binned;
pub mod calibration;
mod chance;
pub mod comparison;
mod dataset;
pub mod drift;
pub mod evaluation;
pub mod features;
pub mod leaks;
pub mod logistic;
pub mod measure;
mod odds;
pub mod points;
mod predictions;
mod random;
pub mod scorecard;
pub mod sequential;
mod succession;
mod table;
mod threads;
pub mod thresholds;
mod train;
pub mod trees;

pub use artifact::{About, Artifact, ArtifactError, Card, Importance, Interval, Warning};
pub use dataset::{Dataset, Example};
pub use kelvin_kernel::predict::{Explanation, Feature, FieldFunction, Input, Predictor};
pub use predictions::{importances, probabilities, rows};
pub use random::Random;
pub use succession::Succession;
pub use table::{Column, MISSING, Table, TableError, Values};
pub use train::{Choice, TrainError, TrainSettings, Trained, train};
