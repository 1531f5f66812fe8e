//! The binary as users meet it: whole outputs, exit codes, error messages.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a failed test panics"
)]

mod attribute;
mod cases;
mod check;
#[path = "../../../store/tests/it/cluster.rs"]
mod cluster;
mod columns;
mod compare;
mod config;
mod conformance;
mod drift;
mod erase;
mod evaluate;
mod experiment;
mod features;
mod fmt;
mod guide;
mod help;
mod key;
mod new;
mod outcomes;
mod prediction;
mod reprice;
mod run;
mod score;
mod serve;
mod suggest;
mod thresholds;
mod times;
mod train;
mod user;
