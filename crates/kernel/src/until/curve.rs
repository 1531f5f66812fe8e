//! What one rule will be worth if nothing else happens.

use std::borrow::Cow;

use super::{HORIZON, bounds::Bounds};
use crate::{
    expr::NowChanges,
    instant::{Duration, Instant},
    ledger::{Award, Entry},
    plan::{Decay, Effect, EventEffect, EventRule, Rule, RuleKind},
    points::Micropoints,
    worth::{Subject, capped, disqualifies, worth},
};

/// The course of a rule's worth; for a rule that disqualifies, 1 millionth while it is in force.
#[derive(Debug)]
pub(super) enum Curve<'a> {
    /// The same all the time.
    Flat(Micropoints),
    /// From each instant on, until the next.
    Steps(Vec<(Instant, Micropoints)>),
    /// Never falling, or never rising.
    Monotone(&'a Rule, &'a Entry),
    /// The sum of awards as they age.
    Awards { rule: &'a EventRule, awards: Cow<'a, [Award]>, cap: Option<f64> },
}

impl<'a> Curve<'a> {
    /// The course of a rule that is worth `now` at the subject's instant.
    pub(super) fn new(rule: &'a Rule, place: usize, subject: &Subject<'a>, now: Micropoints) -> Self {
        let entry = subject.ledger.entry(place);
        match &rule.kind {
            RuleKind::Event(event_rule) => Self::of_awards(rule, event_rule, entry, subject, now),
            RuleKind::Inactivity { effect: Effect::Points(_), .. } => Self::Monotone(rule, entry),
            kind => Self::steps(rule, entry, subject, standing_changes(kind, entry, subject)),
        }
    }

    fn of_awards(
        rule: &'a Rule,
        event_rule: &'a EventRule,
        entry: &'a Entry,
        subject: &Subject<'a>,
        now: Micropoints,
    ) -> Self {
        let awards = entry.awards(event_rule, end(subject));
        if matches!(event_rule.effect, EventEffect::Disqualify) {
            let mut changes: Vec<Instant> = awards.iter().map(|award| award.time).collect();
            if let Decay::Expire(length) = event_rule.decay {
                changes.extend(awards.iter().map(|award| award.time.after(length)));
            }
            return Self::steps(rule, entry, subject, changes);
        }
        let ahead = awards.last().is_some_and(|award| award.time > subject.at);
        if awards.is_empty() || event_rule.decay == Decay::None && !ahead {
            return Self::Flat(now);
        }
        Self::Awards { rule: event_rule, awards, cap: rule.cap }
    }

    /// The course of a rule that can change at these instants only.
    fn steps(rule: &Rule, entry: &Entry, subject: &Subject<'_>, mut changes: Vec<Instant>) -> Self {
        changes.retain(|at| *at > subject.at && *at <= end(subject));
        changes.push(subject.at);
        changes.sort_unstable();
        changes.dedup();
        let at = |at: Instant| {
            let subject = subject.at(at);
            if rule.kind.is_disqualifier() {
                Micropoints(i64::from(disqualifies(rule, entry, &subject)))
            } else {
                worth(rule, entry, &subject)
            }
        };
        let mut steps: Vec<(Instant, Micropoints)> =
            changes.into_iter().map(|change| (change, at(change))).collect();
        steps.dedup_by_key(|(_, worth)| *worth);
        if let [(_, only)] = steps[..] { Self::Flat(only) } else { Self::Steps(steps) }
    }

    /// What the rule is worth at all instants `from..=to`.
    pub(super) fn bounds(&self, subject: &Subject<'_>, from: Instant, to: Instant) -> Bounds {
        match self {
            Self::Flat(worth) => Bounds::exactly(*worth),
            Self::Steps(steps) => {
                let first = steps.partition_point(|(at, _)| *at <= from).saturating_sub(1);
                let within = steps[first..].iter().take_while(|(at, _)| *at <= to);
                let bounds = within.map(|(_, worth)| Bounds::exactly(*worth));
                bounds
                    .reduce(|a, b| Bounds { min: a.min.min(b.min), max: a.max.max(b.max) })
                    .unwrap_or(Bounds::ZERO)
            }
            Self::Monotone(rule, entry) => {
                Bounds::around(worth(rule, entry, &subject.at(from)), worth(rule, entry, &subject.at(to)))
            }
            Self::Awards { rule, awards, cap } => award_bounds(rule, awards, *cap, from, to),
        }
    }
}

/// What awards are worth at all instants `from..=to`.
fn award_bounds(rule: &EventRule, awards: &[Award], cap: Option<f64>, from: Instant, to: Instant) -> Bounds {
    let (mut least, mut most) = (0.0, 0.0);
    let (mut rises, mut falls) = (false, false);
    for award in awards.iter().take_while(|award| award.time <= to) {
        let age = to.millis_since(award.time);
        let (mut low, mut high) = rule.decay.factors(from.millis_since(award.time).max(0), age);
        if award.time > from {
            // It is made within the stretch: worth nothing until then.
            low = 0.0;
        }
        if award.points < 0.0 {
            (low, high) = (high, low);
        }
        rises |= award.points > 0.0;
        falls |= award.points < 0.0;
        least += award.points * low;
        most += award.points * high;
    }
    if rises && falls && from < to {
        // Sums of both signs may round differently at the ends and in between.
        least -= 1e-6;
        most += 1e-6;
    }
    Bounds { min: capped(least, cap), max: capped(most, cap) }
}

/// All instants at which a standing rule may come to be worth something else.
fn standing_changes(kind: &RuleKind, entry: &Entry, subject: &Subject<'_>) -> Vec<Instant> {
    let of_effect = |effect: &Effect| match effect {
        Effect::Formula(formula) => {
            hours(&formula.changes_with_now(&subject.env(), subject.at, end(subject)), subject)
        }
        Effect::Points(_) | Effect::Disqualify => Vec::new(),
    };
    match (kind, entry) {
        (RuleKind::Trait { condition, effect }, _) => {
            let changes = condition.changes_with_now(&subject.env(), subject.at, end(subject));
            [hours(&changes, subject), of_effect(effect)].concat()
        }
        (RuleKind::Value { value, .. }, _) => {
            hours(&value.changes_with_now(&subject.env(), subject.at, end(subject)), subject)
        }
        (RuleKind::Count { within: Some(within), .. }, Entry::Count { times, .. }) => {
            // An event leaves the window in the millisecond after its last one.
            times.iter().map(|time| time.after(*within).after(Duration::from_millis(1))).collect()
        }
        (RuleKind::Inactivity { after, every, effect, .. }, Entry::Silence { last }) => {
            let first = subject.silent_since(*last).map(|since| since.after(*after));
            let next = |at: &Instant| {
                every.map(|every| at.after(every)).filter(|next| next > at && *next <= end(subject))
            };
            let mut changes = of_effect(effect);
            changes.extend(std::iter::successors(first, next));
            changes
        }
        _ => Vec::new(),
    }
}

/// The last instant that is looked at.
fn end(subject: &Subject<'_>) -> Instant {
    subject.at.after(HORIZON)
}

/// The hours at which something that looks at `now` can change.
fn hours(changes: &NowChanges, subject: &Subject<'_>) -> Vec<Instant> {
    match changes {
        NowChanges::At(hours) => hours.clone(),
        NowChanges::EveryHour => {
            let next = |hour: &Instant| Some(hour.after(Duration::HOUR)).filter(|next| *next <= end(subject));
            std::iter::successors(Some(subject.at.hour()), next).collect()
        }
    }
}
