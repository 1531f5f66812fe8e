//! What happens to leads: noted by itself as changes of tier, hand-offs, tasks and alerts are kept.

use crate::{Happening, Result};

/// Looks at what happened.
pub trait HappeningsView {
    /// The last place that was ever used; 0 where nothing happened yet.
    fn last_happening(&self) -> Result<u64>;

    /// What happened after a place, the first of it first.
    fn happenings(&self, after: u64, limit: usize) -> Result<Vec<Happening>>;
}
