//! What follows from scores: put into the store, or into a rehearsal that leaves the store as it is.

use super::{HandOffsChange, OutboxEntry, PlaybookChange, View};

/// Takes what follows from a score.
pub trait Consequences: PlaybookChange + HandOffsChange + OutboxEntry {
    /// All else, which does not change by that.
    fn view(&self) -> &dyn View;
}
