//! Letting go of what was kept long enough.

use kelvin_kernel::Instant;

use crate::{Result, Stock};

/// Lets go of what was kept long enough.
pub trait RetentionChange {
    /// Looks at some rows behind a place, and lets go of those that were settled before an instant; the place of the last, if
    /// there may be more behind it.
    fn let_go(&mut self, stock: Stock, before: Instant, after: u64, rows: usize) -> Result<Option<u64>>;

    /// Drops the oldest of the rejected, so that so many are left; how many went.
    fn drop_rejected(&mut self, most: u64) -> Result<u64>;
}
