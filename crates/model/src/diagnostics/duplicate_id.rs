//! `duplicate-id`: two rules, or two tiers, of one name.

use super::Diagnostic;
use crate::span::Spanned;

const CODE: &str = "duplicate-id";

/// `what` (a rule, a tier) has the name of an earlier one.
pub(crate) fn duplicate_id(what: &str, first: &Spanned<String>, second: &Spanned<String>) -> Diagnostic {
    Diagnostic::error(CODE, format!("another {what} is named `{}`", second.value), second.span)
        .label("again here")
        .and(first.span, "first here")
        .help(format!("give each {what} a name of its own"))
}
