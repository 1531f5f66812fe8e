//! The model language: text becomes a tree with places, is checked, and is lowered to a plan that runs.
//!
//! [`load`] does all of it and tells everything that is wrong with a file at once. Nothing here does I/O or reads a
//! clock.

mod bundle;
pub mod cases;
pub mod cel;
mod check;
pub mod describe;
pub mod diagnostics;
pub mod diff;
pub mod fmt;
pub mod grammar;
mod lower;
pub mod playbook;
pub mod predictor;
mod read;
pub mod schema;
pub mod span;
pub mod syntax;
pub mod templates;
#[cfg(test)]
mod testing;
pub mod tree;

use std::collections::BTreeMap;

use kelvin_kernel::plan::Plan;

use diagnostics::Diagnostic;

/// A model file can be this large, in bytes.
const MOST_BYTES: usize = 1 << 20;

/// What became of a model file.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The checked model, ready to run. Absent if there is any error.
    pub plan: Option<Plan>,
    /// All that is wrong or doubtful, in the file's order.
    pub diagnostics: Vec<Diagnostic>,
    /// The model as it is written, as far as it could be read.
    pub model: tree::Model,
    /// The fields that its expressions read, as they are written (`lead.plan`), each with whether the model can do
    /// without: whoever looks at its value asks with `has` whether it is there.
    pub fields: BTreeMap<String, bool>,
    /// What the file is called.
    pub name: String,
    /// What the file holds.
    pub source: String,
    /// The files that it names, by name.
    pub files: BTreeMap<String, String>,
}

/// Reads a file that a model names; else why it cannot be read.
pub type Files<'f> = &'f dyn Fn(&str) -> Result<String, String>;

impl Loaded {
    /// Whether something is wrong, so that there is no plan.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }

    /// The diagnostics as text for a terminal.
    pub fn render(&self, colours: bool) -> String {
        diagnostics::render(&self.diagnostics, &self.name, &self.source, colours)
    }
}

/// A file's text as a tree.
struct Opened {
    /// The tree; `None` where there is nothing to read.
    root: Option<syntax::Node>,
    /// What is wrong with the text.
    problems: Vec<Diagnostic>,
    /// Whether lines had to be left out.
    damaged: bool,
    /// Whether the text is so large that it was not looked at.
    is_too_large: bool,
}

fn open(text: &str) -> Opened {
    if text.len() > MOST_BYTES {
        let problems = vec![diagnostics::too_large(MOST_BYTES)];
        return Opened { root: None, problems, damaged: false, is_too_large: true };
    }
    let syntax::Parsed { root, mut problems, damaged } = syntax::parse(text);
    if root.is_none() && problems.is_empty() {
        problems.push(diagnostics::empty_file());
    }
    Opened { root, problems, damaged, is_too_large: false }
}

/// Loads a model from the text of a file called `name`; of files that it names, those are known that the text carries.
pub fn load(name: &str, text: &str) -> Loaded {
    load_with(name, text, &|_| Err("no file is beside the model here".to_owned()))
}

/// Loads a model from the text of a file called `name`, with the files that it names: those that the text carries, and others.
pub fn load_with(name: &str, text: &str, files: Files<'_>) -> Loaded {
    let (text, carried) = bundle::unbundled(text);
    let files = |name: &str| carried.get(name).map_or_else(|| files(name), |file| Ok((*file).to_owned()));
    let opened = open(text);
    let mut loaded = Loaded {
        plan: None,
        diagnostics: opened.problems,
        model: tree::Model::default(),
        fields: BTreeMap::new(),
        name: name.to_owned(),
        source: if opened.is_too_large { String::new() } else { text.to_owned() },
        files: BTreeMap::new(),
    };
    if let Some(root) = opened.root {
        loaded.take(&root, opened.damaged, &files);
    }
    diagnostics::settle(&mut loaded.diagnostics, &loaded.source);
    if loaded.has_errors() {
        loaded.plan = None;
    }
    loaded
}

/// Loads a model from the bytes of a file called `name`, which should be UTF-8, with the files that it names.
pub fn load_bytes(name: &str, bytes: &[u8], files: Files<'_>) -> Loaded {
    match str::from_utf8(bytes) {
        Ok(text) => load_with(name, text, files),
        Err(error) => {
            let source = String::from_utf8_lossy(bytes).into_owned();
            let mut diagnostics = vec![diagnostics::not_text(bytes, error.valid_up_to())];
            diagnostics::settle(&mut diagnostics, &source);
            Loaded {
                plan: None,
                diagnostics,
                model: tree::Model::default(),
                fields: BTreeMap::new(),
                name: name.to_owned(),
                source,
                files: BTreeMap::new(),
            }
        }
    }
}

impl Loaded {
    /// The text with the files that it names: all that it takes to load it elsewhere.
    pub fn bundled(&self) -> String {
        bundle::bundled(&self.source, &self.files)
    }

    fn take(&mut self, root: &syntax::Node, damaged: bool, files: Files<'_>) {
        let read::Read { model, mut problems, files } = read::read(root, &self.source, files);
        self.files = files;
        let (plan, expressions, told) = lower::lower(&model);
        problems.extend(told);
        let errors = problems.iter().chain(&self.diagnostics).filter(|problem| problem.is_error());
        let wrong = check::Wrong::of(&model, errors, damaged);
        problems.extend(check::check(&model, &expressions, &wrong));
        if damaged {
            // What is missing may stand in the lines that were left out.
            problems.retain(|problem| !problem.may_be_due_to_a_gap());
        }
        self.diagnostics.extend(problems);
        self.fields = expressions.fields();
        self.model = model;
        self.plan = plan;
    }
}
