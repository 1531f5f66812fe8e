//! `duplicate-id`: two rules, or two tiers, of one name.

use super::Diagnostic;
use crate::span::Spanned;

const CODE: &str = "duplicate-id";

/// `what` (a rule, a tier) has the name of an earlier one.
pub(crate) fn duplicate_id(what: &str, first: &Spanned<String>, second: &Spanned<String>) -> Diagnostic {
    Diagnostic::error(CODE, format!("another {what} is named `{}`", second.value), second.span)
        .label("again here")
        .and(first.span, "first here")
        .help(format!("give each {what} a name of its own"))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{check, check_rest};

    #[test]
    fn rule_ids_are_unique_over_all_dimensions() {
        check(
            "
                kelvin: 1
                model: m
                dimensions:
                  fit:
                    rules:
                      - {id: a, if: lead.x == 1, points: 5}
                  web:
                    rules:
                      - {id: a, event: page, points: 5}
            ",
            &expect![[r#"
                error[duplicate-id]: another rule is named `a`
                 --> m.yaml:9:14
                  |
                6 |       - {id: a, if: lead.x == 1, points: 5}
                  |              - first here
                ...
                9 |       - {id: a, event: page, points: 5}
                  |              ^ again here
                  |
                  = help: give each rule a name of its own
            "#]],
        );
    }

    #[test]
    fn tiers_have_names_of_their_own() {
        check_rest(
            "
                tiers: [{name: mql, from: 1}, {name: mql, from: 2}]
            ",
            &expect![[r#"
                error[duplicate-id]: another tier is named `mql`
                 --> m.yaml:7:38
                  |
                7 | tiers: [{name: mql, from: 1}, {name: mql, from: 2}]
                  |                --- first here        ^^^ again here
                  |
                  = help: give each tier a name of its own
            "#]],
        );
    }
}
