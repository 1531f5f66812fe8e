//! What models make of the events of many leads, worked out beside the writer, which notes meanwhile what is ready: it takes
//! nothing but what is held of each lead.

use std::{
    ops::Range,
    sync::{
        atomic::{AtomicUsize, Ordering},
        mpsc::{Receiver, Sender, channel},
    },
    thread,
};

use kelvin_kernel::{Instant, history::EventId, score::Score, state::State};
use kelvin_store::Holding;

use super::apply::as_held;
use crate::{Error, Model, segment::Call};

/// Fewer leads are not worth a thread.
const FEW: usize = 64;

/// As many are worked out before they are handed over.
const SHARE: usize = 16;

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

/// Tasks in shares, which are given out in their order.
struct Shares<'t, 'a> {
    tasks: &'t [Task<'a>],
    given_out: AtomicUsize,
    now: Instant,
}

/// What came of the tasks of a share.
type Done = Vec<Option<Made>>;

/// Notes what comes of each task, in their order; `None` where that takes a look at the store.
pub(super) fn make_each<'a>(
    tasks: &[Task<'a>],
    now: Instant,
    mut note: impl FnMut(&Task<'a>, Option<Made>) -> Result<(), Error>,
) -> Result<(), Error> {
    if tasks.len() < FEW {
        return tasks.iter().try_for_each(|task| note(task, task.make(now)));
    }
    let shares = Shares { tasks, given_out: AtomicUsize::new(0), now };
    let (sender, receiver) = channel();
    thread::scope(|scope| {
        let shares = &shares;
        let hand = scope.spawn(move || shares.make_all(&sender));
        let noted = shares.note_each(&receiver, &mut note);
        shares.given_out.store(tasks.len(), Ordering::Relaxed);
        let _ended = hand.join();
        noted
    })
}

impl<'a> Shares<'_, 'a> {
    /// The next share that nobody works on.
    fn next(&self) -> Option<usize> {
        let next = self.given_out.fetch_add(1, Ordering::Relaxed);
        (next < self.count()).then_some(next)
    }

    fn count(&self) -> usize {
        self.tasks.len().div_ceil(SHARE)
    }

    fn tasks(&self, share: usize) -> &[Task<'a>] {
        let Range { start, end } = share * SHARE..(share + 1) * SHARE;
        &self.tasks[start..end.min(self.tasks.len())]
    }

    fn make(&self, share: usize) -> Done {
        self.tasks(share).iter().map(|task| task.make(self.now)).collect()
    }

    fn make_all(&self, sender: &Sender<(usize, Done)>) {
        while let Some(share) = self.next() {
            if sender.send((share, self.make(share))).is_err() {
                return;
            }
        }
    }

    /// Notes what comes of each share in its turn. While that is not there, works on one that nobody works on.
    fn note_each(
        &self,
        receiver: &Receiver<(usize, Done)>,
        note: &mut impl FnMut(&Task<'a>, Option<Made>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut ready: Vec<Option<Done>> = (0..self.count()).map(|_| None).collect();
        for share in 0..self.count() {
            while ready[share].is_none() {
                let came = match receiver.try_recv() {
                    Ok(came) => came,
                    Err(_) => match self.next() {
                        Some(own) => (own, self.make(own)),
                        // What a thread fails at is done once more, where it is told.
                        None => receiver.recv().unwrap_or_else(|_| (share, self.nothing(share))),
                    },
                };
                ready[came.0] = Some(came.1);
            }
            let done = ready[share].take().unwrap_or_default();
            self.tasks(share).iter().zip(done).try_for_each(|(task, made)| note(task, made))?;
        }
        Ok(())
    }

    fn nothing(&self, share: usize) -> Done {
        self.tasks(share).iter().map(|_| None).collect()
    }
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
