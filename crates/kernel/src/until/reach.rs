//! At a glance: between which two values rules stay whatever the instant. Most leads are never to change, and this
//! tells so without a look at single awards.

use super::{
    bounds::{self, Bounds},
    changes::horizon,
    prediction::Ahead,
    silence::Silence,
};
use crate::{
    ledger::Entry,
    plan::{Decay, EventEffect, EventRule, Rule, RuleKind},
    points::Micropoints,
    program::Program,
    score::Score,
    worth::{Subject, Worth},
};

/// Whether the subject stands where it stands now, whatever its rules come to within their reach.
pub(super) fn leaves_one_standing(
    program: &Program,
    subject: &Subject<'_>,
    now: &Score,
    worths: &[Worth],
) -> bool {
    let plan = program.plan();
    let mut sums: Vec<Bounds> =
        now.dimensions.iter().map(|dimension| Bounds::exactly(dimension.sum)).collect();
    for place in program.lead_rules().can_move() {
        let (rule, entry, worth) = (&plan.rules.rules[*place], subject.ledger.entry(*place), &worths[*place]);
        if entry.is_blank() {
            continue;
        }
        let Some(reach) = reach(rule, entry, subject, worth) else {
            return false;
        };
        let sum = &mut sums[rule.dimension];
        *sum = *sum + reach.less(worth.points);
    }
    bounds::standing(plan, &mut sums) == Some(now.standing)
}

/// What a rule that is not blank and is worth `now` can be worth from now on. `None`: that takes a closer look.
fn reach(rule: &Rule, entry: &Entry, subject: &Subject<'_>, now: &Worth) -> Option<Bounds> {
    match (&rule.kind, entry) {
        (RuleKind::Event(event_rule), entry) if fades(event_rule) && entry.is_made(subject.at) => {
            Some(Bounds::around(Micropoints::ZERO, now.points))
        }
        (RuleKind::Inactivity { .. }, entry) => {
            let silence = Silence::of(rule, entry, subject)?;
            Some(Bounds::around(now.points, silence.worth(horizon(subject))))
        }
        (RuleKind::Predict(prediction), _) => {
            let Some(ahead) = Ahead::of(prediction, subject) else {
                return Some(Bounds::exactly(now.points));
            };
            Some(ahead.bounds(subject.at, horizon(subject)))
        }
        _ => None,
    }
}

/// Whether a sum of awards only ever nears 0.
fn fades(rule: &EventRule) -> bool {
    let one_sign = match rule.effect {
        EventEffect::Points(_) => true,
        EventEffect::Formula(_) => matches!(rule.decay, Decay::HalfLife(_)),
        EventEffect::Disqualify => false,
    };
    one_sign && rule.decay.falls()
}
