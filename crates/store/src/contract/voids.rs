//! Events that do not count: which, and why.

use kelvin_kernel::Instant;

use crate::{MailEvent, NewVoid, Result, Void};

/// Looks at voids.
pub trait VoidsView {
    /// The voids before one, the latest first.
    fn voids(&self, before: Option<u64>, limit: usize) -> Result<Vec<Void>>;

    /// The void of a number.
    fn void(&self, number: u64) -> Result<Option<Void>>;

    /// The latest void that some rule or people made.
    fn void_by(&self, cause: &str) -> Result<Option<u64>>;

    /// The events that do not count because of a void.
    fn voided_by(&self, number: u64) -> Result<Vec<u64>>;

    /// The voids because of which an event does not count.
    fn voids_of(&self, seq: u64) -> Result<Vec<Void>>;

    /// What happened to a mail that was sent to a profile, between two instants; the first so many, by time.
    fn mail_events(
        &self,
        profile: &str,
        mail: &str,
        between: (Instant, Instant),
        limit: usize,
    ) -> Result<Vec<MailEvent>>;

    /// How many links a mail has that was sent to a profile, where a delivery told it; of several, the fewest.
    fn mail_links(&self, profile: &str, mail: &str) -> Result<Option<u32>>;
}

/// Changes voids.
pub trait VoidsChange: VoidsView {
    /// Notes a void; returns its number.
    fn put_void(&mut self, void: &NewVoid<'_>) -> Result<u64>;

    /// Notes that an event does not count because of a void; whether that is news. What was lifted stays so.
    fn void_event(&mut self, number: u64, seq: u64) -> Result<bool>;

    /// Lets an event count, as far as one void goes; whether that is news.
    fn lift(&mut self, number: u64, seq: u64) -> Result<bool>;

    /// Notes something that happened to a mail.
    fn put_mail_event(&mut self, profile: &str, mail: &str, event: &MailEvent) -> Result<()>;
}
