//! What is known of a lead: attributes and events, in the slots of one plan.

use std::{borrow::Cow, cmp::Ordering, sync::Arc};

use crate::{instant::Instant, plan::NameId, value::Value};

/// What tells events apart and orders those of one instant.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum EventId {
    /// An event without an id of its own: its position in its input.
    Position(u64),
    /// The id that the event came with.
    Text(Arc<str>),
}

/// Something a lead did.
#[derive(Debug, Clone)]
pub struct Event {
    /// When.
    pub time: Instant,
    /// Tells events of one instant apart, and orders them.
    pub id: EventId,
    /// What.
    pub name: NameId,
    /// Properties, by slot of [`Schema::event`](crate::plan::Schema::event).
    pub properties: Box<[Option<Value>]>,
    /// Context, by slot of [`Schema::context`](crate::plan::Schema::context).
    pub context: Box<[Option<Value>]>,
    /// Attributes that the event writes, by slot of [`Schema::lead`](crate::plan::Schema::lead); `None` takes
    /// one away. They hold from the event's time on.
    pub traits: Box<[(usize, Option<Value>)]>,
}

/// All that is known of one lead.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// Attributes that hold since ever, by slot; may be shorter than the schema.
    pub attributes: Vec<Option<Value>>,
    /// Attributes of the lead's account, by slot; may be shorter than the schema.
    pub account: Vec<Option<Value>>,
    /// Events, in order of arrival: of two with one id, the first counts.
    pub events: Vec<Event>,
}

impl EventId {
    /// The text by which ids are ordered: positions are padded with zeros so that they keep their order.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Position(position) => Cow::Owned(format!("{position:020}")),
            Self::Text(text) => Cow::Borrowed(text),
        }
    }
}

impl Ord for EventId {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Position(a), Self::Position(b)) => a.cmp(b),
            (Self::Text(a), Self::Text(b)) => a.as_bytes().cmp(b.as_bytes()),
            _ => self.text().as_bytes().cmp(other.text().as_bytes()),
        }
    }
}

impl PartialOrd for EventId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
