//! `bad-number`: a number outside of what the key takes.

use super::Diagnostic;
use crate::span::Span;

const CODE: &str = "bad-number";

/// `key` does not take the number written; `expected` says which it takes.
pub(crate) fn bad_number(key: &str, written: &str, expected: &str, span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::error(CODE, format!("`{key}` must be {expected}, not `{written}`"), span);
    match key {
        "cap" => diagnostic.help("a cap of 45 keeps the rule between -45 and 45"),
        _ if expected.ends_with("from 0 to 1") => diagnostic.help("a quarter is `0.25`"),
        _ => diagnostic,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_rules;

    #[test]
    fn a_cap_is_not_negative() {
        check_rules(
            "- {id: a, event: page, points: 5, cap: -5}",
            &expect![[r#"
                error[bad-number]: `cap` must be a number from 0 to 1,000,000,000, not `-5`
                 --> m.yaml:6:42
                  |
                6 |   - {id: a, event: page, points: 5, cap: -5}
                  |                                          ^^
                  |
                  = help: a cap of 45 keeps the rule between -45 and 45
            "#]],
        );
    }

    #[test]
    fn points_are_finite() {
        check_rules(
            "
                - {id: a, event: page, points: .inf}
                - {id: b, event: page, points: 1e99}
                - {id: c, event: page, points: .nan}
            ",
            &expect![[r#"
                error[bad-number]: `points` must be a number from -1,000,000,000 to 1,000,000,000, not `.inf`
                 --> m.yaml:6:34
                  |
                6 |   - {id: a, event: page, points: .inf}
                  |                                  ^^^^

                error[bad-number]: `points` must be a number from -1,000,000,000 to 1,000,000,000, not `1e99`
                 --> m.yaml:7:34
                  |
                7 |   - {id: b, event: page, points: 1e99}
                  |                                  ^^^^

                error[bad-number]: `points` must be a number from -1,000,000,000 to 1,000,000,000, not `.nan`
                 --> m.yaml:8:34
                  |
                8 |   - {id: c, event: page, points: .nan}
                  |                                  ^^^^
            "#]],
        );
    }

    #[test]
    fn counts_are_whole() {
        check_rules(
            "
                - {id: a, event: page, times: 2.5, points: 5}
                - {id: b, event: page, times: 0, points: 5}
                - {id: c, event: page, limit: -1, points: 5}
            ",
            &expect![[r#"
                error[bad-number]: `times` must be a whole number from 1 to 1,000,000, not `2.5`
                 --> m.yaml:6:33
                  |
                6 |   - {id: a, event: page, times: 2.5, points: 5}
                  |                                 ^^^

                error[bad-number]: `times` must be a whole number from 1 to 1,000,000, not `0`
                 --> m.yaml:7:33
                  |
                7 |   - {id: b, event: page, times: 0, points: 5}
                  |                                 ^

                error[bad-number]: `limit` must be a whole number from 0 to 1,000,000, not `-1`
                 --> m.yaml:8:33
                  |
                8 |   - {id: c, event: page, limit: -1, points: 5}
                  |                                 ^^
            "#]],
        );
    }

    #[test]
    fn shares_lie_between_nothing_and_all() {
        check_rules(
            "
                - {id: a, event: page, points: 5, decay: {lose: 25, every: 30d}}
                - {id: b, event: page, points: 5, decay: {steps: {7d: 1.5}}}
            ",
            &expect![[r#"
                error[bad-number]: `lose` must be a number from 0 to 1, not `25`
                 --> m.yaml:6:51
                  |
                6 |   - {id: a, event: page, points: 5, decay: {lose: 25, every: 30d}}
                  |                                                   ^^
                  |
                  = help: a quarter is `0.25`

                error[bad-number]: `7d` must be a number from 0 to 1, not `1.5`
                 --> m.yaml:7:57
                  |
                7 |   - {id: b, event: page, points: 5, decay: {steps: {7d: 1.5}}}
                  |                                                         ^^^
                  |
                  = help: a quarter is `0.25`
            "#]],
        );
    }
}
