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
    trial::Trials,
};
use crate::{Error, Model};

/// Leads that are looked up at once.
const LEADS: usize = 1000;

impl Playbook {
    /// Lets those rest that were not in force until now, until the scores of all models are there.
    pub(crate) fn let_rest(&mut self, change: &mut dyn Change, models: &[Model]) -> Result<(), Error> {
        self.trials = Trials::read(change)?;
        let next = Trials::of(&self.plan, models);
        let mut wanted = self.rules(&next, models);
        for (rule, model) in change.known_rules()? {
            if !next.is_spoken_of(&model) {
                // It stands in for another one: what its tiers bring about there says nothing of this rule, which begins anew.
                change.forget_rule(&rule, &model)?;
            } else if !wanted.contains(&(rule.clone(), model.clone())) {
                change.put_absent_rule(&rule, &model)?;
            } else if change.absent_since(&rule, &model)?.is_none() {
                wanted.remove(&(rule, model));
            }
        }
        self.resting = wanted;
        Ok(())
    }

    /// Puts those back in force that were before, with leads dealt out as they were then; returns what the operator should
    /// know of them.
    pub(crate) fn put_back_in_force(
        &mut self,
        change: &mut dyn Change,
        models: &[Model],
        now: Instant,
    ) -> Result<Vec<String>, Error> {
        let mut told = Vec::new();
        for (rule, id) in self.resting.clone() {
            let Some(since) = change.absent_since(&rule, &id)? else { continue };
            change.put_known_rule(&rule, &id, now)?;
            if let Some(hand_off) = self.hand_off(&rule) {
                told.extend(make_up(change, (&self.trials, hand_off, &id), (models, since), now)?);
            }
            self.resting.remove(&(rule, id));
        }
        Ok(told)
    }

    /// Puts those in force that are new; returns what the operator should know of them.
    pub(crate) fn put_in_force(
        &mut self,
        change: &mut dyn Change,
        models: &[Model],
        now: Instant,
    ) -> Result<Vec<String>, Error> {
        self.set_digests(change, now)?;
        let mut told = Vec::new();
        for (rule, id) in std::mem::take(&mut self.resting) {
            change.put_known_rule(&rule, &id, now)?;
            if let Some(hand_off) = self.hand_off(&rule) {
                let mut present = 0;
                for model in models {
                    present += self.greet(change, hand_off, (model, &id), now)?;
                }
                told.extend(self.told_of_present(hand_off, present));
            }
        }
        Ok(told)
    }

    /// Every hand-off and alert with each model that it speaks of, be it by one that stands in for it.
    fn rules(&self, trials: &Trials, models: &[Model]) -> BTreeSet<(String, String)> {
        let champions = models.iter().map(|model| trials.champion_of(model.id()));
        let spoken_of: BTreeSet<_> = champions.filter(|champion| trials.is_spoken_of(champion)).collect();
        let hand_offs = self.plan.hand_offs.iter().map(|hand_off| (&hand_off.id, hand_off.model.as_deref()));
        let alerts = self.plan.alerts.iter().map(|alert| (&alert.id, alert.model.as_deref()));
        let of = |(id, named): (&String, Option<&str>)| {
            let meant = spoken_of.iter().filter(|model| named.is_none_or(|named| named == **model));
            meant.map(|model| (id.clone(), (*model).to_owned())).collect::<Vec<_>>()
        };
        hand_offs.chain(alerts).flat_map(of).collect()
    }

    /// Leads that are in the tier of a new hand-off count as handed off, or are handed off if that is wanted. How many
    /// there are by one model, where the hand-off speaks of another, or of the same.
    fn greet(
        &self,
        change: &mut dyn Change,
        hand_off: &HandOff,
        (model, spoken_of): (&Model, &str),
        now: Instant,
    ) -> Result<usize, Error> {
        let tiers = &model.program().plan().tiers;
        let mut present = 0;
        if self.trials.champion_of(model.id()) == spoken_of
            && let Some(enter) = place(model.program().plan(), &hand_off.tier)
        {
            for tier in &tiers[enter..] {
                present += self.greet_tier(change, hand_off, (model, &tier.name), now)?;
            }
        }
        Ok(present)
    }

    /// What the operator is told of leads that are in the tier of a new hand-off.
    fn told_of_present(&self, hand_off: &HandOff, present: usize) -> Option<String> {
        let (id, tier) = (&hand_off.id, &hand_off.tier);
        Some(match (present, self.hands_off_present) {
            (0, _) => return None,
            (_, true) => {
                format!("hand-off `{id}` is new: leads in `{tier}` or above are handed off now: {present}")
            }
            (_, false) => format!(
                "hand-off `{id}` is new: leads in `{tier}` or above count as handed off already: {present} \
                 (`--hand-off-present` at its first start hands them off)"
            ),
        })
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
            for lead in &leads {
                let Some(spoken_of) = self.trials.spoken_of(model.id(), &lead.lead) else { continue };
                count += 1;
                if self.hands_off_present {
                    arm(change, Subject { lead: &lead.lead, model: spoken_of, rule: &hand_off.id }, now)?;
                }
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
