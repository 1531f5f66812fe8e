//! Hand-offs that were out of force for a while, as a start without the playbook leaves them: what happened meanwhile is made
//! up for, as far as changes of tier tell.

use std::collections::BTreeMap;

use kelvin_kernel::{Instant, Micropoints, plan::Plan};
use kelvin_model::playbook::plan::HandOff;
use kelvin_store::{Change, TierChange};

use super::{
    carry_out::look_at,
    hand_off::{Readiness, Terms},
    note::{self, Subject},
    stand::{Stand, place},
    trial::Trials,
};
use crate::{Error, Model};

/// Changes of tier that are read at once.
const CHANGES: usize = 1000;

/// Notes that nothing of a playbook is in force from here on.
pub(crate) fn let_all_go(change: &mut dyn Change) -> Result<(), Error> {
    for (rule, model) in change.known_rules()? {
        change.put_absent_rule(&rule, &model)?;
    }
    Ok(())
}

/// Has those looked at now that entered the tier meanwhile and are in it still; tells how many they are. `spoken_of` is the
/// model that the hand-off speaks of; where others stand in for it, each decides for its own leads.
pub(super) fn make_up(
    change: &mut dyn Change,
    (trials, hand_off, spoken_of): (&Trials, &HandOff, &str),
    (models, since): (&[Model], u64),
    now: Instant,
) -> Result<Option<String>, Error> {
    let mut count = 0;
    for model in models.iter().filter(|model| trials.champion_of(model.id()) == spoken_of) {
        count += make_up_by(change, (trials, hand_off), (model, since), now)?;
    }
    let (id, tier) = (&hand_off.id, &hand_off.tier);
    let told = format!("hand-off `{id}` is back: leads that entered `{tier}` or above meanwhile: {count}");
    Ok((count > 0).then_some(told))
}

/// Makes up for what one model brought about; tells how many leads are to be looked at.
fn make_up_by(
    change: &mut dyn Change,
    (trials, hand_off): (&Trials, &HandOff),
    (model, since): (&Model, u64),
    now: Instant,
) -> Result<usize, Error> {
    let Some(terms) = Terms::of(hand_off, model.program().plan()) else { return Ok(0) };
    let mut count = 0;
    for (lead, (mut ready, is_in)) in moved(change, (trials, hand_off), (model, &terms), since)? {
        ready.waits = ready.armed && is_in;
        let spoken_of = trials.champion_of(model.id());
        note::write(change, Subject { lead: &lead, model: spoken_of, rule: &hand_off.id }, &ready, None)?;
        if ready.waits {
            count += 1;
            look_at(change, &lead, &hand_off.id, now)?;
        }
    }
    Ok(count)
}

/// The leads whose tier has changed since a place by the model that counts for them: whether each is ready to be handed off,
/// and whether it is in the tier.
fn moved(
    change: &dyn Change,
    (trials, hand_off): (&Trials, &HandOff),
    (model, terms): (&Model, &Terms),
    mut after: u64,
) -> Result<BTreeMap<String, (Readiness, bool)>, Error> {
    let plan = model.program().plan();
    let mut leads = BTreeMap::new();
    loop {
        let changes = change.tier_changes_after(model.id(), after, CHANGES)?;
        let Some(last) = changes.last() else { return Ok(leads) };
        after = last.seq;
        for step in &changes {
            let Some(spoken_of) = trials.spoken_of(model.id(), &step.lead) else { continue };
            let (from, to) = (stand(plan, step.from.as_deref()), stand(plan, step.to.as_deref()));
            if !leads.contains_key(&step.lead) {
                let subject = Subject { lead: &step.lead, model: spoken_of, rule: &hand_off.id };
                let first = if from.is_in(terms.enter) { Readiness::PRESENT } else { Readiness::FRESH };
                leads.insert(step.lead.clone(), (note::read(change, subject)?.unwrap_or(first), false));
            }
            if let Some((ready, is_in)) = leads.get_mut(&step.lead) {
                notice(ready, terms, step, (&from, &to));
                *is_in = to.is_in(terms.enter);
            }
        }
    }
}

/// Takes note of a change of tier as if it had been seen when it happened.
fn notice(ready: &mut Readiness, terms: &Terms, step: &TierChange, (from, to): (&Stand, &Stand)) {
    match step.cause.as_str() {
        "history" => ready.restore(terms, from.is_in(terms.enter), to),
        _ => ready.notice(terms, to, step.at),
    }
}

/// Where a lead of a tier stood. Its score is not known: one that counts as high is below no bound.
fn stand(plan: &Plan, tier: Option<&str>) -> Stand {
    Stand { score: Some(Micropoints(i64::MAX)), tier: tier.and_then(|tier| place(plan, tier)), until: None }
}
