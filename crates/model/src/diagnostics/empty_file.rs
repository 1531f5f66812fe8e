//! `empty-file`: there is nothing in the file.

use super::Diagnostic;
use crate::span::Span;

const CODE: &str = "empty-file";

/// The file holds nothing, or only comments.
pub(crate) fn empty_file() -> Diagnostic {
    Diagnostic::error(CODE, "the file holds no model", Span::at(0))
        .help("`kelvin new` writes a model to start from")
}
