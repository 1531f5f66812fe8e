//! Why a score is what it is: the rules that are worth something.

use std::cmp::Reverse;

use crate::{
    ledger::Award,
    plan::{Rule, RuleKind},
    points::Micropoints,
    program::Rules,
    score::Reason,
    worth::{Subject, Worth},
};

/// The rules worth something other than 0, by |points| descending, then rule id.
pub(crate) fn reasons(rules: Rules<'_>, subject: &Subject<'_>, worths: &[Worth]) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = rules
        .set
        .rules
        .iter()
        .enumerate()
        .zip(worths)
        .filter(|(_, worth)| worth.points != Micropoints::ZERO)
        .map(|((place, rule), worth)| reason(place, rule, worth.points, subject))
        .collect();
    reasons.sort_by(|a, b| {
        let id = |reason: &Reason| &*rules.set.rules[reason.rule].id;
        let size = |reason: &Reason| Reverse(reason.points.0.unsigned_abs());
        size(a).cmp(&size(b)).then_with(|| id(a).cmp(id(b)))
    });
    reasons
}

fn reason(place: usize, rule: &Rule, points: Micropoints, subject: &Subject<'_>) -> Reason {
    let awards = match &rule.kind {
        RuleKind::Event(event_rule) => subject.ledger.entry(place).awards(event_rule, subject.at),
        _ => Default::default(),
    };
    let last = awards.last().map(|award: &Award| award.time);
    Reason { rule: place, points, awards: awards.len(), last }
}
