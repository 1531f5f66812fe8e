//! A whole history, folded at once: the plain way from what is known of a lead to its score.

use rustc_hash::FxHashSet;

use crate::{
    expr::Env,
    history::{Event, EventId, History},
    instant::Instant,
    ledger::Ledger,
    program::{Program, Rules},
    score::{Detail, Score, score},
    sighting::Sighting,
    value::Value,
    worth::Subject,
};

/// A history as of an instant: what its rules hold, and its attributes.
#[derive(Debug, Clone)]
pub struct Replay<'a> {
    ledger: Ledger,
    attributes: Vec<Option<Value>>,
    account: &'a [Option<Value>],
    at: Instant,
}

impl<'a> Replay<'a> {
    /// Folds all of a history that lies at or before `at`.
    pub fn new(program: &Program, history: &'a History, at: Instant) -> Self {
        let (mut ledger, attributes) = fold(program, history, at);
        ledger.settle(program.lead_rules(), at);
        Self { ledger, attributes, account: &history.account, at }
    }

    /// The history as the rules see it.
    pub fn subject(&self) -> Subject<'_> {
        Subject { ledger: &self.ledger, lead: &self.attributes, account: self.account, at: self.at }
    }

    /// The score, or `None` where the plan does not apply.
    pub fn score(&self, program: &Program, detail: Detail) -> Option<Score> {
        score(program, &self.subject(), detail)
    }
}

/// Replays a history as of `at`, and shows it on the way as of each of some ascending instants that are not later.
pub fn at_each<'a>(
    program: &Program,
    history: &'a History,
    instants: &[Instant],
    at: Instant,
    mut look: impl FnMut(&Subject<'_>),
) -> Replay<'a> {
    let rules = program.lead_rules();
    let events = in_event_order(&history.events, at);
    let mut rest = &events[..];
    let mut ledger = Ledger::new(rules);
    let mut attributes = attributes_since_ever(program, history);
    let mut go_on = |ledger: &mut Ledger, attributes: &mut Vec<Option<Value>>, to: Instant| {
        let (due, later) = rest.split_at(rest.partition_point(|event| event.time <= to));
        take_in(attributes, &history.account, due, |event, env| {
            ledger.apply(rules, event.time, 0, &Sighting::of(rules, event.name, env));
        });
        rest = later;
    };
    for &then in instants {
        go_on(&mut ledger, &mut attributes, then);
        look(&Subject { ledger: &ledger, lead: &attributes, account: &history.account, at: then });
    }
    go_on(&mut ledger, &mut attributes, at);
    ledger.settle(rules, at);
    Replay { ledger, attributes, account: &history.account, at }
}

/// What a lead's rules hold of all events at or before `at`, and its attributes then.
pub(crate) fn fold(program: &Program, history: &History, at: Instant) -> (Ledger, Vec<Option<Value>>) {
    let rules = program.lead_rules();
    let mut ledger = Ledger::new(rules);
    let events = in_event_order(&history.events, at);
    let attributes = each_sighting(program, rules, history, &events, |event, sighting| {
        ledger.apply(rules, event.time, 0, &sighting);
    });
    (ledger, attributes)
}

/// The events at or before `at`, each id once (the first that arrived), by time and id.
pub fn in_event_order(events: &[Event], at: Instant) -> Vec<&Event> {
    let mut seen: FxHashSet<&EventId> = FxHashSet::default();
    let mut ordered: Vec<&Event> = events.iter().filter(|event| seen.insert(&event.id)).collect();
    ordered.retain(|event| event.time <= at);
    ordered.sort_by(|a, b| a.key().cmp(&b.key()));
    ordered
}

/// Calls `take` with what `rules` see of each event, its conditions looking at the attributes as of the event's
/// time; returns the attributes after the last. The events are in event order.
pub(crate) fn each_sighting<'e>(
    program: &Program,
    rules: Rules<'_>,
    history: &History,
    events: &[&'e Event],
    mut take: impl FnMut(&'e Event, Sighting),
) -> Vec<Option<Value>> {
    let mut attributes = attributes_since_ever(program, history);
    take_in(&mut attributes, &history.account, events, |event, env| {
        take(event, Sighting::of(rules, event.name, env));
    });
    attributes
}

/// Calls `look` with each event at or before `at`, in event order, and with what conditions see of it: the attributes as of its time.
pub fn each_event<'e>(
    program: &Program,
    history: &'e History,
    at: Instant,
    look: impl FnMut(&'e Event, &Env<'_>),
) {
    let mut attributes = attributes_since_ever(program, history);
    take_in(&mut attributes, &history.account, &in_event_order(&history.events, at), look);
}

/// The attributes of a history before its events, in all slots of the plan.
pub(crate) fn attributes_since_ever(program: &Program, history: &History) -> Vec<Option<Value>> {
    let mut attributes = history.attributes.clone();
    attributes.resize(program.plan().schema.lead.fields.len(), None);
    attributes
}

/// Goes on with further events, in event order and later than those before: `attributes` are as of the last.
pub(crate) fn take_in<'e>(
    attributes: &mut [Option<Value>],
    account: &[Option<Value>],
    events: &[&'e Event],
    mut take: impl FnMut(&'e Event, &Env<'_>),
) {
    // What is written at an instant holds for all events of the instant.
    for simultaneous in events.chunk_by(|a, b| a.time == b.time) {
        simultaneous.iter().for_each(|event| event.write_traits(attributes));
        for event in simultaneous {
            take(event, &event.env(attributes, account));
        }
    }
}

impl Event {
    /// What orders the events of a lead.
    pub fn key(&self) -> (Instant, &EventId) {
        (self.time, &self.id)
    }

    /// Sets the attributes that the event writes.
    pub fn write_traits(&self, attributes: &mut [Option<Value>]) {
        for (slot, value) in &self.traits {
            if let Some(attribute) = attributes.get_mut(*slot) {
                attribute.clone_from(value);
            }
        }
    }

    /// What conditions see of the event, given the attributes as of its time.
    pub fn env<'a>(&'a self, lead: &'a [Option<Value>], account: &'a [Option<Value>]) -> Env<'a> {
        Env { lead, account, event: &self.properties, context: &self.context, now: None }
    }

    /// What `rules` see of the event, given the attributes as of its time.
    pub fn sighting(&self, rules: Rules<'_>, lead: &[Option<Value>], account: &[Option<Value>]) -> Sighting {
        Sighting::of(rules, self.name, &self.env(lead, account))
    }
}
