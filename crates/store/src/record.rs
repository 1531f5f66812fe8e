//! What is kept, as plain data.

mod access;
mod answers;
mod audit;
mod erasure;
mod experiments;
mod foresight;
mod hand_offs;
mod happenings;
mod models;
mod outbox;
mod outcomes;
mod people;
mod playbook;
mod retention;
mod voids;

use std::sync::Arc;

use kelvin_kernel::{Instant, Micropoints};

pub use access::{Digest, Key, Pass, Role, Scope, User};
pub use answers::{GivenAnswer, KnownAnswer};
pub use audit::{Audited, Deed};
pub use erasure::{Field, Kept, Person, Removed};
pub use experiments::Experiment;
pub use foresight::Coming;
pub use hand_offs::{Alert, HandOff, Milestone, NewAlert, NewHandOff, Task, TaskFilter, TaskState};
pub(crate) use happenings::HappeningKind;
pub use happenings::{Happened, Happening};
pub use models::{NewSwitch, NewVersion, Switch, Version};
pub use outbox::{Message, MessageState, NewMessage};
pub use outcomes::{Outcome, OutcomeFilter, PlacedOutcome};
pub use people::{Id, IdKind, KnownId, Link, LinkKind};
pub use playbook::{NewTierChange, TierChange, Timer};
pub use retention::Stock;
pub use voids::{MailEvent, NewVoid, Void};

/// An event to be appended.
#[derive(Debug, Clone, Copy)]
pub struct NewEvent<'a> {
    /// The id that it came with; of two events with one id, the first counts.
    pub id: Option<&'a str>,
    /// The id that the call names as its lead.
    pub profile: &'a str,
    /// When it happened.
    pub time: Instant,
    /// When it came.
    pub received: Instant,
    /// Which kind of call it was.
    pub call: &'a str,
    /// The call, as JSON.
    pub body: &'a str,
}

/// An event of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its place in the log: 1 is the first.
    pub seq: u64,
    /// The id that it came with.
    pub id: Option<String>,
    /// Whose it is.
    pub lead: String,
    /// The id that the call names as its lead; others may belong to the lead, too.
    pub profile: String,
    /// When it happened.
    pub time: Instant,
    /// When it came.
    pub received: Instant,
    /// Which kind of call it was.
    pub call: String,
    /// The call, as JSON.
    pub body: String,
    /// Whether it does not count.
    pub is_void: bool,
}

/// Whose attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner<'a> {
    /// A lead's.
    Lead(&'a str),
    /// An account's.
    Account(&'a str),
}

/// A write of an attribute. The attribute at an instant is the last write up to it, in the order of time and id.
#[derive(Debug, Clone, Copy)]
pub struct Write<'a> {
    /// Whose attribute.
    pub owner: Owner<'a>,
    /// Which attribute.
    pub key: &'a str,
    /// From when on it holds.
    pub time: Instant,
    /// The id of the event that wrote it, as the text by which ids are ordered.
    pub id: &'a str,
    /// The value as JSON; `None` takes the attribute away.
    pub value: Option<&'a str>,
}

/// What a model holds of a lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// What it remembers.
    pub state: Arc<[u8]>,
    /// When the score is due to be computed again.
    pub due: Option<Instant>,
    /// What it last gave; `None` where the model does not apply.
    pub score: Option<LeadScore>,
}

/// What a model last gave a lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadScore {
    /// The lead.
    pub lead: String,
    /// The score.
    pub score: Micropoints,
    /// The tier, `disqualified` among them.
    pub tier: Option<String>,
    /// The grade.
    pub grade: Option<String>,
    /// Until when the tier stays what it is, if nothing else happens, as far as that was looked for; it may stay longer.
    pub until: Option<Instant>,
    /// As of when.
    pub at: Instant,
}

/// A place in a list of leads by score: what comes after it is less, or as much and later by its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The score of the last lead seen.
    pub score: Micropoints,
    /// The last lead seen.
    pub lead: String,
}

/// An event that could not be used.
#[derive(Debug, Clone, Copy)]
pub struct Rejection<'a> {
    /// When it came.
    pub received: Instant,
    /// The reason, as a stable code.
    pub code: &'a str,
    /// The reason, for people.
    pub reason: &'a str,
    /// What came, or its beginning.
    pub body: &'a str,
}

/// An event that could not be used, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// Its place among the rejected: 1 is the first.
    pub seq: u64,
    /// When it came.
    pub received: Instant,
    /// The reason, as a stable code.
    pub code: String,
    /// The reason, for people.
    pub reason: String,
    /// What came, or its beginning.
    pub body: String,
}

impl Owner<'_> {
    pub(crate) fn kind(self) -> &'static str {
        match self {
            Self::Lead(_) => "lead",
            Self::Account(_) => "account",
        }
    }

    pub(crate) fn id(&self) -> &str {
        match self {
            Self::Lead(id) | Self::Account(id) => id,
        }
    }
}
