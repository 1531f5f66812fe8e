//! What came: events, the attributes that they wrote, and what could not be used.

use std::ops::ControlFlow;

use kelvin_kernel::Instant;

use crate::{Event, NewEvent, Owner, Rejected, Rejection, Result, Write};

/// Looks at what came.
pub trait LogView {
    /// The events after a place in the log, in the order of arrival.
    fn events(&self, after: u64, limit: usize) -> Result<Vec<Event>>;

    /// The events after a place in the log and up to another, each as its profile's own, whichever lead that belongs to: for
    /// who reads the whole log and has [`joined_profiles`](crate::PeopleView::joined_profiles) at hand.
    fn events_by_profile(&self, after: u64, last: u64) -> Result<Vec<Event>>;

    /// The place of the last event; 0 if there is none.
    fn log_end(&self) -> Result<u64>;

    /// The event at a place in the log.
    fn event(&self, seq: u64) -> Result<Option<Event>>;

    /// The place of the event of an id.
    fn seq_of(&self, id: &str) -> Result<Option<u64>>;

    /// The events of one lead, in the order of arrival. As long as its history is: for mending, not for serving.
    fn events_of(&self, lead: &str) -> Result<Vec<Event>>;

    /// All events, brought together by lead; those of one lead in the order of arrival. Stops when told to.
    fn events_by_lead(&self, take: &mut dyn FnMut(Event) -> ControlFlow<()>) -> Result<()>;

    /// The attributes as of an instant, whichever of a lead's profiles they were written to: keys in order, with their values as JSON.
    fn attributes(&self, owner: Owner<'_>, at: Instant) -> Result<Vec<(String, String)>>;

    /// The events that were rejected, the latest first, from before a place on.
    fn rejected(&self, before: Option<u64>, limit: usize) -> Result<Vec<Rejected>>;
}

/// Takes in what comes.
pub trait LogChange: LogView {
    /// Appends an event to the log; returns its place, or `None` for one whose id is known.
    fn append(&mut self, event: &NewEvent<'_>) -> Result<Option<u64>>;

    /// Notes a write of an attribute.
    fn write(&mut self, write: &Write<'_>) -> Result<()>;

    /// Forgets a write of an attribute, as if it had never been.
    fn unwrite(&mut self, write: &Write<'_>) -> Result<()>;

    /// Keeps an event that could not be used.
    fn reject(&mut self, rejection: &Rejection<'_>) -> Result<()>;
}
