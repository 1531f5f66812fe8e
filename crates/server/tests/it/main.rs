//! The service over its socket: what clients send, what they are answered, what is kept.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a failed test panics")]

mod access;
mod accounts;
mod arrival;
mod auth;
mod changes;
mod client;
#[path = "../../../store/tests/it/cluster.rs"]
mod cluster;
mod cors;
mod document;
mod erasure;
mod experiments;
mod faults;
mod hand_offs;
mod intake;
mod keys;
mod leads;
mod limits;
mod manners;
mod metrics;
mod outbox;
mod outcomes;
mod past;
mod people;
mod postgres;
mod publish;
mod receiver;
mod restart;
mod retention;
mod search;
mod service;
mod simulations;
mod sockets;
mod tracker;
mod users;
mod voids;
