//! `missing-key`: something that the section cannot do without is not there.

use super::Diagnostic;
use crate::{grammar::Key, span::Span};

const CODE: &str = "missing-key";

/// What `title` names, at `span`, lacks a key.
pub(crate) fn missing_key(key: &Key, title: &str, span: Span) -> Diagnostic {
    let mut doc = key.doc.trim_end_matches('.').to_owned();
    if let Some(first) = doc.get(..1).map(str::to_lowercase) {
        doc.replace_range(..1, &first);
    }
    Diagnostic::error(CODE, format!("missing key `{}` in {title}", key.name), span)
        .help(format!("{doc}, for example `{}: {}`", key.name, key.example))
}

/// A rule that says neither what it looks at nor what for.
pub(crate) fn nothing_to_look_at(span: Span) -> Diagnostic {
    Diagnostic::error(CODE, "the rule does not say what it looks at", span)
        .help("give it `if`, `value`, `event`, `sequence` or `inactive`")
}
