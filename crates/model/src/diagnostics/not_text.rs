//! `not-text`: bytes that are not a model file of reasonable size in UTF-8.

use super::Diagnostic;
use crate::span::Span;

const CODE: &str = "not-text";

/// The bytes are not UTF-8; the first fault is at `offset` of the text as it is shown.
pub(crate) fn not_text(bytes: &[u8], offset: usize) -> Diagnostic {
    let help = match bytes {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => "this is UTF-16: save the file as UTF-8",
        _ => "save the file as UTF-8",
    };
    Diagnostic::error(CODE, "the file is not UTF-8 text", Span::at(offset)).help(help)
}

/// The file is larger than any model.
pub(crate) fn too_large(most: usize) -> Diagnostic {
    Diagnostic::error(CODE, format!("the file is larger than {} MiB", most >> 20), Span::at(0))
        .help("is this a model file?")
}
