//! Accounts: what is known of them before leads are scored, and their scores after.

use std::sync::Mutex;

use super::{Engine, Read, lock, repeat};
use crate::{
    Error,
    accounts::{AccountAttributes, AccountCells, score_accounts},
    partition::score::account_cells,
    results::{KeyOrder, Ranked, RunBuilder, put_account_score},
    store::buckets::Bucket,
    workers::{in_order, pieces},
};

impl Engine<'_, '_> {
    /// What is known of the accounts, where it can matter.
    pub(super) fn account_attributes(&self, read: &Read) -> Result<AccountAttributes, Error> {
        let models = self.job.models;
        if !models.keeps_account_attributes() {
            return Ok(AccountAttributes::default());
        }
        let nothing = AccountAttributes::default();
        let mut all: Vec<_> = models.programs().iter().map(|_| AccountCells::default()).collect();
        let find = |place: usize| {
            let partition = lock(&read.partitions[place]).copy(&self.store)?;
            Ok(account_cells(self.run(read, &nothing), &partition)?)
        };
        in_order(self.threads, read.partitions.len(), find, |found| {
            all.iter_mut().zip(found).for_each(|(all, found)| all.merge(found));
            Ok(())
        })?;
        let [_, width, ..] = models.widths();
        Ok(AccountAttributes::new(all, &read.account_writes, width))
    }

    /// Scores the accounts of these members, each partition's by the partition of the account.
    pub(super) fn score_accounts(
        &self,
        members: Vec<Vec<Bucket>>,
        attributes: &AccountAttributes,
    ) -> Result<Ranked, Error> {
        let mut by_account = repeat(self.partitions, Vec::new);
        for buckets in members {
            for (parts, bucket) in by_account.iter_mut().zip(buckets) {
                if bucket.len() > 0 {
                    parts.push(bucket);
                }
            }
        }
        let by_account: Vec<_> = by_account.into_iter().map(Mutex::new).collect();
        let runs = pieces(self.threads, self.partitions, |place| {
            let parts = std::mem::take(&mut *lock(&by_account[place]));
            let mut lines = RunBuilder::default();
            let (models, at) = (self.job.models, self.job.at);
            score_accounts(models, attributes, at, (parts, &self.store), |account, model, score| {
                let key = |out: &mut Vec<u8>| KeyOrder::by_id().put_id(out, account.as_bytes());
                lines.push(key, (account.as_bytes(), model), |out| put_account_score(out, score));
                Ok(())
            })?;
            lines.finish(None, &self.store)
        })?;
        Ok(self.ranked(runs, None))
    }
}
