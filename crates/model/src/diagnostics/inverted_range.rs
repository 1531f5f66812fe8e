//! `inverted-range`: a range whose least value is above its greatest.

use super::Diagnostic;
use crate::span::Span;

const CODE: &str = "inverted-range";

/// The range is written `[min, max]` with `min > max`.
pub(crate) fn inverted_range(min: &str, max: &str, span: Span) -> Diagnostic {
    Diagnostic::error(CODE, format!("the range is empty: `{min}` is above `{max}`"), span)
        .help(format!("the least value comes first: `[{max}, {min}]`"))
}
