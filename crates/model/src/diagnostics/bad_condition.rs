//! `bad-condition`: an expression that cannot be compiled.

use super::Diagnostic;
use crate::span::Span;

const CODE: &str = "bad-condition";

/// The expression is wrong at `span`, for the reason given.
pub(crate) fn bad_condition(message: &str, help: Option<&str>, span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::error(CODE, message, span);
    match help {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }
}
