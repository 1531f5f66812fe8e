//! What is wrong or doubtful in a model file, and where. One file for each diagnostic.

mod alias;
mod bad_choice;
mod bad_duration;
mod bad_expression;
mod bad_name;
mod bad_number;
mod bad_predictor;
mod bad_template;
mod bad_text;
mod cannot_format;
mod codes;
mod contradictory_keys;
mod duplicate_id;
mod duplicate_key;
mod empty_file;
mod inverted_range;
mod json;
mod leave_above_tier;
mod missing_key;
mod not_text;
mod overlapping_hours;
mod render;
mod same_bound;
mod second_document;
mod secret_in_file;
mod short_sequence;
mod suggest;
mod tag;
mod tier_order;
mod unknown_dimension;
mod unknown_key;
mod unknown_name;
mod unquoted_expression;
mod version;
mod wrong_document;
mod wrong_type;
mod yaml_syntax;

use crate::span::{Lines, Position, Span};

pub(crate) use alias::{endless_alias, too_many_aliases, unknown_anchor};
pub(crate) use bad_choice::bad_choice;
pub(crate) use bad_duration::bad_duration;
pub(crate) use bad_expression::bad_expression;
pub(crate) use bad_name::bad_name;
pub(crate) use bad_number::bad_number;
pub(crate) use bad_predictor::{
    UnknownRule, bad_predictor, changed_rule, doubtful_predictor, no_predictor, unknown_input, unknown_rule,
};
pub(crate) use bad_template::bad_template;
pub(crate) use bad_text::{CODE as BAD_TEXT, bad_text};
pub(crate) use cannot_format::cannot_format;
pub use codes::{CODES, Code};
pub(crate) use contradictory_keys::contradictory_keys;
pub(crate) use duplicate_id::duplicate_id;
pub(crate) use duplicate_key::duplicate_key;
pub(crate) use empty_file::empty_file;
pub(crate) use inverted_range::inverted_range;
pub use json::to_json;
pub(crate) use leave_above_tier::leave_above_tier;
pub(crate) use missing_key::{missing_key, nothing_to_look_at};
pub(crate) use not_text::{not_text, too_large};
pub(crate) use overlapping_hours::overlapping_hours;
pub use render::render;
pub(crate) use same_bound::same_bound;
pub(crate) use second_document::second_document;
pub(crate) use secret_in_file::secret_in_file;
pub(crate) use short_sequence::short_sequence;
pub(crate) use suggest::{all_of, did_you_mean, nearest, one_of};
pub(crate) use tag::tag;
pub(crate) use tier_order::tier_order;
pub(crate) use unknown_dimension::unknown_dimension;
pub(crate) use unknown_key::unknown_key;
pub(crate) use unknown_name::{nobody, unknown_model, unknown_owner, unknown_target, unknown_tier};
pub(crate) use unquoted_expression::{CODE as UNQUOTED_EXPRESSION, unquoted_expression};
pub(crate) use version::version;
pub(crate) use wrong_document::wrong_document;
pub(crate) use wrong_type::{not_a_map, wrong_type};
pub(crate) use yaml_syntax::{never_closed, too_deep, yaml_syntax};

/// Something wrong or doubtful in a model file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The name of what is wrong: `unknown-key`.
    pub code: &'static str,
    /// Whether the model can still be used.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// The places that it is about; the first is where it is.
    pub labels: Vec<Label>,
}

/// Whether a model can still be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It cannot: there is no plan.
    Error,
    /// It can, but probably does not do what its author wants.
    Warning,
}

/// A place with a word on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// The word; may be empty.
    pub text: String,
    /// Where the place begins, for people.
    pub from: Position,
    /// Where it ends: the position after its last character.
    pub to: Position,
}

impl Severity {
    /// `error` or `warning`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

impl Label {
    fn new(span: Span, text: String) -> Self {
        Self { span, text, from: Position::default(), to: Position::default() }
    }
}

impl Diagnostic {
    /// An error at a place.
    pub(crate) fn error(code: &'static str, message: impl Into<String>, span: Span) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            help: None,
            labels: vec![Label::new(span, String::new())],
        }
    }

    /// A warning at a place.
    pub(crate) fn warning(code: &'static str, message: impl Into<String>, span: Span) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message, span) }
    }

    /// The same, as a warning.
    #[must_use]
    pub(crate) fn into_warning(self) -> Self {
        Self { severity: Severity::Warning, ..self }
    }

    /// Says a word on the first place.
    #[must_use]
    pub(crate) fn label(mut self, text: impl Into<String>) -> Self {
        if let Some(first) = self.labels.first_mut() {
            first.text = text.into();
        }
        self
    }

    /// Adds a further place.
    #[must_use]
    pub(crate) fn and(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label::new(span, text.into()));
        self
    }

    /// Says what to do.
    #[must_use]
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same, with the lines and columns of its places in `source`.
    #[must_use]
    pub(crate) fn placed(mut self, source: &str) -> Self {
        place(&mut self, &Lines::new(source), source);
        self
    }

    /// The line of the first place, from 1.
    pub fn line(&self) -> usize {
        self.labels.first().map_or(1, |label| label.from.line)
    }

    /// The column of the first place, from 1, in characters.
    pub fn column(&self) -> usize {
        self.labels.first().map_or(1, |label| label.from.column)
    }

    /// The first place.
    pub fn span(&self) -> Span {
        self.labels.first().map(|label| label.span).unwrap_or_default()
    }

    /// Whether it may be due to lines that were left out, of a file that was read in part.
    pub(crate) fn may_be_due_to_a_gap(&self) -> bool {
        let absent =
            matches!(self.code, "missing-key" | "unknown-dimension" | "short-sequence" | "duplicate-key");
        absent || self.message.ends_with("has no value")
    }

    /// Whether the model cannot be used.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// Puts diagnostics into the file's order, each told once, with lines and columns.
pub(crate) fn settle(diagnostics: &mut Vec<Diagnostic>, source: &str) {
    let is_known = |diagnostic: &Diagnostic| CODES.iter().any(|code| code.name == diagnostic.code);
    debug_assert!(diagnostics.iter().all(is_known), "a code is missing from the table");
    let lines = Lines::new(source);
    diagnostics.iter_mut().for_each(|diagnostic| place(diagnostic, &lines, source));
    diagnostics.sort_by_key(|d| (d.span().start, d.severity, d.span().end, d.code));
    // An alias brings the same part of the file to several places.
    diagnostics.dedup();
}

fn place(diagnostic: &mut Diagnostic, lines: &Lines, source: &str) {
    for label in &mut diagnostic.labels {
        // A place that a parser gives may lie inside a character.
        label.span.start = source.floor_char_boundary(label.span.start);
        label.span.end = source.ceil_char_boundary(label.span.end);
        label.from = lines.position(label.span.start, source);
        label.to = lines.position(label.span.end, source);
    }
    diagnostic.message = on_one_line(&diagnostic.message);
    diagnostic.help = diagnostic.help.as_deref().map(on_one_line);
}

/// A text without line ends and control characters, which the author's text between backticks may hold.
fn on_one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use crate::load;

    #[test]
    fn a_place_holds_whole_characters() {
        let loaded = load("m.yaml", "kelvin: 1\nmodel: m\ndimensions: {a: {rules: []}\u{2028}}\n");
        for label in loaded.diagnostics.iter().flat_map(|problem| &problem.labels) {
            assert!(loaded.source.get(label.span.start..label.span.end).is_some(), "{label:?}");
        }
    }

    #[test]
    fn a_message_is_one_line_whatever_the_file_holds() {
        let loaded = load("m.yaml", "kelvin: \"2\\n\\e[31mred\"\nmodel: m\ndimensions: {fit: {rules: []}}\n");
        let messages: Vec<_> = loaded.diagnostics.iter().map(|problem| &*problem.message).collect();
        assert_eq!(messages, ["`2  [31mred` is not a version of the language"]);
    }
}
