//! `bad-name`: a name that cannot be one.

use super::Diagnostic;
use crate::span::Span;

const CODE: &str = "bad-name";

/// `what` (a model's id, a list's name) cannot be `written`.
pub(crate) fn bad_name(what: &str, written: &str, span: Span) -> Diagnostic {
    let message = if written.trim().is_empty() {
        format!("{what} cannot be empty")
    } else {
        format!("`{written}` cannot be {what}")
    };
    let diagnostic = Diagnostic::error(CODE, message, span);
    match what {
        "a model's id" => {
            let help = match dashed(written) {
                Some(id) => format!("use lower case, digits and `-`: `{id}`"),
                None => "use lower case, digits and `-`".to_owned(),
            };
            diagnostic.help(help)
        }
        "a list's name" => {
            diagnostic.help("use letters, digits and `_`, so that conditions can say `lists.name`")
        }
        _ => diagnostic,
    }
}

/// An id that is like the one written.
fn dashed(written: &str) -> Option<String> {
    let dashed: String = written
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' })
        .collect();
    let parts: Vec<&str> = dashed.split('-').filter(|part| !part.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join("-"))
}
