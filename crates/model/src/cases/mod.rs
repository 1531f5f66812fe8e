//! `kelvin test`: a user's own cases — what some leads must score — compared with what a model gives them.
//!
//! The comparison is apart from the engine: whoever has one passes it in as a function from an instant to
//! lines in the format of `kelvin score --explain`.

mod compare;
mod expect;
pub mod markdown;
#[cfg(test)]
mod tests;

use std::fmt;

use kelvin_kernel::Instant;
use serde_json::{Map, Value};

pub use compare::{Difference, Side, TOLERANCE};
pub use expect::{BadLine, Expectations, Subject};

/// A case: a model, what is known, and what must come out. A folder holds one, a Markdown text any number.
#[derive(Debug, Clone, Default)]
pub struct Case {
    /// What to call it: the folder, or the heading that it stands under.
    pub name: String,
    /// The line of the block in its Markdown text, from 1; 0 for a folder.
    pub line: usize,
    /// The model file's text.
    pub model: String,
    /// The leads, as JSON Lines.
    pub leads: String,
    /// The events, as JSON Lines.
    pub events: String,
    /// What leads and accounts must be worth.
    pub expected: Vec<Expectations>,
    /// The playbook file's text, in cases that are about a playbook.
    pub playbook: Option<String>,
    /// What `kelvin check` must print for the model, or for the playbook beside it.
    pub diagnostics: Option<String>,
    /// What `kelvin fmt` must make of the model, or of the playbook.
    pub formatted: Option<String>,
}

/// The name of the model file in the diagnostics of cases.
pub const MODEL_NAME: &str = "model.yaml";

/// The name of the playbook file there.
pub const PLAYBOOK_NAME: &str = "playbook.yaml";

impl Case {
    /// What the file itself must be: differences between what is expected and what `kelvin check` and `kelvin fmt` say.
    pub fn model_differences(&self) -> Vec<TextDifference> {
        let diagnostics = self.diagnostics.iter().map(|expected| {
            let actual = self.problems();
            TextDifference { what: "diagnostics", actual, expected: expected.clone() }
        });
        let formatted = self.formatted.iter().map(|expected| {
            let (name, text) = match &self.playbook {
                Some(playbook) => (PLAYBOOK_NAME, playbook),
                None => (MODEL_NAME, &self.model),
            };
            let problems = |problems: Vec<_>| crate::diagnostics::render(&problems, name, text, false);
            let actual = crate::fmt::format(text).unwrap_or_else(problems);
            TextDifference { what: "layout", actual, expected: expected.clone() }
        });
        let differ = |text: &TextDifference| text.actual.trim_end() != text.expected.trim_end();
        diagnostics.chain(formatted).filter(differ).collect()
    }

    /// What `kelvin check` prints for the model, or for the playbook beside it.
    fn problems(&self) -> String {
        let load = || crate::load(MODEL_NAME, &self.model);
        let Some(playbook) = &self.playbook else { return load().render(false) };
        let model = (!self.model.is_empty()).then(load);
        let models: Vec<_> = model.iter().map(|loaded| &loaded.model).collect();
        crate::playbook::load(PLAYBOOK_NAME, playbook, &models).render(false)
    }
}

/// A text that is not what was expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextDifference {
    /// What it is: `diagnostics`, `layout`.
    pub what: &'static str,
    /// What it is.
    pub actual: String,
    /// What was expected.
    pub expected: String,
}

/// One line of a score: a JSON object.
pub type Line = Map<String, Value>;

/// What an engine gives at one instant.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lines {
    /// A line for each lead that has a score.
    pub leads: Vec<Line>,
    /// A line for each account, where the model has accounts.
    pub accounts: Vec<Line>,
}

/// What a lead or an account that no expected line mentions is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unmentioned {
    /// Not looked at: users write down the leads that they care about.
    Ignored,
    /// A difference: the expected lines are all that must be printed.
    Unexpected,
}

/// The differences between what was expected and what `score` gives at each instant in the expected lines.
///
/// # Errors
/// The first error of `score`.
pub fn differences<E>(
    expected: &[&Expectations],
    unmentioned: Unmentioned,
    score: &dyn Fn(Instant) -> Result<Lines, E>,
) -> Result<Vec<Difference>, E> {
    let mut instants: Vec<Instant> = expected.iter().flat_map(|expected| expected.instants()).collect();
    instants.sort_unstable();
    instants.dedup();
    let mut all = Vec::new();
    for at in instants {
        let actual = score(at)?;
        for expected in expected {
            let lines = match expected.subject() {
                Subject::Lead => &actual.leads,
                Subject::Account => &actual.accounts,
            };
            compare::compare(expected, at, lines, unmentioned, &mut all);
        }
    }
    Ok(all)
}

/// Rules that are expected to be worth nothing and are not there, as `known` tells: such a line would always hold.
pub fn unknown_rules(expected: &[&Expectations], known: &dyn Fn(Subject, &str) -> bool) -> Vec<Difference> {
    expected.iter().flat_map(|expected| compare::unknown_rules(expected, known)).collect()
}

/// The JSON objects of a text of JSON Lines; blank lines are skipped.
///
/// # Errors
/// The first line that is not a JSON object.
pub fn lines(text: &str) -> Result<Vec<Line>, BadLine> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(place, line)| {
            expect::object(line).map_err(|message| BadLine { line: place + 1, message, help: None })
        })
        .collect()
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Lead => "lead",
            Self::Account => "account",
        })
    }
}
