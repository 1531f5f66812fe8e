//! What the service needs of a store, whichever it is.

use std::ops::ControlFlow;

use kelvin_kernel::Instant;

use crate::{Event, LeadScore, NewEvent, Owner, Place, Rejected, Rejection, Result, Write};

/// Looks at one state of the store.
pub trait View {
    /// The events after a place in the log, in the order of arrival.
    fn events(&self, after: u64, limit: usize) -> Result<Vec<Event>>;

    /// The events of one lead, in the order of arrival. Reads the whole log: for mending, not for serving.
    fn events_of(&self, lead: &str) -> Result<Vec<Event>>;

    /// All events, brought together by lead; those of one lead in the order of arrival. Stops when told to.
    fn events_by_lead(&self, take: &mut dyn FnMut(Event) -> ControlFlow<()>) -> Result<()>;

    /// The attributes as of an instant: keys in order, with their values as JSON.
    fn attributes(&self, owner: Owner<'_>, at: Instant) -> Result<Vec<(String, String)>>;

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

    /// The events that were rejected, the latest first, from before a place on.
    fn rejected(&self, before: Option<u64>, limit: usize) -> Result<Vec<Rejected>>;

    /// The models whose states and scores are complete, each with the seal under which they were made.
    fn models(&self) -> Result<Vec<(String, String)>>;
}

/// Changes the store, within one transaction.
pub trait Change: View {
    /// Appends an event to the log; returns its place, or `None` for one whose id is known.
    fn append(&mut self, event: &NewEvent<'_>) -> Result<Option<u64>>;

    /// Notes a write of an attribute.
    fn write(&mut self, write: &Write<'_>) -> Result<()>;

    /// Notes what a model remembers of a lead, and when its score is due to be computed again.
    fn put_state(&mut self, model: &str, lead: &str, state: &[u8], due: Option<Instant>) -> Result<()>;

    /// Notes only when a lead's score is due to be computed again.
    fn put_due(&mut self, model: &str, lead: &str, due: Option<Instant>) -> Result<()>;

    /// Notes what a model gives a lead.
    fn put_score(&mut self, model: &str, score: &LeadScore) -> Result<()>;

    /// Takes a lead out of a model's list: the model does not apply to it.
    fn remove_score(&mut self, model: &str, lead: &str) -> Result<()>;

    /// Keeps an event that could not be used.
    fn reject(&mut self, rejection: &Rejection<'_>) -> Result<()>;

    /// Forgets what a model remembers and gave; the log stays.
    fn forget(&mut self, model: &str) -> Result<()>;

    /// Notes that a model's states and scores are complete, and under which seal they were made.
    fn seal(&mut self, model: &str, seal: &str) -> Result<()>;
}
