//! `duplicate-key`: one map has a key twice.

use super::Diagnostic;
use crate::span::Span;

const CODE: &str = "duplicate-key";

/// The key stands at `first` and again at `second`.
pub(crate) fn duplicate_key(key: &str, first: Span, second: Span) -> Diagnostic {
    Diagnostic::error(CODE, format!("duplicate key `{key}`"), second)
        .label("again here")
        .and(first, "first here")
        .help("keep one of the two")
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{check, check_rules};

    #[test]
    fn a_key_stands_once() {
        check_rules(
            "
                - id: a
                  event: page
                  points: 5
                  points: 10
            ",
            &expect![[r#"
                error[duplicate-key]: duplicate key `points`
                 --> m.yaml:9:5
                  |
                8 |     points: 5
                  |     ------ first here
                9 |     points: 10
                  |     ^^^^^^ again here
                  |
                  = help: keep one of the two
            "#]],
        );
    }

    #[test]
    fn dimensions_and_lists_have_one_name_each() {
        check(
            "
                kelvin: 1
                model: m
                lists:
                  a: [x]
                  a: [y]
                dimensions:
                  fit: {rules: []}
                  fit: {rules: []}
            ",
            &expect![[r#"
                error[duplicate-key]: duplicate key `a`
                 --> m.yaml:5:3
                  |
                4 |   a: [x]
                  |   - first here
                5 |   a: [y]
                  |   ^ again here
                  |
                  = help: keep one of the two

                error[duplicate-key]: duplicate key `fit`
                 --> m.yaml:8:3
                  |
                7 |   fit: {rules: []}
                  |   --- first here
                8 |   fit: {rules: []}
                  |   ^^^ again here
                  |
                  = help: keep one of the two
            "#]],
        );
    }

    #[test]
    fn bands_have_one_start_each() {
        check_rules(
            "- {id: a, value: lead.x, bands: {1: 0, 5: 5, 1: 3}}",
            &expect![[r#"
            error[duplicate-key]: duplicate key `1`
             --> m.yaml:6:48
              |
            6 |   - {id: a, value: lead.x, bands: {1: 0, 5: 5, 1: 3}}
              |                                    -           ^ again here
              |                                    |
              |                                    first here
              |
              = help: keep one of the two
        "#]],
        );
    }
}
