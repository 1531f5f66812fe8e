//! `minutes`: `6m` is six minutes, where six months are likely meant.

use super::View;
use crate::{
    diagnostics::Diagnostic,
    span::{Span, Spanned},
    tree::{Decay, RuleKind},
};

use kelvin_kernel::Duration;

/// So many months are common; so many minutes are not.
const MONTHS: &[i64] = &[1, 2, 3, 4, 6, 8, 9, 12, 18, 24];

/// Durations of a few minutes after which a rule lets an award age, or calls a lead inactive.
pub(super) fn minutes(view: &View<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for rule in view.model.all_rules() {
        match &rule.kind {
            RuleKind::Inactivity { after, every, .. } => {
                found.extend(minutes_of(after));
                found.extend(every.iter().filter_map(minutes_of));
            }
            RuleKind::Event(event) => {
                found.extend(event.decay.as_ref().and_then(|decay| aged(&decay.value, decay.span)));
            }
            _ => {}
        }
    }
    found
}

fn minutes_of(duration: &Spanned<Duration>) -> Option<Diagnostic> {
    few(duration.value).map(|minutes| told(minutes, duration.span))
}

fn aged(decay: &Decay, span: Span) -> Option<Diagnostic> {
    match decay {
        Decay::HalfLife(duration) | Decay::Linear(duration) | Decay::Expire(duration) => {
            few(*duration).map(|minutes| told(minutes, span))
        }
        Decay::Lose { every, .. } => few(*every).map(|minutes| told(minutes, span)),
        Decay::Steps(rows) => rows.iter().find_map(|row| minutes_of(&row.key)),
    }
}

/// The number of minutes, if it is one of those that months come in.
fn few(duration: Duration) -> Option<i64> {
    let minutes = duration.as_millis() / 60_000;
    let whole = duration.as_millis() % 60_000 == 0;
    (whole && MONTHS.contains(&minutes)).then_some(minutes)
}

fn told(minutes: i64, span: Span) -> Diagnostic {
    let message =
        if minutes == 1 { "this is one minute".to_owned() } else { format!("this is {minutes} minutes") };
    let months = if minutes == 1 { "a month is".to_owned() } else { format!("{minutes} months are") };
    Diagnostic::warning("minutes", message, span)
        .help(format!("`m` stands for minutes; {months} about `{}d`", minutes * 30))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::check_rules;

    #[test]
    fn six_minutes_are_rarely_meant() {
        check_rules(
            "
                - {id: a, event: page, points: 5, decay: {half_life: 6m}}
                - {id: b, inactive: 1m, points: -5}
                - {id: c, event: screen, points: 5, decay: {steps: {3m: 0.5, 12m: 0}}}
            ",
            &expect![[r#"
                warning[minutes]: this is 6 minutes
                 --> m.yaml:6:44
                  |
                6 |   - {id: a, event: page, points: 5, decay: {half_life: 6m}}
                  |                                            ^^^^^^^^^^^^^^^
                  |
                  = help: `m` stands for minutes; 6 months are about `180d`

                warning[minutes]: this is one minute
                 --> m.yaml:7:23
                  |
                7 |   - {id: b, inactive: 1m, points: -5}
                  |                       ^^
                  |
                  = help: `m` stands for minutes; a month is about `30d`

                warning[minutes]: this is 3 minutes
                 --> m.yaml:8:55
                  |
                8 |   - {id: c, event: screen, points: 5, decay: {steps: {3m: 0.5, 12m: 0}}}
                  |                                                       ^^
                  |
                  = help: `m` stands for minutes; 3 months are about `90d`
            "#]],
        );
    }

    #[test]
    fn half_an_hour_is_meant() {
        check_rules(
            "
                - {id: a, event: page, points: 5, decay: {expire: 30m}}
                - {id: b, sequence: [{event: page}, {event: screen}], within: 6m, points: 5}
            ",
            &expect![""],
        );
    }
}
