//! `leave-above-tier`: a lead that enters the tier would be below what it must fall below.

use super::Diagnostic;
use crate::span::Span;

const CODE: &str = "leave-above-tier";

/// `why` the bound of `leave` is above where `tier` begins.
pub(crate) fn leave_above_tier(why: &str, tier: &str, span: Span) -> Diagnostic {
    Diagnostic::error(CODE, format!("a lead would be armed again while it is in `{tier}`: {why}"), span)
        .help("`leave` is what the score must fall below before a lead is handed off again: choose less")
}
