//! `unquoted-expression`: an expression that YAML would read as something else.
//!
//! Kelvin takes it as it stands; editors and other YAML tools do not.

use super::Diagnostic;
use crate::span::Span;

const CODE: &str = "unquoted-expression";

/// The expression at `span` needs quotes.
pub(crate) fn unquoted_expression(span: Span, source: &str) -> Diagnostic {
    let text = span.text(source);
    let cause = match text.chars().next() {
        Some('!') => "`!` at the start of a value begins a YAML tag",
        Some('"' | '\'') => "a YAML value ends with its closing quote",
        Some('[') => "`[` at the start of a value begins a YAML list",
        Some('{') => "`{` at the start of a value begins a YAML map",
        _ if text.contains(": ") => "`: ` inside a value ends it in YAML",
        _ => "YAML reads this as something else",
    };
    let quoted = format!("'{}'", text.replace('\'', "''"));
    Diagnostic::warning(CODE, format!("other YAML tools cannot read this expression: {cause}"), span)
        .help(format!("put it into quotes: `{quoted}`"))
}
