//! Which leads may belong to which account, as each model sees it.

use crate::Result;

/// Looks at accounts.
pub trait AccountsView {
    /// Accounts that ever had members, in their order, from after one on.
    fn accounts(&self, model: &str, after: &str, limit: usize) -> Result<Vec<String>>;

    /// The leads that ever were members of an account, in their order. Whether they are at an instant, the model tells.
    fn members(&self, model: &str, account: &str) -> Result<Vec<String>>;
}

/// Changes accounts.
pub trait AccountsChange: AccountsView {
    /// Notes that a lead is a member of an account.
    fn put_member(&mut self, model: &str, account: &str, lead: &str) -> Result<()>;
}
