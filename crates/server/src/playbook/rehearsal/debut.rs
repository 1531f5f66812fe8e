//! A model rehearsed that does not serve yet: an experiment may deal leads to it, and its hand-offs may be for leads that are in
//! their tiers at first.

use kelvin_kernel::{Instant, state::State};
use kelvin_model::playbook::plan::HandOff;
use kelvin_store::{LeadScore, PlaybookChange, View};

use super::{Rehearsal, Script, stage::Stage};
use crate::{
    Error, Model,
    playbook::{
        carry_out::{Cause, Scored, Why, scored},
        deal::Stood,
        hand_off::Readiness,
        note,
        stand::place,
    },
};

impl Rehearsal<'_> {
    /// Does for a lead what follows once a model serves, by what it would give it then.
    pub(crate) fn come(
        &mut self,
        view: &dyn View,
        (model, row): (&Model, &LeadScore),
        state: &mut State,
        now: Instant,
    ) -> Result<(), Error> {
        let mut stage = Stage::new(view, &mut self.books);
        let is_dealt = self.script.deal(&mut stage, model, row)?;
        if !is_dealt && !self.script.arm(&mut stage, model, row)? {
            return Ok(());
        }
        // The lead is looked at once the model serves, as at any time.
        let score = model.score_to_keep(state, view, now)?;
        let why = Why { playbook: Some(&self.script.playbook), cause: Cause::Time };
        let (lead, score, given) = (row.lead.as_str(), score.as_ref(), Some(Some(row)));
        scored(&mut stage, &why, &mut Scored { model, lead, state, score, given, now })
    }
}

impl Script {
    /// Deals a lead to a challenger; whether it is to be looked at then.
    fn deal(&self, stage: &mut Stage<'_>, model: &Model, row: &LeadScore) -> Result<bool, Error> {
        let (lead, champion) = (row.lead.as_str(), self.playbook.trials.champion_of(model.id()));
        let base = self.models.iter().find(|base| base.id() == champion);
        let Some(base) = base.filter(|_| self.playbook.trials.counting(champion, lead) == model.id()) else {
            return Ok(false);
        };
        if base.id() == model.id() || stage.view.holding(base.key(), lead)?.is_none() {
            return Ok(false);
        }
        let plan = model.program().plan();
        let before =
            Stood::read(stage.view, &self.models, (self.before.counting(champion, lead), lead), plan)?;
        let after = Stood { plan, tier: row.tier.clone(), score: Some(row.score) };
        let mut is_due = false;
        for note in self.playbook.dealt_from(stage, (champion, lead), (&before, &after))? {
            stage.put_note(lead, &note.key, &note.text)?;
            is_due |= note.is_due;
        }
        stage.from = before.tier;
        Ok(is_due)
    }

    /// Arms a lead for hand-offs that are new with the model, where leads that are in the tier are handed off at first; whether
    /// it is to be looked at then.
    fn arm(&self, stage: &mut Stage<'_>, model: &Model, row: &LeadScore) -> Result<bool, Error> {
        let plan = model.program().plan();
        let own = row.tier.as_deref().and_then(|tier| place(plan, tier));
        let is_in = |tier: &str| own.zip(place(plan, tier)).is_some_and(|(own, asked)| own >= asked);
        let is_new = |hand_off: &&HandOff| {
            let spoken_of = self.playbook.trials.champion_of(model.id());
            !self.known.iter().any(|(rule, of)| *rule == hand_off.id && of == spoken_of)
        };
        let mut is_due = false;
        let hand_offs = self.playbook.hand_offs(model, &row.lead).filter(|_| self.playbook.hands_off_present);
        for hand_off in hand_offs.filter(is_new).filter(|hand_off| is_in(&hand_off.tier)) {
            let subject = self.playbook.subject(model, &row.lead, &hand_off.id);
            if note::read::<Readiness>(stage, subject)?.is_none() {
                note::write(stage, subject, &Readiness { waits: true, ..Readiness::FRESH }, None)?;
                is_due = true;
            }
        }
        Ok(is_due)
    }
}
