//! A version rehearsed before it is published: the playbook is carried out by its scores, with the store left as it is.

mod debut;
mod stage;

use std::collections::BTreeMap;

use kelvin_kernel::{Instant, Micropoints, state::State};
use kelvin_model::playbook::plan::AlertKind;
use kelvin_store::{TaskFilter, TaskState, View};

use self::stage::{Books, Stage};
use super::{
    Playbook,
    carry_out::{Cause, Scored, Why, scored},
    stand::place,
    trial::Trials,
};
use crate::{Error, Model};

/// Hand-offs and alerts that are listed, of each as many.
const LISTED: usize = 1000;

/// Tasks that are looked up at once.
const TASKS: usize = 1000;

/// What is rehearsed: the playbook as it is carried out once a version serves.
#[derive(Debug)]
pub(crate) struct Script {
    playbook: Playbook,
    /// The experiments as they are now.
    before: Trials,
    /// The models that serve now.
    models: Vec<Model>,
    /// The hand-offs and alerts that were in force before, each with its model.
    known: Vec<(String, String)>,
}

/// A playbook that is being rehearsed.
#[derive(Debug)]
pub(crate) struct Rehearsal<'s> {
    script: &'s Script,
    books: Books,
}

/// What would follow from publishing a version.
#[derive(Debug)]
pub(crate) struct Foreseen {
    pub(crate) hand_offs: Effects,
    pub(crate) alerts: Effects,
    /// The owners of the playbook, in its order.
    pub(crate) owners: Vec<Load>,
    /// Hand-offs for which nobody would be found.
    pub(crate) unassigned: u64,
}

/// Hand-offs or alerts that would come.
#[derive(Debug, Default)]
pub(crate) struct Effects {
    /// How many would, by rule.
    pub(crate) by_rule: BTreeMap<String, u64>,
    /// The first of them, in the order in which they would come.
    pub(crate) first: Vec<Effect>,
}

/// A hand-off or an alert that would come.
#[derive(Debug)]
pub(crate) struct Effect {
    /// Which of the playbook.
    pub(crate) rule: String,
    pub(crate) lead: String,
    /// Who would get the lead, or has it.
    pub(crate) owner: Option<String>,
    /// The tier before.
    pub(crate) from: Option<String>,
    /// The tier after.
    pub(crate) to: Option<String>,
    /// The score after.
    pub(crate) score: Micropoints,
}

/// What an owner has to do, and would get.
#[derive(Debug)]
pub(crate) struct Load {
    pub(crate) owner: String,
    /// Tasks that are not closed.
    pub(crate) open: u64,
    /// Hand-offs of this week so far.
    pub(crate) this_week: u32,
    /// Hand-offs that would come.
    pub(crate) would_get: u64,
    /// Hand-offs that the owner takes in a week.
    pub(crate) capacity: Option<u32>,
}

impl Script {
    /// For a version of a model, beside the models that serve.
    pub(crate) fn new(
        view: &dyn View,
        playbook: &Playbook,
        (models, version): (&[Model], &Model),
    ) -> Result<Self, Error> {
        let models: Vec<_> = models.iter().filter(|model| model.incoming().is_none()).cloned().collect();
        let (mut playbook, known) = (playbook.clone(), view.known_rules()?);
        let after: Vec<_> = models.iter().chain([version]).cloned().collect();
        let after = Trials::of(&playbook.plan, &after);
        let before = std::mem::replace(&mut playbook.trials, after);
        Ok(Self { playbook, before, models, known })
    }

    /// Whether anything may follow for a lead that comes into a tier by the version.
    pub(crate) fn may_act(&self, (model, lead): (&Model, &str), tier: Option<&str>) -> bool {
        let (plan, playbook) = (model.program().plan(), &self.playbook);
        let own = tier.and_then(|tier| place(plan, tier));
        let is_in = |tier: &str| own.zip(place(plan, tier)).is_some_and(|(own, asked)| own >= asked);
        let is_told = |kind: &AlertKind| match kind {
            AlertKind::Cooling { tier, .. } | AlertKind::Tier { tier } => is_in(tier),
            // A rise by another version is no doing of the lead.
            AlertKind::Rise { .. } | AlertKind::Event { .. } | AlertKind::Digest { .. } => false,
        };
        playbook.hand_offs(model, lead).any(|hand_off| is_in(&hand_off.tier))
            || playbook.alerts(model, lead).any(|alert| is_told(&alert.kind))
    }
}

impl<'s> Rehearsal<'s> {
    /// Begins with what the store knows.
    pub(crate) fn of(script: &'s Script) -> Self {
        Self { script, books: Books::default() }
    }

    /// Does for a lead, whose tier changes by it, what follows from a version that serves in the place of another.
    pub(crate) fn publish(
        &mut self,
        view: &dyn View,
        (model, lead): (&Model, &str),
        state: &mut State,
        now: Instant,
    ) -> Result<(), Error> {
        let score = model.score_to_keep(state, view, now)?;
        let why = Why { playbook: Some(&self.script.playbook), cause: Cause::Model };
        let score = score.as_ref();
        let mut stage = Stage::new(view, &mut self.books);
        scored(&mut stage, &why, &mut Scored { model, lead, state, score, given: None, now })
    }

    /// What would have followed by now, and what the owners have to do beside.
    pub(crate) fn end(self, view: &dyn View, now: Instant) -> Result<Foreseen, Error> {
        let Books { hand_offs, alerts, got, .. } = self.books;
        let plan = &self.script.playbook.plan;
        let week = plan.calendar.week_start(now).unwrap_or(now);
        let open = open_tasks(view)?;
        let load = |owner: &kelvin_model::playbook::plan::Owner| -> Result<Load, Error> {
            Ok(Load {
                owner: owner.id.clone(),
                open: open.get(&owner.id).copied().unwrap_or_default(),
                this_week: view.load(&owner.id, week)?,
                would_get: got.get(&owner.id).copied().unwrap_or_default(),
                capacity: owner.capacity,
            })
        };
        let owners = plan.owners.iter().map(load).collect::<Result<Vec<_>, _>>()?;
        let unassigned = hand_offs.total() - got.values().sum::<u64>();
        Ok(Foreseen { hand_offs, alerts, owners, unassigned })
    }
}

impl Effects {
    /// How many would come.
    pub(crate) fn total(&self) -> u64 {
        self.by_rule.values().sum()
    }

    fn add(&mut self, effect: Effect) {
        *self.by_rule.entry(effect.rule.clone()).or_default() += 1;
        if self.first.len() < LISTED {
            self.first.push(effect);
        }
    }
}

/// How many tasks are not closed, by owner.
fn open_tasks(view: &dyn View) -> Result<BTreeMap<String, u64>, Error> {
    let mut open = BTreeMap::new();
    for state in TaskState::ALL.into_iter().filter(|state| !state.is_closed()) {
        let filter = TaskFilter { state: Some(state), ..TaskFilter::default() };
        let mut before = None;
        loop {
            let tasks = view.tasks(&filter, before, TASKS)?;
            before = tasks.last().map(|last| last.id).filter(|_| tasks.len() == TASKS);
            for owner in tasks.into_iter().filter_map(|task| task.owner) {
                *open.entry(owner).or_default() += 1;
            }
            if before.is_none() {
                break;
            }
        }
    }
    Ok(open)
}
