//! `missing-key`: something that the section cannot do without is not there.

use super::Diagnostic;
use crate::{grammar::Key, span::Span};

const CODE: &str = "missing-key";

/// What `title` names, at `span`, lacks a key.
pub(crate) fn missing_key(key: &Key, title: &str, span: Span) -> Diagnostic {
    let mut doc = key.doc.trim_end_matches('.').to_owned();
    if let Some(first) = doc.get(..1).map(str::to_lowercase) {
        doc.replace_range(..1, &first);
    }
    Diagnostic::error(CODE, format!("missing key `{}` in {title}", key.name), span)
        .help(format!("for example `{}: {}` ({doc})", key.name, key.example))
}

/// A rule that says neither what it looks at nor what for.
pub(crate) fn nothing_to_look_at(span: Span) -> Diagnostic {
    Diagnostic::error(CODE, "the rule does not say what it looks at", span)
        .help("give it `if`, `value`, `event`, `sequence` or `inactive`")
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{check, check_rules};

    #[test]
    fn a_model_has_a_version_an_id_and_dimensions() {
        check(
            "
                title: x
            ",
            &expect![[r#"
                error[missing-key]: missing key `kelvin` in a model
                 --> m.yaml:1:1
                  |
                1 | title: x
                  | ^^^^^
                  |
                  = help: for example `kelvin: 1` (the version of this language)

                error[missing-key]: missing key `model` in a model
                 --> m.yaml:1:1
                  |
                1 | title: x
                  | ^^^^^
                  |
                  = help: for example `model: saas-new-business` (the model's id: lower case, digits and `-`)

                error[missing-key]: missing key `dimensions` in a model
                 --> m.yaml:1:1
                  |
                1 | title: x
                  | ^^^^^
                  |
                  = help: for example `dimensions: {fit: {rules: [{id: in-europe, if: 'lead.region == "EU"', points: 10}]}}` (the parts of the score, each with its rules)
            "#]],
        );
    }

    #[test]
    fn a_rule_has_an_id() {
        check_rules(
            "
                - event: page
                  points: 5
            ",
            &expect![[r#"
                error[missing-key]: missing key `id` in a rule
                 --> m.yaml:6:5
                  |
                6 |   - event: page
                  |     ^^^^^
                  |
                  = help: for example `id: pricing-page` (names the rule in reasons; no two rules share one)
            "#]],
        );
    }

    #[test]
    fn a_rule_is_worth_something() {
        check_rules(
            "
                - id: a
                  event: page
            ",
            &expect![[r#"
                error[missing-key]: missing key `points` in an event rule
                 --> m.yaml:6:9
                  |
                6 |   - id: a
                  |         ^
                  |
                  = help: it is worth `points: 15`, or `disqualify: true`
            "#]],
        );
    }

    #[test]
    fn a_rule_looks_at_something() {
        check_rules(
            "
                - id: a
                  points: 5
            ",
            &expect![[r#"
                error[missing-key]: the rule does not say what it looks at
                 --> m.yaml:6:5
                  |
                6 |   - id: a
                  |     ^^
                  |
                  = help: give it `if`, `value`, `event`, `sequence` or `inactive`
            "#]],
        );
    }

    #[test]
    fn a_value_has_bands_or_a_table() {
        check_rules(
            "
                - {id: a, value: lead.x}
                - {id: b, value: lead.x, else: 3}
                - {id: c, bands: {1: 2}}
                - {id: d, table: {a: 2}}
            ",
            &expect![[r#"
                error[missing-key]: missing key `bands` in a value rule
                 --> m.yaml:6:10
                  |
                6 |   - {id: a, value: lead.x}
                  |          ^
                  |
                  = help: a value becomes points by `bands: {1: 0, 50: 5}` or `table: {Software: 10}`

                error[missing-key]: missing key `table` in a value rule
                 --> m.yaml:7:10
                  |
                7 |   - {id: b, value: lead.x, else: 3}
                  |          ^
                  |
                  = help: for example `table: {Software: 10, Finance: 15}` (points by exact value)

                error[missing-key]: missing key `value` in a value rule
                 --> m.yaml:8:10
                  |
                8 |   - {id: c, bands: {1: 2}}
                  |          ^
                  |
                  = help: bands need a `value` of the lead, or an `event` to count

                error[missing-key]: missing key `value` in a value rule
                 --> m.yaml:9:10
                  |
                9 |   - {id: d, table: {a: 2}}
                  |          ^
                  |
                  = help: for example `value: lead.employees` (a value of the lead that `bands` or `table` turn into points)
            "#]],
        );
    }

    #[test]
    fn an_absence_has_a_window() {
        check_rules(
            "- {id: a, event: Trial Started, unless: {event: page}, points: 5}",
            &expect![[r#"
            error[missing-key]: missing key `within` in a rule with `unless`
             --> m.yaml:6:10
              |
            6 |   - {id: a, event: Trial Started, unless: {event: page}, points: 5}
              |          ^
              |
              = help: for example `within: 14d` (the window of `times`, `people`, `sequence`, `unless`, or of `bands` that count events)
        "#]],
        );
    }

    #[test]
    fn a_limit_says_both() {
        check_rules(
            "- {id: a, event: page, points: 5, limit: {times: 3}}",
            &expect![[r#"
            error[missing-key]: missing key `per` in `limit`
             --> m.yaml:6:45
              |
            6 |   - {id: a, event: page, points: 5, limit: {times: 3}}
              |                                             ^^^^^
              |
              = help: for example `per: 30d` (counted over so long before each hit)
        "#]],
        );
    }

    #[test]
    fn a_misspelt_key_is_not_missing_too() {
        check_rules(
            "
                - id: a
                  evnt: page
                  points: 5
            ",
            &expect![[r#"
                error[unknown-key]: unknown key `evnt` in a rule
                 --> m.yaml:7:5
                  |
                7 |     evnt: page
                  |     ^^^^
                  |
                  = help: did you mean `event`?
            "#]],
        );
    }
}
