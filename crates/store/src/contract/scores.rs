//! What follows from the log: what each model remembers of leads, and gives them.

use kelvin_kernel::Instant;

use crate::{LeadScore, Place, Result};

/// Looks at states and scores.
pub trait ScoresView {
    /// What a model remembers of a lead.
    fn state(&self, model: &str, lead: &str) -> Result<Option<Vec<u8>>>;

    /// Leads whose scores are due to be computed again by `now`, the longest overdue first, each with its model.
    fn due(&self, now: Instant, limit: usize) -> Result<Vec<(String, String)>>;

    /// What a model last gave to leads, the greatest score first; of one tier, if one is named (`none` is no tier).
    fn ranked(
        &self,
        model: &str,
        tier: Option<&str>,
        after: Option<&Place>,
        limit: usize,
    ) -> Result<Vec<LeadScore>>;

    /// The models whose states and scores are complete, each with the seal under which they were made.
    fn models(&self) -> Result<Vec<(String, String)>>;
}

/// Changes states and scores.
pub trait ScoresChange: ScoresView {
    /// Notes what a model remembers of a lead, and when its score is due to be computed again.
    fn put_state(&mut self, model: &str, lead: &str, state: &[u8], due: Option<Instant>) -> Result<()>;

    /// Notes only when a lead's score is due to be computed again.
    fn put_due(&mut self, model: &str, lead: &str, due: Option<Instant>) -> Result<()>;

    /// Notes what a model gives a lead.
    fn put_score(&mut self, model: &str, score: &LeadScore) -> Result<()>;

    /// Takes a lead out of a model's list: the model does not apply to it.
    fn remove_score(&mut self, model: &str, lead: &str) -> Result<()>;

    /// Forgets what a model remembers and gave; the log stays.
    fn forget(&mut self, model: &str) -> Result<()>;

    /// Notes that a model's states and scores are complete, and under which seal they were made.
    fn seal(&mut self, model: &str, seal: &str) -> Result<()>;
}
