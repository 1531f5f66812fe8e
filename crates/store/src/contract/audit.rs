//! Who changed what: one entry for each change that somebody made.

use crate::{Audited, Deed, Result};

/// Looks at who changed what.
pub trait AuditView {
    /// The changes that somebody made, the latest first, from before a place on.
    fn audit(&self, before: Option<u64>, limit: usize) -> Result<Vec<Audited>>;
}

/// Notes who changed what.
pub trait AuditChange: AuditView {
    /// Notes a change, in the transaction that holds it; returns its place.
    fn put_deed(&mut self, deed: &Deed<'_>) -> Result<u64>;
}
