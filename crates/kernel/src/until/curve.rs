//! What one rule will be worth if nothing else happens.

use std::borrow::Cow;

use super::{
    bounds::Bounds,
    changes::{horizon, standing_changes},
};
use crate::{
    instant::Instant,
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
    /// An inactivity: never falling, or never rising.
    Silence(&'a Rule, &'a Entry),
    /// The sum of awards as they age.
    Awards(Awards<'a>),
}

/// Awards as they age.
#[derive(Debug)]
pub(super) struct Awards<'a> {
    rule: &'a EventRule,
    awards: Cow<'a, [Award]>,
    cap: Option<f64>,
    /// Whether their sum only ever nears 0: all are made and fall, and are of one sign or have a half-life.
    fading: bool,
    /// With a half-life, all of a sum fades at one rate: then it need not be summed again.
    exponential: Option<Exponential>,
}

/// A sum that halves again and again.
#[derive(Debug)]
struct Exponential {
    since: Instant,
    half_life_millis: f64,
    /// What it comes to at `since`, and what it would without regard to signs.
    sum: f64,
    magnitude: f64,
}

impl<'a> Curve<'a> {
    /// The course of a rule that is worth `now` at the subject's instant.
    pub(super) fn new(rule: &'a Rule, place: usize, subject: &Subject<'a>, now: Micropoints) -> Self {
        let entry = subject.ledger.entry(place);
        match &rule.kind {
            RuleKind::Event(event_rule) => Self::of_awards(rule, event_rule, entry, subject, now),
            RuleKind::Inactivity { effect: Effect::Points(_), .. } => Self::Silence(rule, entry),
            kind => Self::steps(rule, entry, subject, now, standing_changes(kind, entry, subject)),
        }
    }

    fn of_awards(
        rule: &'a Rule,
        event_rule: &'a EventRule,
        entry: &'a Entry,
        subject: &Subject<'a>,
        now: Micropoints,
    ) -> Self {
        let awards = entry.awards(event_rule, horizon(subject));
        let Some(last) = awards.last() else {
            return Self::Flat(now);
        };
        if matches!(event_rule.effect, EventEffect::Disqualify) {
            let mut changes: Vec<Instant> = awards.iter().map(|award| award.time).collect();
            if let Decay::Expire(length) = event_rule.decay {
                changes.extend(awards.iter().map(|award| award.time.after(length)));
            }
            return Self::steps(rule, entry, subject, now, changes);
        }
        if event_rule.decay == Decay::None && last.time <= subject.at {
            return Self::Flat(now);
        }
        Self::Awards(Awards::new(event_rule, awards, rule.cap, subject.at))
    }

    /// The course of a rule that can change at these instants only.
    fn steps(
        rule: &Rule,
        entry: &Entry,
        subject: &Subject<'_>,
        now: Micropoints,
        changes: Vec<Instant>,
    ) -> Self {
        let mut changes = changes;
        changes.retain(|at| *at > subject.at && *at <= horizon(subject));
        if changes.is_empty() && !rule.kind.is_disqualifier() {
            return Self::Flat(now);
        }
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
        let mut steps: Vec<_> = changes.into_iter().map(|change| (change, at(change))).collect();
        steps.dedup_by_key(|(_, worth)| *worth);
        if let [(_, only)] = steps[..] { Self::Flat(only) } else { Self::Steps(steps) }
    }

    /// Whether over any stretch the rule is worth something between what it is worth at the ends.
    pub(super) fn is_smooth(&self) -> bool {
        match self {
            Self::Flat(_) | Self::Silence(..) => true,
            Self::Steps(_) => false,
            Self::Awards(awards) => awards.fading,
        }
    }

    /// What a smooth rule is worth at `at`, nearly; nothing of use for others.
    pub(super) fn estimate(&self, subject: &Subject<'_>, at: Instant) -> Bounds {
        match self {
            Self::Awards(awards) if awards.fading => awards.estimate(at),
            Self::Awards(_) | Self::Steps(_) => Bounds::ZERO,
            smooth => smooth.bounds(subject, at, at),
        }
    }

    /// What the rule is worth at all instants `from..=to`.
    pub(super) fn bounds(&self, subject: &Subject<'_>, from: Instant, to: Instant) -> Bounds {
        match self {
            Self::Flat(worth) => Bounds::exactly(*worth),
            Self::Steps(steps) => {
                let first = steps.partition_point(|(at, _)| *at <= from).saturating_sub(1);
                let within = steps[first..].iter().take_while(|(at, _)| *at <= to);
                within.map(|(_, worth)| Bounds::exactly(*worth)).reduce(Bounds::hull).unwrap_or(Bounds::ZERO)
            }
            Self::Silence(rule, entry) => {
                Bounds::around(worth(rule, entry, &subject.at(from)), worth(rule, entry, &subject.at(to)))
            }
            Self::Awards(awards) => awards.bounds(from, to),
        }
    }
}

impl<'a> Awards<'a> {
    fn new(rule: &'a EventRule, awards: Cow<'a, [Award]>, cap: Option<f64>, now: Instant) -> Self {
        let falls = match &rule.decay {
            Decay::Steps(steps) => steps
                .iter()
                .try_fold(1.0, |above, (_, factor)| (*factor <= above).then_some(*factor))
                .is_some(),
            _ => true,
        };
        let made = awards.last().is_none_or(|last| last.time <= now);
        let one_sign =
            awards.iter().all(|award| award.points >= 0.0) || awards.iter().all(|award| award.points <= 0.0);
        let mut curve = Self { rule, awards, cap, fading: made && falls && one_sign, exponential: None };
        if let (true, Decay::HalfLife(half_life)) = (made, &rule.decay) {
            curve.fading = true;
            curve.exponential = Some(Exponential {
                since: now,
                half_life_millis: half_life.as_millis() as f64,
                sum: curve.sum(now, |points| points),
                magnitude: curve.sum(now, f64::abs),
            });
        }
        curve
    }

    fn sum(&self, at: Instant, of: impl Fn(f64) -> f64) -> f64 {
        let worth = |award: &Award| of(award.points) * self.rule.decay.factor(at.millis_since(award.time));
        self.awards.iter().map(worth).sum()
    }

    /// What fading awards are worth, nearly.
    fn estimate(&self, at: Instant) -> Bounds {
        let Some(Exponential { since, half_life_millis, sum, magnitude }) = &self.exponential else {
            return Bounds::exactly(capped(self.sum(at, |points| points), self.cap));
        };
        let left = libm::exp2(-(at.millis_since(*since) as f64) / half_life_millis);
        // Far more than the rounding errors of either way to the sum, which are relative to what is left of it.
        let error = 1e-11 * magnitude * left;
        Bounds { min: capped(sum * left - error, self.cap), max: capped(sum * left + error, self.cap) }
    }

    /// What awards are worth at all instants `from..=to`.
    fn bounds(&self, from: Instant, to: Instant) -> Bounds {
        let (mut least, mut most, mut moves) = (0.0, 0.0, false);
        for award in self.awards.iter().take_while(|award| award.time <= to) {
            let age = to.millis_since(award.time);
            let (mut low, mut high) = self.rule.decay.factors(from.millis_since(award.time).max(0), age);
            if award.time > from {
                // It is made within the stretch: worth nothing until then.
                low = 0.0;
            }
            if award.points < 0.0 {
                (low, high) = (high, low);
            }
            least += award.points * low;
            most += award.points * high;
            moves |= low != high;
        }
        if moves && !self.fading {
            // Sums of both signs may round differently at the ends and in between.
            least -= 1e-6;
            most += 1e-6;
        }
        Bounds { min: capped(least, self.cap), max: capped(most, self.cap) }
    }
}
