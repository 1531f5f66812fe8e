//! `yaml-tag`: a tag, which the language has no use for.

use super::Diagnostic;
use crate::span::Span;

const CODE: &str = "yaml-tag";

/// A YAML tag.
pub(crate) fn tag(span: Span, source: &str) -> Diagnostic {
    Diagnostic::error(CODE, format!("unexpected tag `{}`", span.text(source)), span)
        .help("a text that begins with `!` needs quotes")
}
