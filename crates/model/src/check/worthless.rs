//! `worthless-rule`: a rule that is worth nothing whatever happens.

use super::View;
use crate::{
    diagnostics::Diagnostic,
    span::Span,
    tree::{Rule, RuleKind, Scale, Worth},
};

/// Rules that are never worth anything, and dimensions that do not count.
pub(super) fn worthless(view: &View<'_>) -> Vec<Diagnostic> {
    let rules = view.model.all_rules().filter_map(rule);
    let dimensions = view.model.dimensions.iter().filter_map(|dimension| {
        let weight = dimension.weight.as_ref().filter(|weight| weight.value == 0.0)?;
        let message = format!("the dimension `{}` does not count for the score", dimension.name.value);
        let help = "its weight is 0: it can still be graded, or be what a tier needs";
        let graded = view.model.grades.as_ref().is_some_and(|grades| grades.of.value == dimension.name.value);
        let needed = view.model.tiers.iter().flat_map(|tier| &tier.needs);
        let is_of_use = graded || needed.into_iter().any(|(name, _)| name.value == dimension.name.value);
        (!is_of_use).then(|| Diagnostic::warning("worthless-dimension", message, weight.span).help(help))
    });
    rules.chain(dimensions).collect()
}

fn rule(rule: &Rule) -> Option<Diagnostic> {
    let (why, span) = reason(rule)?;
    let message = format!("the rule `{}` is never worth anything: {why}", rule.id.value);
    Some(Diagnostic::warning("worthless-rule", message, span))
}

/// Why a rule is worth nothing, and where that is written.
fn reason(rule: &Rule) -> Option<(&'static str, Span)> {
    if let Some(cap) = rule.cap.as_ref().filter(|cap| cap.value == 0.0) {
        return Some(("its cap is 0", cap.span));
    }
    if let Some(Worth::Points(points)) =
        rule.worth().filter(|worth| matches!(worth, Worth::Points(p) if p.value == 0.0))
    {
        return Some(("it grants 0 points", points.span));
    }
    match &rule.kind {
        RuleKind::Event(event) => {
            let limit = event.limit.as_ref().filter(|limit| limit.value.times == 0);
            limit.map(|limit| ("its limit is 0 awards", limit.span))
        }
        RuleKind::Count { bands, .. } | RuleKind::Value { scale: Scale::Bands(bands), .. } => {
            let all = bands.iter().all(|row| row.number.value == 0.0);
            let why = if bands.is_empty() { "it has no bands" } else { "every band is worth 0" };
            all.then_some((why, rule.id.span))
        }
        RuleKind::Value { scale: Scale::Table { rows, otherwise }, .. } => {
            let all = rows.iter().all(|row| row.number.value == 0.0);
            let other = otherwise.as_ref().is_some_and(|other| other.value != 0.0);
            let why = if rows.is_empty() { "its table has no rows" } else { "every row is worth 0" };
            (all && !other).then_some((why, rule.id.span))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{check, check_rules};

    #[test]
    fn a_rule_that_grants_nothing_is_told() {
        check_rules(
            "
                - {id: a, event: page, points: 0}
                - {id: b, event: page, points: 5, cap: 0}
                - {id: c, event: page, points: 5, limit: 0}
                - {id: d, value: lead.x, bands: {1: 0, 5: 0}}
                - {id: e, value: lead.y, table: {a: 0}}
            ",
            &expect![[r#"
                warning[worthless-rule]: the rule `a` is never worth anything: it grants 0 points
                 --> m.yaml:6:34
                  |
                6 |   - {id: a, event: page, points: 0}
                  |                                  ^

                warning[worthless-rule]: the rule `b` is never worth anything: its cap is 0
                 --> m.yaml:7:42
                  |
                7 |   - {id: b, event: page, points: 5, cap: 0}
                  |                                          ^

                warning[worthless-rule]: the rule `c` is never worth anything: its limit is 0 awards
                 --> m.yaml:8:44
                  |
                8 |   - {id: c, event: page, points: 5, limit: 0}
                  |                                            ^

                warning[worthless-rule]: the rule `d` is never worth anything: every band is worth 0
                 --> m.yaml:9:10
                  |
                9 |   - {id: d, value: lead.x, bands: {1: 0, 5: 0}}
                  |          ^

                warning[worthless-rule]: the rule `e` is never worth anything: every row is worth 0
                  --> m.yaml:10:10
                   |
                10 |   - {id: e, value: lead.y, table: {a: 0}}
                   |          ^
            "#]],
        );
    }

    #[test]
    fn a_rule_without_bands_or_rows_is_told() {
        check_rules(
            "
                - {id: a, value: lead.x, bands: {}}
                - {id: b, event: page, bands: {}}
                - {id: c, value: lead.y, table: {}}
            ",
            &expect![[r#"
                warning[worthless-rule]: the rule `a` is never worth anything: it has no bands
                 --> m.yaml:6:10
                  |
                6 |   - {id: a, value: lead.x, bands: {}}
                  |          ^

                warning[worthless-rule]: the rule `b` is never worth anything: it has no bands
                 --> m.yaml:7:10
                  |
                7 |   - {id: b, event: page, bands: {}}
                  |          ^

                warning[worthless-rule]: the rule `c` is never worth anything: its table has no rows
                 --> m.yaml:8:10
                  |
                8 |   - {id: c, value: lead.y, table: {}}
                  |          ^
            "#]],
        );
    }

    #[test]
    fn a_table_may_grant_by_what_it_does_not_list() {
        check_rules("- {id: e, value: lead.x, table: {a: 0}, else: -5}", &expect![""]);
    }

    #[test]
    fn a_dimension_that_counts_for_nothing_is_told() {
        check(
            "
                kelvin: 1
                model: m
                dimensions:
                  fit: {weight: 0, rules: [{id: a, if: lead.x == 1, points: 5}]}
            ",
            &expect![[r#"
                warning[worthless-dimension]: the dimension `fit` does not count for the score
                 --> m.yaml:4:17
                  |
                4 |   fit: {weight: 0, rules: [{id: a, if: lead.x == 1, points: 5}]}
                  |                 ^
                  |
                  = help: its weight is 0: it can still be graded, or be what a tier needs
            "#]],
        );
    }

    #[test]
    fn a_dimension_may_be_there_for_grades_or_tiers() {
        check(
            "
                kelvin: 1
                model: m
                dimensions:
                  fit: {weight: 0, rules: [{id: a, if: lead.x == 1, points: 5}]}
                grades: {of: fit, A: 5}
            ",
            &expect![""],
        );
    }
}
