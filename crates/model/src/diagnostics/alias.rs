//! `yaml-alias`: an alias that cannot be followed.

use super::Diagnostic;
use crate::span::Span;

const CODE: &str = "yaml-alias";

/// No anchor before it has the alias's name.
pub(crate) fn unknown_anchor(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(CODE, format!("no anchor `&{name}` stands before this alias"), span)
        .help("a text that begins with `*` needs quotes")
}

/// The alias stands inside of what it refers to.
pub(crate) fn endless_alias(span: Span) -> Diagnostic {
    Diagnostic::error(CODE, "this alias stands inside of its own anchor", span)
}

/// The aliases of the file stand for too much.
pub(crate) fn too_many_aliases(span: Span) -> Diagnostic {
    Diagnostic::error(CODE, "the aliases of this file stand for more than 100,000 values", span)
}
