//! `cap-below-points`: a cap that cuts off even a single award. `idle-cap`: a cap that nothing ever reaches.

use super::{View, shown};
use crate::{
    diagnostics::Diagnostic,
    span::Spanned,
    tree::{Rule, RuleKind, Scale, Worth},
};

/// Caps that are too small or too large to mean anything.
pub(super) fn cap(view: &View<'_>) -> Vec<Diagnostic> {
    let rules = view.model.all_rules();
    rules
        .filter_map(|rule| Some(rule).zip(rule.cap.as_ref()))
        .filter_map(|(rule, cap)| one(rule, cap))
        .collect()
}

fn one(rule: &Rule, cap: &Spanned<f64>) -> Option<Diagnostic> {
    if cap.value == 0.0 {
        return None;
    }
    let largest = largest(rule)?;
    if largest.value.abs() > cap.value {
        let message = format!(
            "the cap of {} is below the {} points of one award",
            shown(cap.value),
            shown(largest.value.abs())
        );
        let message =
            if makes_awards(rule) { message } else { message.replace("points of one award", "points") };
        let help = "raise the cap, or lower the points: the rule is never worth more than its cap";
        return Some(
            Diagnostic::warning("cap-below-points", message, cap.span)
                .and(largest.span, "these points")
                .help(help),
        );
    }
    let (times, why) = most(rule)?;
    let most = times * largest.value.abs();
    (most < cap.value).then(|| {
        let message = format!("the cap of {} is never reached: {why} {}", shown(cap.value), shown(most));
        Diagnostic::warning("idle-cap", message, cap.span).help("leave the cap out")
    })
}

/// The largest number of points that the rule grants at once, if they are written as numbers.
fn largest(rule: &Rule) -> Option<&Spanned<f64>> {
    let larger = |a: &&Spanned<f64>, b: &&Spanned<f64>| a.value.abs().total_cmp(&b.value.abs());
    match &rule.kind {
        RuleKind::Count { bands, .. } | RuleKind::Value { scale: Scale::Bands(bands), .. } => {
            bands.iter().map(|row| &row.number).max_by(larger)
        }
        RuleKind::Value { scale: Scale::Table { rows, otherwise }, .. } => {
            rows.iter().map(|row| &row.number).chain(otherwise).max_by(larger)
        }
        _ => match rule.worth()? {
            Worth::Points(points) => Some(points),
            Worth::Formula(_) | Worth::Disqualify(_) => None,
        },
    }
}

/// How often the points can be granted, if that is bounded.
fn most(rule: &Rule) -> Option<(f64, &'static str)> {
    match &rule.kind {
        RuleKind::Inactivity { every: Some(_), .. } => None,
        RuleKind::Event(event) => {
            let limit = event.limit.as_ref().filter(|limit| limit.value.per.is_none())?;
            Some((f64::from(limit.value.times), "the limit keeps the rule at"))
        }
        _ => Some((1.0, "the rule is worth at most")),
    }
}

const fn makes_awards(rule: &Rule) -> bool {
    matches!(rule.kind, RuleKind::Event(_))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_rules;

    #[test]
    fn a_cap_below_one_award_is_told() {
        check_rules(
            "
                - {id: a, event: page, points: -15, cap: 10}
                - {id: b, value: lead.x, bands: {1: 5, 9: 20}, cap: 15}
            ",
            &expect![[r#"
                warning[cap-below-points]: the cap of 10 is below the 15 points of one award
                 --> m.yaml:6:44
                  |
                6 |   - {id: a, event: page, points: -15, cap: 10}
                  |                                  ---       ^^
                  |                                  |
                  |                                  these points
                  |
                  = help: raise the cap, or lower the points: the rule is never worth more than its cap

                warning[cap-below-points]: the cap of 15 is below the 20 points
                 --> m.yaml:7:55
                  |
                7 |   - {id: b, value: lead.x, bands: {1: 5, 9: 20}, cap: 15}
                  |                                             --        ^^
                  |                                             |
                  |                                             these points
                  |
                  = help: raise the cap, or lower the points: the rule is never worth more than its cap
            "#]],
        );
    }

    #[test]
    fn a_cap_that_is_never_reached_is_told() {
        check_rules(
            "
                - {id: a, event: page, points: 5, limit: 2, cap: 45}
                - {id: b, if: lead.x == 1, points: 5, cap: 10}
            ",
            &expect![[r#"
                warning[idle-cap]: the cap of 45 is never reached: the limit keeps the rule at 10
                 --> m.yaml:6:52
                  |
                6 |   - {id: a, event: page, points: 5, limit: 2, cap: 45}
                  |                                                    ^^
                  |
                  = help: leave the cap out

                warning[idle-cap]: the cap of 10 is never reached: the rule is worth at most 5
                 --> m.yaml:7:46
                  |
                7 |   - {id: b, if: lead.x == 1, points: 5, cap: 10}
                  |                                              ^^
                  |
                  = help: leave the cap out
            "#]],
        );
    }

    #[test]
    fn a_cap_on_repeated_awards_is_of_use() {
        check_rules(
            "
                - {id: a, event: page, points: 5, cap: 45}
                - {id: b, event: page, points: 5, limit: {times: 2, per: 1d}, cap: 45}
                - {id: c, inactive: 9d, every: 3d, points: -5, cap: 45}
                - {id: d, event: page, points: event.x, limit: 1, cap: 45}
                - {id: e, event: screen, points: 5, limit: 3, cap: 15}
            ",
            &expect![""],
        );
    }
}
