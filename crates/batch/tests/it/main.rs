//! Integration tests of the batch crate, in one binary.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a failed test panics")]

mod conformance;
mod engine;
mod generate;
mod read;
#[path = "../../../kernel/tests/it/shared.rs"]
mod shared;
mod support;
