//! Scores of an account's members, computed again once a model sees something new of the account: some with every commit.

use std::collections::{BTreeMap, BTreeSet};

use kelvin_kernel::Instant;
use kelvin_store::Change;

use super::{Desk, Job, refresh::compute_again};
use crate::{Error, Model, Playbook};

/// Scores in one transaction: events wait no longer than that.
const SCORES: usize = 256;

/// Accounts that are looked up in one transaction.
const ACCOUNTS: usize = 64;

/// What models saw of accounts is remembered of so many. Whoever is forgotten has the scores of all members computed again once more.
const SEEN: usize = 100_000;

/// What is to be computed again. Should the process be killed, the scores are computed when they are due, within minutes.
#[derive(Debug, Default)]
pub(super) struct Stale {
    /// Accounts that calls told of.
    accounts: BTreeSet<String>,
    /// Members of those that are others than before, each with the name under which a model holds something of it.
    members: Vec<(String, String)>,
    /// What models saw of accounts last, by their names and the accounts: most calls say nothing new.
    seen: BTreeMap<(String, String), Vec<Option<String>>>,
}

impl Desk {
    /// Notes which accounts calls tell of, where a model looks at that.
    pub(super) fn note_accounts(&mut self, jobs: &[Job]) {
        if self.models.iter().any(Model::looks_at_accounts) {
            let calls = jobs.iter().flat_map(|job| &job.delivery.calls);
            let told = calls.filter(|call| call.part("traits").is_some()).filter_map(|call| call.group());
            self.stale.accounts.extend(told);
        }
    }

    /// Computes some scores of members again; whether there may be more.
    pub(super) fn refresh_members(&mut self) -> bool {
        if self.stale.is_empty() {
            return false;
        }
        let now = (self.clock)();
        let (stale, models, playbook) = (&mut self.stale, &self.models, self.playbook.as_ref());
        let done = self.store.change_in_passing(|change| -> Result<(), Error> {
            stale.look_up(change, models, now)?;
            stale.compute_some(change, (models, playbook), now)
        });
        done.unwrap_or_else(|cause| {
            (self.say)(&format!(
                "error: scores of an account's members could not be computed again: {cause}"
            ));
        });
        !self.stale.is_empty()
    }
}

impl Stale {
    fn is_empty(&self) -> bool {
        self.accounts.is_empty() && self.members.is_empty()
    }

    /// Looks up the members of accounts, until there is enough to do.
    fn look_up(&mut self, change: &dyn Change, models: &[Model], now: Instant) -> Result<(), Error> {
        for _ in 0..ACCOUNTS {
            if self.members.len() >= SCORES {
                break;
            }
            let Some(account) = self.accounts.pop_first() else { break };
            for model in models.iter().filter(|model| model.looks_at_accounts()) {
                let sight = model.account_texts(change, &account, now)?;
                if self.is_news(model, &account, sight) {
                    let leads = change.members(model.key(), &account)?.into_iter();
                    self.members.extend(leads.map(|lead| (model.key().to_owned(), lead)));
                }
            }
        }
        Ok(())
    }

    /// Whether a model sees something else of an account than it did last.
    fn is_news(&mut self, model: &Model, account: &str, sight: Vec<Option<String>>) -> bool {
        if self.seen.len() >= SEEN {
            self.seen.clear();
        }
        let before = self.seen.insert((model.key().to_owned(), account.to_owned()), sight.clone());
        before != Some(sight)
    }

    /// Computes the scores of some of those that were looked up.
    fn compute_some(
        &mut self,
        change: &mut dyn Change,
        (models, playbook): (&[Model], Option<&Playbook>),
        now: Instant,
    ) -> Result<(), Error> {
        let rest = self.members.len().saturating_sub(SCORES);
        for (key, lead) in self.members.drain(rest..) {
            let Some(model) = models.iter().find(|model| model.key() == key) else { continue };
            if let Some(held) = change.holding(&key, &lead)? {
                compute_again(change, (model, &lead), &held, (playbook, now))?;
            }
        }
        Ok(())
    }
}
