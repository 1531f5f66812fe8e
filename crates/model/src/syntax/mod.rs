//! YAML to a tree with places. Parsing goes on after an error, so that all errors of a file are told at once.

mod build;
mod literal;
mod node;
mod place;
mod repair;

pub use literal::Literal;
pub use node::{Content, Entry, Node, Scalar, Style};
pub use place::Places;

use crate::diagnostics::Diagnostic;

/// A parsed text.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// The tree; `None` where the text holds nothing.
    pub root: Option<Node>,
    /// What is wrong with the text as YAML.
    pub problems: Vec<Diagnostic>,
    /// Whether lines had to be left out, so that something missing from the tree may stand in the file.
    pub damaged: bool,
}

/// Parses a YAML text.
pub fn parse(source: &str) -> Parsed {
    repair::parse(source)
}
