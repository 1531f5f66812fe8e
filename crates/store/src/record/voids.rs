//! Events that do not count, as they are kept.

use kelvin_kernel::Instant;

/// A void to be made: events of it do not count.
#[derive(Debug, Clone, Copy)]
pub struct NewVoid<'a> {
    /// When it was made.
    pub at: Instant,
    /// Who made it: the name of a rule, or people.
    pub cause: &'a str,
    /// Why.
    pub reason: &'a str,
    /// Which events were asked for, as JSON.
    pub asked: &'a str,
}

/// A void.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Void {
    /// Its number: 1 is the first.
    pub number: u64,
    /// When it was made.
    pub at: Instant,
    /// Who made it: the name of a rule, or people.
    pub cause: String,
    /// Why.
    pub reason: String,
    /// Which events were asked for, as JSON.
    pub asked: String,
    /// How many events do not count because of it.
    pub events: u64,
}

/// Something that happened to a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailEvent {
    /// The place of its event in the log.
    pub seq: u64,
    /// When it happened.
    pub time: Instant,
    /// The link that was clicked; of a delivery `None`.
    pub link: Option<String>,
    /// How many links the mail has, where a delivery tells it.
    pub links: Option<u32>,
}
