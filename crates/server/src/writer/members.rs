//! Scores of an account's members, computed again once something new is known of the account: some with every commit.

use std::collections::BTreeSet;

use kelvin_kernel::Instant;
use kelvin_store::Change;

use super::{Desk, Job, refresh::compute_again};
use crate::{Error, Model, Playbook};

/// Scores in one transaction: events wait no longer than that.
const SCORES: usize = 256;

/// What is to be computed again. Should the process be killed, the scores are computed when they are due, within minutes.
#[derive(Debug, Default)]
pub(super) struct Stale {
    /// Accounts of which something new is known.
    accounts: BTreeSet<String>,
    /// Members of those that were looked up, each with the name under which a model holds something of it.
    members: Vec<(String, String)>,
}

impl Desk {
    /// Notes of which accounts something new is known, where a model looks at that.
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
        let done = self.store.change(|change| stale.step(change, (models, playbook), now));
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

    /// Looks up the members of an account, or computes the scores of some of those that were looked up.
    fn step(
        &mut self,
        change: &mut dyn Change,
        (models, playbook): (&[Model], Option<&Playbook>),
        now: Instant,
    ) -> Result<(), Error> {
        if self.members.is_empty()
            && let Some(account) = self.accounts.pop_first()
        {
            for model in models.iter().filter(|model| model.looks_at_accounts()) {
                let leads = change.members(model.key(), &account)?.into_iter();
                self.members.extend(leads.map(|lead| (model.key().to_owned(), lead)));
            }
        }
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
