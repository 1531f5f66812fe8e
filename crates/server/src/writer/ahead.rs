//! What models make of the events of many leads, worked out side by side before any of it is noted: it takes nothing but what
//! is held of each lead.

use std::thread;

use kelvin_kernel::{Instant, history::EventId, score::Score, state::State};
use kelvin_store::Holding;

use super::apply::as_held;
use crate::{Model, segment::Call};

/// Threads that work at once, the writer's among them.
const HANDS: usize = 2;

/// Fewer leads are not worth a thread.
const FEW: usize = 64;

/// Events of a lead, for a model to take in.
pub(super) struct Task<'a> {
    pub(super) model: &'a Model,
    pub(super) lead: &'a str,
    pub(super) events: &'a [(&'a Call, EventId)],
    /// What the model holds of the lead so far.
    pub(super) held: Option<Holding>,
}

/// What a model makes of a lead.
pub(super) struct Made {
    pub(super) state: State,
    pub(super) score: Option<Score>,
    pub(super) holding: Holding,
}

/// What comes of each task; `None` where that takes a look at the store.
pub(super) fn make(tasks: &[Task<'_>], now: Instant) -> Vec<Option<Made>> {
    let make_all = |tasks: &[Task<'_>]| tasks.iter().map(|task| task.make(now)).collect::<Vec<_>>();
    if tasks.len() < FEW {
        return make_all(tasks);
    }
    let (own, others) = tasks.split_at(tasks.len().div_ceil(HANDS));
    thread::scope(|scope| {
        let shares = others.chunks(own.len());
        let hands: Vec<_> = shares.map(|share| (share, scope.spawn(move || make_all(share)))).collect();
        let mut made = make_all(own);
        for (share, hand) in hands {
            // What a thread fails at is done once more, where it is told.
            made.extend(hand.join().unwrap_or_else(|_| share.iter().map(|_| None).collect()));
        }
        made
    })
}

impl Task<'_> {
    fn make(&self, now: Instant) -> Option<Made> {
        let mut state = match &self.held {
            Some(held) => State::decode(self.model.program(), &held.state).ok()?,
            // Of a model that is being made ready, what is not there yet is in the log.
            None if self.model.incoming().is_some() => return None,
            None => Model::blank(),
        };
        for (call, id) in self.events {
            self.model.apply(&mut state, call, id.clone());
        }
        let score = self.model.score_of_state(&mut state, now)?;
        let holding = as_held(self.model, self.lead, &state, score.as_ref(), now);
        Some(Made { state, score, holding })
    }
}
