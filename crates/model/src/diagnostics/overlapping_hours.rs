//! `overlapping-hours`: business hours of one day that have minutes in common.

use super::Diagnostic;
use crate::span::Span;

const CODE: &str = "overlapping-hours";

/// Two stretches of `day` overlap.
pub(crate) fn overlapping_hours(day: &str, first: Span, second: Span) -> Diagnostic {
    let diagnostic = Diagnostic::error(CODE, format!("the hours of `{day}` overlap"), second);
    // `mon-fri` and `fri` may share an anchor, and so a place.
    let diagnostic = if first == second { diagnostic } else { diagnostic.and(first, "with these") };
    diagnostic.help("give each day its hours once: `{mon-thu: \"09:00-17:30\", fri: \"09:00-15:00\"}`")
}
