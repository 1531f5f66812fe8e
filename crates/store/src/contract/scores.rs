//! What follows from the log: what each model holds of leads.

use kelvin_kernel::Instant;

use crate::{Holding, LeadScore, Place, Result};

/// Looks at what models hold.
pub trait ScoresView {
    /// What a model holds of a lead.
    fn holding(&self, model: &str, lead: &str) -> Result<Option<Holding>>;

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

    /// The models whose holdings are complete, each with the seal under which they were made.
    fn models(&self) -> Result<Vec<(String, String)>>;
}

/// Changes what models hold.
pub trait ScoresChange: ScoresView {
    /// Notes what a model holds of a lead from now on; nothing, if that is `None`.
    fn hold(&mut self, model: &str, lead: &str, holding: Option<Holding>) -> Result<()>;

    /// Forgets all that a model holds; the log stays.
    fn forget(&mut self, model: &str) -> Result<()>;

    /// Notes that a model's holdings are complete, and under which seal they were made.
    fn seal(&mut self, model: &str, seal: &str) -> Result<()>;
}
