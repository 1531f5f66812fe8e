//! `unknown-owner`, `unknown-target`, `unknown-model`, `unknown-tier`: a playbook names what is not there.

use super::Diagnostic;
use crate::span::Span;

/// No owner has the name written.
pub(crate) fn unknown_owner(written: &str, help: String, span: Span) -> Diagnostic {
    Diagnostic::error("unknown-owner", format!("no owner is named `{written}`"), span).help(help)
}

/// No target has the name written.
pub(crate) fn unknown_target(written: &str, help: String, span: Span) -> Diagnostic {
    Diagnostic::error("unknown-target", format!("no target is named `{written}`"), span).help(help)
}

/// No model that was checked beside the playbook has the id written.
pub(crate) fn unknown_model(written: &str, help: String, span: Span) -> Diagnostic {
    Diagnostic::error("unknown-model", format!("no model is called `{written}`"), span).help(help)
}

/// The model has no tier of the name written.
pub(crate) fn unknown_tier(written: &str, model: &str, help: String, span: Span) -> Diagnostic {
    Diagnostic::error("unknown-tier", format!("the model `{model}` has no tier `{written}`"), span).help(help)
}

/// `key` holds an empty list.
pub(crate) fn nobody(key: &str, span: Span) -> Diagnostic {
    Diagnostic::error("missing-key", format!("`{key}` names nobody"), span)
        .help("an empty list has no use: name somebody")
}
