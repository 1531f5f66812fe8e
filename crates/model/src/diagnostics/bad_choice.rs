//! `bad-choice`: a word that is not one of those a key takes.

use super::{Diagnostic, did_you_mean, one_of};
use crate::span::Span;

const CODE: &str = "bad-choice";

/// `key` takes one of `choices`, and `written` is none of them.
pub(crate) fn bad_choice(key: &str, written: &str, choices: &[&str], span: Span) -> Diagnostic {
    let help = did_you_mean(written, choices.iter().copied())
        .unwrap_or_else(|| format!("it takes {}", one_of(choices.iter().copied())));
    Diagnostic::error(CODE, format!("`{key}` does not take `{written}`"), span).help(help)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_rest;

    #[test]
    fn a_model_is_of_a_known_kind() {
        check_rest(
            "
                kind: aquisition
            ",
            &expect![[r#"
                error[bad-choice]: `kind` does not take `aquisition`
                 --> m.yaml:7:7
                  |
                7 | kind: aquisition
                  |       ^^^^^^^^^^
                  |
                  = help: did you mean `acquisition`?
            "#]],
        );
    }

    #[test]
    fn members_are_combined_in_a_known_way() {
        check_rest(
            "
                accounts: {combine: average}
            ",
            &expect![[r#"
                error[bad-choice]: `combine` does not take `average`
                 --> m.yaml:7:21
                  |
                7 | accounts: {combine: average}
                  |                     ^^^^^^^
                  |
                  = help: it takes `max`, `mean` or `sum`
            "#]],
        );
    }
}
