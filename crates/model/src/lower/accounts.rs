//! The account plan.

use kelvin_kernel::plan::{AccountPlan, Combine};

use super::{Lowering, Matchers, range, tiers};
use crate::tree;

impl Lowering<'_> {
    /// How accounts are scored. `None` where a part of it is missing.
    pub(super) fn accounts(&mut self, accounts: &tree::Accounts) -> Option<AccountPlan> {
        let key = match accounts.key {
            Some(id) => Some(self.expr(id)?),
            None => None,
        };
        let mut matchers = Matchers::default();
        let rules: Option<Vec<_>> =
            accounts.rules.iter().map(|rule| self.rule(rule, 0, &mut matchers)).collect();
        Some(AccountPlan {
            key,
            combine: combine(accounts.combine.as_ref()?.value),
            range: range(accounts.range.as_ref()),
            rules: matchers.into_rule_set(rules?),
            tiers: tiers::tiers(self.model, &accounts.tiers)?,
        })
    }
}

const fn combine(combine: tree::Combine) -> Combine {
    match combine {
        tree::Combine::Top(count) => Combine::Top(count),
        tree::Combine::Max => Combine::Max,
        tree::Combine::Mean => Combine::Mean,
        tree::Combine::Sum => Combine::Sum,
    }
}
