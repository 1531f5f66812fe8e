//! The model language: parse, resolve, check, lower.

pub mod cases;
pub mod fmt;
