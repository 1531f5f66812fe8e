//! Kelvin.
fn main() {}
