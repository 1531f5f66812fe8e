//! `unreachable-tier`: a tier that no lead can reach, given points, caps and ranges.

use super::{View, reach, shown};
use crate::{diagnostics::Diagnostic, span::Spanned, tree::Tier};

/// Tiers above what the score, an account's score or a dimension can be.
pub(super) fn tiers(view: &View<'_>) -> Vec<Diagnostic> {
    let most = reach::score(view).most;
    let range = view.model.range.as_ref();
    let mut found: Vec<Diagnostic> =
        view.model.tiers.iter().filter_map(|tier| too_high(view, tier, most, range)).collect();
    found.extend(view.model.tiers.iter().flat_map(|tier| needs(view, tier)));
    if let (Some(accounts), Some(reach)) = (&view.model.accounts, reach::account(view)) {
        let range = accounts.range.as_ref();
        let high = accounts.tiers.iter().filter(|tier| tier.from.value > reach.most);
        found.extend(high.map(|tier| {
            let message = format!(
                "no account can reach the tier `{}`: its score is at most {}",
                tier.name.value,
                shown(reach.most)
            );
            clamped(Diagnostic::warning("unreachable-tier", message, tier.from.span), reach.most, range)
        }));
    }
    found
}

fn too_high(
    view: &View<'_>,
    tier: &Tier,
    most: f64,
    range: Option<&Spanned<(f64, f64)>>,
) -> Option<Diagnostic> {
    (tier.from.value > most).then(|| {
        let message =
            format!("no lead can reach the tier `{}`: the score is at most {}", tier.name.value, shown(most));
        let diagnostic =
            clamped(Diagnostic::warning("unreachable-tier", message, tier.from.span), most, range);
        let is_clamped = diagnostic.labels.len() > 1;
        if is_clamped { diagnostic } else { diagnostic.help(parts(view)) }
    })
}

/// Points at the range that keeps a score below the tier.
fn clamped(diagnostic: Diagnostic, most: f64, range: Option<&Spanned<(f64, f64)>>) -> Diagnostic {
    match range.filter(|range| range.value.1 == most) {
        Some(range) => diagnostic.and(range.span, "clamped here"),
        None => diagnostic,
    }
}

/// What the dimensions add to the score at most.
fn parts(view: &View<'_>) -> String {
    let parts = view.model.dimensions.iter().map(|dimension| {
        format!("`{}` adds at most {}", dimension.name.value, shown(reach::weighted(view, dimension).most))
    });
    parts.collect::<Vec<_>>().join(", ")
}

fn needs(view: &View<'_>, tier: &Tier) -> Vec<Diagnostic> {
    let unmet = tier.needs.iter().filter_map(|(name, least)| {
        let dimension = view.model.dimensions.iter().find(|dimension| dimension.name.value == name.value)?;
        let most = reach::dimension(view, dimension).most;
        (least.value > most).then(|| {
            let message = format!(
                "no lead can reach the tier `{}`: it needs {} of `{}`, which is at most {}",
                tier.name.value,
                shown(least.value),
                name.value,
                shown(most)
            );
            clamped(
                Diagnostic::warning("unreachable-tier", message, least.span),
                most,
                dimension.range.as_ref(),
            )
        })
    });
    unmet.collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{check, check_rest, check_rules};

    #[test]
    fn a_tier_is_told_beside_rules_with_errors_which_may_be_worth_anything() {
        check(
            "
                kelvin: 1
                model: m
                dimensions:
                  fit:
                    range: [0, 20]
                    rules:
                      - {id: a, event: page, pionts: 5}
                      - {id: b, event: page, points: '\"five\"'}
                  web:
                    rules:
                      - {id: c, if: lead.x == 1, points: 5}
                      - {id: d, if: lead.y == 1, points: 5}
                      - {id: e, if: lead.y == 1, points: 5}
                tiers: [{name: mql, from: 20}, {name: sql, from: 50, needs: {web: 16}}]
            ",
            &expect![[r#"
                error[unknown-key]: unknown key `pionts` in a rule
                 --> m.yaml:7:30
                  |
                7 |       - {id: a, event: page, pionts: 5}
                  |                              ^^^^^^
                  |
                  = help: did you mean `points`?

                error[type-mismatch]: a number is needed: this is text
                 --> m.yaml:8:39
                  |
                8 |       - {id: b, event: page, points: '"five"'}
                  |                                       ^^^^^^

                warning[duplicate-rule]: the rule `e` says the same as `d`
                  --> m.yaml:13:14
                   |
                12 |       - {id: d, if: lead.y == 1, points: 5}
                   |              - this one
                13 |       - {id: e, if: lead.y == 1, points: 5}
                   |              ^
                   |
                   = help: what both look for counts twice: remove one of them

                warning[unreachable-tier]: no lead can reach the tier `sql`: the score is at most 35
                  --> m.yaml:14:50
                   |
                14 | tiers: [{name: mql, from: 20}, {name: sql, from: 50, needs: {web: 16}}]
                   |                                                  ^^
                   |
                   = help: `fit` adds at most 20, `web` adds at most 15

                warning[unreachable-tier]: no lead can reach the tier `sql`: it needs 16 of `web`, which is at most 15
                  --> m.yaml:14:67
                   |
                14 | tiers: [{name: mql, from: 20}, {name: sql, from: 50, needs: {web: 16}}]
                   |                                                                   ^^
            "#]],
        );
        check(
            "
                kelvin: 1
                model: m
                dimensions:
                  web:
                    rules:
                      - {id: c, if: lead.x == 1, points: 5}
                      - {id: d, if: foo(lead.y), points: 5}
                tiers: [{name: sql, from: 50}]
            ",
            &expect![[r#"
                error[unknown-function]: unknown function `foo`
                 --> m.yaml:7:21
                  |
                7 |       - {id: d, if: foo(lead.y), points: 5}
                  |                     ^^^
            "#]],
        );
    }

    #[test]
    fn a_tier_above_the_range_is_told() {
        check(
            "
                kelvin: 1
                model: m
                range: [0, 100]
                dimensions:
                  fit:
                    rules: [{id: a, event: page, points: 5}]
                tiers: [{name: mql, from: 100}, {name: sql, from: 101}]
            ",
            &expect![[r#"
                warning[unreachable-tier]: no lead can reach the tier `sql`: the score is at most 100
                 --> m.yaml:7:51
                  |
                3 | range: [0, 100]
                  |        -------- clamped here
                ...
                7 | tiers: [{name: mql, from: 100}, {name: sql, from: 101}]
                  |                                                   ^^^
            "#]],
        );
    }

    #[test]
    fn a_tier_above_all_points_is_told() {
        check(
            "
                kelvin: 1
                model: m
                dimensions:
                  fit:
                    range: [-10, 30]
                    rules: [{id: a, event: page, points: 5}]
                  web:
                    weight: 0.5
                    rules:
                      - {id: b, if: lead.x == 1, points: 20}
                      - {id: c, inactive: 3d, every: 1d, points: -1}
                      - {id: d, event: page, if: 1 == 2, points: 100}
                      - {id: e, event: Spam Reported, disqualify: true}
                tiers: [{name: mql, from: 40}, {name: sql, from: 41}]
            ",
            &expect![[r#"
                warning[never-met]: this condition is never met
                  --> m.yaml:12:34
                   |
                12 |       - {id: d, event: page, if: 1 == 2, points: 100}
                   |                                  ^^^^^^
                   |
                   = help: it does not depend on the lead or the event: is a part of it in quotes that should not be?

                warning[unreachable-tier]: no lead can reach the tier `sql`: the score is at most 40
                  --> m.yaml:14:50
                   |
                14 | tiers: [{name: mql, from: 40}, {name: sql, from: 41}]
                   |                                                  ^^
                   |
                   = help: `fit` adds at most 30, `web` adds at most 10
            "#]],
        );
    }

    #[test]
    fn a_need_out_of_reach_is_told() {
        check(
            "
                kelvin: 1
                model: m
                dimensions:
                  fit:
                    range: [-10, 30]
                    rules: [{id: a, event: page, points: 5}]
                  web:
                    rules: [{id: b, event: page, points: 20}]
                tiers: [{name: mql, from: 40, needs: {fit: 30}}, {name: sql, from: 41, needs: {fit: 31}}]
            ",
            &expect![[r#"
                warning[unreachable-tier]: no lead can reach the tier `sql`: it needs 31 of `fit`, which is at most 30
                 --> m.yaml:9:85
                  |
                5 |     range: [-10, 30]
                  |            --------- clamped here
                ...
                9 | tiers: [{name: mql, from: 40, needs: {fit: 30}}, {name: sql, from: 41, needs: {fit: 31}}]
                  |                                                                                     ^^
            "#]],
        );
    }

    #[test]
    fn an_account_has_the_sum_of_its_best_members() {
        check_rest(
            "
                accounts:
                  combine: {top: 3}
                  rules: [{id: c, event: page, people: 2, points: 10, limit: 1}]
                  tiers: [{name: a, from: 25}, {name: b, from: 26}]
            ",
            &expect![[r#"
                warning[unreachable-tier]: no account can reach the tier `b`: its score is at most 25
                  --> m.yaml:10:48
                   |
                10 |   tiers: [{name: a, from: 25}, {name: b, from: 26}]
                   |                                                ^^
            "#]],
        );
    }

    #[test]
    fn a_sum_over_members_has_no_end() {
        check_rest(
            "
                accounts:
                  combine: sum
                  tiers: [{name: a, from: 2500}]
            ",
            &expect![""],
        );
    }

    #[test]
    fn points_that_are_computed_have_no_end() {
        check_rules(
            "
                - {id: a, event: page, points: event.x}
                - {id: b, inactive: 3d, every: 1d, points: 1}
            ",
            &expect![""],
        );
    }
}
