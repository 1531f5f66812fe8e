//! `unknown-version`: a version of the language that this Kelvin does not read.

use super::Diagnostic;
use crate::span::Span;

const CODE: &str = "unknown-version";

/// The file says by `key` that it is of another version.
pub(crate) fn version(key: &str, written: &str, span: Span) -> Diagnostic {
    Diagnostic::error(CODE, format!("`{written}` is not a version of the language"), span)
        .help(format!("the language has one version: `{key}: 1`"))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check;

    #[test]
    fn there_is_one_version() {
        check(
            "
                kelvin: 2
                model: m
                dimensions: {fit: {rules: []}}
            ",
            &expect![[r#"
                error[unknown-version]: `2` is not a version of the language
                 --> m.yaml:1:9
                  |
                1 | kelvin: 2
                  |         ^
                  |
                  = help: the language has one version: `kelvin: 1`
            "#]],
        );
    }
}
