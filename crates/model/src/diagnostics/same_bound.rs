//! `same-bound`: two bands, rows, steps or grades that start at the same value.

use super::Diagnostic;
use crate::span::Span;

const CODE: &str = "same-bound";

/// `what` (a band, a step) at `second` has the bound of the one at `first`.
pub(crate) fn same_bound(what: &str, bound: &str, first: Span, second: Span) -> Diagnostic {
    Diagnostic::error(CODE, format!("another {what} has the value `{bound}`"), second)
        .label("again here")
        .and(first, "first here")
        .help("keep one of the two")
}
