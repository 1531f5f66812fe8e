//! `same-bound`: two bands, rows, steps or grades that start at the same value.

use super::Diagnostic;
use crate::span::Span;

const CODE: &str = "same-bound";

/// `what` (a band, a step) at `second` has the bound of the one at `first`.
pub(crate) fn same_bound(what: &str, bound: &str, first: Span, second: Span) -> Diagnostic {
    Diagnostic::error(CODE, format!("another {what} has the value `{bound}`"), second)
        .label("again here")
        .and(first, "first here")
        .help("keep one of the two")
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{check_rest, check_rules};

    #[test]
    fn bands_that_are_written_differently_can_be_the_same() {
        check_rules(
            "- {id: a, value: lead.x, bands: {1: 0, 1.0: 5}}",
            &expect![[r#"
            error[same-bound]: another band has the value `1.0`
             --> m.yaml:6:42
              |
            6 |   - {id: a, value: lead.x, bands: {1: 0, 1.0: 5}}
              |                                    -     ^^^ again here
              |                                    |
              |                                    first here
              |
              = help: keep one of the two
        "#]],
        );
    }

    #[test]
    fn steps_of_one_length_are_the_same() {
        check_rules(
            "- {id: a, event: page, points: 5, decay: {steps: {7d: 0.5, 1w: 0.2}}}",
            &expect![[r#"
            error[same-bound]: another step has the value `1w`
             --> m.yaml:6:62
              |
            6 |   - {id: a, event: page, points: 5, decay: {steps: {7d: 0.5, 1w: 0.2}}}
              |                                                     --       ^^ again here
              |                                                     |
              |                                                     first here
              |
              = help: keep one of the two
        "#]],
        );
    }

    #[test]
    fn rows_of_one_number_are_the_same() {
        check_rules(
            "- {id: a, value: lead.x, table: {1: 0, '1': 3, 1.0: 5}}",
            &expect![[r#"
            error[same-bound]: another row has the value `1.0`
             --> m.yaml:6:50
              |
            6 |   - {id: a, value: lead.x, table: {1: 0, '1': 3, 1.0: 5}}
              |                                    - first here  ^^^ again here
              |
              = help: keep one of the two
        "#]],
        );
    }

    #[test]
    fn grades_have_bounds_of_their_own() {
        check_rest(
            "
                grades: {of: fit, A: 3, B: 3}
            ",
            &expect![[r#"
                error[same-bound]: another grade has the value `3`
                 --> m.yaml:7:28
                  |
                7 | grades: {of: fit, A: 3, B: 3}
                  |                      -     ^ again here
                  |                      |
                  |                      first here
                  |
                  = help: keep one of the two
            "#]],
        );
    }
}
