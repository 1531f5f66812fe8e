//! What one rule will be worth if nothing else happens.

use std::borrow::Cow;

use super::{
    bounds::Bounds,
    changes::{horizon, standing_changes},
    prediction::Ahead,
    silence::Silence,
};
use crate::{
    instant::{Duration, Instant},
    ledger::{Award, Entry},
    plan::{Decay, EventEffect, EventRule, Rule, RuleKind},
    points::Micropoints,
    worth::{Subject, Worth, capped, disqualifies},
};

/// The course of a rule's worth; for a rule that disqualifies, 1 millionth while it is in force.
#[derive(Debug)]
pub(crate) enum Curve<'a> {
    /// The same all the time.
    Flat(Micropoints),
    /// From each instant on, until the next.
    Steps(Vec<(Instant, Micropoints)>),
    /// An inactivity: never falling, or never rising.
    Silence(Silence),
    /// What a trained model foretells.
    Prediction(Ahead<'a>),
    /// The sum of awards as they age.
    Awards(Awards<'a>),
}

/// Of more jumps than this, halving finds its way as well.
const MOST_JUMPS: usize = 64;

/// Which way a worth goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Course {
    /// It never rises.
    Falls,
    /// It never falls.
    Rises,
    /// Nothing can be said.
    Jumps,
}

/// Awards as they age.
#[derive(Debug)]
pub(crate) struct Awards<'a> {
    rule: &'a EventRule,
    awards: Cow<'a, [Award]>,
    cap: Option<f64>,
    /// Whether their sum only ever nears 0: all are made and fall, and are of one sign or have a half-life.
    fading: bool,
    /// Whether all of them are of one sign.
    one_sign: bool,
}

impl<'a> Curve<'a> {
    /// The course of a rule that is worth `now` at the subject's instant.
    pub(super) fn new(rule: &'a Rule, place: usize, subject: &Subject<'a>, now: &Worth) -> Self {
        let entry = subject.ledger.entry(place);
        match &rule.kind {
            RuleKind::Event(event_rule) => Self::of_awards(rule, event_rule, entry, subject, now),
            RuleKind::Predict(prediction) => match Ahead::of(prediction, subject) {
                Some(ahead) => Self::Prediction(ahead),
                None => Self::Flat(now.points),
            },
            kind => match Silence::of(rule, entry, subject) {
                Some(silence) if silence.changes(subject) => Self::Silence(silence),
                Some(_) => Self::Flat(now.points),
                None => Self::steps(rule, entry, subject, now.points, standing_changes(kind, entry, subject)),
            },
        }
    }

    fn of_awards(
        rule: &'a Rule,
        event_rule: &'a EventRule,
        entry: &'a Entry,
        subject: &Subject<'a>,
        now: &Worth,
    ) -> Self {
        if entry.is_blank() {
            return Self::Flat(Micropoints::ZERO);
        }
        let awards = entry.awards(event_rule, horizon(subject));
        let Some(last) = awards.last() else {
            return Self::Flat(now.points);
        };
        if matches!(event_rule.effect, EventEffect::Disqualify) {
            let mut changes: Vec<Instant> = awards.iter().map(|award| award.time).collect();
            if let Decay::Expire(length) = event_rule.decay {
                changes.extend(awards.iter().map(|award| award.time.after(length)));
            }
            return Self::steps(rule, entry, subject, now.points, changes);
        }
        if event_rule.decay == Decay::None && last.time <= subject.at {
            return Self::Flat(now.points);
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
                Worth::of(rule, entry, &subject).points
            }
        };
        let mut steps: Vec<_> = changes.into_iter().map(|change| (change, at(change))).collect();
        steps.dedup_by_key(|(_, worth)| *worth);
        if let [(_, only)] = steps[..] { Self::Flat(only) } else { Self::Steps(steps) }
    }

    /// Which way the worth goes from now on.
    pub(super) fn course(&self, now: &Worth) -> Course {
        let rises = match self {
            Self::Awards(awards) if awards.fading => now.sum < 0.0,
            Self::Silence(silence) => silence.rises(),
            _ => return Course::Jumps,
        };
        if rises { Course::Rises } else { Course::Falls }
    }

    /// Adds the instants after the subject's at which the rule's worth jumps, or the first of them.
    pub(super) fn put_jumps(&self, subject: &Subject<'_>, out: &mut Vec<i64>) {
        let to_come = |at: &i64| *at > subject.at.as_millis();
        match self {
            Self::Flat(_) => {}
            Self::Steps(steps) => {
                out.extend(steps.iter().map(|(at, _)| at.as_millis()).filter(to_come).take(MOST_JUMPS));
            }
            Self::Silence(silence) => {
                out.extend(silence.changes_to_come(subject).map(Instant::as_millis).take(MOST_JUMPS));
            }
            Self::Prediction(ahead) => ahead.put_jumps(subject, out),
            Self::Awards(awards) => awards.put_jumps(subject.at, out),
        }
    }

    /// Whether the rule comes ever nearer to nothing.
    pub(super) fn fades(&self) -> bool {
        matches!(self, Self::Awards(awards) if awards.fading)
    }

    /// What the rule is worth at an instant.
    pub(crate) fn worth(&self, at: Instant) -> Micropoints {
        match self {
            Self::Flat(worth) => *worth,
            Self::Steps(steps) => {
                let passed = steps.partition_point(|(from, _)| *from <= at);
                steps.get(passed.saturating_sub(1)).map_or(Micropoints::ZERO, |(_, worth)| *worth)
            }
            Self::Silence(silence) => silence.worth(at),
            Self::Prediction(ahead) => ahead.worth(at),
            Self::Awards(awards) => capped(awards.sum(at, |points| points), awards.cap),
        }
    }

    /// The half-life of a sum that need not be summed again, since all of it fades at one rate; with the sum at
    /// the subject's instant, which is `now` there, without regard to signs.
    pub(super) fn half_life(&self, subject: &Subject<'_>, now: &Worth) -> Option<(Duration, f64)> {
        match self {
            Self::Awards(awards) if awards.fading => match awards.rule.decay {
                Decay::HalfLife(half_life) if awards.one_sign => Some((half_life, now.sum.abs())),
                Decay::HalfLife(half_life) => Some((half_life, awards.sum(subject.at, f64::abs))),
                _ => None,
            },
            _ => None,
        }
    }

    /// What the rule is worth at all instants `from..=to`.
    pub(crate) fn bounds(&self, from: Instant, to: Instant) -> Bounds {
        match self {
            Self::Flat(worth) => Bounds::exactly(*worth),
            Self::Steps(steps) => {
                let first = steps.partition_point(|(at, _)| *at <= from).saturating_sub(1);
                let within = steps[first..].iter().take_while(|(at, _)| *at <= to);
                within.map(|(_, worth)| Bounds::exactly(*worth)).reduce(Bounds::hull).unwrap_or(Bounds::ZERO)
            }
            Self::Silence(silence) => Bounds::around(silence.worth(from), silence.worth(to)),
            Self::Prediction(ahead) => ahead.bounds(from, to),
            Self::Awards(awards) => awards.bounds(from, to),
        }
    }
}

impl<'a> Awards<'a> {
    fn new(rule: &'a EventRule, awards: Cow<'a, [Award]>, cap: Option<f64>, now: Instant) -> Self {
        let made = awards.last().is_none_or(|last| last.time <= now);
        let one_sign = matches!(rule.effect, EventEffect::Points(_))
            || awards.iter().all(|award| award.points >= 0.0)
            || awards.iter().all(|award| award.points <= 0.0);
        let fading = made && (one_sign && rule.decay.falls() || matches!(rule.decay, Decay::HalfLife(_)));
        Self { rule, awards, cap, fading, one_sign }
    }

    fn sum(&self, at: Instant, of: impl Fn(f64) -> f64) -> f64 {
        // What fades is made already.
        let made = match self.fading {
            true => self.awards.len(),
            false => self.awards.partition_point(|award| award.time <= at),
        };
        self.rule.decay.sum(&self.awards[..made], at, of)
    }

    /// Adds the instants after `now` at which an award is made or its worth jumps, or the first of them.
    fn put_jumps(&self, now: Instant, out: &mut Vec<i64>) {
        let mut put_aged = |age: Duration| {
            let passed = self.awards.partition_point(|award| now.millis_since(award.time) >= age.as_millis());
            let to_come = self.awards[passed..].iter().take(MOST_JUMPS);
            out.extend(to_come.map(|award| award.time.as_millis() + age.as_millis()));
        };
        if !self.fading {
            put_aged(Duration::from_millis(0));
        }
        match &self.rule.decay {
            Decay::Expire(length) => put_aged(*length),
            Decay::Steps(steps) => steps.iter().for_each(|(age, _)| put_aged(*age)),
            _ => {}
        }
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
