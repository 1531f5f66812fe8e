//! `idle-decay`: a decay that takes nothing away. `rising-decay`: steps after which an award is worth more again.

use super::{View, shown};
use crate::{
    diagnostics::Diagnostic,
    span::Spanned,
    tree::{Decay, Row, RuleKind},
};

/// Decays that do not decay.
pub(super) fn decay(view: &View<'_>) -> Vec<Diagnostic> {
    let rules = view.model.all_rules();
    let decays = rules.filter_map(|rule| match &rule.kind {
        RuleKind::Event(event) => event.decay.as_ref(),
        _ => None,
    });
    decays.flat_map(|decay| idle(decay).into_iter().chain(rising(&decay.value))).collect()
}

fn idle(decay: &Spanned<Decay>) -> Option<Diagnostic> {
    let keeps_all = match &decay.value {
        Decay::Lose { lose, .. } => *lose == 0.0,
        Decay::Steps(rows) => rows.iter().all(|row| row.number.value == 1.0),
        _ => false,
    };
    keeps_all.then(|| {
        Diagnostic::warning("idle-decay", "this decay takes nothing away", decay.span)
            .help("leave it out: without `decay` an award counts in full for ever")
    })
}

fn rising(decay: &Decay) -> Vec<Diagnostic> {
    let Decay::Steps(rows) = decay else { return Vec::new() };
    let one = |rows: &[Row<kelvin_kernel::Duration>]| {
        let [before, row] = rows else { return None };
        (row.number.value > before.number.value).then(|| {
            let message = format!(
                "the share rises from {} to {} as the award ages",
                shown(before.number.value),
                shown(row.number.value)
            );
            Diagnostic::warning("rising-decay", message, row.number.span)
                .and(before.number.span, "the share before")
                .help("each step is the share that is left from that age on")
        })
    };
    rows.windows(2).filter_map(one).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_rules;

    #[test]
    fn a_decay_that_takes_nothing_is_told() {
        check_rules(
            "
                - {id: a, event: page, points: 5, decay: {lose: 0, every: 3d}}
                - {id: b, event: screen, points: 5, decay: {steps: {7d: 1, 9d: 1}}}
            ",
            &expect![[r#"
                warning[idle-decay]: this decay takes nothing away
                 --> m.yaml:6:44
                  |
                6 |   - {id: a, event: page, points: 5, decay: {lose: 0, every: 3d}}
                  |                                            ^^^^^^^^^^^^^^^^^^^^
                  |
                  = help: leave it out: without `decay` an award counts in full for ever

                warning[idle-decay]: this decay takes nothing away
                 --> m.yaml:7:46
                  |
                7 |   - {id: b, event: screen, points: 5, decay: {steps: {7d: 1, 9d: 1}}}
                  |                                              ^^^^^^^^^^^^^^^^^^^^^^^
                  |
                  = help: leave it out: without `decay` an award counts in full for ever
            "#]],
        );
    }

    #[test]
    fn a_share_that_rises_is_told() {
        check_rules(
            "- {id: a, event: page, points: 5, decay: {steps: {7d: 0.25, 30d: 0.5, 90d: 0}}}",
            &expect![[r#"
                warning[rising-decay]: the share rises from 0.25 to 0.5 as the award ages
                 --> m.yaml:6:68
                  |
                6 |   - {id: a, event: page, points: 5, decay: {steps: {7d: 0.25, 30d: 0.5, 90d: 0}}}
                  |                                                         ----       ^^^
                  |                                                         |
                  |                                                         the share before
                  |
                  = help: each step is the share that is left from that age on
            "#]],
        );
    }
}
