//! Scoring partition by partition.

use std::sync::Mutex;

use kelvin_kernel::{program::Program, score::Score};

use super::{Engine, Read, lock};
use crate::{
    Error, Scores,
    accounts::put_member,
    hash::{hash, partition},
    partition::score::{Partition, Run as PartitionRun, score_partition},
    results::{KeyOrder, Ranked, Run, RunBuilder, put_score},
    store::buckets::{Block, Bucket},
    workers::pieces,
};

impl<'a> Engine<'_, 'a> {
    /// Scores all that was read.
    pub(super) fn score(&self, read: Read) -> Result<Scores<'a>, Error> {
        let attributes = self.account_attributes(&read)?;
        let members = Mutex::new(Vec::new());
        let run = self.run(&read, &attributes);
        let runs = pieces(self.threads, read.partitions.len(), |place| {
            let parts = std::mem::take(&mut *lock(&read.partitions[place]));
            let partition = parts.into_partition(&self.store)?;
            let (run, buckets) = self.score_partition(run, &partition)?;
            self.store.pages.give_back(partition.into_pages());
            lock(&members).extend(buckets);
            Ok(run)
        })?;
        let leads = self.ranked(runs, self.job.selection.top);
        let accounts = if self.job.models.scores_accounts() {
            let members = std::mem::take(&mut *lock(&members));
            Some(self.score_accounts(members, &attributes)?)
        } else {
            None
        };
        Ok(Scores::new(self.job.models, self.job.at, leads, accounts))
    }

    pub(super) fn ranked(&self, runs: Vec<Run>, top: Option<usize>) -> Ranked {
        Ranked::new(runs, self.store.clone(), top, self.threads)
    }

    /// Scores one partition: the lines of its leads, and what they bring to their accounts.
    fn score_partition(
        &self,
        run: PartitionRun<'_>,
        partition: &Partition,
    ) -> Result<(Run, Option<Vec<Bucket>>), Error> {
        let selection = &self.job.selection;
        let order =
            |(model, program): (usize, &Program)| KeyOrder::new(&selection.order, model, program.plan());
        let orders: Vec<_> = self.job.models.programs().iter().enumerate().map(order).collect();
        let mut lines = RunBuilder::default();
        let mut members = self.job.models.scores_accounts().then(|| vec![Vec::new(); self.partitions]);
        score_partition(run, partition, |scored| {
            if let (Some((account, events)), Some(members)) = (&scored.member, &mut members) {
                let place = self.partition_of(account);
                let whose = (scored.model, scored.lead);
                put_member(&mut members[place], account, whose, scored.score.as_ref(), events);
            }
            let plan = self.job.models.programs()[scored.model].plan();
            let kept = |score: &Score| selection.keeps(plan, score.standing);
            if let Some(score) = scored.score.filter(kept) {
                let key = |out: &mut Vec<u8>| orders[scored.model].put(out, scored.lead, &score);
                lines.push(key, (scored.lead, scored.model), |out| put_score(out, &score));
            }
            Ok::<_, Error>(())
        })?;
        let members = members.map(|members| self.put_members(members)).transpose()?;
        Ok((lines.finish(selection.top, &self.store)?, members))
    }

    fn put_members(&self, members: Vec<Vec<u8>>) -> Result<Vec<Bucket>, Error> {
        let mut buckets = self.buckets(self.partitions);
        for (place, bytes) in members.into_iter().enumerate().filter(|(_, bytes)| !bytes.is_empty()) {
            buckets.put(place, Block { first: 0, bytes: &bytes })?;
        }
        Ok(buckets.into_partitions())
    }

    fn partition_of(&self, account: &str) -> usize {
        partition(hash(account.as_bytes(), 0), self.partitions)
    }
}
