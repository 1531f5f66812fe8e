//! Incremental state: what is kept of one lead under one plan, so that the next event costs only what it touches.
//!
//! The state is the lead's history as far as the plan can see it, with the ledger folded so far. An event that
//! comes in order steps the ledger; one that comes late makes the next score fold the history again. So every
//! order of arrival ends in the same score as a replay.

mod codec;
mod gathered;

use std::collections::BTreeSet;

use crate::{
    history::{Event, EventId, History},
    instant::{Duration, Instant},
    ledger::Ledger,
    program::Program,
    replay::{Replay, fold},
    score::{Detail, Score, score, score_ahead},
    value::Value,
    worth::Subject,
};

pub(crate) use codec::fingerprint;
pub use codec::{STATE_VERSION, StateError};
pub use gathered::Gathered;

/// What is kept of one lead under one plan.
#[derive(Debug, Clone, Default)]
pub struct State {
    /// The history, less what no rule of the plan can see.
    history: History,
    /// The ids of all events, also of those that are not kept.
    ids: BTreeSet<EventId>,
    /// The latest event that is kept.
    latest: Option<(Instant, EventId)>,
    /// The fold of all kept events; absent after a late event.
    folded: Option<Folded>,
}

#[derive(Debug, Clone)]
struct Folded {
    ledger: Ledger,
    attributes: Vec<Option<Value>>,
}

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// It was taken in.
    New,
    /// An event with its id came before; it changes nothing.
    Duplicate,
}

impl State {
    /// A lead of which nothing is known but attributes that hold since ever (its own, and its account's), by slot.
    pub fn new(attributes: Vec<Option<Value>>, account: Vec<Option<Value>>) -> Self {
        Self { history: History { attributes, account, events: Vec::new() }, ..Self::default() }
    }

    /// Takes in an event, in any order of arrival.
    pub fn apply(&mut self, program: &Program, mut event: Event) -> Applied {
        if !self.ids.insert(event.id.clone()) {
            return Applied::Duplicate;
        }
        if project(program, &mut event) {
            self.step(program, &event);
            if self.latest.as_ref().is_none_or(|(time, id)| (*time, id) < event.key()) {
                self.latest = Some((event.time, event.id.clone()));
            }
            self.history.events.push(event);
        }
        Applied::New
    }

    /// Takes in all that another state of the same lead and plan knows; where both have something, this one's counts.
    pub fn merge(&mut self, program: &Program, other: Self) {
        fill(&mut self.history.attributes, other.history.attributes);
        fill(&mut self.history.account, other.history.account);
        self.folded = None;
        for event in other.history.events {
            self.apply(program, event);
        }
        self.ids.extend(other.ids);
    }

    /// The score at any instant, or `None` where the plan does not apply: later than all events, it costs what the
    /// rules cost; earlier, or after a late event, the history is folded again.
    pub fn score(&mut self, program: &Program, at: Instant, detail: Detail) -> Option<Score> {
        match self.subject(program, at) {
            Some(subject) => score(program, &subject, detail),
            None => Replay::new(program, &self.history, at).score(program, detail),
        }
    }

    /// The same without reasons, and with a change of tier looked for no further ahead than so long: see
    /// [`score_ahead`].
    pub fn score_ahead(&mut self, program: &Program, at: Instant, ahead: Duration) -> Option<Score> {
        match self.subject(program, at) {
            Some(subject) => score_ahead(program, &subject, ahead),
            None => {
                Replay::new(program, &self.history, at).score(program, Detail { until: true, reasons: false })
            }
        }
    }

    /// The lead at an instant; nothing at one that is earlier than some event.
    fn subject(&mut self, program: &Program, at: Instant) -> Option<Subject<'_>> {
        if self.latest.as_ref().is_some_and(|(latest, _)| at < *latest) {
            return None;
        }
        let folded = self.folded.get_or_insert_with(|| Folded::replay(program, &self.history));
        let Folded { ledger, attributes } = folded;
        Some(Subject { ledger, lead: attributes, account: &self.history.account, at })
    }

    /// The history, less what no rule of the plan can see.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// Steps the fold if the event comes in order, or gives the fold up.
    fn step(&mut self, program: &Program, event: &Event) {
        let rules = program.lead_rules();
        let in_order = match &self.latest {
            None => true,
            // What is written at an instant holds for all events of the instant, also for those before.
            Some((time, _)) if *time == event.time && !event.traits.is_empty() && rules.looks_at_lead() => {
                false
            }
            Some((time, id)) => (*time, id) < event.key(),
        };
        if !in_order {
            self.folded = None;
            return;
        }
        if self.latest.is_none() {
            self.folded = Some(Folded::replay(program, &self.history));
        }
        if let Some(folded) = &mut self.folded {
            event.write_traits(&mut folded.attributes);
            let sighting = event.sighting(rules, &folded.attributes, &self.history.account);
            folded.ledger.apply(rules, event.time, 0, &sighting);
        }
    }
}

impl Folded {
    fn replay(program: &Program, history: &History) -> Self {
        let (ledger, attributes) = fold(program, history, Instant::MAX);
        Self { ledger, attributes }
    }
}

/// Cuts off what no rule can see; whether anything is left to keep.
fn project(program: &Program, event: &mut Event) -> bool {
    let rules = program.lead_rules();
    let of_account = program.account_rules();
    let matched = !rules.matchers_of(event.name).is_empty()
        || of_account.is_some_and(|rules| !rules.matchers_of(event.name).is_empty());
    if !matched {
        event.properties = Box::default();
        event.context = Box::default();
    }
    let timed = rules.needs_every_event() || of_account.is_some_and(|rules| rules.needs_every_event());
    matched || timed || !event.traits.is_empty()
}

fn fill(own: &mut Vec<Option<Value>>, other: Vec<Option<Value>>) {
    own.resize(own.len().max(other.len()), None);
    for (own, other) in own.iter_mut().zip(other) {
        if own.is_none() {
            *own = other;
        }
    }
}
