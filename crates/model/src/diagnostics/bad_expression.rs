//! What is wrong with an expression: the expression compiler names it, this brings it into the file.

use super::Diagnostic;
use crate::{cel::Problem, span::Span, tree::CutOff};

/// The expression is wrong at `span`; `cut_off` is why YAML may have kept a part of it.
pub(crate) fn bad_expression(problem: &Problem, cut_off: Option<CutOff>, span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::error(problem.code, problem.message.clone(), span);
    let cut_off = cut_off.map(|cut_off| match cut_off {
        CutOff::Comment => "in YAML ` #` begins a comment: put the expression into quotes",
        CutOff::Bracket => {
            "between brackets, `,` `[` `]` `{` and `}` end a value: put the expression into quotes"
        }
    });
    match cut_off.map(str::to_owned).or_else(|| problem.help.clone()) {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{check, check_rest, check_rules};

    #[test]
    fn an_unknown_function_is_underlined_in_the_file() {
        check_rules(
            r#"
                - id: a
                  if: startWith(lead.x, "a") && lead.y == 1
                  points: 5
            "#,
            &expect![[r#"
                error[unknown-function]: unknown function `startWith`
                 --> m.yaml:7:9
                  |
                7 |     if: startWith(lead.x, "a") && lead.y == 1
                  |         ^^^^^^^^^
                  |
                  = help: did you mean `startsWith`?
            "#]],
        );
    }

    #[test]
    fn places_are_found_in_quotes_and_blocks() {
        check_rules(
            r#"
                - {id: a, if: 'lead.x == ''a'' && foo(lead.y)', points: 5}
                - id: b
                  if: |
                    lead.x == 1 &&
                      foo(lead.y)
                  points: 5
                - {id: c, if: "lead.x == \"a\" && foo(lead.y)", points: 5}
            "#,
            &expect![[r#"
                error[unknown-function]: unknown function `foo`
                 --> m.yaml:6:37
                  |
                6 |   - {id: a, if: 'lead.x == ''a'' && foo(lead.y)', points: 5}
                  |                                     ^^^

                error[unknown-function]: unknown function `foo`
                  --> m.yaml:10:9
                   |
                10 |         foo(lead.y)
                   |         ^^^

                error[unknown-function]: unknown function `foo`
                  --> m.yaml:12:37
                   |
                12 |   - {id: c, if: "lead.x == \"a\" && foo(lead.y)", points: 5}
                   |                                     ^^^
            "#]],
        );
    }

    #[test]
    fn all_problems_of_all_expressions_are_told() {
        check_rules(
            "
                - {id: a, if: foo(lead.x) && bar(lead.y), points: baz(1)}
                - {id: b, value: leed.x, bands: {1: 2}}
            ",
            &expect![[r#"
                error[unknown-function]: unknown function `foo`
                 --> m.yaml:6:17
                  |
                6 |   - {id: a, if: foo(lead.x) && bar(lead.y), points: baz(1)}
                  |                 ^^^

                error[unknown-function]: unknown function `bar`
                 --> m.yaml:6:32
                  |
                6 |   - {id: a, if: foo(lead.x) && bar(lead.y), points: baz(1)}
                  |                                ^^^

                error[unknown-function]: unknown function `baz`
                 --> m.yaml:6:53
                  |
                6 |   - {id: a, if: foo(lead.x) && bar(lead.y), points: baz(1)}
                  |                                                     ^^^

                error[unknown-variable]: unknown variable `leed`
                 --> m.yaml:7:20
                  |
                7 |   - {id: b, value: leed.x, bands: {1: 2}}
                  |                    ^^^^
                  |
                  = help: did you mean `lead`?
            "#]],
        );
    }

    #[test]
    fn an_expression_sees_what_its_rule_looks_at() {
        check_rules(
            "
                - {id: a, if: event.x == 1, points: 5}
                - {id: b, event: page, if: now > timestamp(event.x), points: 5}
            ",
            &expect![[r#"
                error[unknown-variable]: there is no `event` here
                 --> m.yaml:6:17
                  |
                6 |   - {id: a, if: event.x == 1, points: 5}
                  |                 ^^^^^
                  |
                  = help: only rules with `event` look at events

                error[no-now]: there is no `now` here
                 --> m.yaml:7:30
                  |
                7 |   - {id: b, event: page, if: now > timestamp(event.x), points: 5}
                  |                              ^^^
                  |
                  = help: a rule on events sees things as they were at the event, whatever the time is now
            "#]],
        );
    }

    #[test]
    fn an_unknown_list_is_told() {
        check(
            "
                kelvin: 1
                model: m
                lists: {served: [DE]}
                dimensions:
                  fit:
                    rules:
                      - {id: a, if: 'lead.country in lists.serve', points: 5}
                      - {id: b, if: 'lead.country in lists.served', points: 5}
            ",
            &expect![[r#"
                error[unknown-list]: unknown list `serve`
                 --> m.yaml:7:38
                  |
                7 |       - {id: a, if: 'lead.country in lists.serve', points: 5}
                  |                                      ^^^^^^^^^^^
                  |
                  = help: did you mean `served`?
            "#]],
        );
    }

    #[test]
    fn a_comment_sign_cuts_an_expression_off() {
        check_rules(
            r#"
                - id: a
                  if: lead.x == "a #1"
                  points: 5
            "#,
            &expect![[r#"
                error[syntax]: the text that begins here is not closed
                 --> m.yaml:7:19
                  |
                7 |     if: lead.x == "a #1"
                  |                   ^^
                  |
                  = help: in YAML ` #` begins a comment: put the expression into quotes
            "#]],
        );
    }

    #[test]
    fn a_comma_between_brackets_cuts_an_expression_off() {
        check_rules(
            "- {id: a, if: foo(lead.x, 2), points: 5}",
            &expect![[r#"
                error[syntax]: `(` is not closed
                 --> m.yaml:6:20
                  |
                6 |   - {id: a, if: foo(lead.x, 2), points: 5}
                  |                    ^
                  |
                  = help: between brackets, `,` `[` `]` `{` and `}` end a value: put the expression into quotes

                error[unknown-key]: unknown key `2)` in a rule
                 --> m.yaml:6:29
                  |
                6 |   - {id: a, if: foo(lead.x, 2), points: 5}
                  |                             ^^
                  |
                  = help: between brackets, `,` ends a value: put a value that holds one into quotes
            "#]],
        );
    }

    #[test]
    fn a_rule_that_lacks_something_has_its_expressions_checked() {
        check_rules(
            "- {event: page, if: foo(event.x)}",
            &expect![[r#"
            error[missing-key]: missing key `id` in a rule
             --> m.yaml:6:6
              |
            6 |   - {event: page, if: foo(event.x)}
              |      ^^^^^
              |
              = help: for example `id: pricing-page` (names the rule in reasons; no two rules share one)

            error[missing-key]: missing key `points` in an event rule
             --> m.yaml:6:6
              |
            6 |   - {event: page, if: foo(event.x)}
              |      ^^^^^
              |
              = help: it is worth `points: 15`, or `disqualify: true`

            error[unknown-function]: unknown function `foo`
             --> m.yaml:6:23
              |
            6 |   - {event: page, if: foo(event.x)}
              |                       ^^^
        "#]],
        );
    }

    #[test]
    fn accounts_see_accounts() {
        check_rest(
            "
                accounts:
                  combine: max
                  key: account.x
                  rules:
                    - {id: a, if: lead.x == 1, points: 5}
                    - {id: b, if: account.x == 1, points: 5}
                    - {id: c, event: page, if: account.x == event.x, points: 5}
            ",
            &expect![[r#"
                error[unknown-variable]: there is no `account` here
                 --> m.yaml:9:8
                  |
                9 |   key: account.x
                  |        ^^^^^^^
                  |
                  = help: only the lead's own attributes can be used here

                error[unknown-variable]: there is no `lead` here
                  --> m.yaml:11:19
                   |
                11 |     - {id: a, if: lead.x == 1, points: 5}
                   |                   ^^^^
                   |
                   = help: a standing rule of `accounts` looks at the `account` alone
            "#]],
        );
    }

    #[test]
    fn points_are_a_number() {
        check_rules(
            r#"
                - {id: a, event: page, points: '"five"'}
                - {id: b, event: page, if: size(event.x), points: 5}
            "#,
            &expect![[r#"
                error[type-mismatch]: a number is needed: this is text
                 --> m.yaml:6:35
                  |
                6 |   - {id: a, event: page, points: '"five"'}
                  |                                   ^^^^^^

                error[type-mismatch]: a condition is needed: this is a whole number
                 --> m.yaml:7:30
                  |
                7 |   - {id: b, event: page, if: size(event.x), points: 5}
                  |                              ^^^^^^^^^^^^^
            "#]],
        );
    }
}
