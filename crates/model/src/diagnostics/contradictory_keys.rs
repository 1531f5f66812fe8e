//! `contradictory-keys`: keys that make no sense beside each other.

use super::Diagnostic;
use crate::span::Spanned;

const CODE: &str = "contradictory-keys";

/// `key` makes no sense in what `title` names, known by `mark`.
pub(crate) fn contradictory_keys(
    key: Spanned<&str>,
    title: &str,
    mark: Option<Spanned<&str>>,
    help: Option<&str>,
) -> Diagnostic {
    let message = match &mark {
        Some(mark) => format!("`{}` makes no sense beside `{}`", key.value, mark.value),
        None => format!("`{}` makes no sense in {title}", key.value),
    };
    let mut diagnostic = Diagnostic::error(CODE, message, key.span);
    if let Some(mark) = mark {
        diagnostic = diagnostic.and(mark.span, format!("this makes it {title}"));
    }
    match help {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_rules;

    #[test]
    fn a_standing_rule_makes_no_awards() {
        check_rules(
            "- {id: a, if: lead.x == 1, points: 5, decay: {half_life: 3d}, limit: 3}",
            &expect![[r#"
            error[contradictory-keys]: `decay` makes no sense beside `if`
             --> m.yaml:6:41
              |
            6 |   - {id: a, if: lead.x == 1, points: 5, decay: {half_life: 3d}, limit: 3}
              |             --                          ^^^^^
              |             |
              |             this makes it a trait rule
              |
              = help: only awards decay, and this rule makes none: it is worth its points while it holds

            error[contradictory-keys]: `limit` makes no sense beside `if`
             --> m.yaml:6:65
              |
            6 |   - {id: a, if: lead.x == 1, points: 5, decay: {half_life: 3d}, limit: 3}
              |             -- this makes it a trait rule                       ^^^^^
              |
              = help: a limit counts awards, and this rule makes none
        "#]],
        );
    }

    #[test]
    fn a_rule_makes_hits_in_one_way() {
        check_rules(
            "- {id: a, sequence: [{event: a}, {event: b}], times: 3, event: page, points: 5}",
            &expect![[r#"
                error[contradictory-keys]: `times` makes no sense beside `sequence`
                 --> m.yaml:6:49
                  |
                6 |   - {id: a, sequence: [{event: a}, {event: b}], times: 3, event: page, points: 5}
                  |             --------                            ^^^^^
                  |             |
                  |             this makes it a sequence rule
                  |
                  = help: a rule makes its hits in one way: use two rules

                error[contradictory-keys]: `event` makes no sense beside `sequence`
                 --> m.yaml:6:59
                  |
                6 |   - {id: a, sequence: [{event: a}, {event: b}], times: 3, event: page, points: 5}
                  |             -------- this makes it a sequence rule        ^^^^^
                  |
                  = help: the steps name their events
            "#]],
        );
    }

    #[test]
    fn bands_are_the_points() {
        check_rules(
            "- {id: a, event: page, bands: {1: 2}, points: 5}",
            &expect![[r#"
            error[contradictory-keys]: `points` makes no sense beside `bands`
             --> m.yaml:6:41
              |
            6 |   - {id: a, event: page, bands: {1: 2}, points: 5}
              |                          -----          ^^^^^^
              |                          |
              |                          this makes it a count rule
              |
              = help: the points stand in the bands, or in the table
        "#]],
        );
    }

    #[test]
    fn an_else_needs_a_table() {
        check_rules(
            "- {id: a, value: lead.x, bands: {1: 2}, else: 5}",
            &expect![[r#"
            error[contradictory-keys]: `else` makes no sense beside `bands`
             --> m.yaml:6:43
              |
            6 |   - {id: a, value: lead.x, bands: {1: 2}, else: 5}
              |                            -----          ^^^^
              |
              = help: below the first band a value is worth 0: add a band to change that
        "#]],
        );
    }

    #[test]
    fn a_window_needs_something_to_count() {
        check_rules(
            "- {id: a, event: page, within: 30d, points: 5}",
            &expect![[r#"
            error[contradictory-keys]: `within` makes no sense beside `event`
             --> m.yaml:6:26
              |
            6 |   - {id: a, event: page, within: 30d, points: 5}
              |             -----        ^^^^^^
              |             |
              |             this makes it an event rule
              |
              = help: to count events in a window, add `times`; to let an award end, use `decay: {expire: 30d}`
        "#]],
        );
    }

    #[test]
    fn every_is_for_inactivity() {
        check_rules(
            "- {id: a, event: page, every: 30d, points: 5}",
            &expect![[r#"
            error[contradictory-keys]: `every` makes no sense beside `event`
             --> m.yaml:6:26
              |
            6 |   - {id: a, event: page, every: 30d, points: 5}
              |             -----        ^^^^^
              |             |
              |             this makes it an event rule
              |
              = help: `every` grants the points of `inactive` again; for awards, see `decay: {lose: 0.25, every: 30d}`
        "#]],
        );
    }

    #[test]
    fn a_rule_grants_points_or_disqualifies() {
        check_rules(
            "
                - {id: a, event: page, points: 5, disqualify: true}
                - {id: b, event: page, disqualify: true, cap: 5, decay: {half_life: 3d}}
            ",
            &expect![[r#"
                error[contradictory-keys]: `points` makes no sense beside `disqualify`
                 --> m.yaml:6:26
                  |
                6 |   - {id: a, event: page, points: 5, disqualify: true}
                  |                          ^^^^^^     ----------
                  |
                  = help: a rule grants points or disqualifies: make two rules to do both

                error[contradictory-keys]: `cap` makes no sense beside `disqualify`
                 --> m.yaml:7:44
                  |
                7 |   - {id: b, event: page, disqualify: true, cap: 5, decay: {half_life: 3d}}
                  |                          ----------        ^^^
                  |
                  = help: a cap is for points

                error[contradictory-keys]: `decay` makes no sense beside `disqualify`
                 --> m.yaml:7:52
                  |
                7 |   - {id: b, event: page, disqualify: true, cap: 5, decay: {half_life: 3d}}
                  |                          ----------                ^^^^^
                  |
                  = help: a lead is disqualified or is not: end it with `decay: {expire: 90d}`
            "#]],
        );
    }

    #[test]
    fn an_award_ages_in_one_way() {
        check_rules(
            "- {id: a, event: page, points: 5, decay: {half_life: 3d, expire: 9d}}",
            &expect![[r#"
            error[contradictory-keys]: `half_life` makes no sense beside `expire`
             --> m.yaml:6:45
              |
            6 |   - {id: a, event: page, points: 5, decay: {half_life: 3d, expire: 9d}}
              |                                             ^^^^^^^^^      ------ this makes it `decay`
              |
              = help: an award ages in one way: keep one of the two
        "#]],
        );
    }
}
