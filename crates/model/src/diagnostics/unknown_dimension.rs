//! `unknown-dimension`: grades or needs name a dimension that the model does not have.

use super::{Diagnostic, did_you_mean, suggest::all_of};
use crate::span::Span;

const CODE: &str = "unknown-dimension";

/// No dimension has the name written.
pub(crate) fn unknown_dimension(written: &str, dimensions: &[&str], span: Span) -> Diagnostic {
    let help = did_you_mean(written, dimensions.iter().copied()).unwrap_or_else(|| match dimensions {
        [] => "the model has no dimensions".to_owned(),
        [only] => format!("the model's only dimension is `{only}`"),
        _ => format!("the dimensions are {}", all_of(dimensions.iter().copied())),
    });
    Diagnostic::error(CODE, format!("no dimension is named `{written}`"), span).help(help)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_rest;

    #[test]
    fn grades_and_needs_name_dimensions() {
        check_rest(
            "
                grades: {of: fitt, A: 3}
                tiers: [{name: sql, from: 4, needs: {engagement: 3}}]
            ",
            &expect![[r#"
                error[unknown-dimension]: no dimension is named `fitt`
                 --> m.yaml:7:14
                  |
                7 | grades: {of: fitt, A: 3}
                  |              ^^^^
                  |
                  = help: did you mean `fit`?

                error[unknown-dimension]: no dimension is named `engagement`
                 --> m.yaml:8:38
                  |
                8 | tiers: [{name: sql, from: 4, needs: {engagement: 3}}]
                  |                                      ^^^^^^^^^^
                  |
                  = help: the model's only dimension is `fit`
            "#]],
        );
    }
}
