//! `second-document`: a file holds one model.

use super::Diagnostic;
use crate::span::Span;

const CODE: &str = "second-document";

/// A second YAML document begins.
pub(crate) fn second_document(span: Span) -> Diagnostic {
    Diagnostic::error(CODE, "a second document begins here", span)
        .help("a file holds one model: put the second into a file of its own")
}
