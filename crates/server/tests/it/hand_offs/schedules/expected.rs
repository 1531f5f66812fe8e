//! Who is to be handed off, by what the documentation says, worked out from what is seen of leads after each step.

use std::collections::{BTreeMap, BTreeSet};

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
    /// `None` where nothing of it counts.
    pub(super) score: Option<i64>,
}

/// What is to be known of a lead.
#[derive(Debug, Clone)]
struct Known {
    seen: Seen,
    is_armed: bool,
    was_handed_off: bool,
}

/// All that is expected.
#[derive(Debug, Default)]
pub(super) struct Expected {
    leads: BTreeMap<String, Known>,
    /// How often each lead was handed off.
    pub(super) handed_off: BTreeMap<String, usize>,
}

impl Expected {
    /// Takes in what is seen after a step.
    pub(super) fn take_in(&mut self, leads: &BTreeMap<String, Seen>, cause: &Cause, leave: i64) {
        let before = std::mem::take(&mut self.leads);
        for (lead, seen) in leads {
            let (mut known, has_moved) = self.inherited(&before, lead, seen);
            let (was, is) = (known.seen.score, seen.score);
            let is_looked_at = match cause {
                Cause::Event { id } => has_moved || seen.ids.contains(id),
                Cause::Model => is_hot(was) != is_hot(is),
                Cause::History => has_moved || was != is,
            };
            if is_looked_at {
                let is_own = matches!(cause, Cause::Model)
                    || matches!(cause, Cause::Event { id } if seen.ids.contains(id));
                if known.look(is, is_own, leave) {
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
                known = Some(known.map_or_else(|| other.clone(), |known| known.joined(other)));
            }
        }
        self.handed_off.retain(|_, times| *times > 0);
        (known.unwrap_or_else(Known::fresh), has_moved)
    }
}

impl Known {
    fn fresh() -> Self {
        let seen = Seen { ids: BTreeSet::new(), score: None };
        Self { seen, is_armed: true, was_handed_off: false }
    }

    fn hidden(mut self) -> Self {
        self.seen.score = None;
        self
    }

    fn joined(mut self, other: &Self) -> Self {
        self.is_armed &= other.is_armed;
        self.was_handed_off |= other.was_handed_off;
        self.seen.score = self.seen.score.max(other.seen.score);
        self
    }

    /// The lead is looked at: whether it is handed off.
    fn look(&mut self, is: Option<i64>, is_own: bool, leave: i64) -> bool {
        let has_left = |score: Option<i64>| score.is_none_or(|score| score < leave);
        let was = self.seen.score;
        if has_left(was) && has_left(is) {
            return false;
        }
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

fn is_hot(score: Option<i64>) -> bool {
    score.is_some_and(|score| score >= HOT)
}
