//! `yaml-tag`: a tag, which the language has no use for.

use super::Diagnostic;
use crate::span::Span;

const CODE: &str = "yaml-tag";

/// A YAML tag.
pub(crate) fn tag(span: Span, source: &str) -> Diagnostic {
    Diagnostic::error(CODE, format!("unexpected tag `{}`", span.text(source)), span)
        .help("a text that begins with `!` needs quotes")
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_rules;

    #[test]
    fn tags_have_no_use() {
        check_rules(
            "
                - {id: a, event: !!str page, points: 5}
                - {id: b, event: !name page, points: 5}
                - !rule {id: c, event: page, points: 3}
            ",
            &expect![[r#"
                error[yaml-tag]: unexpected tag `!name`
                 --> m.yaml:7:20
                  |
                7 |   - {id: b, event: !name page, points: 5}
                  |                    ^^^^^
                  |
                  = help: a text that begins with `!` needs quotes

                error[yaml-tag]: unexpected tag `!rule`
                 --> m.yaml:8:5
                  |
                8 |   - !rule {id: c, event: page, points: 3}
                  |     ^^^^^
                  |
                  = help: a text that begins with `!` needs quotes
            "#]],
        );
    }
}
