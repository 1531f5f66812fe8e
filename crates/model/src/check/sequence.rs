//! `hasty-sequence`: a window too short for its steps.

use super::View;
use crate::{
    diagnostics::Diagnostic,
    tree::{Hit, RuleKind},
};

/// Sequences that leave less than a second from step to step.
pub(super) fn sequence(view: &View<'_>) -> Vec<Diagnostic> {
    let rules = view.model.all_rules();
    let sequences = rules.filter_map(|rule| match &rule.kind {
        RuleKind::Event(event) => match &event.hit {
            Hit::Sequence { steps, within } => Some((steps.len(), within.as_ref()?)),
            _ => None,
        },
        _ => None,
    });
    let hasty = sequences.filter_map(|(steps, within)| {
        let gaps = steps.saturating_sub(1) as i64;
        (within.value.as_millis() < gaps.saturating_mul(1000)).then(|| {
            let message = format!("{steps} steps within `{}` are hardly possible", within.value);
            Diagnostic::warning("hasty-sequence", message, within.span)
                .help("`s` stands for seconds: `14d` is 14 days")
        })
    });
    hasty.collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_rules;

    #[test]
    fn a_window_of_seconds_for_many_steps_is_told() {
        check_rules(
            "
                - {id: a, sequence: [{event: page}, {event: screen}, {event: page}], within: 1s, points: 5}
                - {id: b, sequence: [{event: page}, {event: screen}], within: 1s, points: 5}
            ",
            &expect![[r#"
                warning[hasty-sequence]: 3 steps within `1s` are hardly possible
                 --> m.yaml:6:80
                  |
                6 |   - {id: a, sequence: [{event: page}, {event: screen}, {event: page}], within: 1s, points: 5}
                  |                                                                                ^^
                  |
                  = help: `s` stands for seconds: `14d` is 14 days
            "#]],
        );
    }
}
