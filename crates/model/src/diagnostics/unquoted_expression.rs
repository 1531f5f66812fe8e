//! `unquoted-expression`: an expression that YAML would read as something else.
//!
//! Kelvin takes it as it stands; editors and other YAML tools do not.

use super::Diagnostic;
use crate::span::Span;

/// The name of this diagnostic.
pub(crate) const CODE: &str = "unquoted-expression";

/// The expression at `span` needs quotes.
pub(crate) fn unquoted_expression(span: Span, source: &str) -> Diagnostic {
    let text = span.text(source);
    let cause = match text.chars().next() {
        Some('!') => "`!` at the start of a value begins a YAML tag",
        Some('"' | '\'') => "a YAML value ends with its closing quote",
        Some('[') => "`[` at the start of a value begins a YAML list",
        Some('{') => "`{` at the start of a value begins a YAML map",
        _ if text.contains(": ") => "`: ` inside a value ends it in YAML",
        _ => "YAML reads this as something else",
    };
    let quoted = format!("'{}'", text.replace('\'', "''"));
    Diagnostic::warning(CODE, format!("other YAML tools cannot read this expression: {cause}"), span)
        .help(format!("put it into quotes: `{quoted}`"))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_rules;

    #[test]
    fn a_colon_after_a_space_is_kept() {
        check_rules(
            "
                - id: a
                  event: page
                  points: event.seats >= 100 ? 25 : 10  # big deals
            ",
            &expect![[r#"
                warning[unquoted-expression]: other YAML tools cannot read this expression: `: ` inside a value ends it in YAML
                 --> m.yaml:8:13
                  |
                8 |     points: event.seats >= 100 ? 25 : 10  # big deals
                  |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                  |
                  = help: put it into quotes: `'event.seats >= 100 ? 25 : 10'`
            "#]],
        );
    }

    #[test]
    fn a_negation_is_kept() {
        check_rules(
            "
                - id: a
                  if: !has(lead.x) && lead.y == 1
                  points: 3
            ",
            &expect![[r#"
                warning[unquoted-expression]: other YAML tools cannot read this expression: `!` at the start of a value begins a YAML tag
                 --> m.yaml:7:9
                  |
                7 |     if: !has(lead.x) && lead.y == 1
                  |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^
                  |
                  = help: put it into quotes: `'!has(lead.x) && lead.y == 1'`
            "#]],
        );
    }

    #[test]
    fn a_text_in_front_is_kept() {
        check_rules(
            r#"
                - id: a
                  if: "x" == lead.y && "z" != "a"
                  points: 3
            "#,
            &expect![[r#"
                warning[unquoted-expression]: other YAML tools cannot read this expression: a YAML value ends with its closing quote
                 --> m.yaml:7:9
                  |
                7 |     if: "x" == lead.y && "z" != "a"
                  |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^
                  |
                  = help: put it into quotes: `'"x" == lead.y && "z" != "a"'`
            "#]],
        );
    }

    #[test]
    fn a_list_in_front_is_kept() {
        check_rules(
            "
                - id: a
                  if: [1, 2].exists(n, n == lead.x)
                  points: 3
            ",
            &expect![[r#"
                warning[unquoted-expression]: other YAML tools cannot read this expression: `[` at the start of a value begins a YAML list
                 --> m.yaml:7:9
                  |
                7 |     if: [1, 2].exists(n, n == lead.x)
                  |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                  |
                  = help: put it into quotes: `'[1, 2].exists(n, n == lead.x)'`
            "#]],
        );
    }

    #[test]
    fn it_stands_behind_a_dash_too() {
        check_rules(
            "
                - if: lead.x ? true : false
                  id: a
                  points: 3
            ",
            &expect![[r#"
                warning[unquoted-expression]: other YAML tools cannot read this expression: `: ` inside a value ends it in YAML
                 --> m.yaml:6:9
                  |
                6 |   - if: lead.x ? true : false
                  |         ^^^^^^^^^^^^^^^^^^^^^
                  |
                  = help: put it into quotes: `'lead.x ? true : false'`
            "#]],
        );
    }
}
