//! What follows from the log: what each model holds of leads.

use kelvin_kernel::Instant;

use crate::{Holding, LeadScore, Place, Result};

/// Looks at what models hold.
pub trait ScoresView {
    /// What a model holds of a lead.
    fn holding(&self, model: &str, lead: &str) -> Result<Option<Holding>>;

    /// What models hold of leads, for each pair of both. What the same change wrote by other means than
    /// [`hold`](crate::ScoresChange::hold) need not be seen.
    fn holdings(&self, asked: &[(&str, &str)]) -> Result<Vec<Option<Holding>>> {
        asked.iter().map(|(model, lead)| self.holding(model, lead)).collect()
    }

    /// What a model last gave a lead, if it applies.
    fn score_of(&self, model: &str, lead: &str) -> Result<Option<LeadScore>>;

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

    /// Leads of which a model holds something, in their order, from after one on.
    fn held_after(&self, model: &str, after: &str, limit: usize) -> Result<Vec<String>>;

    /// The names under which models hold something of leads, each with the seal under which that is made.
    fn models(&self) -> Result<Vec<(String, String)>>;
}

/// Changes what models hold.
pub trait ScoresChange: ScoresView {
    /// Notes what a model holds of a lead from now on; nothing, if that is `None`.
    fn hold(&mut self, model: &str, lead: &str, holding: Option<Holding>) -> Result<()>;

    /// Puts what a model holds of leads in its place at once, the leads in order; where something is held already, that stays.
    /// For many leads of a model that does not serve yet.
    fn fill(&mut self, model: &str, holdings: &[(String, Holding)]) -> Result<()>;

    /// Forgets what a model holds of some leads.
    fn forget_leads(&mut self, model: &str, leads: &[String]) -> Result<()>;

    /// Forgets what a model holds of so many leads, or all of a small remainder; whether there is more.
    fn forget_some(&mut self, model: &str, leads: usize) -> Result<bool>;

    /// Forgets all that a model holds; the log stays.
    fn forget(&mut self, model: &str) -> Result<()>;

    /// Notes that something will be held under a name, and under which seal it is made.
    fn seal(&mut self, model: &str, seal: &str) -> Result<()>;
}
