//! `wrong-document`: a playbook where a model is wanted.

use super::Diagnostic;
use crate::span::Span;

const CODE: &str = "wrong-document";

/// The file is a playbook.
pub(crate) fn wrong_document(span: Span) -> Diagnostic {
    Diagnostic::error(CODE, "this is a playbook, not a model", span)
        .help("a model begins with `kelvin: 1`; `kelvin check` checks playbooks too")
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn a_playbook_is_no_model() {
        check(
            "playbook: 1\ntime_zone: Europe/Berlin\n",
            &expect![[r#"
            error[wrong-document]: this is a playbook, not a model
             --> m.yaml:1:1
              |
            1 | playbook: 1
              | ^^^^^^^^
              |
              = help: a model begins with `kelvin: 1`; `kelvin check` checks playbooks too
        "#]],
        );
    }
}
