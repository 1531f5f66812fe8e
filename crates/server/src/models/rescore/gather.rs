//! One thread's pieces of the log: what the model sees of their events, by lead.

use std::{
    hash::BuildHasher,
    sync::atomic::{AtomicU64, Ordering},
};

use kelvin_kernel::state::Gathered;
use kelvin_store::{Event, Reader};
use rustc_hash::{FxBuildHasher, FxHashMap};

use super::{Job, THREADS};
use crate::{Error, segment::Call};

/// Places in the log that are read at once.
const PIECE: u64 = 2_000;

/// What was gathered of leads.
pub(super) type Leads = FxHashMap<String, Gathered>;

/// One reading of the log, for some of the leads.
pub(super) struct Pass<'j> {
    number: u64,
    /// Of how many it is one.
    count: u64,
    /// How far pieces of the log are taken.
    taken: AtomicU64,
    /// Whose profiles are that belong to other leads.
    joined: &'j FxHashMap<String, String>,
}

impl<'j> Pass<'j> {
    pub(super) fn new((number, count): (u64, u64), joined: &'j FxHashMap<String, String>) -> Self {
        Self { number, count, taken: AtomicU64::default(), joined }
    }

    /// The thread that scores a lead, if it is one of this pass.
    fn thread_of(&self, lead: &str) -> Option<usize> {
        // Maps of leads go by the lowest bits of this.
        let deal = FxBuildHasher.hash_one(lead) >> 32;
        (deal % self.count == self.number).then_some((deal / self.count) as usize % THREADS)
    }
}

impl Job {
    /// Reads pieces until there are no more; what there was, by the thread that is to score it.
    pub(super) fn gather(&self, reader: &mut Reader, pass: &Pass<'_>) -> Result<[Leads; THREADS], Error> {
        let mut gathered = [const { Leads::with_hasher(FxBuildHasher) }; THREADS];
        loop {
            self.check()?;
            let after = pass.taken.fetch_add(PIECE, Ordering::Relaxed);
            if after >= self.end {
                return Ok(gathered);
            }
            let last = self.end.min(after + PIECE);
            for event in reader.look(|view| view.events_by_profile(after, last))? {
                self.take(event, pass, &mut gathered)?;
            }
            self.incoming.advance(last - after);
        }
    }

    fn take(&self, mut event: Event, pass: &Pass<'_>, gathered: &mut [Leads; THREADS]) -> Result<(), Error> {
        let (seq, profile) = (event.seq, std::mem::take(&mut event.lead));
        let lead = pass.joined.get(&profile).unwrap_or(&profile);
        let Some(thread) = pass.thread_of(lead).filter(|_| !event.is_void) else { return Ok(()) };
        let lead = if *lead == profile { profile } else { lead.clone() };
        let call = Call::of_log(event).ok_or(Error::Damaged(seq))?;
        self.model.gather(gathered[thread].entry(lead).or_default(), &call, call.event_id(seq));
        Ok(())
    }
}

/// What all threads gathered, by the thread that is to score it.
pub(super) fn shares(gathered: Vec<[Leads; THREADS]>) -> [Vec<Leads>; THREADS] {
    let mut shares = [const { Vec::new() }; THREADS];
    for of_thread in gathered {
        for (share, leads) in shares.iter_mut().zip(of_thread) {
            share.push(leads);
        }
    }
    shares
}
