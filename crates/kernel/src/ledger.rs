//! The ledger: what the rules hold of the events so far, one event at a time and in event order.

mod progress;

use std::borrow::Cow;

use rustc_hash::FxHashSet;

use crate::{
    instant::Instant,
    plan::{CaptureId, EventEffect, EventRule, Limit, Rule, RuleKind},
    predict::Noted,
    program::Rules,
    sighting::Sighting,
};
use progress::{Occurrence, Progress};

/// What a set of rules holds of one lead's (or account's) events.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    entries: Vec<Entry>,
    /// What predictions want noted, one an observation.
    noted: Vec<Noted>,
    first_known: Option<Instant>,
    /// The time of the last event but `identify`.
    last_heard: Option<Instant>,
}

/// An entry in the ledger: points granted at a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Award {
    /// When.
    pub time: Instant,
    /// How many points, before any decay.
    pub points: f64,
}

/// What one rule holds.
#[derive(Debug, Clone)]
pub(crate) enum Entry {
    /// Rules that do not look at events.
    Standing,
    /// A count rule: the times of the counted events.
    Count { seen: Seen, times: Vec<Instant> },
    /// An inactivity rule: the time of the last of its events.
    Silence { last: Option<Instant> },
    /// An inactivity rule that any event but `identify` puts off.
    SilenceOfAll,
    /// An event rule: its awards, and how far the next hit has come.
    Awards { seen: Seen, progress: Progress, awards: Vec<Award> },
}

/// The `distinct` values that a rule has counted.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen(FxHashSet<Box<[u8]>>);

impl Ledger {
    /// An empty ledger for these rules.
    pub fn new(rules: Rules<'_>) -> Self {
        let noted = rules.set.observations.iter().map(Noted::new).collect();
        Self { entries: rules.set.rules.iter().map(Entry::new).collect(), noted, ..Self::default() }
    }

    /// Empties the ledger for the next lead; what it has allocated is kept.
    pub fn clear(&mut self) {
        (self.first_known, self.last_heard) = (None, None);
        self.entries.iter_mut().for_each(Entry::clear);
        self.noted.iter_mut().for_each(Noted::clear);
    }

    /// Takes in the next event, in event order. `who` tells the members of an account apart.
    #[inline]
    pub fn apply(&mut self, rules: Rules<'_>, time: Instant, who: u32, sighting: &Sighting) {
        self.hear(time, sighting);
        rules.each_touched(sighting, |rule| self.touch(rules, rule, (time, who), sighting));
    }

    /// The same where it is known already which rules look at the event: those of [`Rules::each_touched`].
    #[inline]
    pub fn apply_to(
        &mut self,
        rules: Rules<'_>,
        touched: &[usize],
        (time, who): (Instant, u32),
        sighting: &Sighting,
    ) {
        self.hear(time, sighting);
        touched.iter().for_each(|rule| self.touch(rules, *rule, (time, who), sighting));
    }

    fn hear(&mut self, time: Instant, sighting: &Sighting) {
        self.first_known.get_or_insert(time);
        if !sighting.is_identify() {
            self.last_heard = Some(time);
        }
    }

    #[inline]
    fn touch(&mut self, rules: Rules<'_>, rule: usize, (time, who): (Instant, u32), sighting: &Sighting) {
        match self.entries.get_mut(rule) {
            Some(entry) => entry.apply(&rules.set.rules[rule].kind, time, who, sighting),
            None => self.note(rules, rule, time, sighting),
        }
    }

    #[inline(never)]
    fn note(&mut self, rules: Rules<'_>, rule: usize, time: Instant, sighting: &Sighting) {
        let place = rule - self.entries.len();
        self.noted[place].note(&rules.set.observations[place], time, sighting);
    }

    /// Takes in that no further event came up to `now`: waiting hits become awards.
    pub fn settle(&mut self, rules: Rules<'_>, now: Instant) {
        for place in rules.waiting() {
            let (entry, kind) = (&mut self.entries[*place], &rules.set.rules[*place].kind);
            if let (Entry::Awards { progress, awards, .. }, RuleKind::Event(rule)) = (entry, kind) {
                while let Some(hit) = progress.due(rule, now) {
                    grant(awards, rule.limit, hit);
                }
            }
        }
    }

    /// The time of the first event.
    pub fn first_known(&self) -> Option<Instant> {
        self.first_known
    }

    /// The time of the last event that put off the inactivity rule of an entry.
    pub(crate) fn last_heard(&self, entry: &Entry) -> Option<Instant> {
        match entry {
            Entry::Silence { last } => *last,
            Entry::SilenceOfAll => self.last_heard,
            _ => None,
        }
    }

    pub(crate) fn entry(&self, rule: usize) -> &Entry {
        &self.entries[rule]
    }

    /// What an observation has noted.
    pub(crate) fn noted(&self, observation: usize) -> &Noted {
        &self.noted[observation]
    }
}

/// What an event grants by a rule, if it is a hit.
fn points(rule: &EventRule, sighting: &Sighting) -> f64 {
    match &rule.effect {
        EventEffect::Points(points) => *points,
        EventEffect::Formula(capture) => sighting.points(*capture),
        EventEffect::Disqualify => 0.0,
    }
}

/// Adds an award unless the rule's limit is reached.
fn grant(awards: &mut Vec<Award>, limit: Option<Limit>, hit: Award) {
    let Some(limit) = limit else {
        return awards.push(hit);
    };
    // Awards are in order of time, so the window holds `times` of them if it holds the `times`-th latest.
    let place = awards.len().checked_sub(limit.times as usize);
    let reached = match (place.map(|place| awards.get(place)), limit.per) {
        (None, _) => false,
        (Some(Some(award)), Some(per)) => hit.time.millis_since(award.time) < per.as_millis(),
        (Some(_), _) => true,
    };
    if !reached {
        awards.push(hit);
    }
}

impl Entry {
    fn new(rule: &Rule) -> Self {
        match &rule.kind {
            RuleKind::Trait { .. } | RuleKind::Value { .. } | RuleKind::Predict(_) => Self::Standing,
            RuleKind::Count { .. } => Self::Count { seen: Seen::default(), times: Vec::new() },
            RuleKind::Inactivity { event: Some(_), .. } => Self::Silence { last: None },
            RuleKind::Inactivity { event: None, .. } => Self::SilenceOfAll,
            RuleKind::Event(rule) => {
                Self::Awards { seen: Seen::default(), progress: Progress::new(&rule.hit), awards: Vec::new() }
            }
        }
    }

    fn clear(&mut self) {
        match self {
            Self::Standing | Self::SilenceOfAll => {}
            Self::Count { seen, times } => {
                seen.0.clear();
                times.clear();
            }
            Self::Silence { last } => *last = None,
            Self::Awards { seen, progress, awards } => {
                seen.0.clear();
                progress.clear();
                awards.clear();
            }
        }
    }

    #[inline]
    fn apply(&mut self, kind: &RuleKind, time: Instant, who: u32, sighting: &Sighting) {
        match (self, kind) {
            // What most rules are: each event is a hit of its own.
            (Self::Awards { progress: Progress::Each, awards, .. }, RuleKind::Event(rule))
                if rule.distinct.is_none() =>
            {
                grant(awards, rule.limit, Award { time, points: points(rule, sighting) });
            }
            (entry, kind) => entry.advance(kind, time, who, sighting),
        }
    }

    /// Takes in an event of which it depends on those before whether it is a hit.
    #[inline(never)]
    fn advance(&mut self, kind: &RuleKind, time: Instant, who: u32, sighting: &Sighting) {
        match (self, kind) {
            (Self::Silence { last }, _) => *last = Some(time),
            (Self::Count { seen, times }, RuleKind::Count { distinct, .. }) => {
                times.extend(seen.counts(*distinct, sighting).then_some(time));
            }
            (Self::Awards { seen, progress, awards }, RuleKind::Event(rule)) => {
                while let Some(hit) = progress.due(rule, Instant::from_millis(time.as_millis() - 1)) {
                    grant(awards, rule.limit, hit);
                }
                let event = Occurrence { time, who, sighting };
                if progress.advance(rule, &event, |sighting| seen.counts(rule.distinct, sighting)) {
                    grant(awards, rule.limit, Award { time, points: points(rule, sighting) });
                }
            }
            _ => {}
        }
    }

    /// Whether nothing was granted and nothing waits to be.
    pub(crate) fn is_blank(&self) -> bool {
        matches!(self, Self::Awards { progress, awards, .. } if awards.is_empty() && !progress.waits())
    }

    /// Whether all that was granted was so by `at`, and nothing waits to be.
    pub(crate) fn is_made(&self, at: Instant) -> bool {
        let made = |awards: &[Award]| awards.last().is_none_or(|last| last.time <= at);
        matches!(self, Self::Awards { progress, awards, .. } if made(awards) && !progress.waits())
    }

    /// The awards up to `at`, with those that waiting hits will have become by then.
    #[inline]
    pub(crate) fn awards(&self, rule: &EventRule, at: Instant) -> Cow<'_, [Award]> {
        let Self::Awards { progress, awards, .. } = self else {
            return Cow::Borrowed(&[]);
        };
        if progress.is_due(rule, at) {
            Cow::Owned(awards_with_due(awards, progress, (rule, at)))
        } else {
            Cow::Borrowed(awards)
        }
    }
}

/// Awards, with those that waiting hits have become by an instant.
#[cold]
fn awards_with_due(awards: &[Award], progress: &Progress, (rule, at): (&EventRule, Instant)) -> Vec<Award> {
    let (mut progress, mut awards) = (progress.clone(), awards.to_vec());
    while let Some(hit) = progress.due(rule, at) {
        grant(&mut awards, rule.limit, hit);
    }
    awards
}

impl Seen {
    /// Whether an event counts: its distinct value is none of those before. Notes the value.
    #[inline]
    fn counts(&mut self, distinct: Option<CaptureId>, sighting: &Sighting) -> bool {
        distinct.is_none_or(|capture| self.is_new(sighting.key(capture)))
    }

    fn is_new(&mut self, key: Option<&[u8]>) -> bool {
        key.is_some_and(|key| !self.0.contains(key) && self.0.insert(key.into()))
    }
}
