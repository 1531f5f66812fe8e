//! `bad-choice`: a word that is not one of those a key takes.

use super::{Diagnostic, did_you_mean, one_of};
use crate::span::Span;

const CODE: &str = "bad-choice";

/// `key` takes one of `choices`, and `written` is none of them.
pub(crate) fn bad_choice(key: &str, written: &str, choices: &[&str], span: Span) -> Diagnostic {
    let help = did_you_mean(written, choices.iter().copied())
        .unwrap_or_else(|| format!("it takes {}", one_of(choices.iter().copied())));
    Diagnostic::error(CODE, format!("`{key}` does not take `{written}`"), span).help(help)
}
