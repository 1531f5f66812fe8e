//! A version whose scores are being made: how far they are, and which leads events came for meanwhile.

use std::{
    collections::BTreeSet,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use kelvin_store::View;

use crate::{Error, Model};

/// A version whose scores are being made from the log.
#[derive(Debug, Default)]
pub(crate) struct Incoming {
    /// Leads that changed before their scores were there: what was read of them is not all.
    late: Mutex<BTreeSet<String>>,
    /// Whether the log was read to where it ended at the beginning.
    is_read: AtomicBool,
    done: AtomicU64,
    all: AtomicU64,
}

/// How much of the log was read, in events; all passes over it count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Progress {
    pub(crate) done: u64,
    pub(crate) all: u64,
}

impl Incoming {
    /// How far the scores are.
    pub(crate) fn progress(&self) -> Progress {
        Progress { done: self.done.load(Ordering::Relaxed), all: self.all.load(Ordering::Relaxed) }
    }

    /// Notes how much there is to read.
    pub(super) fn expect(&self, all: u64) {
        self.all.store(all, Ordering::Relaxed);
    }

    /// Notes that some more was read.
    pub(super) fn advance(&self, done: u64) {
        self.done.fetch_add(done, Ordering::Relaxed);
    }

    /// Notes that the log was read: from now on, what a lead lacks is made at once.
    pub(crate) fn end_reading(&self) {
        self.is_read.store(true, Ordering::Release);
    }

    /// Whether the log was read.
    pub(crate) fn is_read(&self) -> bool {
        self.is_read.load(Ordering::Acquire)
    }

    /// Whether a lead has changed since the log began to be read.
    pub(crate) fn is_late(&self, lead: &str) -> bool {
        self.late().contains(lead)
    }

    /// Some of the leads that have changed, which are late no more.
    pub(crate) fn take_late(&self, most: usize) -> Vec<String> {
        let mut late = self.late();
        std::iter::from_fn(|| late.pop_first()).take(most).collect()
    }

    /// Notes that leads have changed.
    pub(crate) fn be_late(&self, leads: impl IntoIterator<Item = String>) {
        self.late().extend(leads);
    }

    /// Nothing is left half done under this lock, so one that broke is as good.
    fn late(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.late.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Model {
    /// Whether a lead that has changed is left for later: the model is being made, and has not come to the lead.
    pub(crate) fn puts_off(&self, view: &dyn View, lead: &str) -> Result<bool, Error> {
        let Some(incoming) = self.incoming().filter(|incoming| !incoming.is_read()) else {
            return Ok(false);
        };
        let is_there = view.holding(self.key(), lead)?.is_some();
        if !is_there {
            incoming.be_late([lead.to_owned()]);
        }
        Ok(!is_there)
    }
}
