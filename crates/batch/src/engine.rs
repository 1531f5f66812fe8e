//! From chunks to scores: all workers read, then each partition is scored on its own.

mod accounts;
mod history;
mod leads;
mod parts;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use history::history;
use parts::Parts;

use crate::{
    Error, Job, Scores, Source,
    accounts::{AccountAttributes, AccountWrites},
    duplicates::{dropped_rows, find_duplicates},
    lens::{Glance, LensPlan},
    partition::{
        score::Run as PartitionRun,
        shuffle::{Shuffle, Shuffled},
    },
    store::{
        Store,
        buckets::{Bucket, Buckets},
    },
    workers::in_each,
};

/// Scores all leads of the source, and the accounts where the models were made for it.
///
/// # Errors
/// When a file or the temporary file fails, or the listener for rejected rows has had enough.
pub fn score<'a>(job: &Job<'a>, source: &dyn Source) -> Result<Scores<'a>, Error> {
    let engine = Engine::new(job);
    let plan = LensPlan::new(job.models);
    let shuffled = in_each(engine.threads, |_| {
        let mut shuffle = engine.shuffle(&plan);
        source.each(&mut shuffle)?;
        Ok(shuffle.finish())
    })?;
    let read = engine.collect(shuffled)?;
    engine.score(read)
}

/// What a run uses all the time.
struct Engine<'j, 'a> {
    job: &'j Job<'a>,
    threads: usize,
    partitions: usize,
    store: Arc<Store>,
}

/// All that was read.
struct Read {
    looks: Vec<Box<[Glance]>>,
    /// Where each worker's looks begin.
    bases: Vec<u32>,
    account_writes: AccountWrites,
    /// What each partition is made from, until it is taken.
    partitions: Vec<Mutex<Parts>>,
}

/// More partitions than this are not made: each worker holds a little of all of them.
const MOST_PARTITIONS: usize = 1 << 14;

impl<'j, 'a> Engine<'j, 'a> {
    fn new(job: &'j Job<'a>) -> Self {
        let partitions = job.resources.partitions.clamp(1, MOST_PARTITIONS).next_power_of_two();
        let store = Store::new(job.resources.memory, job.resources.folder.clone());
        Self { job, threads: job.resources.threads.max(1), partitions, store }
    }

    fn buckets(&self, partitions: usize) -> Buckets {
        // Small writes to many places are slow: a worker that holds little leaves it to the others to make room.
        let worthwhile = self.store.budget.limit() / (4 * self.threads);
        Buckets::new(partitions, &self.store, worthwhile)
    }

    fn shuffle<'p>(&'p self, plan: &'p LensPlan) -> Shuffle<'p> {
        Shuffle::new(self.job.models, plan, self.job.at, self.partitions, || self.buckets(self.partitions))
    }

    /// Brings together what the workers have read.
    fn collect(&self, shuffled: Vec<Shuffled>) -> Result<Read, Error> {
        let mut parts = repeat(self.partitions, Parts::default);
        let mut ids = repeat(self.partitions, Vec::new);
        let (mut looks, mut bases) = (Vec::new(), Vec::new());
        let mut account_writes = AccountWrites::default();
        for worker in shuffled {
            bases.push(looks.len() as u32);
            looks.extend(worker.looks.into_iter().map(|look| look.glances(self.job.models)));
            account_writes.merge(worker.account_writes);
            let of_worker = worker.events.into_iter().zip(worker.leads).zip(worker.ids);
            for (place, ((events, leads), id)) in of_worker.enumerate() {
                parts[place].put_worker(events, leads);
                ids[place].push(id);
            }
        }
        for dropped in self.duplicates(ids)? {
            for (parts, bucket) in parts.iter_mut().zip(dropped) {
                parts.dropped.extend(dropped_rows(bucket, &self.store)?);
            }
        }
        if !account_writes.is_empty() {
            let mut dropped: Vec<u64> = parts.iter().flat_map(|parts| &parts.dropped).copied().collect();
            dropped.sort_unstable();
            account_writes.leave_out(&dropped);
        }
        let partitions = self.split(parts)?.into_iter().map(Mutex::new).collect();
        Ok(Read { looks, bases, account_writes, partitions })
    }

    /// Finds the rows that are duplicates; by worker, then by the partition of their leads.
    fn duplicates(&self, ids: Vec<Vec<Bucket>>) -> Result<Vec<Vec<Bucket>>, Error> {
        if ids.iter().flatten().all(|bucket| bucket.len() == 0) {
            return Ok(Vec::new());
        }
        let queue = Mutex::new(ids);
        in_each(self.threads, |_| {
            let mut dropped = self.buckets(self.partitions);
            loop {
                let next = lock(&queue).pop();
                let Some(parts) = next else {
                    return Ok(dropped.into_partitions());
                };
                find_duplicates(parts, &self.store, &mut dropped)?;
            }
        })
    }

    /// Divides partitions that are too large to be scored in memory.
    fn split(&self, parts: Vec<Parts>) -> Result<Vec<Parts>, Error> {
        // Scoring takes a few times the bytes of the rows, in every thread.
        const LEAST: usize = 1 << 10;
        const MOST_PARTS: usize = 256;
        let limit = (self.store.budget.limit() / (8 * self.threads)).max(LEAST);
        let mut all = Vec::with_capacity(parts.len());
        for parts in parts {
            let pieces = parts.len().div_ceil(limit).next_power_of_two().min(MOST_PARTS);
            if pieces == 1 {
                all.push(parts);
            } else {
                all.extend(parts.split(pieces, &self.store, || self.buckets(pieces))?);
            }
        }
        Ok(all)
    }

    fn run<'r>(&'r self, read: &'r Read, accounts: &'r AccountAttributes) -> PartitionRun<'r> {
        PartitionRun {
            models: self.job.models,
            looks: &read.looks,
            bases: &read.bases,
            accounts,
            at: self.job.at,
            detail: self.job.detail,
        }
    }
}

fn repeat<T>(count: usize, make: impl FnMut() -> T) -> Vec<T> {
    std::iter::repeat_with(make).take(count).collect()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
