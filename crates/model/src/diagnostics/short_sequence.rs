//! `short-sequence`: a sequence of fewer than two steps.

use super::Diagnostic;
use crate::span::Span;

const CODE: &str = "short-sequence";

/// The sequence has so few steps.
pub(crate) fn short_sequence(steps: usize, span: Span) -> Diagnostic {
    let message = if steps == 0 { "the sequence has no steps" } else { "the sequence has only one step" };
    let help = if steps == 0 {
        "a sequence is two or more events: `[{event: Webinar Attended}, {event: Demo Requested}]`"
    } else {
        "for a single event use `event`, and `if` where it has a condition"
    };
    Diagnostic::error(CODE, message, span).help(help)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_rules;

    #[test]
    fn a_sequence_has_two_steps() {
        check_rules(
            "
                - {id: a, sequence: [{event: page}], points: 5}
                - {id: b, sequence: [], points: 5}
            ",
            &expect![[r#"
                error[short-sequence]: the sequence has only one step
                 --> m.yaml:6:23
                  |
                6 |   - {id: a, sequence: [{event: page}], points: 5}
                  |                       ^^^^^^^^^^^^^^^
                  |
                  = help: for a single event use `event`, and `if` where it has a condition

                error[short-sequence]: the sequence has no steps
                 --> m.yaml:7:23
                  |
                7 |   - {id: b, sequence: [], points: 5}
                  |                       ^^
                  |
                  = help: a sequence is two or more events: `[{event: Webinar Attended}, {event: Demo Requested}]`
            "#]],
        );
    }
}
