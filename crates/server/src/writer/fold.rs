//! What models remember of leads whose events are not only more than they were: folded again from the log.

use kelvin_kernel::{Instant, state::State};
use kelvin_store::{Change, Event};

use super::apply::{forget_before, put};
use crate::{
    Error, Model,
    playbook::{Scored, Why, given_up},
    segment::Call,
};

/// Brings a lead up to date whose ids or events have changed; one without events that count is
/// forgotten.
pub(super) fn fold_again(
    change: &mut dyn Change,
    models: &[Model],
    lead: &str,
    why: &Why<'_>,
    now: Instant,
) -> Result<(), Error> {
    let mut present = Vec::new();
    for model in models {
        if !model.puts_off(change, lead)? {
            present.push(model);
        }
    }
    let is_gone = change.ids_of(lead)?.is_empty();
    let mut events = if is_gone { Vec::new() } else { change.events_of(lead)? };
    events.retain(|event| !event.is_void);
    if events.is_empty() {
        return present.into_iter().try_for_each(|model| give_up(change, (model, lead), why, now));
    }
    put_folded(change, &present, lead, (&events, why), now)
}

/// Notes that a model holds nothing of a lead any more, which is in no tier then.
fn give_up(
    change: &mut dyn Change,
    (model, lead): (&Model, &str),
    why: &Why<'_>,
    now: Instant,
) -> Result<(), Error> {
    if model.incoming().is_none() {
        given_up(
            change,
            why,
            &Scored { model, lead, state: &mut Model::blank(), score: None, given: None, now },
        )?;
        forget_before(change, model, lead)?;
    }
    Ok(change.hold(model.key(), lead, None)?)
}

/// Folds the history of a lead, and notes what comes of it.
pub(super) fn put_folded(
    change: &mut dyn Change,
    models: &[&Model],
    lead: &str,
    (events, why): (&[Event], &Why<'_>),
    now: Instant,
) -> Result<(), Error> {
    let mut states = folded(models, events)?;
    models.iter().zip(&mut states).try_for_each(|(model, state)| put(change, (model, lead), state, why, now))
}

/// What each model remembers of a history.
pub(super) fn folded(models: &[&Model], events: &[Event]) -> Result<Vec<State>, Error> {
    let mut states: Vec<_> = models.iter().map(|_| Model::blank()).collect();
    for event in events.iter().filter(|event| !event.is_void) {
        let call = Call::from_log(event).ok_or(Error::Damaged(event.seq))?;
        for (model, state) in models.iter().zip(&mut states) {
            model.apply(state, &call, call.event_id(event.seq));
        }
    }
    Ok(states)
}
