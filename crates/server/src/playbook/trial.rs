//! Experiments as they are carried out: which model counts for a lead where others stand in for one.

use kelvin_kernel::Instant;
use kelvin_model::playbook::{
    experiment::{Challenger, Experiment},
    plan::Playbook as Plan,
};
use kelvin_store::{Change, View};
use serde::{Deserialize, Serialize};

use crate::{Error, Model};

/// An experiment, and which of its challengers leave their leads to the champion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trial {
    pub(crate) experiment: Experiment,
    /// Challengers that are not in service.
    pub(crate) idle: Vec<String>,
}

/// All experiments that are carried out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Trials(Vec<Trial>);

/// A trial as it is kept.
#[derive(Serialize, Deserialize)]
struct Terms {
    champion: String,
    challengers: Vec<(String, u32)>,
    shadow: Vec<String>,
    idle: Vec<String>,
    /// Since when leads are dealt so, in milliseconds; since the experiment began, if that is not told.
    #[serde(default)]
    dealt: Option<i64>,
}

impl Trials {
    /// Those that were carried out last.
    pub(crate) fn read(view: &dyn View) -> Result<Self, Error> {
        Ok(Self(view.experiments()?.iter().filter_map(Trial::read).collect()))
    }

    /// Those of a playbook, with the models that serve.
    pub(super) fn of(plan: &Plan, models: &[Model]) -> Self {
        let serves = |challenger: &&Challenger| models.iter().any(|model| model.id() == challenger.model);
        let trial = |experiment: &Experiment| {
            let idle = experiment.challengers.iter().filter(|challenger| !serves(challenger));
            let idle = idle.map(|challenger| challenger.model.clone()).collect();
            Trial { experiment: experiment.clone(), idle }
        };
        Self(plan.experiments.iter().map(trial).collect())
    }

    /// Keeps them, each with when it began, and since when leads are dealt so.
    pub(super) fn keep(&self, change: &mut dyn Change, now: Instant) -> Result<(), Error> {
        let known = change.experiments()?;
        let is_gone = |id: &str| !self.0.iter().any(|trial| trial.experiment.id == id);
        for gone in known.iter().filter(|known| is_gone(&known.id)) {
            change.end_experiment(&gone.id)?;
        }
        for trial in &self.0 {
            let id = trial.experiment.id.clone();
            let known = known.iter().find(|known| known.id == id);
            let as_before =
                known.filter(|known| Trial::read(known).is_some_and(|known| known.deals_as(trial)));
            let dealt = as_before.map_or(now, Trial::dealt_since);
            let since = known.map_or(now, |known| known.since);
            change.put_experiment(&kelvin_store::Experiment { id, terms: trial.terms(dealt)?, since })?;
        }
        Ok(())
    }

    /// One by one.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Trial> {
        self.0.iter()
    }

    /// The model whose scores count for a lead where the playbook speaks of `model`.
    pub(super) fn counting<'a>(&'a self, model: &'a str, lead: &str) -> &'a str {
        let trial = self.0.iter().find(|trial| trial.experiment.champion == model);
        trial.map_or(model, |trial| trial.counting(lead))
    }

    /// The model that the playbook speaks of where `model` stands in for one, or `model` itself.
    pub(super) fn champion_of<'a>(&'a self, model: &'a str) -> &'a str {
        let trial = self.0.iter().find(|trial| trial.has_challenger(model));
        trial.map_or(model, |trial| &trial.experiment.champion)
    }

    /// The model that the playbook speaks of where it looks at what `model` gives a lead; `None` where nothing follows
    /// from that.
    pub(super) fn spoken_of<'a>(&'a self, model: &'a str, lead: &str) -> Option<&'a str> {
        let champion = self.champion_of(model);
        let counts = !self.is_shadow(model) && self.counting(champion, lead) == model;
        counts.then_some(champion)
    }

    /// Whether rules may speak of a model: no challenger and no shadow.
    pub(super) fn is_spoken_of(&self, model: &str) -> bool {
        self.champion_of(model) == model && !self.is_shadow(model)
    }

    fn is_shadow(&self, model: &str) -> bool {
        self.0.iter().any(|trial| trial.experiment.shadow.iter().any(|shadow| shadow == model))
    }
}

impl Trial {
    /// As it was kept; `None` if that cannot be read.
    pub(crate) fn read(kept: &kelvin_store::Experiment) -> Option<Self> {
        let Terms { champion, challengers, shadow, idle, .. } = serde_json::from_str(&kept.terms).ok()?;
        let challengers = challengers.into_iter().map(|(model, share)| Challenger { model, share }).collect();
        Some(Self { experiment: Experiment { id: kept.id.clone(), champion, challengers, shadow }, idle })
    }

    /// Since when leads are dealt as it was kept: before, other models counted for some of them.
    pub(crate) fn dealt_since(kept: &kelvin_store::Experiment) -> Instant {
        let terms = serde_json::from_str(&kept.terms).ok();
        let dealt = terms.and_then(|terms: Terms| terms.dealt);
        dealt.map_or(kept.since, Instant::from_millis)
    }

    /// Whether each lead is dealt the same model.
    fn deals_as(&self, other: &Self) -> bool {
        let [one, two] =
            [self, other].map(|trial| (&trial.experiment.champion, &trial.experiment.challengers));
        one == two && self.idle == other.idle
    }

    fn terms(&self, dealt: Instant) -> Result<String, Error> {
        let Experiment { champion, challengers, shadow, .. } = self.experiment.clone();
        let challengers = challengers.into_iter().map(|one| (one.model, one.share)).collect();
        let terms =
            Terms { champion, challengers, shadow, idle: self.idle.clone(), dealt: Some(dealt.as_millis()) };
        serde_json::to_string(&terms).map_err(std::io::Error::from).map_err(Error::Serve)
    }

    /// The model that counts for a lead.
    pub(crate) fn counting(&self, lead: &str) -> &str {
        let arm = self.experiment.arm(lead);
        if self.idle.iter().any(|idle| idle == arm) { &self.experiment.champion } else { arm }
    }

    /// The models that may count for a lead, the champion first.
    pub(crate) fn arms(&self) -> impl Iterator<Item = &str> {
        let challengers = self.experiment.challengers.iter().map(|challenger| challenger.model.as_str());
        std::iter::once(self.experiment.champion.as_str()).chain(challengers)
    }

    /// The models that leads are dealt to, each with for how many of a hundred, the champion first.
    pub(crate) fn dealt_arms(&self) -> impl Iterator<Item = (&str, u32)> {
        let is_idle = |model: &str| self.idle.iter().any(|idle| idle == model);
        let idle: u32 = self.idle.iter().map(|idle| self.experiment.share(idle)).sum();
        let of_idle = move |model: &str| if model == self.experiment.champion { idle } else { 0 };
        let dealt = self.arms().filter(move |model| !is_idle(model));
        dealt.map(move |model| (model, self.experiment.share(model) + of_idle(model)))
    }

    fn has_challenger(&self, model: &str) -> bool {
        self.experiment.challengers.iter().any(|challenger| challenger.model == model)
    }
}
