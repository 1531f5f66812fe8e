//! Thousands of schedules with faults: receivers that are down, answers that get lost, crashes between a delivery and
//! its note. No message may be lost, none may overtake another of its lane. The same seeds each time.

use std::{collections::BTreeMap, time::Duration as Wait};

use kelvin_connect::Outcome;
use kelvin_kernel::{Duration, Instant};
use kelvin_store::{Message, MessageState, OutboxView, Result};

use super::{
    Note,
    backoff::{Backoff, Chance},
    schedule::Schedule,
};

const SCHEDULES: u64 = 3000;
const MESSAGES: u64 = 20;
const BACKOFF: Backoff = Backoff { first: Wait::from_secs(1), longest: Wait::from_secs(60), attempts: 6 };

/// An outbox in memory, as the contract has it; it outlives crashes.
#[derive(Default)]
struct Postbox(Vec<Message>);

/// One schedule: the world around the deliverer.
struct World {
    chance: Chance,
    now: Instant,
    outbox: Postbox,
    schedule: Schedule,
    attempts: Vec<Attempt>,
    /// What receivers got, by lane and target, each id as often as it came.
    received: BTreeMap<(String, String), Vec<u64>>,
    put_in: u64,
}

/// An attempt under way.
struct Attempt {
    message: Message,
    outcome: Outcome,
    /// Whether the receiver will have the message, whatever it answers.
    arrives: bool,
}

#[test]
fn no_message_is_lost_and_none_overtakes_another() {
    for seed in 0..SCHEDULES {
        let mut world = World::new(seed);
        for _ in 0..400 {
            world.step();
        }
        world.settle();
        world.check(seed);
    }
}

impl World {
    fn new(seed: u64) -> Self {
        Self {
            chance: Chance(seed),
            now: Instant::from_millis(0),
            outbox: Postbox::default(),
            schedule: Schedule::new(BACKOFF, seed),
            attempts: Vec::new(),
            received: BTreeMap::new(),
            put_in: 0,
        }
    }

    /// Something happens.
    fn step(&mut self) {
        match self.below(10) {
            0 if self.put_in < MESSAGES => self.enqueue(),
            1..=4 => drop(self.begin()),
            5..=7 => self.finish(),
            8 => self.now = self.now.after(Duration::from_millis(self.below(20_000) as i64)),
            _ if self.below(8) == 0 => self.crash(),
            _ => {}
        }
    }

    /// From here on all goes well: what is pending must get through.
    fn settle(&mut self) {
        while self.put_in < MESSAGES {
            self.enqueue();
        }
        for _ in 0..1000 {
            let next = self.begin();
            while !self.attempts.is_empty() {
                self.finish();
            }
            self.now = next.unwrap_or(self.now).max(self.now);
            if self.outbox.0.iter().all(|message| message.state != MessageState::Pending) {
                return;
            }
        }
        panic!("messages stay pending");
    }

    /// Every message reached its target or is dead, and of each lane they came in order, though some came twice.
    fn check(&self, seed: u64) {
        for message in &self.outbox.0 {
            let lane = (message.lane.clone(), message.target.clone());
            let came = self.received.get(&lane).is_some_and(|ids| ids.contains(&message.seq));
            assert!(message.state == MessageState::Dead || came, "seed {seed}: {} is lost", message.id);
        }
        for ids in self.received.values() {
            assert!(ids.is_sorted(), "seed {seed}: out of order: {ids:?}");
        }
    }

    fn enqueue(&mut self) {
        self.put_in += 1;
        let (lane, target) = (format!("lead-{}", self.below(3)), format!("target-{}", self.below(2)));
        let is_first = !self.outbox.pending().any(|other| other.lane == lane && other.target == target);
        self.outbox.0.push(Message {
            seq: self.put_in,
            id: self.put_in.to_string(),
            lane,
            target,
            kind: "alert".to_owned(),
            body: String::new(),
            at: self.now,
            state: MessageState::Pending,
            due: is_first.then_some(self.now),
            attempts: 0,
            error: None,
            settled: None,
        });
    }

    /// Begins the attempts that are due.
    fn begin(&mut self) -> Option<Instant> {
        let round = self.schedule.round(&self.outbox, self.now).expect("a round");
        for message in round.start {
            let outcome = self.outcome();
            // An answer that was lost looks like a failure, though the receiver has the message.
            let arrives = match outcome {
                Outcome::Delivered => true,
                Outcome::TryAgain { .. } => self.below(3) == 0,
                Outcome::Never { .. } => false,
            };
            self.attempts.push(Attempt { message, outcome, arrives });
        }
        round.next
    }

    fn outcome(&mut self) -> Outcome {
        let reason = String::new();
        match self.below(20) {
            0 => Outcome::Never { reason },
            1..=5 => Outcome::TryAgain { after: None, reason },
            6 => Outcome::TryAgain { after: Some(Wait::from_secs(self.below(100))), reason },
            _ => Outcome::Delivered,
        }
    }

    /// An attempt ends, whichever, and is noted.
    fn finish(&mut self) {
        if self.attempts.is_empty() {
            return;
        }
        let place = self.below(self.attempts.len() as u64) as usize;
        let attempt = self.attempts.swap_remove(place);
        self.receive(&attempt);
        let note = self.schedule.note(&attempt.message, attempt.outcome, self.now);
        self.outbox.write(&note);
        self.schedule.release(note.id());
    }

    fn receive(&mut self, attempt: &Attempt) {
        if attempt.arrives {
            let lane = (attempt.message.lane.clone(), attempt.message.target.clone());
            self.received.entry(lane).or_default().push(attempt.message.seq);
        }
    }

    /// The process ends: what came of attempts is not known any more, though receivers may have the messages.
    fn crash(&mut self) {
        for attempt in std::mem::take(&mut self.attempts) {
            self.receive(&attempt);
        }
        self.schedule = Schedule::new(BACKOFF, self.now.as_millis().unsigned_abs());
    }

    fn below(&mut self, bound: u64) -> u64 {
        (self.chance.next() * bound as f64) as u64
    }
}

impl Postbox {
    fn pending(&self) -> impl Iterator<Item = &Message> {
        self.0.iter().filter(|message| message.state == MessageState::Pending)
    }

    fn write(&mut self, note: &Note) {
        let Some(message) = self.0.iter_mut().find(|message| message.id == note.id()) else { return };
        match note {
            Note::PutOff { until, .. } => {
                message.attempts += 1;
                message.due = Some(*until);
                return;
            }
            Note::Delivered { .. } => message.state = MessageState::Delivered,
            Note::Buried { .. } => message.state = MessageState::Dead,
        }
        message.due = None;
        let lane = (message.lane.clone(), message.target.clone());
        let is_next = |other: &&mut Message| {
            other.state == MessageState::Pending && (&other.lane, &other.target) == (&lane.0, &lane.1)
        };
        if let Some(next) = self.0.iter_mut().find(is_next) {
            next.due = next.due.or(Some(next.at));
        }
    }
}

impl OutboxView for Postbox {
    fn pending_targets(&self) -> Result<Vec<String>> {
        let mut targets: Vec<_> = self.pending().map(|message| message.target.clone()).collect();
        targets.sort();
        targets.dedup();
        Ok(targets)
    }

    fn lane_heads(&self, target: &str, limit: usize) -> Result<Vec<Message>> {
        let heads = self.pending().filter(|message| message.target == target && message.due.is_some());
        let mut heads: Vec<_> = heads.cloned().collect();
        heads.sort_by_key(|message| (message.due, message.seq));
        heads.truncate(limit);
        Ok(heads)
    }

    fn messages(&self, state: MessageState, _: Option<u64>, _: usize) -> Result<Vec<Message>> {
        Ok(self.0.iter().filter(|message| message.state == state).cloned().collect())
    }

    fn message(&self, id: &str) -> Result<Option<Message>> {
        Ok(self.0.iter().find(|message| message.id == id).cloned())
    }

    fn newest_message(&self) -> Result<u64> {
        Ok(self.0.last().map_or(0, |message| message.seq))
    }
}
