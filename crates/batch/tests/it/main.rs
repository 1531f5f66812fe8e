//! Tests of the engine as its users call it.

mod engine;
mod generate;
mod support;
