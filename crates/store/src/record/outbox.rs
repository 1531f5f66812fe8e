//! Messages, as they are kept.

use kelvin_kernel::Instant;

/// A message to be sent.
#[derive(Debug, Clone, Copy)]
pub struct NewMessage<'a> {
    /// Its id, which receivers see: of two messages with one id, the first counts.
    pub id: &'a str,
    /// What it is about, a lead for example: messages of one lane reach a target in their order.
    pub lane: &'a str,
    /// Where it goes, by name.
    pub target: &'a str,
    /// What kind it is.
    pub kind: &'a str,
    /// What it says, as JSON.
    pub body: &'a str,
    /// When it was put in, and is due.
    pub at: Instant,
}

/// A message of the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its place: later ones are greater.
    pub seq: u64,
    /// Its id.
    pub id: String,
    /// What it is about.
    pub lane: String,
    /// Where it goes.
    pub target: String,
    /// What kind it is.
    pub kind: String,
    /// What it says, as JSON.
    pub body: String,
    /// When it was put in.
    pub at: Instant,
    /// What became of it.
    pub state: MessageState,
    /// When it is due; `None` behind others of its lane, and when it is no longer pending.
    pub due: Option<Instant>,
    /// Attempts that failed.
    pub attempts: u32,
    /// Why the last one failed.
    pub error: Option<String>,
    /// When it was delivered or given up.
    pub settled: Option<Instant>,
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageState {
    /// It is to be delivered.
    Pending,
    /// Its target has it.
    Delivered,
    /// It was given up.
    Dead,
}

impl MessageState {
    /// All states.
    pub const ALL: [Self; 3] = [Self::Pending, Self::Delivered, Self::Dead];

    /// The name by which it is kept and asked for.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Dead => "dead",
        }
    }

    /// The state of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}
