//! Chunks: many rows of an input, decoded into columns by the slots of a [`Wanted`].
//!
//! [`Wanted`]: super::Wanted

use std::sync::Arc;

use kelvin_kernel::{Value, history::EventId, plan::NameId};

use super::columns::{Column, Texts};

/// Rows of a leads file.
#[derive(Debug, Clone)]
pub struct LeadChunk {
    /// The position of the first row; row `i` has position `first + i`. Positions order the rows of all leads files
    /// as they stand there, whichever thread decoded them. They leave gaps.
    pub first: u64,
    /// The leads; present and not empty in every row.
    pub lead_ids: Texts,
    /// Attributes, by slot of [`Schema::lead`](kelvin_kernel::plan::Schema::lead).
    pub attributes: Vec<Column>,
    /// Attributes of the lead's account (the row's `account` object or its `account.…` columns),
    /// by slot of [`Schema::account`](kelvin_kernel::plan::Schema::account).
    pub account: Vec<Column>,
}

/// Rows of an events file.
#[derive(Debug, Clone)]
pub struct EventChunk {
    /// The position of the first row; row `i` has position `first + i`. Positions order the rows of all events files
    /// as they stand there (that is the order of arrival), whichever thread decoded them. They leave gaps.
    pub first: u64,
    /// The leads; present and not empty in every row.
    pub lead_ids: Texts,
    /// When, in milliseconds since the epoch.
    pub times: Vec<i64>,
    /// What.
    pub names: Vec<NameId>,
    /// The ids that the events came with, if any did.
    pub ids: Option<Texts>,
    /// Properties, by slot of [`Schema::event`](kelvin_kernel::plan::Schema::event).
    pub properties: Vec<Column>,
    /// Context, by slot of [`Schema::context`](kelvin_kernel::plan::Schema::context).
    pub context: Vec<Column>,
    /// Attributes that rows write (`traits` of `identify`, `groupId` of `group`), by ascending row.
    pub writes: Vec<RowWrite>,
    /// Attributes of accounts that rows write (`traits` of a Segment `group` call), by ascending row.
    pub account_writes: Vec<AccountWrite>,
}

/// An attribute that an event's row writes on its lead, at the event's time and with its id.
#[derive(Debug, Clone)]
pub struct RowWrite {
    /// The row in its chunk.
    pub row: u32,
    /// The slot in [`Schema::lead`](kelvin_kernel::plan::Schema::lead).
    pub slot: usize,
    /// The value; `None` takes the attribute away.
    pub value: Option<Value>,
}

/// An attribute that an event's row writes on an account, at the event's time and with its id.
#[derive(Debug, Clone)]
pub struct AccountWrite {
    /// The row in its chunk.
    pub row: u32,
    /// The account.
    pub account: Arc<str>,
    /// The slot in [`Schema::account`](kelvin_kernel::plan::Schema::account).
    pub slot: usize,
    /// The value; `None` takes the attribute away.
    pub value: Option<Value>,
}

impl LeadChunk {
    /// The number of rows.
    pub fn len(&self) -> usize {
        self.lead_ids.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.lead_ids.is_empty()
    }
}

impl EventChunk {
    /// The number of rows.
    pub fn len(&self) -> usize {
        self.times.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    /// The position of a row.
    pub fn position(&self, row: usize) -> u64 {
        self.first + row as u64
    }

    /// The id of a row's event: the one that it came with, or its position.
    pub fn id(&self, row: usize) -> EventId {
        match self.ids.as_ref().and_then(|ids| ids.get(row)) {
            Some(id) => EventId::Text(id.into()),
            None => EventId::Position(self.position(row)),
        }
    }
}
