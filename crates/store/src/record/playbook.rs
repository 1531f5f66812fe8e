//! What a playbook remembers, as it is kept.

use kelvin_kernel::Instant;

/// A change of a lead's tier, to be noted.
#[derive(Debug, Clone, Copy)]
pub struct NewTierChange<'a> {
    /// By which model.
    pub model: &'a str,
    /// Whose.
    pub lead: &'a str,
    /// When it was seen.
    pub at: Instant,
    /// The tier before, `disqualified` among them.
    pub from: Option<&'a str>,
    /// The tier after.
    pub to: Option<&'a str>,
    /// Why: `event:…`, `time`, `model` or `history`.
    pub cause: &'a str,
}

/// A change of a lead's tier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TierChange {
    /// Its place among the changes: later ones are greater.
    pub seq: u64,
    /// By which model.
    pub model: String,
    /// Whose.
    pub lead: String,
    /// When it was seen.
    pub at: Instant,
    /// The tier before.
    pub from: Option<String>,
    /// The tier after.
    pub to: Option<String>,
    /// Why: `event:…`, `time`, `model` or `history`.
    pub cause: String,
}

/// Something that is to be done at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timer {
    /// What kind of thing.
    pub kind: String,
    /// To what: a lead, a task.
    pub subject: String,
    /// Tells it from others of the same kind and subject.
    pub name: String,
    /// When.
    pub at: Instant,
}
