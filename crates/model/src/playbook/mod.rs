//! Playbooks: what happens on which change of a score. Text becomes a checked [`Playbook`], or diagnostics; nothing
//! here carries one out.

mod assign;
mod check;
pub mod experiment;
pub(crate) mod forms;
pub mod hours;
mod models;
pub mod outcome;
pub mod plan;
mod read;
pub mod setting;
mod steps;
pub mod template;
#[cfg(test)]
mod tests;

use crate::{
    diagnostics::{self, Diagnostic},
    syntax, tree,
};
pub use plan::Playbook;

/// What became of a playbook file.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The checked playbook. Absent if there is any error.
    pub plan: Option<Playbook>,
    /// All that is wrong or doubtful, in the file's order.
    pub diagnostics: Vec<Diagnostic>,
    /// What the file is called.
    pub name: String,
    /// What the file holds.
    pub source: String,
}

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

/// Loads a playbook from the text of a file called `name`. Names of models and tiers are looked up in `models`, unless
/// there are none.
pub fn load(name: &str, text: &str, models: &[&tree::Model]) -> Loaded {
    let opened = crate::open(text);
    let mut loaded = Loaded {
        plan: None,
        diagnostics: opened.problems,
        name: name.to_owned(),
        source: if opened.is_too_large { String::new() } else { text.to_owned() },
    };
    if let Some(root) = opened.root {
        loaded.take(&root, opened.damaged, models);
    }
    diagnostics::settle(&mut loaded.diagnostics, &loaded.source);
    if loaded.has_errors() {
        loaded.plan = None;
    }
    loaded
}

/// Loads a playbook from the bytes of a file called `name`, which should be UTF-8.
pub fn load_bytes(name: &str, bytes: &[u8], models: &[&tree::Model]) -> Loaded {
    match str::from_utf8(bytes) {
        Ok(text) => load(name, text, models),
        Err(error) => {
            let source = String::from_utf8_lossy(bytes).into_owned();
            let mut diagnostics = vec![diagnostics::not_text(bytes, error.valid_up_to())];
            diagnostics::settle(&mut diagnostics, &source);
            Loaded { plan: None, diagnostics, name: name.to_owned(), source }
        }
    }
}

/// Whether a text is a playbook: its keys say so, whatever else is wrong with it.
pub fn is_playbook(text: &str) -> bool {
    let opened = crate::open(text);
    opened.root.is_some_and(|root| crate::grammar::is_of(&root, &crate::grammar::PLAYBOOKS))
}

impl Loaded {
    fn take(&mut self, root: &syntax::Node, damaged: bool, models: &[&tree::Model]) {
        let (plan, mut found) = read::read(root, &self.source);
        let mut problems = std::mem::take(&mut found.diagnostics);
        if !models.is_empty() {
            problems.extend(models::check(&found.mentions, &found.trials, models));
        }
        let is_sound = !damaged && !self.has_errors() && !problems.iter().any(Diagnostic::is_error);
        problems.extend(check::check(&found, is_sound));
        if damaged {
            // What is missing may stand in the lines that were left out.
            problems.retain(|problem| !problem.may_be_due_to_a_gap());
        }
        self.diagnostics.extend(problems);
        self.plan = plan;
    }
}
