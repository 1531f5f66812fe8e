//! `leave-above-tier`: a lead that enters the tier would be below what it must fall below.

use super::Diagnostic;
use crate::span::Span;

const CODE: &str = "leave-above-tier";

/// `why` the bound of `leave` is above where `tier` begins.
pub(crate) fn leave_above_tier(why: &str, tier: &str, span: Span) -> Diagnostic {
    Diagnostic::error(CODE, format!("a lead would be armed again while it is in `{tier}`: {why}"), span)
        .help("`leave` is what the score must fall below before a lead is handed off again: choose less")
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_beside;

    #[test]
    fn a_lead_that_enters_is_not_below_what_it_must_leave() {
        check_beside(
            r##"
                owners: {ada: {email: ada@acme.example}}
                hand_offs:
                  - {id: a, tier: mql, leave: 31, assign: ada}
                  - {id: b, tier: mql, leave: sql, assign: ada}
                  - {id: c, tier: mql, leave: 30, assign: ada}
                  - {id: d, tier: sql, leave: mql, assign: ada}
                  - {id: e, tier: sql, leave: sql, assign: ada}
            "##,
            &expect![[r#"
                error[leave-above-tier]: a lead would be armed again while it is in `mql`: 31 is above the 30 at which `mql` begins
                 --> p.yaml:5:31
                  |
                5 |   - {id: a, tier: mql, leave: 31, assign: ada}
                  |                               ^^
                  |
                  = help: `leave` is what the score must fall below before a lead is handed off again: choose less

                error[leave-above-tier]: a lead would be armed again while it is in `mql`: `sql` lies above `mql`
                 --> p.yaml:6:31
                  |
                6 |   - {id: b, tier: mql, leave: sql, assign: ada}
                  |                               ^^^
                  |
                  = help: `leave` is what the score must fall below before a lead is handed off again: choose less
            "#]],
        );
    }
}
