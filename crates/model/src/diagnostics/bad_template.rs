//! `bad-template`: a text with a name in braces that nothing has.

use super::Diagnostic;
use crate::span::Span;

const CODE: &str = "bad-template";

/// A text cannot be filled in.
pub(crate) fn bad_template(message: String, help: String, span: Span) -> Diagnostic {
    Diagnostic::error(CODE, message, span).help(help)
}
