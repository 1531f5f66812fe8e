//! `bad-text`: a text that is not of the form that its key takes: a date, hours, an address.

use super::Diagnostic;
use crate::{grammar::Fault, span::Span};

const CODE: &str = "bad-text";

/// The text written has a fault.
pub(crate) fn bad_text(written: &str, fault: Fault, span: Span) -> Diagnostic {
    Diagnostic::error(CODE, format!("`{written}` {}", fault.what), span).help(fault.help)
}
