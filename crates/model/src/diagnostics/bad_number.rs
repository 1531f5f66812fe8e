//! `bad-number`: a number outside of what the key takes.

use super::Diagnostic;
use crate::span::Span;

const CODE: &str = "bad-number";

/// `key` does not take the number written; `expected` says which it takes.
pub(crate) fn bad_number(key: &str, written: &str, expected: &str, span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::error(CODE, format!("`{key}` must be {expected}, not `{written}`"), span);
    match key {
        "cap" => diagnostic.help("a cap of 45 keeps the rule between -45 and 45"),
        "lose" => diagnostic.help("a quarter is `0.25`"),
        "steps" => diagnostic.help("three quarters are `0.75`"),
        _ => diagnostic,
    }
}
