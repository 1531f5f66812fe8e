//! The kernel's laws, as properties over random plans and histories.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a failed test panics")]

mod arrivals;
mod conditions;
mod conformance;
mod golden;
mod laws;
mod plans;
mod predictors;
mod shared;
