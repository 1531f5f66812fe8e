//! Hand-offs that would not have been without the events of a void: the state at the instant of each is computed with these
//! events and without them.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use kelvin_kernel::{
    Instant,
    history::EventId,
    score::{Detail, Standing},
};
use kelvin_store::{HandOff, Switch, View};

use crate::{
    Error, Model,
    models::{key, loaded},
    segment::Call,
};

/// Events of a void whose leads are looked for at most, the latest.
const MOST_EVENTS: usize = 10_000;

/// Hand-offs that are judged at most.
const MOST_HAND_OFFS: usize = 500;

/// The hand-offs that a void leaves without ground.
#[derive(Debug, Default)]
pub(crate) struct Caused {
    pub(crate) hand_offs: Vec<HandOff>,
    /// Whether all hand-offs were judged that may be among them.
    pub(crate) is_all: bool,
}

/// An event of a lead, and the first void that took it.
struct Past {
    call: Call,
    id: EventId,
    received: Instant,
    void: Option<u64>,
}

/// The models as they served in the past.
struct Then<'a> {
    view: &'a dyn View,
    shelf: Arc<Vec<Model>>,
    switches: BTreeMap<String, Vec<Switch>>,
    loaded: BTreeMap<u64, Option<Model>>,
}

/// The hand-offs that a void leaves without ground, those of one lead together. Each is that of one void: the first without
/// whose events, and those of the voids before it, the lead would not have been in the tier.
pub(crate) fn caused(view: &dyn View, shelf: Arc<Vec<Model>>, number: u64) -> Result<Caused, Error> {
    let seqs = view.voided_by(number)?;
    let mut then = Then { view, shelf, switches: BTreeMap::new(), loaded: BTreeMap::new() };
    let mut caused = Caused { hand_offs: Vec::new(), is_all: seqs.len() <= MOST_EVENTS };
    let mut room = MOST_HAND_OFFS;
    for lead in leads(view, &seqs)? {
        let mut of_lead = view.hand_offs(Some(&lead), None, room + 1)?;
        caused.is_all &= of_lead.len() <= room;
        of_lead.truncate(room);
        room -= of_lead.len();
        caused.take(&mut then, of_lead, number)?;
    }
    Ok(caused)
}

/// The leads of the latest of some events.
fn leads(view: &dyn View, seqs: &[u64]) -> Result<BTreeSet<String>, Error> {
    let mut leads = BTreeSet::new();
    for seq in seqs.iter().rev().take(MOST_EVENTS) {
        leads.extend(view.event(*seq)?.map(|event| event.lead));
    }
    Ok(leads)
}

impl Caused {
    /// Takes those hand-offs of a lead that rested on the events of a void.
    fn take(&mut self, then: &mut Then<'_>, of_lead: Vec<HandOff>, number: u64) -> Result<(), Error> {
        let Some(first) = of_lead.first() else { return Ok(()) };
        let past = past(then.view, &first.lead)?;
        for hand_off in of_lead {
            match then.model(&hand_off)? {
                Some(model) if rested(then.view, &model, &past, (&hand_off, number))? => {
                    self.hand_offs.push(hand_off);
                }
                Some(_) => {}
                None => self.is_all = false,
            }
        }
        Ok(())
    }
}

/// All events of a lead.
fn past(view: &dyn View, lead: &str) -> Result<Vec<Past>, Error> {
    let events = view.events_of(lead)?.into_iter().map(|event| {
        let first = || Ok::<_, Error>(view.voids_of(event.seq)?.iter().map(|void| void.number).min());
        let void = if event.is_void { first()? } else { None };
        let call = Call::from_log(&event).ok_or(Error::Damaged(event.seq))?;
        Ok(Past { id: call.event_id(event.seq), call, received: event.received, void })
    });
    events.collect()
}

/// Whether a hand-off rested on the events of a void.
fn rested(
    view: &dyn View,
    model: &Model,
    past: &[Past],
    (hand_off, number): (&HandOff, u64),
) -> Result<bool, Error> {
    let Some(asked) = hand_off.asked.as_deref().or(hand_off.tier.as_deref()) else { return Ok(false) };
    let tiers = &model.program().plan().tiers;
    let Some(asked) = tiers.iter().position(|tier| *tier.name == *asked) else { return Ok(false) };
    let stood = |first_that_counts: u64| -> Result<bool, Error> {
        let mut state = Model::blank();
        let counts = |event: &&Past| {
            event.received <= hand_off.at && event.void.is_none_or(|void| void >= first_that_counts)
        };
        for Past { call, id, .. } in past.iter().filter(counts) {
            model.apply(&mut state, call, id.clone());
        }
        let score = model.score(&mut state, view, hand_off.at, Detail { until: false, reasons: false })?;
        Ok(score.is_some_and(|score| matches!(score.standing, Standing::Tier(tier) if tier >= asked)))
    };
    Ok(stood(number)? && !stood(number + 1)?)
}

impl Then<'_> {
    /// The model by which a lead was handed off, as it served then.
    fn model(&mut self, hand_off: &HandOff) -> Result<Option<Model>, Error> {
        if !self.switches.contains_key(&hand_off.model) {
            self.switches.insert(hand_off.model.clone(), self.view.switches(&hand_off.model)?);
        }
        let served = |switch: &&Switch| {
            switch.failure.is_none() && switch.ended.is_some_and(|ended| ended <= hand_off.at)
        };
        let mut switches = self.switches.get(&hand_off.model).into_iter().flatten();
        let Some(switch) = switches.find(served) else { return Ok(None) };
        let of_switch = || {
            let key = key(switch);
            let known = self.shelf.iter().find(|model| model.key() == key).cloned();
            // A text that a later version of Kelvin does not read any more cannot be judged by.
            known.or_else(|| loaded(self.view, switch).ok())
        };
        Ok(self.loaded.entry(switch.number).or_insert_with(of_switch).clone())
    }
}
