//! How far the next hit of an event rule has come: one small machine for each kind of hit.

use std::collections::VecDeque;

use crate::{
    instant::{Duration, Instant},
    ledger::{Award, points},
    plan::{self, EventRule, MatcherId},
    sighting::Sighting,
};

/// What a rule remembers between hits.
#[derive(Debug, Clone)]
pub(crate) enum Progress {
    /// Each event that counts is a hit of its own: nothing to remember.
    Each,
    /// The unused events, with whose they are.
    Unused(VecDeque<(Instant, u32)>),
    /// Events that become hits unless something follows: the time is the event's own.
    Waiting(VecDeque<Award>),
    /// For each step but the last, the latest start of a partial match that has come so far.
    Starts(Vec<Option<Instant>>),
}

/// An event that may make a hit.
pub(super) struct Occurrence<'a> {
    pub(super) time: Instant,
    pub(super) who: u32,
    pub(super) sighting: &'a Sighting,
}

impl Progress {
    pub(super) fn new(hit: &plan::Hit) -> Self {
        match hit {
            plan::Hit::Each { .. } => Self::Each,
            plan::Hit::Times { .. } | plan::Hit::People { .. } => Self::Unused(VecDeque::new()),
            plan::Hit::Unless { .. } => Self::Waiting(VecDeque::new()),
            plan::Hit::Sequence { steps, .. } => Self::Starts(vec![None; steps.len().saturating_sub(1)]),
        }
    }

    pub(super) fn clear(&mut self) {
        match self {
            Self::Each => {}
            Self::Unused(events) => events.clear(),
            Self::Waiting(events) => events.clear(),
            Self::Starts(starts) => starts.fill(None),
        }
    }

    /// Takes in an event that meets one of the rule's matchers; whether it is a hit.
    /// `counts` tells, once for each event that matches, whether its distinct value is new.
    pub(super) fn advance(
        &mut self,
        rule: &EventRule,
        event: &Occurrence<'_>,
        counts: impl FnOnce(&Sighting) -> bool,
    ) -> bool {
        match (self, &rule.hit) {
            (Self::Each, _) => counts(event.sighting),
            (Self::Unused(unused), plan::Hit::Times { times, within, .. }) => {
                counts(event.sighting)
                    && use_up(unused, event, *within, |unused| unused.len() >= *times as usize)
            }
            (Self::Unused(unused), plan::Hit::People { people, within, .. }) => {
                counts(event.sighting)
                    && use_up(unused, event, *within, |unused| leads(unused) >= *people as usize)
            }
            (Self::Waiting(waiting), plan::Hit::Unless { event: matcher, unless, .. }) => {
                // An event that matches both ends the waiting of those before it and waits itself.
                if event.sighting.meets(*unless) {
                    waiting.clear();
                }
                if event.sighting.meets(*matcher) && counts(event.sighting) {
                    waiting.push_back(Award { time: event.time, points: points(rule, event.sighting) });
                }
                false
            }
            (Self::Starts(starts), plan::Hit::Sequence { steps, within }) => {
                advance_steps(starts, steps, *within, event)
            }
            _ => false,
        }
    }

    /// Whether some event waits to become a hit.
    pub(super) fn waits(&self) -> bool {
        matches!(self, Self::Waiting(waiting) if !waiting.is_empty())
    }

    /// The next waiting event that has become a hit by `now`, as the award at the end of its window.
    pub(super) fn due(&mut self, rule: &EventRule, now: Instant) -> Option<Award> {
        if !self.is_due(rule, now) {
            return None;
        }
        match (self, &rule.hit) {
            (Self::Waiting(waiting), plan::Hit::Unless { within, .. }) => {
                waiting.pop_front().map(|event| Award { time: event.time.after(*within), ..event })
            }
            _ => None,
        }
    }

    /// Whether some waiting event has become a hit by `now`.
    #[inline]
    pub(super) fn is_due(&self, rule: &EventRule, now: Instant) -> bool {
        // Few rules wait at all.
        let Self::Waiting(waiting) = self else {
            return false;
        };
        match &rule.hit {
            plan::Hit::Unless { within, .. } => {
                waiting.front().is_some_and(|event| event.time.after(*within) <= now)
            }
            _ => false,
        }
    }
}

/// Adds an event to the unused ones; if with it they are enough, it is a hit and uses all of them up.
fn use_up(
    unused: &mut VecDeque<(Instant, u32)>,
    event: &Occurrence<'_>,
    within: Option<Duration>,
    enough: impl Fn(&VecDeque<(Instant, u32)>) -> bool,
) -> bool {
    if let Some(within) = within {
        let start = event.time.before(within);
        while unused.front().is_some_and(|(time, _)| *time < start) {
            unused.pop_front();
        }
    }
    unused.push_back((event.time, event.who));
    let hit = enough(unused);
    if hit {
        unused.clear();
    }
    hit
}

fn leads(events: &VecDeque<(Instant, u32)>) -> usize {
    let mut leads: Vec<u32> = events.iter().map(|(_, who)| *who).collect();
    leads.sort_unstable();
    leads.dedup();
    leads.len()
}

/// Tries an event against the steps, the last one first, so that it advances a partial match by one step at most.
fn advance_steps(
    starts: &mut [Option<Instant>],
    steps: &[MatcherId],
    within: Option<Duration>,
    event: &Occurrence<'_>,
) -> bool {
    for (place, step) in steps.iter().enumerate().rev() {
        if !event.sighting.meets(*step) {
            continue;
        }
        let start = match place.checked_sub(1) {
            None => Some(event.time),
            Some(before) => starts.get(before).copied().flatten(),
        };
        let Some(start) = start else {
            continue;
        };
        let in_time = within.is_none_or(|within| event.time.millis_since(start) <= within.as_millis());
        match starts.get_mut(place) {
            Some(kept) => *kept = (*kept).max(Some(start)),
            None if in_time => {
                starts.fill(None);
                return true;
            }
            None => {}
        }
    }
    false
}
