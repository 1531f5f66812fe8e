//! What a rule is worth at an instant.

use crate::{
    expr::Env,
    instant::{Duration, Instant},
    ledger::{Entry, Ledger},
    plan::{Bands, Effect, EventEffect, EventRule, Rule, RuleKind, Scale, Schema},
    points::Micropoints,
    value::Value,
};

/// A lead (or an account) at an instant: what its rules hold, and its attributes as of the instant that is known.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// What the rules hold of its events.
    pub ledger: &'a Ledger,
    /// Attributes of the lead, by slot; empty for an account.
    pub lead: &'a [Option<Value>],
    /// Attributes of the account, by slot.
    pub account: &'a [Option<Value>],
    /// The instant at which it is looked at.
    pub at: Instant,
}

impl<'a> Subject<'a> {
    /// What conditions may look at.
    pub fn env(&self) -> Env<'a> {
        Env { lead: self.lead, account: self.account, now: Some(self.at.hour()), ..Env::default() }
    }

    /// The same subject at another instant, if nothing else happens.
    #[must_use]
    pub fn at(self, at: Instant) -> Self {
        Self { at, ..self }
    }

    /// When it became known, as its `created_at` attribute has it.
    fn created_at(&self) -> Option<Instant> {
        let attributes = if self.lead.is_empty() { self.account } else { self.lead };
        attributes.get(Schema::CREATED_AT)?.as_ref()?.as_instant()
    }

    /// Since when there was none of the events that put an inactivity off.
    pub(crate) fn silent_since(&self, entry: &Entry) -> Option<Instant> {
        self.ledger.last_heard(entry).or_else(|| self.created_at()).or_else(|| self.ledger.first_known())
    }
}

/// What a rule is worth at an instant.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Worth {
    /// Before its cap and before rounding.
    pub(crate) sum: f64,
    /// After its cap, exact. 0 for a rule that disqualifies.
    pub(crate) points: Micropoints,
}

impl Worth {
    const NOTHING: Self = Self { sum: 0.0, points: Micropoints::ZERO };

    /// What a rule is worth at the subject's instant.
    pub(crate) fn of(rule: &Rule, entry: &Entry, subject: &Subject<'_>) -> Self {
        Self::seen(rule, entry, (subject, &subject.env()))
    }

    /// The same, with what conditions may look at.
    #[inline]
    pub(crate) fn seen(rule: &Rule, entry: &Entry, (subject, env): (&Subject<'_>, &Env<'_>)) -> Self {
        if entry.is_blank() {
            return Self::NOTHING;
        }
        let sum = uncapped(rule, entry, subject, env);
        Self { sum, points: capped(sum, rule.cap) }
    }
}

/// What a rule is worth before its cap and before rounding. (Not inlined: most rules are worth nothing at once.)
#[inline(never)]
fn uncapped(rule: &Rule, entry: &Entry, subject: &Subject<'_>, env: &Env<'_>) -> f64 {
    match (&rule.kind, entry) {
        (RuleKind::Trait { condition, effect }, _) if condition.holds(env) => standing_points(effect, env),
        (RuleKind::Value { value, scale }, _) => value.value(env).map_or(0.0, |value| scale.points(&value)),
        (RuleKind::Count { within, bands, .. }, Entry::Count { times, .. }) => {
            bands.points(count(times, *within, subject.at) as f64)
        }
        (RuleKind::Inactivity { after, every, effect, .. }, entry) => {
            match periods_silent(subject, entry, *after, *every) {
                0 => 0.0,
                periods => periods as f64 * standing_points(effect, env),
            }
        }
        (RuleKind::Predict(prediction), _) => prediction.worth(subject, env),
        (RuleKind::Event(event_rule), entry) => {
            event_rule.decay.sum(&entry.awards(event_rule, subject.at), subject.at, |points| points)
        }
        _ => 0.0,
    }
}

/// A sum of points after a rule's cap.
pub(crate) fn capped(points: f64, cap: Option<f64>) -> Micropoints {
    match cap {
        Some(cap) => Micropoints::round_within(points, cap),
        None => Micropoints::round(points),
    }
}

/// Whether a rule disqualifies.
pub(crate) fn disqualifies(rule: &Rule, entry: &Entry, subject: &Subject<'_>) -> bool {
    match (&rule.kind, entry) {
        (RuleKind::Trait { condition, effect: Effect::Disqualify }, _) => condition.holds(&subject.env()),
        (RuleKind::Inactivity { after, every, effect: Effect::Disqualify, .. }, entry) => {
            periods_silent(subject, entry, *after, *every) > 0
        }
        (RuleKind::Event(rule @ EventRule { effect: EventEffect::Disqualify, .. }), entry) => {
            let awards = entry.awards(rule, subject.at);
            awards.last().is_some_and(|award| rule.decay.factor(subject.at.millis_since(award.time)) > 0.0)
        }
        _ => false,
    }
}

impl RuleKind {
    /// Whether the rule disqualifies rather than grants points.
    pub fn is_disqualifier(&self) -> bool {
        matches!(
            self,
            Self::Trait { effect: Effect::Disqualify, .. }
                | Self::Inactivity { effect: Effect::Disqualify, .. }
                | Self::Event(EventRule { effect: EventEffect::Disqualify, .. })
        )
    }
}

fn standing_points(effect: &Effect, env: &Env<'_>) -> f64 {
    match effect {
        Effect::Points(points) => *points,
        Effect::Formula(formula) => formula.value(env).ok().and_then(|value| value.number()).unwrap_or(0.0),
        Effect::Disqualify => 0.0,
    }
}

/// How many of these ascending times lie in the window that ends at `at`.
pub(crate) fn count(times: &[Instant], within: Option<Duration>, at: Instant) -> usize {
    match within {
        Some(within) => times.len() - times.partition_point(|time| *time < at.before(within)),
        None => times.len(),
    }
}

/// How often an inactivity rule's points are granted.
fn periods_silent(subject: &Subject<'_>, entry: &Entry, after: Duration, every: Option<Duration>) -> i64 {
    let Some(since) = subject.silent_since(entry) else {
        return 0;
    };
    periods(subject.at.millis_since(since) - after.as_millis(), every)
}

/// How often points are granted that are granted at once, and then again after every so long.
pub(crate) fn periods(millis: i64, every: Option<Duration>) -> i64 {
    match (millis, every) {
        (..0, _) => 0,
        (over, Some(every)) => 1 + over / every.as_millis().max(1),
        (_, None) => 1,
    }
}

impl Scale {
    /// What a value is worth.
    fn points(&self, value: &Value) -> f64 {
        match self {
            Self::Bands(bands) => value.number().map_or(0.0, |number| bands.points(number)),
            Self::Table { rows, otherwise } => {
                let row = rows.iter().find(|(listed, _)| listed == value);
                row.map(|(_, points)| *points).or(*otherwise).unwrap_or(0.0)
            }
        }
    }
}

impl Bands {
    /// Points of the highest band that starts at or below `number`; 0 below the first.
    pub fn points(&self, number: f64) -> f64 {
        let reached = self.0.iter().take_while(|(start, _)| *start <= number);
        reached.last().map_or(0.0, |(_, points)| *points)
    }
}
