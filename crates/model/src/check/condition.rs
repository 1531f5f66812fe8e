//! `never-met` and `always-met`: a condition whose outcome does not depend on anything.
//!
//! A condition that is always met adds nothing; one that is never met makes its rule dead. `if: true` is taken to be
//! meant.

use super::View;
use crate::{diagnostics::Diagnostic, lower::Compiled, tree::Expression};

/// Conditions that are always or never met.
pub(super) fn condition(view: &View<'_>) -> Vec<Diagnostic> {
    conditions(&view.model.expressions, &view.expressions.compiled)
}

/// The same, of expressions with what became of them.
pub(crate) fn conditions(written: &[Expression], compiled: &[Compiled]) -> Vec<Diagnostic> {
    let conditions = written.iter().zip(compiled).filter(|(expression, _)| expression.is_condition);
    let found = conditions.filter_map(|(expression, compiled)| {
        let Compiled::Condition(condition) = compiled else { return None };
        let met = condition.constant()?;
        let (span, text) = (expression.span, expression.text.trim());
        match (met, text) {
            (true, "true") => None,
            (true, _) => Some(
                Diagnostic::warning("always-met", "this condition is always met", span)
                    .help("leave it out, or write `true` if that is meant"),
            ),
            (false, _) => Some(Diagnostic::warning("never-met", "this condition is never met", span).help(
                "it does not depend on the lead or the event: is a part of it in quotes that should not be?",
            )),
        }
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{check, check_rules};

    #[test]
    fn a_condition_that_compares_constants_is_told() {
        check_rules(
            r#"
                - {id: a, if: '1 == 1', points: 5}
                - {id: b, event: page, if: '"event.path" == "/pricing"', points: 5}
            "#,
            &expect![[r#"
                warning[always-met]: this condition is always met
                 --> m.yaml:6:17
                  |
                6 |   - {id: a, if: '1 == 1', points: 5}
                  |                 ^^^^^^^^
                  |
                  = help: leave it out, or write `true` if that is meant

                warning[never-met]: this condition is never met
                 --> m.yaml:7:30
                  |
                7 |   - {id: b, event: page, if: '"event.path" == "/pricing"', points: 5}
                  |                              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                  |
                  = help: it does not depend on the lead or the event: is a part of it in quotes that should not be?
            "#]],
        );
    }

    #[test]
    fn true_is_meant() {
        check_rules("- {id: base, if: 'true', points: 5}", &expect![""]);
    }

    #[test]
    fn a_list_with_nothing_on_it_meets_nothing() {
        check(
            "
                kelvin: 1
                model: m
                lists: {served: []}
                dimensions:
                  fit:
                    rules:
                      - {id: a, if: lead.country in lists.served, points: 5}
            ",
            &expect![[r#"
                warning[no-values]: the list `served` has nothing on it
                 --> m.yaml:3:9
                  |
                3 | lists: {served: []}
                  |         ^^^^^^
                  |
                  = help: nothing is ever `in` it: add a value, or remove the list
            "#]],
        );
    }
}
