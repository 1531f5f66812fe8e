//! `contradictory-keys`: keys that make no sense beside each other.

use super::Diagnostic;
use crate::span::Spanned;

const CODE: &str = "contradictory-keys";

/// `key` makes no sense in what `title` names, known by `mark`.
pub(crate) fn contradictory_keys(
    key: Spanned<&str>,
    title: &str,
    mark: Option<Spanned<&str>>,
    help: Option<&str>,
) -> Diagnostic {
    let message = match &mark {
        Some(mark) => format!("`{}` makes no sense beside `{}`", key.value, mark.value),
        None => format!("`{}` makes no sense in {title}", key.value),
    };
    let mut diagnostic = Diagnostic::error(CODE, message, key.span);
    if let Some(mark) = mark {
        diagnostic = diagnostic.and(mark.span, format!("this makes it {title}"));
    }
    match help {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }
}
