//! `short-sequence`: a sequence of fewer than two steps.

use super::Diagnostic;
use crate::span::Span;

const CODE: &str = "short-sequence";

/// The sequence has so few steps.
pub(crate) fn short_sequence(steps: usize, span: Span) -> Diagnostic {
    let message = if steps == 0 { "the sequence has no steps" } else { "the sequence has only one step" };
    let help = if steps == 0 {
        "a sequence is two or more events: `[{event: Webinar Attended}, {event: Demo Requested}]`"
    } else {
        "for a single event use `event`, and `if` where it has a condition"
    };
    Diagnostic::error(CODE, message, span).help(help)
}
