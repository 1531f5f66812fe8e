//! Which messages are attempted when, and what follows from an attempt. No clock, no network: it is told all.

use std::collections::BTreeMap;

use kelvin_connect::Outcome;
use kelvin_kernel::{Duration, Instant};
use kelvin_store::{Message, OutboxView, Result};

use super::{
    Note,
    backoff::{Backoff, Chance},
};

/// Attempts at one target at once: a target that hangs holds up no other.
const OF_TARGET: usize = 4;

/// Attempts at once.
const IN_ALL: usize = 64;

/// Decides on attempts.
#[derive(Debug)]
pub(crate) struct Schedule {
    backoff: Backoff,
    chance: Chance,
    /// Messages that are attempted, or whose notes are not written yet, each with its target.
    under_way: BTreeMap<String, String>,
    /// Targets that want to be left alone until then.
    paused: BTreeMap<String, Instant>,
    /// The target that was looked at last: the others come first the next time.
    last: String,
}

/// What is to be done now.
#[derive(Debug, Default)]
pub(crate) struct Round {
    /// Messages to be attempted.
    pub(crate) start: Vec<Message>,
    /// When there is something to do again, if nothing else happens.
    pub(crate) next: Option<Instant>,
}

impl Schedule {
    pub(crate) fn new(backoff: Backoff, seed: u64) -> Self {
        let (under_way, paused) = (BTreeMap::new(), BTreeMap::new());
        Self { backoff, chance: Chance(seed), under_way, paused, last: String::new() }
    }

    /// The messages whose turn it is. Each is under way until it is [released](Self::release).
    pub(crate) fn round<V: OutboxView + ?Sized>(&mut self, view: &V, now: Instant) -> Result<Round> {
        let mut round = Round::default();
        self.paused.retain(|_, until| *until > now);
        let mut targets = view.pending_targets()?;
        let next = targets.partition_point(|target| *target <= self.last);
        targets.rotate_left(next);
        for target in targets {
            if let Some(until) = self.paused.get(&target) {
                round.wake(*until);
            } else {
                self.look(view, target, now, &mut round)?;
            }
        }
        Ok(round)
    }

    /// Adds those of one target.
    fn look<V: OutboxView + ?Sized>(
        &mut self,
        view: &V,
        target: String,
        now: Instant,
        round: &mut Round,
    ) -> Result<()> {
        let mut busy = self.under_way.values().filter(|other| **other == target).count();
        // Those under way are among the first: behind them there is room for as many as may begin, and one that waits.
        for head in view.lane_heads(&target, busy + OF_TARGET + 1)? {
            if self.under_way.contains_key(&head.id) {
                continue;
            }
            match head.due {
                Some(due) if due > now => {
                    round.wake(due);
                    break;
                }
                _ if busy >= OF_TARGET || self.under_way.len() >= IN_ALL => break,
                _ => {}
            }
            busy += 1;
            self.under_way.insert(head.id.clone(), target.clone());
            self.last.clone_from(&target);
            round.start.push(head);
        }
        Ok(())
    }

    /// What follows from an attempt.
    pub(crate) fn note(&mut self, message: &Message, outcome: Outcome, now: Instant) -> Note {
        let id = message.id.clone();
        match outcome {
            Outcome::Delivered => Note::Delivered { id, at: now },
            Outcome::Never { reason } => Note::Buried { id, at: now, error: reason },
            Outcome::TryAgain { reason, .. } if message.attempts + 1 >= self.backoff.attempts => {
                Note::Buried { id, at: now, error: reason }
            }
            Outcome::TryAgain { after, reason } => {
                let wait = self.backoff.wait(message.attempts + 1, self.chance.next());
                let asked = after.unwrap_or_default().min(self.backoff.longest);
                if !asked.is_zero() {
                    self.pause(&message.target, later(now, asked));
                }
                Note::PutOff { id, until: later(now, wait.max(asked)), error: reason }
            }
        }
    }

    /// The note on a message is written: the next of its lane may go.
    pub(crate) fn release(&mut self, id: &str) {
        self.under_way.remove(id);
    }

    fn pause(&mut self, target: &str, until: Instant) {
        let paused = self.paused.entry(target.to_owned()).or_insert(until);
        *paused = until.max(*paused);
    }
}

impl Round {
    fn wake(&mut self, at: Instant) {
        self.next = Some(self.next.map_or(at, |next| next.min(at)));
    }
}

fn later(now: Instant, wait: std::time::Duration) -> Instant {
    now.after(Duration::from_millis(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX)))
}
