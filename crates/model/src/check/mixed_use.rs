//! `mixed-use`: a field that one place uses as a number and another as text. A cell of a CSV file is then read as text,
//! and the comparison with a number is never met.

use std::collections::BTreeMap;

use kelvin_kernel::plan::Usage;

use super::View;
use crate::{cel::FieldUse, diagnostics::Diagnostic, span::Span};

/// Fields that are used in ways that do not go together.
pub(super) fn mixed_use(view: &View<'_>) -> Vec<Diagnostic> {
    let mut fields: BTreeMap<&str, Vec<(&FieldUse, Span)>> = BTreeMap::new();
    for (expression, facts) in view.model.expressions.iter().zip(&view.expressions.facts) {
        for found in &facts.uses {
            fields.entry(&found.field).or_default().push((found, expression.span));
        }
    }
    fields.into_iter().filter_map(|(field, uses)| clash(field, &uses)).collect()
}

fn clash(field: &str, uses: &[(&FieldUse, Span)]) -> Option<Diagnostic> {
    let is_dead = |one: &FieldUse| matches!(one.usage, Usage::Number | Usage::Bool) && !one.has_alternative;
    let (dead, span) = uses.iter().find(|(one, _)| is_dead(one))?;
    let (other, place) = uses.iter().find(|(other, _)| other.usage != dead.usage)?;
    let (usage, other, span, place) = (dead.usage, other.usage, *span, *place);
    let message = format!("`{field}` is used {} here, but elsewhere {}", as_what(usage), as_what(other));
    let message = if place == span {
        format!("`{field}` is used both {} and {}", as_what(usage), as_what(other))
    } else {
        message
    };
    let help = if usage == Usage::Number {
        format!("a CSV cell is read as text then, which is no number: write `double({field})` here")
    } else {
        format!("a CSV cell is read as text then, which is not true or false: use `{field}` in one way alone")
    };
    let diagnostic = Diagnostic::warning("mixed-use", message, span);
    let diagnostic =
        if place == span { diagnostic } else { diagnostic.and(place, format!("{} here", as_what(other))) };
    Some(diagnostic.help(help))
}

const fn as_what(usage: Usage) -> &'static str {
    match usage {
        Usage::Number => "as a number",
        Usage::Bool => "as true or false",
        Usage::Text | Usage::Unknown => "as text",
        Usage::Time => "as a time",
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_rules;

    #[test]
    fn a_field_that_is_a_number_here_and_text_there_is_told() {
        check_rules(
            r#"
                - {id: a, if: lead.x > 5, points: 1}
                - {id: b, if: 'lead.x == "7"', points: 2}
            "#,
            &expect![[r#"
                warning[mixed-use]: `lead.x` is used as a number here, but elsewhere as text
                 --> m.yaml:6:17
                  |
                6 |   - {id: a, if: lead.x > 5, points: 1}
                  |                 ^^^^^^^^^^
                7 |   - {id: b, if: 'lead.x == "7"', points: 2}
                  |                 --------------- as text here
                  |
                  = help: a CSV cell is read as text then, which is no number: write `double(lead.x)` here
            "#]],
        );
    }

    #[test]
    fn one_condition_may_use_a_field_in_two_ways() {
        check_rules(
            "- {id: a, if: 'lead.zip in [10115, 80331] && size(lead.zip) == 5', points: 1}",
            &expect![[r#"
                warning[mixed-use]: `lead.zip` is used both as a number and as text
                 --> m.yaml:6:17
                  |
                6 |   - {id: a, if: 'lead.zip in [10115, 80331] && size(lead.zip) == 5', points: 1}
                  |                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                  |
                  = help: a CSV cell is read as text then, which is no number: write `double(lead.zip)` here
            "#]],
        );
    }

    #[test]
    fn a_field_that_is_a_condition_here_and_compared_with_text_there_is_told() {
        check_rules(
            r#"
                - {id: a, if: 'lead.vip == "yes"', points: 1}
                - {id: b, if: lead.vip, points: 2}
            "#,
            &expect![[r#"
                warning[mixed-use]: `lead.vip` is used as true or false here, but elsewhere as text
                 --> m.yaml:7:17
                  |
                6 |   - {id: a, if: 'lead.vip == "yes"', points: 1}
                  |                 ------------------- as text here
                7 |   - {id: b, if: lead.vip, points: 2}
                  |                 ^^^^^^^^
                  |
                  = help: a CSV cell is read as text then, which is not true or false: use `lead.vip` in one way alone
            "#]],
        );
    }

    #[test]
    fn a_condition_that_allows_for_both_is_meant() {
        check_rules(
            r#"
                - {id: a, if: 'lead.x == 7 || lead.x == "7"', points: 1}
                - {id: c, if: 'double(lead.y) > 5', points: 1}
                - {id: d, if: 'lead.y == "7"', points: 1}
            "#,
            &expect![""],
        );
        check_rules(
            r#"
                - {id: a, if: 'lead.x == 7 || lead.x == "7"', points: 1}
                - {id: b, if: lead.x > 5, points: 1}
            "#,
            &expect![[r#"
                warning[mixed-use]: `lead.x` is used as a number here, but elsewhere as text
                 --> m.yaml:7:17
                  |
                6 |   - {id: a, if: 'lead.x == 7 || lead.x == "7"', points: 1}
                  |                 ------------------------------ as text here
                7 |   - {id: b, if: lead.x > 5, points: 1}
                  |                 ^^^^^^^^^^
                  |
                  = help: a CSV cell is read as text then, which is no number: write `double(lead.x)` here
            "#]],
        );
    }
}
