//! When a lead goes to sales: once for each time that it enters a tier, and again only after it has left it for good.

use kelvin_kernel::{Duration, Instant, Micropoints, plan::Plan};
use kelvin_model::playbook::plan::{HandOff, Leave};
use serde::{Deserialize, Serialize};

use super::{
    note::millis,
    stand::{Stand, place},
};

/// What is remembered of a lead for a hand-off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Readiness {
    /// Whether it is handed off once it is in the tier.
    pub(super) armed: bool,
    /// Whether it is armed in the tier, and waits for a condition or for its time.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) waits: bool,
    /// When it was last handed off.
    #[serde(with = "millis", default, skip_serializing_if = "Option::is_none")]
    pub(super) last: Option<Instant>,
    /// When sales gave it back since then.
    #[serde(with = "millis", default, skip_serializing_if = "Option::is_none")]
    pub(super) returned: Option<Instant>,
}

/// What a hand-off asks for, in terms of its model's tiers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Terms {
    /// The tier to be entered.
    pub(super) enter: usize,
    leave: Below,
    again_after: Option<Duration>,
    recycle_after: Option<Duration>,
}

#[derive(Debug, Clone, Copy)]
enum Below {
    Score(Micropoints),
    Tier(usize),
}

/// What is to happen with a lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// Nothing, until something else happens.
    Nothing,
    /// It may be handed off later: look again then.
    LookAt(Instant),
    /// It is handed off, if it meets the condition.
    HandOff,
}

impl Terms {
    /// What a hand-off asks for; `None` where the model has no such tier.
    pub(super) fn of(hand_off: &HandOff, plan: &Plan) -> Option<Self> {
        let enter = place(plan, &hand_off.tier)?;
        let leave = match &hand_off.leave {
            None => Below::Tier(enter),
            Some(Leave::Score(score)) => Below::Score(*score),
            Some(Leave::Tier(tier)) => Below::Tier(place(plan, tier)?),
        };
        let HandOff { again_after, recycle_after, .. } = hand_off;
        Some(Self { enter, leave, again_after: *again_after, recycle_after: *recycle_after })
    }

    /// Whether a lead has fallen so far that it is armed again.
    pub(super) fn is_left(&self, stand: &Stand) -> bool {
        match self.leave {
            Below::Score(bound) => stand.score.is_none_or(|score| score < bound),
            Below::Tier(tier) => !stand.is_in(tier),
        }
    }
}

impl Readiness {
    /// A lead that was never handed off.
    pub(super) const FRESH: Self = Self { armed: true, waits: false, last: None, returned: None };

    /// A lead that was in the tier already when the hand-off was first seen: it counts as handed off.
    pub(super) const PRESENT: Self = Self { armed: false, waits: false, last: None, returned: None };

    /// A lead that is handed off now.
    pub(super) fn handed_off(at: Instant) -> Self {
        Self { armed: false, waits: false, last: Some(at), returned: None }
    }

    /// Takes note that the lead was in the tier when it was last looked at. One that was armed then, and waited for nothing,
    /// was below the tier that was asked for: it has not entered this one, and counts as handed off.
    pub(super) fn was_there(&mut self) {
        self.armed &= self.waits;
    }

    /// Takes note of where the lead stands at an instant.
    pub(super) fn notice(&mut self, terms: &Terms, stand: &Stand, now: Instant) {
        let is_back = self.recycled(terms).is_some_and(|recycled| recycled <= now);
        self.armed = self.armed || is_back || terms.is_left(stand);
    }

    /// Takes note of where the lead stands now that its past is another. That is no doing of the lead: a fall does not arm
    /// it, and one that was handed off is not again because it stands in the tier.
    pub(super) fn restore(&mut self, terms: &Terms, was_there: bool, stand: &Stand) {
        if stand.is_in(terms.enter) && !was_there && self.last.is_some() {
            self.armed = false;
        }
    }

    /// What is to be remembered of a lead for which another model counts from now on, by where it stands by either: in the
    /// tier or not. That is no doing of the lead: it arms nothing, and one that was handed off is not again because it
    /// stands in the tier. One that never was, and is in the tier by this model alone, waits to be looked at.
    pub(super) fn dealt(known: Option<Self>, (was_there, is_there): (bool, bool)) -> Option<Self> {
        if known.is_none() && was_there == is_there {
            return None;
        }
        let mut ready = known.unwrap_or(if was_there { Self::PRESENT } else { Self::FRESH });
        if was_there {
            ready.was_there();
        }
        ready.armed &= !is_there || was_there || ready.last.is_none();
        ready.waits = ready.armed && is_there;
        Some(ready)
    }

    /// What is to happen with a lead that stands there, once that was noticed.
    pub(super) fn next(&self, terms: &Terms, stand: &Stand, now: Instant) -> Next {
        if !stand.is_in(terms.enter) {
            return Next::Nothing;
        }
        let recycled = self.recycled(terms);
        if !self.armed {
            return recycled.map_or(Next::Nothing, Next::LookAt);
        }
        let again = self.last.zip(terms.again_after).map(|(last, after)| last.after(after));
        // A lead that came back need not wait for both.
        let free = again.map(|again| recycled.map_or(again, |recycled| again.min(recycled)));
        match free {
            Some(free) if now < free => Next::LookAt(free),
            _ => Next::HandOff,
        }
    }

    /// When a lead that sales gave back is armed again.
    fn recycled(&self, terms: &Terms) -> Option<Instant> {
        Some(self.returned?.after(terms.recycle_after?))
    }
}

#[cfg(test)]
mod tests;
