//! `yaml-alias`: an alias that cannot be followed.

use super::Diagnostic;
use crate::span::Span;

const CODE: &str = "yaml-alias";

/// No anchor before it has the alias's name.
pub(crate) fn unknown_anchor(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(CODE, format!("no anchor `&{name}` stands before this alias"), span)
        .help("a text that begins with `*` needs quotes")
}

/// The alias stands inside of what it refers to.
pub(crate) fn endless_alias(span: Span) -> Diagnostic {
    Diagnostic::error(CODE, "this alias stands inside of its own anchor", span)
}

/// The aliases of the file stand for too much.
pub(crate) fn too_many_aliases(span: Span) -> Diagnostic {
    Diagnostic::error(CODE, "the aliases of this file stand for more than 100,000 values", span)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{check, check_rules};

    #[test]
    fn an_alias_stands_for_its_anchor() {
        check_rules(
            "
                - {id: a, event: page, points: 5, decay: &slow {half_life: 30d}}
                - {id: b, event: screen, points: 5, decay: *slow}
            ",
            &expect![""],
        );
    }

    #[test]
    fn an_alias_needs_an_anchor() {
        check_rules(
            "- {id: a, event: *page, points: 5}",
            &expect![[r#"
            error[yaml-alias]: no anchor `&page` stands before this alias
             --> m.yaml:6:20
              |
            6 |   - {id: a, event: *page, points: 5}
              |                    ^^^^^
              |
              = help: a text that begins with `*` needs quotes
        "#]],
        );
    }

    #[test]
    fn an_alias_cannot_hold_itself() {
        check(
            "
                kelvin: 1
                model: m
                dimensions: &d {fit: *d}
            ",
            &expect![[r#"
                error[yaml-alias]: this alias stands inside of its own anchor
                 --> m.yaml:3:22
                  |
                3 | dimensions: &d {fit: *d}
                  |                      ^^
            "#]],
        );
    }
}
