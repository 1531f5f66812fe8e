//! The model language: parse, resolve, check, lower.

pub mod fmt;
