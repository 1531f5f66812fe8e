//! `duplicate-key`: one map has a key twice.

use super::Diagnostic;
use crate::span::Span;

const CODE: &str = "duplicate-key";

/// The key stands at `first` and again at `second`.
pub(crate) fn duplicate_key(key: &str, first: Span, second: Span) -> Diagnostic {
    Diagnostic::error(CODE, format!("duplicate key `{key}`"), second)
        .label("again here")
        .and(first, "first here")
        .help("keep one of the two")
}
