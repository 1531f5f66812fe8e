//! `unknown-version`: a version of the language that this Kelvin does not read.

use super::Diagnostic;
use crate::span::Span;

const CODE: &str = "unknown-version";

/// The file says that it is of another version.
pub(crate) fn version(written: &str, span: Span) -> Diagnostic {
    Diagnostic::error(CODE, format!("`{written}` is not a version of the language"), span)
        .help("the language has one version: `kelvin: 1`")
}
