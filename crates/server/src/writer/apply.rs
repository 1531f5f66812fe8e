//! Takes calls into the log, and into all that follows from it.

use std::collections::BTreeMap;

use kelvin_kernel::{
    Instant,
    history::EventId,
    plan::Plan,
    score::{Score, Standing},
    state::State,
};
use kelvin_store::{Change, Holding, LeadScore, Owner, View, Write};
use serde_json::Value as Json;

use super::{
    Receipt,
    ahead::{self, Made, Task},
    fold::{fold_again, folded},
    foresee,
    inherit::hand_on,
};
use crate::{
    Error, Model, Playbook, accounts,
    machine::{self, Rule},
    people::{self, Moved, Stirred},
    playbook::{Cause, Scored, Why, scored},
    segment::{ALL_TRAITS, Call, Kind},
    voids,
};

/// Events that came, by their leads.
type ByLead<'c> = BTreeMap<String, Vec<(&'c Call, EventId)>>;

/// Appends what some requests brought, each when it came; then brings every lead that is touched up to date, once.
pub(crate) fn take_in<'c>(
    change: &mut dyn Change,
    (models, playbook): (&[Model], Option<&Playbook>),
    deliveries: impl Iterator<Item = (&'c [Call], Instant)>,
    now: Instant,
) -> Result<Vec<Receipt>, Error> {
    let deliveries: Vec<_> = deliveries.collect();
    change.foresee(&|| foresee::of_calls(models, &deliveries))?;
    let mut receipts = Vec::new();
    let (mut stirred, mut moved) = (Stirred::new(), Moved::new());
    let mut by_lead = ByLead::new();
    for (calls, received) in deliveries {
        let mut receipt = Receipt::default();
        for call in calls {
            let Some(seq) = change.append(&call.for_log(received))? else {
                receipt.duplicates += 1;
                continue;
            };
            receipt.accepted += 1;
            let id = call.event_id(seq);
            let lead = people::note(change, call, &id, &mut stirred)?;
            if call.is_bot {
                voids::void_new(change, Rule::Bot, seq, now)?;
                continue;
            }
            write_attributes(change, call, &id)?;
            machine::notice(change, call, seq, now, &mut moved)?;
            by_lead.entry(lead).or_default().push((call, id));
        }
        receipts.push(receipt);
    }
    let mut settled = people::settle(change, stirred)?;
    hand_on(change, models, &settled.heirs, (playbook, now))?;
    moved.append(&mut settled.moved);
    let mut of_moved = regrouped(change, &moved, &mut by_lead)?;
    for lead in &moved {
        let events = of_moved.remove(lead).unwrap_or_default();
        let cause = if events.is_empty() { Cause::History } else { Cause::Events(&events) };
        fold_again(change, models, lead, &Why { playbook, cause }, now)?;
    }
    let mut tasks = Vec::with_capacity(by_lead.len() * models.len());
    for (lead, events) in &by_lead {
        for model in models {
            if !model.puts_off(change, lead)? {
                tasks.push(Task { model, lead, events, held: None });
            }
        }
    }
    let asked: Vec<_> = tasks.iter().map(|task| (task.model.key(), task.lead)).collect();
    let held = change.holdings(&asked)?;
    tasks.iter_mut().zip(held).for_each(|(task, held)| task.held = held);
    ahead::make_each(&tasks, now, |task, made| {
        let why = Why { playbook, cause: Cause::Events(task.events) };
        match made {
            Some(made) => put_made(change, task, made, &why, now),
            None => put_events(change, task, &why, now),
        }
    })?;
    Ok(receipts)
}

/// Notes what was made of a lead's events ahead.
fn put_made(
    change: &mut dyn Change,
    task: &Task<'_>,
    mut made: Made,
    why: &Why<'_>,
    now: Instant,
) -> Result<(), Error> {
    let Task { model, lead, .. } = *task;
    if model.incoming().is_none() {
        let given = Some(task.held.as_ref().and_then(|held| held.score.as_ref()));
        let (state, score) = (&mut made.state, made.score.as_ref());
        scored(change, why, &mut Scored { model, lead, state, score, given, now })?;
        forget_before(change, model, lead)?;
    }
    accounts::note(change, model, (lead, &made.state), now)?;
    Ok(change.hold(model.key(), lead, Some(made.holding))?)
}

/// Notes what follows from a lead's events, where that takes more than what is held of the lead.
fn put_events(change: &mut dyn Change, task: &Task<'_>, why: &Why<'_>, now: Instant) -> Result<(), Error> {
    let Task { model, lead, events, .. } = *task;
    let mut state = state(change, model, lead)?;
    // A state that had to be mended holds these events already, which changes nothing.
    for (call, id) in events {
        model.apply(&mut state, call, id.clone());
    }
    put(change, (model, lead), &mut state, why, now)
}

/// Takes out the events of leads that have moved, those that count; by the leads that they belong to now.
fn regrouped<'c>(change: &dyn Change, moved: &Moved, by_lead: &mut ByLead<'c>) -> Result<ByLead<'c>, Error> {
    let mut regrouped = ByLead::new();
    for (call, id) in moved.iter().filter_map(|lead| by_lead.remove(lead)).flatten() {
        if is_void(change, &id)? {
            continue;
        }
        let known = people::known(change, &call.profile)?;
        let lead = known.map_or_else(|| call.profile.clone(), |known| known.lead);
        regrouped.entry(lead).or_default().push((call, id));
    }
    Ok(regrouped)
}

/// Whether an event that came just now was found to be a machine's.
fn is_void(view: &dyn View, id: &EventId) -> Result<bool, Error> {
    let seq = match id {
        EventId::Position(seq) => Some(*seq),
        EventId::Text(id) => view.seq_of(id)?,
    };
    let event = seq.map(|seq| view.event(seq)).transpose()?.flatten();
    Ok(event.is_some_and(|event| event.is_void))
}

/// What a model remembers of a lead.
pub(super) fn state(view: &dyn View, model: &Model, lead: &str) -> Result<State, Error> {
    match known_state(view, model, lead)? {
        Some(state) => Ok(state),
        // Of a model that is being made ready, what is not there yet is in the log.
        None if model.incoming().is_some() => from_log(view, model, lead),
        None => Ok(Model::blank()),
    }
}

/// What a model remembers of a lead, if it ever heard of it.
pub(crate) fn known_state(view: &dyn View, model: &Model, lead: &str) -> Result<Option<State>, Error> {
    let holding = view.holding(model.key(), lead)?;
    holding.map(|holding| remembered(view, model, lead, &holding)).transpose()
}

/// What a model remembers; folded from the log where it cannot be read.
pub(crate) fn remembered(
    view: &dyn View,
    model: &Model,
    lead: &str,
    holding: &Holding,
) -> Result<State, Error> {
    if let Ok(state) = State::decode(model.program(), &holding.state) {
        return Ok(state);
    }
    from_log(view, model, lead)
}

/// What a model remembers of a lead, folded from the log.
fn from_log(view: &dyn View, model: &Model, lead: &str) -> Result<State, Error> {
    Ok(folded(&[model], &view.events_of(lead)?)?.pop().unwrap_or_else(Model::blank))
}

/// Notes what a model remembers of a lead, and what it gives it; does what follows from that.
pub(super) fn put(
    change: &mut dyn Change,
    (model, lead): (&Model, &str),
    state: &mut State,
    why: &Why<'_>,
    now: Instant,
) -> Result<(), Error> {
    let score = model.score_to_keep(state, change, now)?;
    // Of a model that is being made ready, nothing follows yet.
    if model.incoming().is_none() {
        let score = score.as_ref();
        scored(change, why, &mut Scored { model, lead, state, score, given: None, now })?;
        forget_before(change, model, lead)?;
    }
    accounts::note(change, model, (lead, state), now)?;
    let holding = as_held(model, lead, state, score.as_ref(), now);
    Ok(change.hold(model.key(), lead, Some(holding))?)
}

/// What a model holds of a lead as of an instant.
pub(crate) fn holding(
    view: &dyn View,
    model: &Model,
    lead: &str,
    state: &mut State,
    now: Instant,
) -> Result<Holding, Error> {
    let score = model.score_to_keep(state, view, now)?;
    Ok(as_held(model, lead, state, score.as_ref(), now))
}

pub(super) fn as_held(
    model: &Model,
    lead: &str,
    state: &State,
    score: Option<&Score>,
    now: Instant,
) -> Holding {
    Holding {
        state: state.encode(model.program()).into(),
        due: model.due(state, score, now),
        score: score.map(|score| row(model.program().plan(), lead, score, now)),
    }
}

/// Drops what the version before holds of a lead: what follows from the switch was done.
pub(super) fn forget_before(change: &mut dyn Change, model: &Model, lead: &str) -> Result<(), Error> {
    match model.before() {
        Some(name) => Ok(change.forget_leads(name, &[lead.to_owned()])?),
        None => Ok(()),
    }
}

fn row(plan: &Plan, lead: &str, score: &Score, at: Instant) -> LeadScore {
    LeadScore {
        lead: lead.to_owned(),
        score: score.score,
        tier: tier(plan, score).map(str::to_owned),
        grade: grade(plan, score).map(str::to_owned),
        until: score.until,
        at,
    }
}

/// The name of the tier, `disqualified` among them.
pub(crate) fn tier<'p>(plan: &'p Plan, score: &Score) -> Option<&'p str> {
    match score.standing {
        Standing::Disqualified => Some("disqualified"),
        Standing::Tier(tier) => plan.tiers.get(tier).map(|tier| &*tier.name),
        Standing::None => None,
    }
}

/// The letter of the grade, where the model has grades.
pub(crate) fn grade<'p>(plan: &'p Plan, score: &Score) -> Option<&'p str> {
    let bounds = &plan.grades.as_ref()?.bounds;
    Some(score.grade.and_then(|grade| bounds.get(grade)).map_or("F", |(letter, _)| letter))
}

/// Notes the attributes that a call writes: of its lead, and of the account that it names.
pub(super) fn write_attributes(change: &mut dyn Change, call: &Call, id: &EventId) -> Result<(), Error> {
    each_attribute(call, id, &mut |write| Ok(change.write(write)?))
}

/// The writes of attributes that a call brings.
pub(crate) fn each_attribute(
    call: &Call,
    id: &EventId,
    take: &mut dyn FnMut(&Write<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    let id = id.text();
    let mut write = |owner, key: &str, value: &Json| {
        let text = value.to_string();
        let value = Some(text.as_str()).filter(|_| !value.is_null());
        take(&Write { owner, key, time: call.time, id: &id, value })
    };
    let traits = || call.object("traits").into_iter().flatten();
    if call.kind == Kind::Identify {
        for (key, value) in traits() {
            write(Owner::Lead(&call.profile), &key, &value)?;
        }
    }
    if let Some(account) = call.group() {
        write(Owner::Lead(&call.profile), "account_id", &Json::from(account.as_str()))?;
        for (key, value) in traits() {
            write(Owner::Account(&account), &key, &value)?;
        }
        if let Some(traits) = call.part("traits") {
            write(Owner::Account(&account), ALL_TRAITS, &traits.json())?;
        }
    }
    Ok(())
}
