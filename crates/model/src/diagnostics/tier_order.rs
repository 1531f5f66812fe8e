//! `tier-order`: tiers that overlap or do not ascend.

use super::Diagnostic;
use crate::span::Spanned;

const CODE: &str = "tier-order";

/// The tier `name` starts at `from`, at or below the start `before` of the tier in front of it.
pub(crate) fn tier_order(name: &str, from: &Spanned<f64>, before: (&str, &Spanned<f64>)) -> Diagnostic {
    let (earlier, start) = before;
    let message = if from.value == start.value {
        format!("the tiers `{earlier}` and `{name}` start at the same score")
    } else {
        format!("the tier `{name}` starts below `{earlier}`, which stands before it")
    };
    Diagnostic::error(CODE, message, from.span)
        .and(start.span, format!("`{earlier}` starts here"))
        .help("list the tiers from the lowest to the highest, each with a `from` of its own")
}
