//! Leads dealt out anew: another model counts for them from now on. For that alone nobody is handed off again, and nobody
//! is forgotten.

use kelvin_kernel::{Instant, Micropoints, plan::Plan};
use kelvin_model::playbook::plan::AlertKind;
use kelvin_store::{Change, PlaybookView, View};
use serde::Serialize;

use super::{
    Playbook,
    alert::Rise,
    carry_out::{last_looked_at, look_at},
    hand_off::Readiness,
    note::{self, Subject},
    stand::place,
    trial::Trials,
};
use crate::{Error, Model};

/// Leads that are looked up at once.
const LEADS: usize = 1000;

/// A lead for which another model counts from now on.
#[derive(Clone, Copy)]
struct Deal<'a> {
    lead: &'a str,
    /// The model that the playbook speaks of.
    champion: &'a str,
    from: &'a str,
    to: &'a str,
}

/// A note that is another once a lead was dealt.
pub(super) struct Dealt {
    /// What it is for.
    rule: String,
    /// The name under which it is kept.
    pub(super) key: String,
    pub(super) text: String,
    /// Whether the lead waits in the tier for being looked at.
    pub(super) is_due: bool,
}

/// Where a lead stood by a model when it was last looked at.
pub(super) struct Stood<'p> {
    pub(super) plan: &'p Plan,
    pub(super) tier: Option<String>,
    pub(super) score: Option<Micropoints>,
}

impl Playbook {
    /// Deals leads out as the playbook says now, with the models that serve.
    pub(crate) fn deal_out(
        &self,
        change: &mut dyn Change,
        models: &[Model],
        now: Instant,
    ) -> Result<Trials, Error> {
        let next = Trials::of(&self.plan, models);
        if next != self.trials {
            let mut champions: Vec<_> = self
                .trials
                .iter()
                .chain(next.iter())
                .map(|trial| trial.experiment.champion.as_str())
                .collect();
            champions.sort_unstable();
            champions.dedup();
            for champion in champions.into_iter().filter(|champion| next.is_spoken_of(champion)) {
                self.deal_leads(change, models, (champion, &next), now)?;
            }
            next.keep(change, now)?;
        }
        Ok(next)
    }

    /// Says that experiments are carried out so from now on.
    pub(crate) fn carry_out_experiments(&mut self, trials: Trials) {
        self.trials = trials;
    }

    /// What the operator should know of challengers that are not in service, nor about to come.
    pub(crate) fn idle_challengers(&self, is_coming: impl Fn(&str) -> bool) -> Vec<String> {
        let mut told = Vec::new();
        for trial in self.trials.iter() {
            let (id, champion) = (&trial.experiment.id, &trial.experiment.champion);
            told.extend(trial.idle.iter().filter(|idle| !is_coming(idle)).map(|idle| {
                format!(
                    "experiment `{id}`: `{idle}` is not in service, so `{champion}` decides for its leads until it is \
                     published"
                )
            }));
        }
        told
    }

    /// Deals out the leads of a model and its challengers.
    fn deal_leads(
        &self,
        change: &mut dyn Change,
        models: &[Model],
        (champion, next): (&str, &Trials),
        now: Instant,
    ) -> Result<(), Error> {
        let Some(base) = models.iter().find(|model| model.id() == champion) else { return Ok(()) };
        let mut after = String::new();
        loop {
            let leads = change.held_after(base.key(), &after, LEADS)?;
            for lead in &leads {
                let (from, to) = (self.trials.counting(champion, lead), next.counting(champion, lead));
                self.deal(change, models, Deal { lead, champion, from, to }, now)?;
            }
            let Some(last) = leads.into_iter().last() else { return Ok(()) };
            after = last;
        }
    }

    fn deal(
        &self,
        change: &mut dyn Change,
        models: &[Model],
        deal: Deal<'_>,
        now: Instant,
    ) -> Result<(), Error> {
        for Dealt { rule, key, text, is_due } in self.dealt(change, models, deal)? {
            change.put_note(deal.lead, &key, &text)?;
            if is_due {
                look_at(change, deal.lead, &rule, now)?;
            }
        }
        Ok(())
    }

    /// The notes of a lead that are others for one that goes on with it, and for which other models count.
    pub(super) fn dealt_over(
        &self,
        change: &dyn Change,
        models: &[Model],
        (of, lead): (&str, &str),
    ) -> Result<Vec<Dealt>, Error> {
        let mut dealt = Vec::new();
        for trial in self.trials.iter() {
            let (from, to) = (trial.counting(of), trial.counting(lead));
            let deal = Deal { lead: of, champion: &trial.experiment.champion, from, to };
            dealt.extend(self.dealt(change, models, deal)?);
        }
        Ok(dealt)
    }

    /// The notes that are others by a deal.
    fn dealt(&self, change: &dyn Change, models: &[Model], deal: Deal<'_>) -> Result<Vec<Dealt>, Error> {
        let Deal { lead, champion, from, to } = deal;
        if from == to {
            return Ok(Vec::new());
        }
        let Some(model) = models.iter().find(|model| model.id() == to) else { return Ok(Vec::new()) };
        let plan = model.program().plan();
        let before = Stood::read(change, models, (from, lead), plan)?;
        let after = Stood::read(change, models, (to, lead), plan)?;
        self.dealt_from(change, (champion, lead), (&before, &after))
    }

    /// The notes that are others because a lead stands elsewhere by the model that counts for it from now on.
    pub(super) fn dealt_from(
        &self,
        notes: &dyn PlaybookView,
        (champion, lead): (&str, &str),
        (before, after): (&Stood<'_>, &Stood<'_>),
    ) -> Result<Vec<Dealt>, Error> {
        let mut dealt = Vec::new();
        for hand_off in self.hand_offs_of(champion) {
            let subject = Subject { lead, model: champion, rule: &hand_off.id };
            let known: Option<Readiness> = note::read(notes, subject)?;
            let stood = (before.is_in(&hand_off.tier), after.is_in(&hand_off.tier));
            if let Some(ready) = Readiness::dealt(known, stood) {
                dealt.push(Dealt::new(subject, &ready, ready.waits)?);
            }
        }
        let Some(score) = after.score else { return Ok(dealt) };
        for alert in self.alerts_of(champion).filter(|alert| matches!(alert.kind, AlertKind::Rise { .. })) {
            let subject = Subject { lead, model: champion, rule: &alert.id };
            if let Some(mut rise) = note::read::<Rise>(notes, subject)? {
                rise.start_over(score);
                dealt.push(Dealt::new(subject, &rise, false)?);
            }
        }
        Ok(dealt)
    }
}

impl Dealt {
    fn new(subject: Subject<'_>, note: &impl Serialize, is_due: bool) -> Result<Self, Error> {
        let (rule, key, text) = (subject.rule.to_owned(), subject.key(), note::text(note)?);
        Ok(Self { rule, key, text, is_due })
    }
}

impl<'p> Stood<'p> {
    /// Reads it of a model that serves; of another one, what is left is the name of the tier.
    pub(super) fn read(
        view: &dyn View,
        models: &'p [Model],
        (id, lead): (&str, &str),
        otherwise: &'p Plan,
    ) -> Result<Self, Error> {
        let model = models.iter().find(|model| model.id() == id);
        let held = match model {
            Some(model) => last_looked_at(view, model, lead)?,
            None => None,
        };
        let plan = model.map_or(otherwise, |model| model.program().plan());
        match held.and_then(|held| held.score) {
            Some(row) => Ok(Self { plan, tier: row.tier, score: Some(row.score) }),
            None => Ok(Self { plan, tier: view.last_tier(id, lead)?, score: None }),
        }
    }

    /// Whether the lead was in a tier, or one above it.
    fn is_in(&self, tier: &str) -> bool {
        let own = self.tier.as_deref().and_then(|own| place(self.plan, own));
        own.zip(place(self.plan, tier)).is_some_and(|(own, asked)| own >= asked)
    }
}
