//! `inverted-range`: a range whose least value is above its greatest.

use super::Diagnostic;
use crate::span::Span;

const CODE: &str = "inverted-range";

/// The range is written `[min, max]` with `min > max`.
pub(crate) fn inverted_range(min: &str, max: &str, span: Span) -> Diagnostic {
    Diagnostic::error(CODE, format!("the range is empty: `{min}` is above `{max}`"), span)
        .help(format!("the least value comes first: `[{max}, {min}]`"))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_rest;

    #[test]
    fn the_least_value_comes_first() {
        check_rest(
            "
                range: [100, 0]
            ",
            &expect![[r#"
                error[inverted-range]: the range is empty: `100` is above `0`
                 --> m.yaml:7:8
                  |
                7 | range: [100, 0]
                  |        ^^^^^^^^
                  |
                  = help: the least value comes first: `[0, 100]`
            "#]],
        );
    }
}
