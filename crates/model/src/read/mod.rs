//! From the YAML tree to the model as it is written. The shape was checked before: what is of the wrong type is
//! passed over here in silence; what makes no sense beside something else is told.

mod account;
mod decay;
pub(crate) mod field;
mod model;
mod rule;
pub(crate) mod scalars;
mod tiers;
mod together;

use crate::{
    diagnostics::{self, Diagnostic},
    grammar::{self, MODEL},
    span::Spanned,
    syntax::{Content, Node},
    tree::Model,
};

/// Reads a tree: what the model says, as far as it can be read, and all that is wrong with it.
pub(crate) fn read(root: &Node, source: &str) -> (Model, Vec<Diagnostic>) {
    let mut problems = Vec::new();
    if root.entries().is_none() && !matches!(root.content, Content::Hole) {
        problems.push(diagnostics::not_a_map(MODEL.title, MODEL.example, root));
        return (Model::default(), problems);
    }
    if grammar::is_of(root, &grammar::PLAYBOOKS) {
        problems.push(diagnostics::wrong_document(grammar::head(root)));
        return (Model::default(), problems);
    }
    grammar::validate(root, &grammar::Takes::Section(&MODEL), "a model", "kelvin: 1", &mut problems);
    let mut reader = Reader { source, model: Model::default(), diagnostics: problems, ids: Vec::new() };
    reader.model(root);
    (reader.model, reader.diagnostics)
}

/// Reads a model, collecting what is wrong.
struct Reader<'a> {
    source: &'a str,
    model: Model,
    diagnostics: Vec<Diagnostic>,
    /// The ids of the rules read so far, to tell of duplicates.
    ids: Vec<Spanned<String>>,
}
