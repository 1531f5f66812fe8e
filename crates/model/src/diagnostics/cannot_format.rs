//! `cannot-format`: a file that can be read but has no canonical layout.

use super::Diagnostic;
use crate::span::Span;

const CODE: &str = "cannot-format";

/// The file cannot be laid out, for this reason.
pub(crate) fn cannot_format(reason: &str, span: Span) -> Diagnostic {
    Diagnostic::error(CODE, format!("cannot lay out this file: {reason}"), span)
}
