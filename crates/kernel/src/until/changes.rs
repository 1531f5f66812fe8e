//! When a standing rule can come to be worth something else.

use super::HORIZON;
use crate::{
    expr::{Expr, NowChanges},
    instant::{Duration, Instant},
    ledger::Entry,
    plan::{Effect, RuleKind},
    worth::Subject,
};

/// The last instant that is looked at.
pub(super) fn horizon(subject: &Subject<'_>) -> Instant {
    subject.at.after(HORIZON)
}

/// All instants at which a standing rule may come to be worth something else, in any order.
pub(super) fn standing_changes(kind: &RuleKind, entry: &Entry, subject: &Subject<'_>) -> Vec<Instant> {
    match (kind, entry) {
        (RuleKind::Trait { condition, effect }, _) => {
            let changes = condition.changes_with_now(&subject.env(), subject.at, horizon(subject));
            [hours(changes, subject), effect_changes(effect, subject)].concat()
        }
        (RuleKind::Value { value, .. }, _) => expr_changes(value, subject),
        (RuleKind::Count { within: Some(within), .. }, Entry::Count { times, .. }) => {
            // An event leaves the window in the millisecond after its last one.
            times.iter().map(|time| time.after(*within).after(Duration::from_millis(1))).collect()
        }
        (RuleKind::Inactivity { after, effect: Effect::Disqualify, .. }, entry) => {
            subject.silent_since(entry).map(|since| since.after(*after)).into_iter().collect()
        }
        (RuleKind::Inactivity { after, every, effect, .. }, entry) => {
            let mut changes = effect_changes(effect, subject);
            if let Some(since) = subject.silent_since(entry) {
                changes.extend(periods_to_come(since.after(*after), *every, subject));
            }
            changes
        }
        _ => Vec::new(),
    }
}

/// The instants after the subject's and up to the horizon at which points are granted that are granted first at
/// `first`.
pub(super) fn periods_to_come(
    first: Instant,
    every: Option<Duration>,
    subject: &Subject<'_>,
) -> impl Iterator<Item = Instant> {
    let next = move |at: &Instant| every.map(|every| at.after(every)).filter(|next| next > at);
    let start = match (subject.at.millis_since(first), every) {
        (..0, _) => Some(first),
        (over, Some(every)) => {
            let passed = over - over % every.as_millis().max(1);
            next(&first.after(Duration::from_millis(passed)))
        }
        (_, None) => None,
    };
    let horizon = horizon(subject);
    std::iter::successors(start, next).take_while(move |at| *at <= horizon)
}

fn effect_changes(effect: &Effect, subject: &Subject<'_>) -> Vec<Instant> {
    match effect {
        Effect::Formula(formula) => expr_changes(formula, subject),
        Effect::Points(_) | Effect::Disqualify => Vec::new(),
    }
}

fn expr_changes(expr: &Expr, subject: &Subject<'_>) -> Vec<Instant> {
    hours(expr.changes_with_now(&subject.env(), subject.at, horizon(subject)), subject)
}

/// The hours at which something that looks at `now` can change.
fn hours(changes: NowChanges, subject: &Subject<'_>) -> Vec<Instant> {
    match changes {
        NowChanges::At(hours) => hours,
        NowChanges::EveryHour => {
            let next =
                |hour: &Instant| Some(hour.after(Duration::HOUR)).filter(|next| *next <= horizon(subject));
            std::iter::successors(Some(subject.at.hour()), next).collect()
        }
    }
}
