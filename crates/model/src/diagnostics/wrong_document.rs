//! `wrong-document`: a playbook where a model is wanted.

use super::Diagnostic;
use crate::span::Span;

const CODE: &str = "wrong-document";

/// The file is a playbook.
pub(crate) fn wrong_document(span: Span) -> Diagnostic {
    Diagnostic::error(CODE, "this is a playbook, not a model", span)
        .help("a model begins with `kelvin: 1`; `kelvin check` checks playbooks too")
}
