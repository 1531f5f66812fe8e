//! Takes calls into the log, and into all that follows from it.

use std::collections::BTreeMap;

use kelvin_kernel::{
    Instant,
    history::EventId,
    plan::Plan,
    score::{Detail, Score, Standing},
    state::State,
};
use kelvin_store::{Change, Holding, Id, LeadScore, Owner, View, Write};
use serde_json::Value as Json;

use super::{
    Receipt,
    fold::{fold_again, folded},
};
use crate::{
    Error, Model, Playbook,
    machine::{self, Rule},
    people::{self, Moved, Stirred},
    playbook::{Cause, Scored, Why, scored},
    segment::{ALL_TRAITS, Call, Kind},
    voids,
};

/// Calls with their events' ids, by the lead that they belong to.
type ByLead<'c> = BTreeMap<String, Vec<(&'c Call, EventId)>>;

/// Appends what some requests brought, each when it came; then brings every lead that is touched up to date, once.
pub(super) fn take_in<'c>(
    change: &mut dyn Change,
    (models, playbook): (&[Model], Option<&Playbook>),
    deliveries: impl Iterator<Item = (&'c [Call], Instant)>,
    now: Instant,
) -> Result<Vec<Receipt>, Error> {
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
    moved.append(&mut people::settle(change, stirred)?);
    let mut by_lead = under_present_leads(change, by_lead, &moved)?;
    for lead in &moved {
        let events = by_lead.remove(lead).unwrap_or_default();
        let cause = if events.is_empty() { Cause::History } else { Cause::Events(&events) };
        fold_again(change, models, lead, &Why { playbook, cause }, now)?;
    }
    for (lead, events) in by_lead {
        for model in models {
            let mut state = state(change, model, &lead)?;
            // A state that had to be mended holds these events already, which changes nothing.
            for (call, id) in &events {
                model.apply(&mut state, call, id.clone());
            }
            let why = Why { playbook, cause: Cause::Events(&events) };
            put(change, (model, &lead), &mut state, &why, now)?;
        }
    }
    Ok(receipts)
}

/// Events by the leads that they belong to once leads have moved.
fn under_present_leads<'c>(view: &dyn View, by_lead: ByLead<'c>, moved: &Moved) -> Result<ByLead<'c>, Error> {
    if moved.is_empty() {
        return Ok(by_lead);
    }
    let mut present = ByLead::new();
    for (lead, events) in by_lead {
        for (call, id) in events {
            let known = view.known_id(&Id::profile(call.profile.as_str()))?;
            let lead = known.map_or_else(|| lead.clone(), |known| known.lead);
            present.entry(lead).or_default().push((call, id));
        }
    }
    Ok(present)
}

/// What a model remembers of a lead.
pub(super) fn state(view: &dyn View, model: &Model, lead: &str) -> Result<State, Error> {
    Ok(known_state(view, model, lead)?.unwrap_or_else(Model::blank))
}

/// What a model remembers of a lead, if it ever heard of it.
pub(crate) fn known_state(view: &dyn View, model: &Model, lead: &str) -> Result<Option<State>, Error> {
    let holding = view.holding(model.id(), lead)?;
    holding.map(|holding| remembered(view, model, lead, &holding)).transpose()
}

/// What a model remembers; folded from the log where it cannot be read.
pub(super) fn remembered(
    view: &dyn View,
    model: &Model,
    lead: &str,
    holding: &Holding,
) -> Result<State, Error> {
    if let Ok(state) = State::decode(model.program(), &holding.state) {
        return Ok(state);
    }
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
    let score = model.score(state, change, now, Detail { until: true, reasons: false })?;
    scored(change, why, &mut Scored { model, lead, state, score: score.as_ref(), now })?;
    let holding = Holding {
        state: state.encode(model.program()).into(),
        due: model.due(state, score.as_ref(), now),
        score: score.map(|score| row(model.program().plan(), lead, &score, now)),
    };
    Ok(change.hold(model.id(), lead, Some(holding))?)
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
            write(Owner::Lead(&call.profile), key, value)?;
        }
    }
    if let Some(account) = call.group() {
        write(Owner::Lead(&call.profile), "account_id", &Json::from(account.as_str()))?;
        for (key, value) in traits() {
            write(Owner::Account(&account), key, value)?;
        }
        if let Some(traits) = call.body.get("traits") {
            write(Owner::Account(&account), ALL_TRAITS, traits)?;
        }
    }
    Ok(())
}
