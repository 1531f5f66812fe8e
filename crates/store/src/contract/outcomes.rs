//! What became of leads, as somebody told it. What events tell of it is worked out from the log.

use crate::{Outcome, OutcomeFilter, PlacedOutcome, Result};

/// Looks at outcomes.
pub trait OutcomesView {
    /// The outcome of an id.
    fn outcome(&self, id: &str) -> Result<Option<Outcome>>;

    /// The outcomes after a place, in the order in which they were first told.
    fn outcomes(&self, filter: &OutcomeFilter, after: u64, limit: usize) -> Result<Vec<PlacedOutcome>>;

    /// The outcomes that name one text as their lead, in the order in which they were first told.
    fn outcomes_naming(&self, lead: &str) -> Result<Vec<Outcome>>;
}

/// Changes outcomes.
pub trait OutcomesChange: OutcomesView {
    /// Puts an outcome, in the place of the one with its id if there is one.
    fn put_outcome(&mut self, outcome: &Outcome) -> Result<()>;

    /// Forgets an outcome; whether it was there.
    fn drop_outcome(&mut self, id: &str) -> Result<bool>;
}
