//! `unknown-dimension`: grades or needs name a dimension that the model does not have.

use super::{Diagnostic, did_you_mean, suggest::all_of};
use crate::span::Span;

const CODE: &str = "unknown-dimension";

/// No dimension has the name written.
pub(crate) fn unknown_dimension(written: &str, dimensions: &[&str], span: Span) -> Diagnostic {
    let help = did_you_mean(written, dimensions.iter().copied()).unwrap_or_else(|| match dimensions {
        [] => "the model has no dimensions".to_owned(),
        [only] => format!("the model's only dimension is `{only}`"),
        _ => format!("the dimensions are {}", all_of(dimensions.iter().copied())),
    });
    Diagnostic::error(CODE, format!("no dimension is named `{written}`"), span).help(help)
}
