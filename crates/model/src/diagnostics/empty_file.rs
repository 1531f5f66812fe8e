//! `empty-file`: there is nothing in the file.

use super::Diagnostic;
use crate::span::Span;

const CODE: &str = "empty-file";

/// The file holds nothing, or only comments.
pub(crate) fn empty_file() -> Diagnostic {
    Diagnostic::error(CODE, "the file holds no model", Span::at(0))
        .help("`kelvin new` writes a model to start from")
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn comments_are_no_model() {
        check(
            "
                # nothing yet
            ",
            &expect![[r#"
                error[empty-file]: the file holds no model
                 --> m.yaml:1:1
                  |
                1 | # nothing yet
                  | ^
                  |
                  = help: `kelvin new` writes a model to start from
            "#]],
        );
    }

    #[test]
    fn a_file_without_a_byte_is_no_model() {
        check(
            "",
            &expect![[r#"
            error[empty-file]: the file holds no model
             --> m.yaml:1:1
              |
            1 |
              | ^
              |
              = help: `kelvin new` writes a model to start from
        "#]],
        );
    }
}
