//! `second-document`: a file holds one model.

use super::Diagnostic;
use crate::span::Span;

const CODE: &str = "second-document";

/// A second YAML document begins.
pub(crate) fn second_document(span: Span) -> Diagnostic {
    Diagnostic::error(CODE, "a second document begins here", span)
        .help("a file holds one model: put the second into a file of its own")
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn a_file_holds_one_model() {
        check(
            "
                kelvin: 1
                model: m
                dimensions: {fit: {rules: []}}
                ---
                kelvin: 1
            ",
            &expect![[r#"
                error[second-document]: a second document begins here
                 --> m.yaml:4:1
                  |
                4 | ---
                  | ^^^
                  |
                  = help: a file holds one model: put the second into a file of its own
            "#]],
        );
    }
}
