//! A run: what to score, from what, and how; from the inputs to sorted results.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use kelvin_kernel::{
    Instant,
    program::Program,
    score::{Detail, Score},
};

use crate::{
    Error,
    accounts::{AccountAttributes, AccountCells, AccountWrites, put_member, score_accounts},
    duplicates::{dropped_rows, find_duplicates},
    lens::{LensPlan, Look},
    models::Models,
    partition::{
        hash::{hash, partition},
        score::{Partition, Run as PartitionRun, account_cells, score_partition},
        shuffle::{Shuffle, Shuffled},
    },
    read::{EventChunk, LeadChunk},
    results::{KeyOrder, Ranked, Run, RunBuilder, put_account_score, put_score},
    scores::Scores,
    selection::Selection,
    store::{
        Store,
        buckets::{Block, Bucket, Buckets},
    },
    workers::{in_each, pieces},
};

/// What to score, and how.
#[derive(Debug)]
pub struct Job<'a> {
    /// The models; made with `accounts` where accounts are to be scored.
    pub models: &'a Models<'a>,
    /// The instant.
    pub at: Instant,
    /// What is wanted of each lead's score.
    pub detail: Detail,
    /// Which lines are kept, and in what order.
    pub selection: Selection,
    /// What the run may use.
    pub resources: Resources,
}

/// What a run may use.
#[derive(Debug, Clone)]
pub struct Resources {
    /// Threads.
    pub threads: usize,
    /// Bytes of rows and results held in memory; what is beyond goes to a temporary file.
    pub memory: usize,
    /// Where the temporary file is made. It has no name and is gone when the run ends, however it ends.
    pub folder: PathBuf,
    /// Into how many parts leads are divided, a power of two up to 65,536. Results do not depend on it.
    pub partitions: usize,
}

/// What takes in chunks.
pub trait Intake {
    /// Takes in rows of leads.
    ///
    /// # Errors
    /// When the temporary file fails.
    fn take_leads(&mut self, chunk: &LeadChunk) -> Result<(), Error>;

    /// Takes in rows of events.
    ///
    /// # Errors
    /// When the temporary file fails.
    fn take_events(&mut self, chunk: &EventChunk) -> Result<(), Error>;
}

/// Where chunks come from.
pub trait Source: Sync {
    /// Hands chunks to `intake` until there are no more. Every worker calls this once, all at the same time: they share
    /// the chunks among them, in any way.
    ///
    /// # Errors
    /// What reading or the intake fails with.
    fn each(&self, intake: &mut dyn Intake) -> Result<(), Error>;
}

/// Scores all leads of the source, and the accounts where the models were made for it.
///
/// # Errors
/// When a file or the temporary file fails, or the listener for rejected rows has had enough.
pub fn score<'a>(job: &Job<'a>, source: &dyn Source) -> Result<Scores<'a>, Error> {
    let engine = Engine::new(job);
    let read = engine.read(source)?;
    engine.score(read)
}

struct Engine<'j, 'a> {
    job: &'j Job<'a>,
    threads: usize,
    partitions: usize,
    store: Arc<Store>,
}

/// All that was read.
struct Read {
    looks: Vec<Look>,
    /// Where each worker's looks begin.
    bases: Vec<u32>,
    account_writes: AccountWrites,
    /// What each partition is made from, until it is taken.
    partitions: Vec<Mutex<Parts>>,
}

/// What a partition is made from.
#[derive(Default)]
struct Parts {
    /// By worker.
    events: Vec<Bucket>,
    leads: Vec<Bucket>,
    dropped: Vec<Bucket>,
}

impl<'j, 'a> Engine<'j, 'a> {
    fn new(job: &'j Job<'a>) -> Self {
        let Resources { threads, memory, ref folder, partitions } = job.resources;
        Self {
            job,
            threads: threads.max(1),
            partitions: partitions.clamp(1, 1 << 16).next_power_of_two().min(1 << 16),
            store: Store::new(memory, folder.clone()),
        }
    }

    fn buckets(&self) -> Buckets {
        // Small writes to many places are slow: a worker that holds little leaves it to the others to make room.
        let worthwhile = self.store.budget.limit() / (4 * self.threads);
        Buckets::new(self.partitions, &self.store, worthwhile)
    }

    fn read(&self, source: &dyn Source) -> Result<Read, Error> {
        let plan = LensPlan::new(self.job.models);
        let shuffled = in_each(self.threads, |_| {
            let mut shuffle =
                Shuffle::new(self.job.models, &plan, self.job.at, self.partitions, || self.buckets());
            source.each(&mut shuffle)?;
            Ok(shuffle.finish())
        })?;
        self.collect(shuffled)
    }

    /// Brings together what the workers have read.
    fn collect(&self, shuffled: Vec<Shuffled>) -> Result<Read, Error> {
        let mut parts: Vec<Parts> = std::iter::repeat_with(Parts::default).take(self.partitions).collect();
        let mut ids: Vec<Vec<Bucket>> = std::iter::repeat_with(Vec::new).take(self.partitions).collect();
        let (mut looks, mut bases) = (Vec::new(), Vec::new());
        let mut account_writes = AccountWrites::default();
        for worker in shuffled {
            bases.push(looks.len() as u32);
            looks.extend(worker.looks);
            account_writes.merge(worker.account_writes);
            let of_worker = worker.events.into_iter().zip(worker.leads).zip(worker.ids);
            for (place, ((events, leads), id)) in of_worker.enumerate() {
                parts[place].events.push(events);
                parts[place].leads.push(leads);
                ids[place].push(id);
            }
        }
        for dropped in self.duplicates(ids)? {
            for (parts, bucket) in parts.iter_mut().zip(dropped) {
                parts.dropped.push(bucket);
            }
        }
        Ok(Read { looks, bases, account_writes, partitions: parts.into_iter().map(Mutex::new).collect() })
    }

    /// Finds the rows that are duplicates; by worker, then by the partition of their leads.
    fn duplicates(&self, ids: Vec<Vec<Bucket>>) -> Result<Vec<Vec<Bucket>>, Error> {
        if ids.iter().flatten().all(|bucket| bucket.len() == 0) {
            return Ok(Vec::new());
        }
        let queue = Mutex::new(ids);
        in_each(self.threads, |_| {
            let mut dropped = self.buckets();
            loop {
                let next = queue.lock().unwrap_or_else(PoisonError::into_inner).pop();
                let Some(parts) = next else {
                    return Ok(dropped.into_partitions());
                };
                find_duplicates(parts, &self.store, &mut dropped)?;
            }
        })
    }

    fn score(&self, read: Read) -> Result<Scores<'a>, Error> {
        let accounts = self.account_attributes(&read)?;
        let members = Mutex::new(Vec::new());
        let run = self.run(&read, &accounts);
        let runs = pieces(self.threads, self.partitions, |place| {
            let parts = std::mem::take(&mut *lock(&read.partitions[place]));
            let partition = parts.into_partition(&self.store)?;
            let (run, buckets) = self.score_one(run, &partition)?;
            lock(&members).push(buckets);
            Ok(run)
        })?;
        let leads = self.ranked(runs, self.job.selection.top);
        let members = members.into_inner().unwrap_or_else(PoisonError::into_inner);
        let accounts = match self.job.models.keeps_positions() {
            true => Some(self.score_accounts(members, &accounts)?),
            false => None,
        };
        Ok(Scores::new(self.job.models, self.job.at, leads, accounts))
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

    /// Scores one partition: the lines of its leads, and what they bring to their accounts.
    fn score_one(
        &self,
        run: PartitionRun<'_>,
        partition: &Partition,
    ) -> Result<(Run, Option<Vec<Bucket>>), Error> {
        let programs = self.job.models.programs().iter().enumerate();
        let order = |(model, program): (usize, &Program)| {
            KeyOrder::new(&self.job.selection.order, model, program.plan())
        };
        let orders: Vec<_> = programs.map(order).collect();
        let mut lines = RunBuilder::default();
        let mut members: Option<Vec<Vec<u8>>> =
            self.job.models.keeps_positions().then(|| vec![Vec::new(); self.partitions]);
        score_partition(run, partition, |scored| {
            if let (Some((account, events)), Some(members)) = (&scored.member, &mut members) {
                let place = partition_of(account, self.partitions);
                let whose = (scored.model, scored.lead);
                put_member(&mut members[place], account, whose, scored.score.as_ref(), events);
            }
            let plan = self.job.models.programs()[scored.model].plan();
            let kept = |score: &Score| self.job.selection.keeps(plan, score.standing);
            if let Some(score) = scored.score.filter(kept) {
                let key = |out: &mut Vec<u8>| orders[scored.model].put(out, scored.lead, &score);
                lines.push(key, (scored.lead, scored.model), |out| put_score(out, &score));
            }
            Ok::<_, Error>(())
        })?;
        let members = members.map(|members| self.put_members(members)).transpose()?;
        Ok((lines.finish(self.job.selection.top, &self.store)?, members))
    }

    fn put_members(&self, members: Vec<Vec<u8>>) -> Result<Vec<Bucket>, Error> {
        let mut buckets = Buckets::new(self.partitions, &self.store, 0);
        for (place, bytes) in members.into_iter().enumerate() {
            if !bytes.is_empty() {
                buckets.put(place, Block { first: 0, bytes: bytes.into() })?;
            }
        }
        Ok(buckets.into_partitions())
    }

    fn score_accounts(
        &self,
        members: Vec<Option<Vec<Bucket>>>,
        attributes: &AccountAttributes,
    ) -> Result<Ranked, Error> {
        let mut by_account: Vec<Vec<Bucket>> =
            std::iter::repeat_with(Vec::new).take(self.partitions).collect();
        for buckets in members.into_iter().flatten() {
            for (parts, bucket) in by_account.iter_mut().zip(buckets) {
                if bucket.len() > 0 {
                    parts.push(bucket);
                }
            }
        }
        let by_account: Vec<Mutex<Vec<Bucket>>> = by_account.into_iter().map(Mutex::new).collect();
        let runs = pieces(self.threads, self.partitions, |place| {
            let parts = std::mem::take(&mut *lock(&by_account[place]));
            let mut lines = RunBuilder::default();
            let (models, at) = (self.job.models, self.job.at);
            score_accounts(models, attributes, at, (parts, &self.store), |account, model, score| {
                let key = |out: &mut Vec<u8>| KeyOrder::by_id().put_id(out, account);
                lines.push(key, (account, model), |out| put_account_score(out, score));
                Ok(())
            })?;
            lines.finish(None, &self.store)
        })?;
        Ok(self.ranked(runs, None))
    }

    fn ranked(&self, runs: Vec<Run>, top: Option<usize>) -> Ranked {
        Ranked::new(runs, self.store.clone(), top, self.threads)
    }

    /// What is known of the accounts, where it can matter.
    fn account_attributes(&self, read: &Read) -> Result<AccountAttributes, Error> {
        let models = self.job.models;
        if !models.keeps_account_attributes() {
            return Ok(AccountAttributes::default());
        }
        let nothing = AccountAttributes::default();
        let found = pieces(self.threads, self.partitions, |place| {
            let partition = lock(&read.partitions[place]).copy(&self.store)?;
            Ok(account_cells(self.run(read, &nothing), &partition)?)
        })?;
        let mut all: Vec<_> = models.programs().iter().map(|_| AccountCells::default()).collect();
        for partition in found {
            all.iter_mut().zip(partition).for_each(|(all, found)| all.merge(found));
        }
        let [_, width, ..] = models.widths();
        Ok(AccountAttributes::new(all, &read.account_writes, width))
    }
}

impl Parts {
    fn into_partition(self, store: &Store) -> Result<Partition, Error> {
        let mut partition = Partition::default();
        for (worker, bucket) in self.events.into_iter().enumerate() {
            bucket.drain(store, |block| {
                partition.events.push((worker, block));
                Ok(())
            })?;
        }
        for bucket in self.leads {
            bucket.drain(store, |block| {
                partition.leads.push(block);
                Ok(())
            })?;
        }
        for bucket in self.dropped {
            partition.dropped.extend(dropped_rows(bucket, store)?);
        }
        partition.sort();
        Ok(partition)
    }

    fn copy(&self, store: &Store) -> Result<Partition, Error> {
        let mut partition = Partition::default();
        for (worker, bucket) in self.events.iter().enumerate() {
            bucket.each(store, |block| {
                partition.events.push((worker, block));
                Ok(())
            })?;
        }
        for bucket in &self.leads {
            bucket.each(store, |block| {
                partition.leads.push(block);
                Ok(())
            })?;
        }
        partition.sort();
        Ok(partition)
    }
}

fn partition_of(account: &str, partitions: usize) -> usize {
    partition(hash(account.as_bytes(), 0), partitions)
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
