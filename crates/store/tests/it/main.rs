//! What every store must do, held to each that there is.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a failed test panics")]

mod cluster;
mod contract;
mod copy;
mod erasure;
mod postgres;
mod recent;
mod sqlite;
