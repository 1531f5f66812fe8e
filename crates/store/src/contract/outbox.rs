//! The outbox: what is to be sent, in the same transaction as the change that caused it.

use kelvin_kernel::Instant;

use crate::{Message, MessageState, NewMessage, Result};

/// Looks at the outbox.
pub trait OutboxView {
    /// The targets that have pending messages, by name.
    fn pending_targets(&self) -> Result<Vec<String>>;

    /// Of a target's lanes, the first pending message of each: those that are due first, first.
    fn lane_heads(&self, target: &str, limit: usize) -> Result<Vec<Message>>;

    /// The messages in a state, the pending ones in their order and others the latest first, from behind a place on.
    fn messages(&self, state: MessageState, after: Option<u64>, limit: usize) -> Result<Vec<Message>>;

    /// The message of an id.
    fn message(&self, id: &str) -> Result<Option<Message>>;

    /// The place of the last message that was put in or replayed; 0 if there is none.
    fn newest_message(&self) -> Result<u64>;
}

/// Puts messages into the outbox.
pub trait OutboxEntry {
    /// Puts a message behind those of its lane and target; `false` if its id is known. Ids are known for ever.
    fn enqueue(&mut self, message: &NewMessage<'_>) -> Result<bool>;
}

/// Changes the outbox.
pub trait OutboxChange: OutboxEntry {
    /// Notes an attempt that failed, and when the next one is due. Nothing if it is not the
    /// first of its lane.
    fn put_off(&mut self, id: &str, until: Instant, error: &str) -> Result<()>;

    /// Notes that a message was delivered: its lane goes on. Nothing if the message is not pending.
    fn delivered(&mut self, id: &str, at: Instant) -> Result<()>;

    /// Gives a message up: its lane goes on. Nothing if the message is not pending.
    fn bury(&mut self, id: &str, at: Instant, error: &str) -> Result<()>;

    /// Puts a dead message behind those of its lane, as if it were new; `false` if no dead one has the id.
    fn replay(&mut self, id: &str, at: Instant) -> Result<bool>;
}
