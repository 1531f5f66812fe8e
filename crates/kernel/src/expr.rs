//! Compiled expressions: what a CEL condition becomes once its names are resolved.

/// An expression that yields any value.
#[derive(Debug, Clone)]
pub struct Expr;

/// An expression in boolean position, compiled for speed.
#[derive(Debug, Clone)]
pub struct Condition;
