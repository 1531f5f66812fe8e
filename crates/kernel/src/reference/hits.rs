//! Step 3 of the definition: which events are hits, and when.

use super::{Case, Occurrence};
use crate::{
    instant::{Duration, Instant},
    plan::{CaptureId, EventRule, Hit, MatcherId},
};

impl Case<'_> {
    /// The hits in order: the place of the event that each is computed on, and its time.
    pub(super) fn hits(&self, rule: &EventRule) -> Vec<(usize, Instant)> {
        let time = |place: usize| self.occurrences[place].event.time;
        match &rule.hit {
            Hit::Each { event } => {
                self.counted(*event, rule.distinct).into_iter().map(|place| (place, time(place))).collect()
            }
            Hit::Times { event, times, within } => {
                self.windows(*event, rule.distinct, *within, |window| window.len() >= *times as usize)
            }
            Hit::People { event, people, within } => self.windows(*event, rule.distinct, *within, |window| {
                let mut leads: Vec<u32> = window.iter().map(|occurrence| occurrence.who).collect();
                leads.sort_unstable();
                leads.dedup();
                leads.len() >= *people as usize
            }),
            Hit::Unless { event, unless, within } => {
                let counted = self.counted(*event, rule.distinct).into_iter();
                let due = counted.map(|place| (place, time(place).after(*within)));
                due.filter(|(place, due)| *due <= self.at && !self.follows(*place, *unless, *due)).collect()
            }
            Hit::Sequence { steps, within } => self.sequences(steps, *within),
        }
    }

    /// Whether an event that meets `matcher` comes after the one at `place`, by `due`.
    fn follows(&self, place: usize, matcher: MatcherId, due: Instant) -> bool {
        let later = &self.occurrences[place + 1..];
        later.iter().any(|later| later.event.time <= due && self.meets(later, matcher))
    }

    /// Hits of counted events that, with the unused ones before them in the window, are enough.
    fn windows(
        &self,
        matcher: MatcherId,
        distinct: Option<CaptureId>,
        within: Option<Duration>,
        enough: impl Fn(&[&Occurrence<'_>]) -> bool,
    ) -> Vec<(usize, Instant)> {
        let mut used = vec![false; self.occurrences.len()];
        let mut hits = Vec::new();
        let counted = self.counted(matcher, distinct);
        for (nth, place) in counted.iter().enumerate() {
            let now = self.occurrences[*place].event.time;
            let in_window = |other: &usize| {
                within.is_none_or(|w| now.millis_since(self.occurrences[*other].event.time) <= w.as_millis())
            };
            let before = counted[..=nth].iter().copied();
            let window: Vec<usize> = before.filter(|other| !used[*other] && in_window(other)).collect();
            let occurrences: Vec<_> = window.iter().map(|place| &self.occurrences[*place]).collect();
            if enough(&occurrences) {
                window.into_iter().for_each(|place| used[place] = true);
                hits.push((*place, now));
            }
        }
        hits
    }

    fn sequences(&self, steps: &[MatcherId], within: Option<Duration>) -> Vec<(usize, Instant)> {
        // `partial[k]` is the latest start of a match of the steps up to and including k.
        let mut partial: Vec<Option<Instant>> = vec![None; steps.len()];
        let mut hits = Vec::new();
        for (place, occurrence) in self.occurrences.iter().enumerate() {
            let now = occurrence.event.time;
            for step in (0..steps.len()).rev().filter(|step| self.meets(occurrence, steps[*step])) {
                let start = if step == 0 { Some(now) } else { partial[step - 1] };
                partial[step] = partial[step].max(start);
            }
            let whole = partial.last().copied().flatten();
            if whole.is_some_and(|start| within.is_none_or(|w| now.millis_since(start) <= w.as_millis())) {
                hits.push((place, now));
                partial.fill(None);
            } else if let Some(last) = partial.last_mut() {
                *last = None;
            }
        }
        hits
    }
}
