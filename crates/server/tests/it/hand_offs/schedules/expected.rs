//! Who is to be handed off, by what the documentation says, worked out from what is seen of leads after each step.

use std::collections::{BTreeMap, BTreeSet};

use kelvin_model::playbook::experiment::Experiment;

const HOT: i64 = 30;

/// Why scores changed.
#[derive(Debug)]
pub(super) enum Cause {
    /// The lead of an id did something.
    Event { id: String },
    /// Another version serves.
    Model,
    /// The past is another.
    History,
}

/// What is seen of a lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) ids: BTreeSet<String>,
    /// By model, where anything of it counts.
    pub(super) scores: BTreeMap<String, i64>,
}

/// What is to be known of a lead.
#[derive(Debug, Clone)]
struct Known {
    seen: Seen,
    is_armed: bool,
    /// Whether it is armed in the tier, and to be looked at.
    waits: bool,
    was_handed_off: bool,
}

/// All that is expected.
#[derive(Debug, Default)]
pub(super) struct Expected {
    leads: BTreeMap<String, Known>,
    experiment: Option<Experiment>,
    /// How often each lead was handed off.
    pub(super) handed_off: BTreeMap<String, usize>,
}

impl Expected {
    /// Takes in what is seen after a step.
    pub(super) fn take_in(
        &mut self,
        leads: &BTreeMap<String, Seen>,
        cause: &Cause,
        (leave, experiment): (i64, Option<&Experiment>),
    ) {
        self.deal_out(experiment, leave);
        let before = std::mem::take(&mut self.leads);
        for (lead, seen) in leads {
            let (mut known, has_moved) = self.inherited(&before, lead, seen);
            let arm = arm(self.experiment.as_ref(), lead);
            let (was, is) = (known.seen.score(arm), seen.score(arm));
            let is_looked_at = match cause {
                Cause::Event { id } => has_moved || seen.ids.contains(id),
                Cause::Model => is_hot(was) != is_hot(is),
                Cause::History => has_moved || was != is,
            };
            if is_looked_at {
                let is_own = matches!(cause, Cause::Model)
                    || matches!(cause, Cause::Event { id } if seen.ids.contains(id));
                if known.look((was, is), is_own, leave) {
                    *self.handed_off.entry(lead.clone()).or_default() += 1;
                }
            }
            known.seen = seen.clone();
            self.leads.insert(lead.clone(), known);
        }
        // Of leads whose events are all voided nothing is seen, and all is remembered.
        let is_somebody = |id: &String| leads.values().any(|seen| seen.ids.contains(id));
        let hidden = before.into_iter().filter(|(lead, _)| !leads.contains_key(lead) && !is_somebody(lead));
        self.leads.extend(hidden.map(|(lead, known)| (lead, known.hidden())));
    }

    /// Another model counts for some leads from now on.
    fn deal_out(&mut self, experiment: Option<&Experiment>, leave: i64) {
        for (lead, known) in &mut self.leads {
            known.deal(arm(self.experiment.as_ref(), lead), arm(experiment, lead));
            let score = known.seen.score(arm(experiment, lead));
            if known.waits && known.look((score, score), true, leave) {
                *self.handed_off.entry(lead.clone()).or_default() += 1;
            }
        }
        self.experiment = experiment.cloned();
    }

    /// What was known of a lead, or of those that it goes on as; and whether its ids are others.
    fn inherited(&mut self, before: &BTreeMap<String, Known>, lead: &str, seen: &Seen) -> (Known, bool) {
        let mut known = before.get(lead).cloned();
        let has_moved = known.as_ref().is_none_or(|known| known.seen.ids != seen.ids);
        for (name, other) in before.iter().filter(|(name, _)| *name != lead) {
            let is_whole = seen.ids.contains(name);
            if is_whole {
                let times = self.handed_off.remove(name).unwrap_or_default();
                *self.handed_off.entry(lead.to_owned()).or_default() += times;
            }
            if is_whole || other.seen.ids.contains(lead) {
                let experiment = self.experiment.as_ref();
                let mut other = other.clone();
                other.deal(arm(experiment, name), arm(experiment, lead));
                known = Some(known.map_or_else(|| other.clone(), |known| known.joined(&other)));
            }
        }
        self.handed_off.retain(|_, times| *times > 0);
        (known.unwrap_or_else(Known::fresh), has_moved)
    }
}

impl Known {
    fn fresh() -> Self {
        let seen = Seen { ids: BTreeSet::new(), scores: BTreeMap::new() };
        Self { seen, is_armed: true, waits: false, was_handed_off: false }
    }

    fn hidden(mut self) -> Self {
        self.seen.scores.clear();
        self
    }

    fn joined(mut self, other: &Self) -> Self {
        self.is_armed &= other.is_armed;
        self.waits = (self.waits || other.waits) && self.is_armed;
        self.was_handed_off |= other.was_handed_off;
        for (model, score) in &other.seen.scores {
            let own = self.seen.scores.entry(model.clone()).or_insert(*score);
            *own = (*own).max(*score);
        }
        self
    }

    /// Another model counts for the lead. For that alone it is not handed off again, nor forgotten.
    fn deal(&mut self, from: &str, to: &str) {
        if from == to {
            return;
        }
        let (was_there, is_there) = (is_hot(self.seen.score(from)), is_hot(self.seen.score(to)));
        self.is_armed &= !was_there && (!is_there || !self.was_handed_off);
        self.waits = self.is_armed && is_there;
    }

    /// The lead is looked at: whether it is handed off.
    fn look(&mut self, (was, is): (Option<i64>, Option<i64>), is_own: bool, leave: i64) -> bool {
        let has_left = |score: Option<i64>| score.is_none_or(|score| score < leave);
        if has_left(was) && has_left(is) {
            return false;
        }
        self.is_armed &= self.waits || !is_hot(was);
        self.waits = false;
        if is_own {
            self.is_armed |= has_left(was) || has_left(is);
        } else if is_hot(is) && !is_hot(was) && self.was_handed_off {
            self.is_armed = false;
        }
        let is_handed_off = self.is_armed && is_hot(is);
        if is_handed_off {
            (self.is_armed, self.was_handed_off) = (false, true);
        }
        is_handed_off
    }
}

/// The model that counts for a lead.
fn arm<'e>(experiment: Option<&'e Experiment>, lead: &str) -> &'e str {
    experiment.map_or("small", |experiment| experiment.arm(lead))
}

impl Seen {
    pub(super) fn score(&self, model: &str) -> Option<i64> {
        self.scores.get(model).copied()
    }
}

fn is_hot(score: Option<i64>) -> bool {
    score.is_some_and(|score| score >= HOT)
}
