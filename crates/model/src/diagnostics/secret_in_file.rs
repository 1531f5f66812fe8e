//! `secret-in-file`: a secret that whoever reads the file can use.

use super::Diagnostic;
use crate::span::Span;

const CODE: &str = "secret-in-file";

/// `key` of the target `id` holds its secret in clear.
pub(crate) fn secret_in_file(key: &str, id: &str, span: Span) -> Diagnostic {
    let what = if key == "slack" {
        "whoever has this address can post to the channel"
    } else {
        "whoever has this secret can sign requests"
    };
    let suffix = if key == "slack" { "SLACK_URL" } else { "SECRET" };
    let name: String = id.chars().map(|c| if c == '-' { '_' } else { c.to_ascii_uppercase() }).collect();
    let name = if name.starts_with(|c: char| c.is_ascii_uppercase()) {
        format!("{name}_{suffix}")
    } else {
        suffix.to_owned()
    };
    Diagnostic::warning(CODE, format!("a secret in the file: {what}"), span)
        .help(format!("keep it in the environment: `{key}: \"${{{name}}}\"`"))
}
