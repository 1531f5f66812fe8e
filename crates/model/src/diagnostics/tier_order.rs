//! `tier-order`: tiers that overlap or do not ascend.

use super::Diagnostic;
use crate::span::Spanned;

const CODE: &str = "tier-order";

/// The tier `name` starts at `from`, at or below the start `before` of the tier in front of it.
pub(crate) fn tier_order(name: &str, from: &Spanned<f64>, before: (&str, &Spanned<f64>)) -> Diagnostic {
    let (earlier, start) = before;
    let message = if from.value == start.value {
        format!("the tiers `{earlier}` and `{name}` start at the same score")
    } else {
        format!("the tier `{name}` starts below `{earlier}`, which stands before it")
    };
    Diagnostic::error(CODE, message, from.span)
        .and(start.span, format!("`{earlier}` starts here"))
        .help("list the tiers from the lowest to the highest, each with a `from` of its own")
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_rest;

    #[test]
    fn tiers_ascend() {
        check_rest(
            "
                tiers: [{name: sql, from: 4}, {name: mql, from: 3}]
            ",
            &expect![[r#"
                error[tier-order]: the tier `mql` starts below `sql`, which stands before it
                 --> m.yaml:7:49
                  |
                7 | tiers: [{name: sql, from: 4}, {name: mql, from: 3}]
                  |                           - `sql` starts here   ^
                  |
                  = help: list the tiers from the lowest to the highest, each with a `from` of its own
            "#]],
        );
    }

    #[test]
    fn tiers_do_not_start_together() {
        check_rest(
            "
                tiers: [{name: mql, from: 3}, {name: sql, from: 3}]
            ",
            &expect![[r#"
                error[tier-order]: the tiers `mql` and `sql` start at the same score
                 --> m.yaml:7:49
                  |
                7 | tiers: [{name: mql, from: 3}, {name: sql, from: 3}]
                  |                           - `mql` starts here   ^
                  |
                  = help: list the tiers from the lowest to the highest, each with a `from` of its own
            "#]],
        );
    }

    #[test]
    fn a_tier_that_asks_for_more_may_start_with_the_one_below() {
        check_rest(
            "
                tiers: [{name: mql, from: 3}, {name: sql, from: 3, needs: {fit: 5}}]
            ",
            &expect![""],
        );
    }
}
