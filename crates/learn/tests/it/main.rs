//! What the crate promises, held to reference values and simulation.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a failed test panics")]

mod artifact;
mod attribution;
mod calibration;
mod comparison;
mod drift;
mod joint;
mod leaks;
mod measure;
mod planted;
mod points;
mod reference;
mod scorecard;
mod sequential;
#[path = "../../../kernel/tests/it/shared.rs"]
mod shared;
mod succession;
mod tasks;
mod thresholds;
mod training;
