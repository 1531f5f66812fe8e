//! What one rule will be worth if nothing else happens.

use std::borrow::Cow;

use super::{
    bounds::Bounds,
    changes::{horizon, periods_to_come, standing_changes},
};
use crate::{
    instant::{Duration, Instant},
    ledger::{Award, Entry},
    plan::{Decay, Effect, EventEffect, EventRule, Rule, RuleKind},
    points::Micropoints,
    worth::{Subject, capped, disqualifies, periods, worth},
};

/// The course of a rule's worth; for a rule that disqualifies, 1 millionth while it is in force.
#[derive(Debug)]
pub(super) enum Curve<'a> {
    /// The same all the time.
    Flat(Micropoints),
    /// From each instant on, until the next.
    Steps(Vec<(Instant, Micropoints)>),
    /// An inactivity: never falling, or never rising.
    Silence(Silence),
    /// The sum of awards as they age.
    Awards(Awards<'a>),
}

/// The points of an inactivity, period by period.
#[derive(Debug)]
pub(super) struct Silence {
    /// When they are granted first, and how often after that.
    first: Instant,
    every: Option<Duration>,
    points: f64,
    cap: Option<f64>,
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
    halving: Option<Halving>,
}

/// A sum that halves again and again.
#[derive(Debug)]
struct Halving {
    /// Its half-life, by its place in [`Rates`].
    rate: usize,
    /// What it comes to at the subject's instant, and what it would without regard to signs.
    sum: f64,
    magnitude: f64,
}

/// The half-lives of all curves, with what is left of an award at the instant that is looked at.
#[derive(Debug, Default)]
pub(super) struct Rates {
    half_lives: Vec<Duration>,
    left: Vec<f64>,
}

impl Rates {
    fn place(&mut self, half_life: Duration) -> usize {
        self.half_lives.iter().position(|known| *known == half_life).unwrap_or_else(|| {
            self.half_lives.push(half_life);
            self.half_lives.len() - 1
        })
    }

    /// Looks at the instant so long after the subject's.
    pub(super) fn look_at(&mut self, millis: i64) {
        self.left.clear();
        self.left.extend(self.half_lives.iter().map(|half_life| Decay::HalfLife(*half_life).factor(millis)));
    }
}

impl<'a> Curve<'a> {
    /// The course of a rule that sums to `sum` at the subject's instant, before its cap.
    pub(super) fn new(
        rule: &'a Rule,
        place: usize,
        subject: &Subject<'a>,
        sum: f64,
        rates: &mut Rates,
    ) -> Self {
        let entry = subject.ledger.entry(place);
        match &rule.kind {
            RuleKind::Event(event_rule) => Self::of_awards(rule, event_rule, entry, subject, sum, rates),
            RuleKind::Inactivity { after, every, effect: Effect::Points(points), .. } => {
                Self::of_silence(rule, entry, subject, (*after, *every, *points))
            }
            kind => {
                let changes = standing_changes(kind, entry, subject);
                Self::steps(rule, entry, subject, capped(sum, rule.cap), changes)
            }
        }
    }

    fn of_silence(
        rule: &Rule,
        entry: &Entry,
        subject: &Subject<'_>,
        (after, every, points): (Duration, Option<Duration>, f64),
    ) -> Self {
        let Entry::Silence { last } = entry else {
            return Self::Flat(Micropoints::ZERO);
        };
        let Some(since) = subject.silent_since(*last) else {
            return Self::Flat(Micropoints::ZERO);
        };
        let silence = Silence { first: since.after(after), every, points, cap: rule.cap };
        let [now, last] = [subject.at, horizon(subject)].map(|at| silence.worth(at));
        // It never turns back: what is worth the same at both ends is so in between.
        if now == last { Self::Flat(now) } else { Self::Silence(silence) }
    }

    fn of_awards(
        rule: &'a Rule,
        event_rule: &'a EventRule,
        entry: &'a Entry,
        subject: &Subject<'a>,
        sum: f64,
        rates: &mut Rates,
    ) -> Self {
        if entry.is_blank() {
            return Self::Flat(Micropoints::ZERO);
        }
        let now = capped(sum, rule.cap);
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
        Self::Awards(Awards::new(event_rule, awards, rule.cap, (subject.at, sum), rates))
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

    /// Adds the instants after the subject's at which the rule's worth jumps, or the first of them.
    pub(super) fn put_jumps(&self, subject: &Subject<'_>, out: &mut Vec<i64>) {
        /// Of more jumps than this, halving finds its way as well.
        const MOST: usize = 64;
        let to_come = |at: &i64| *at > subject.at.as_millis();
        match self {
            Self::Flat(_) => {}
            Self::Steps(steps) => {
                out.extend(steps.iter().map(|(at, _)| at.as_millis()).filter(to_come).take(MOST))
            }
            Self::Silence(silence) => {
                let changes = periods_to_come(silence.first, silence.every, subject);
                out.extend(changes.map(Instant::as_millis).take(MOST));
            }
            Self::Awards(awards) => out.extend(awards.jumps().filter(to_come).take(MOST)),
        }
    }

    /// Whether the rule comes ever nearer to nothing.
    pub(super) fn fades(&self) -> bool {
        matches!(self, Self::Awards(awards) if awards.fading)
    }

    /// What the rule is worth at `at`, nearly. `rates` must have looked at `at`.
    pub(super) fn estimate(&self, at: Instant, rates: &Rates) -> Bounds {
        match self {
            Self::Awards(awards) => awards.estimate(at, rates),
            other => other.bounds(at, at),
        }
    }

    /// What the rule is worth at all instants `from..=to`.
    pub(super) fn bounds(&self, from: Instant, to: Instant) -> Bounds {
        match self {
            Self::Flat(worth) => Bounds::exactly(*worth),
            Self::Steps(steps) => {
                let first = steps.partition_point(|(at, _)| *at <= from).saturating_sub(1);
                let within = steps[first..].iter().take_while(|(at, _)| *at <= to);
                within.map(|(_, worth)| Bounds::exactly(*worth)).reduce(Bounds::hull).unwrap_or(Bounds::ZERO)
            }
            Self::Silence(silence) => Bounds::around(silence.worth(from), silence.worth(to)),
            Self::Awards(awards) => awards.bounds(from, to),
        }
    }
}

impl Silence {
    fn worth(&self, at: Instant) -> Micropoints {
        match periods(at.millis_since(self.first), self.every) {
            0 => Micropoints::ZERO,
            periods => capped(periods as f64 * self.points, self.cap),
        }
    }
}

impl<'a> Awards<'a> {
    /// `now` is the subject's instant and what the awards sum to then.
    fn new(
        rule: &'a EventRule,
        awards: Cow<'a, [Award]>,
        cap: Option<f64>,
        now: (Instant, f64),
        rates: &mut Rates,
    ) -> Self {
        let (now, sum) = now;
        let falls = match &rule.decay {
            Decay::Steps(steps) => steps
                .iter()
                .try_fold(1.0, |above, (_, factor)| (*factor <= above).then_some(*factor))
                .is_some(),
            _ => true,
        };
        let made = awards.last().is_none_or(|last| last.time <= now);
        let one_sign = matches!(rule.effect, EventEffect::Points(_))
            || awards.iter().all(|award| award.points >= 0.0)
            || awards.iter().all(|award| award.points <= 0.0);
        let mut curve = Self { rule, awards, cap, fading: made && falls && one_sign, halving: None };
        if let (true, Decay::HalfLife(half_life)) = (made, &rule.decay) {
            curve.fading = true;
            let magnitude = if one_sign { sum.abs() } else { curve.sum(now, f64::abs) };
            curve.halving = Some(Halving { rate: rates.place(*half_life), sum, magnitude });
        }
        curve
    }

    fn sum(&self, at: Instant, of: impl Fn(f64) -> f64) -> f64 {
        let made = self.awards.partition_point(|award| award.time <= at);
        self.rule.decay.sum(&self.awards[..made], at, of)
    }

    /// The instants at which an award is made or its worth jumps.
    fn jumps(&self) -> impl Iterator<Item = i64> {
        let (expiry, steps): (_, &[_]) = match &self.rule.decay {
            Decay::Expire(length) => (Some(*length), &[]),
            Decay::Steps(steps) => (None, steps),
            _ => (None, &[]),
        };
        let made = if self.fading { &[] } else { &self.awards[..] };
        let aged = self.awards.iter().flat_map(move |award| {
            let ages = steps.iter().map(|(age, _)| *age).chain(expiry);
            ages.map(|age| award.time.as_millis() + age.as_millis())
        });
        made.iter().map(|award| award.time.as_millis()).chain(aged)
    }

    /// What the awards are worth, nearly.
    fn estimate(&self, at: Instant, rates: &Rates) -> Bounds {
        let Some(Halving { rate, sum, magnitude }) = &self.halving else {
            return Bounds::exactly(capped(self.sum(at, |points| points), self.cap));
        };
        let left = rates.left[*rate];
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
