//! From the YAML tree to the model as it is written. The shape was checked before: what is of the wrong type is
//! passed over here in silence; what makes no sense beside something else is told.

mod account;
mod decay;
pub(crate) mod field;
mod model;
mod prediction;
mod rule;
pub(crate) mod scalars;
mod tiers;
mod together;

use std::collections::BTreeMap;

use crate::{
    Files,
    diagnostics::{self, Diagnostic},
    grammar::{self, MODEL},
    span::Spanned,
    syntax::{Content, Node},
    tree::Model,
};

/// Reads a tree: what the model says, as far as it can be read, and all that is wrong with it.
pub(crate) fn read(root: &Node, source: &str, files: Files<'_>) -> Read {
    let mut problems = Vec::new();
    if root.entries().is_none() && !matches!(root.content, Content::Hole) {
        problems.push(diagnostics::not_a_map(MODEL.title, MODEL.example, root));
        return Read { problems, ..Read::default() };
    }
    if grammar::is_of(root, &grammar::PLAYBOOKS) {
        problems.push(diagnostics::wrong_document(grammar::head(root)));
        return Read { problems, ..Read::default() };
    }
    grammar::validate(root, &grammar::Takes::Section(&MODEL), "a model", "kelvin: 1", &mut problems);
    let mut reader = Reader {
        source,
        files,
        read_files: BTreeMap::new(),
        model: Model::default(),
        diagnostics: problems,
        ids: Vec::new(),
    };
    reader.model(root);
    Read { model: reader.model, problems: reader.diagnostics, files: reader.read_files }
}

/// What became of a tree.
#[derive(Debug, Default)]
pub(crate) struct Read {
    /// What the model says.
    pub(crate) model: Model,
    /// What is wrong with it.
    pub(crate) problems: Vec<Diagnostic>,
    /// The files that it names, by name.
    pub(crate) files: BTreeMap<String, String>,
}

/// Reads a model, collecting what is wrong.
struct Reader<'a> {
    source: &'a str,
    files: Files<'a>,
    read_files: BTreeMap<String, String>,
    model: Model,
    diagnostics: Vec<Diagnostic>,
    /// The ids of the rules read so far, to tell of duplicates.
    ids: Vec<Spanned<String>>,
}
