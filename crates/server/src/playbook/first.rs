//! Hand-offs and alerts that are seen for the first time: leads that are in their tiers already must not come all at once.

use std::collections::BTreeSet;

use kelvin_kernel::Instant;
use kelvin_model::playbook::plan::HandOff;
use kelvin_store::{Change, Place};

use super::{
    Playbook,
    carry_out::look_at,
    hand_off::Readiness,
    meanwhile::make_up,
    note::{self, Subject},
    stand::place,
};
use crate::{Error, Model};

/// Leads that are looked up at once.
const LEADS: usize = 1000;

impl Playbook {
    /// Lets those rest that were not in force until now, until the scores of all models are there.
    pub(crate) fn let_rest(&mut self, change: &mut dyn Change, models: &[Model]) -> Result<(), Error> {
        let mut wanted: BTreeSet<_> = self.rules(models).into_iter().collect();
        for (rule, model) in change.known_rules()? {
            if !wanted.contains(&(rule.clone(), model.clone())) {
                change.put_absent_rule(&rule, &model)?;
            } else if change.absent_since(&rule, &model)?.is_none() {
                wanted.remove(&(rule, model));
            }
        }
        self.resting = wanted;
        Ok(())
    }

    /// Puts those in force that rested; returns what the operator should know of them.
    pub(crate) fn put_in_force(
        &mut self,
        change: &mut dyn Change,
        models: &[Model],
        now: Instant,
    ) -> Result<Vec<String>, Error> {
        self.set_digests(change, now)?;
        let mut told = Vec::new();
        for (rule, id) in std::mem::take(&mut self.resting) {
            let absent = change.absent_since(&rule, &id)?;
            change.put_known_rule(&rule, &id, now)?;
            let model = models.iter().find(|model| model.id() == id);
            if let (Some(hand_off), Some(model)) = (self.hand_off(&rule), model) {
                told.extend(match absent {
                    Some(since) => make_up(change, hand_off, (model, since), now)?,
                    None => self.greet(change, hand_off, model, now)?,
                });
            }
        }
        Ok(told)
    }

    /// Every hand-off and alert with each model that it looks at.
    fn rules(&self, models: &[Model]) -> Vec<(String, String)> {
        let hand_offs = self.plan.hand_offs.iter().map(|hand_off| (&hand_off.id, hand_off.model.as_deref()));
        let alerts = self.plan.alerts.iter().map(|alert| (&alert.id, alert.model.as_deref()));
        let of = |(id, named): (&String, Option<&str>)| {
            let meant = models.iter().filter(|model| named.is_none_or(|named| named == model.id()));
            meant.map(|model| (id.clone(), model.id().to_owned())).collect::<Vec<_>>()
        };
        hand_offs.chain(alerts).flat_map(of).collect()
    }

    /// Leads that are in the tier of a new hand-off count as handed off, or are handed off if that is wanted.
    fn greet(
        &self,
        change: &mut dyn Change,
        hand_off: &HandOff,
        model: &Model,
        now: Instant,
    ) -> Result<Option<String>, Error> {
        let tiers = &model.program().plan().tiers;
        let Some(enter) = place(model.program().plan(), &hand_off.tier) else { return Ok(None) };
        let mut present = 0;
        for tier in &tiers[enter..] {
            present += self.greet_tier(change, hand_off, (model, &tier.name), now)?;
        }
        let (id, tier) = (&hand_off.id, &hand_off.tier);
        let told = match (present, self.hands_off_present) {
            (0, _) => return Ok(None),
            (_, true) => {
                format!("hand-off `{id}` is new: leads in `{tier}` or above are handed off now: {present}")
            }
            (_, false) => format!(
                "hand-off `{id}` is new: leads in `{tier}` or above count as handed off already: {present} \
                 (`--hand-off-present` at its first start hands them off)"
            ),
        };
        Ok(Some(told))
    }

    /// Counts the leads of a tier; where they are to be handed off, has them looked at as if they entered it now.
    fn greet_tier(
        &self,
        change: &mut dyn Change,
        hand_off: &HandOff,
        (model, tier): (&Model, &str),
        now: Instant,
    ) -> Result<usize, Error> {
        let mut count = 0;
        let mut after: Option<Place> = None;
        loop {
            let leads = change.ranked(model.key(), Some(tier), after.as_ref(), LEADS)?;
            count += leads.len();
            for lead in leads.iter().filter(|_| self.hands_off_present) {
                arm(change, Subject { lead: &lead.lead, model: model.id(), rule: &hand_off.id }, now)?;
            }
            let Some(last) = leads.last().filter(|_| leads.len() == LEADS) else { return Ok(count) };
            after = Some(Place { score: last.score, lead: last.lead.clone() });
        }
    }
}

/// Has a lead of which nothing is remembered looked at as if it entered the tier now.
fn arm(change: &mut dyn Change, subject: Subject<'_>, now: Instant) -> Result<(), Error> {
    let known: Option<Readiness> = note::read(change, subject)?;
    if known.is_some() {
        return Ok(());
    }
    note::write(change, subject, &Readiness { waits: true, ..Readiness::FRESH }, None)?;
    look_at(change, subject.lead, subject.rule, now)
}
