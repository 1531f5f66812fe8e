//! A person to be removed, as plain data.

use crate::Id;

/// All by which a person is found in a store.
#[derive(Debug, Clone, Copy)]
pub struct Person<'a> {
    /// The ids, those of other leads not among them. Without any, events go of somebody who stays.
    pub ids: &'a [Id],
    /// The places of the events in the log.
    pub events: &'a [u64],
    /// Texts of which each tells that something is about the person, wherever it stands.
    pub traces: &'a [String],
}

/// How much of a person was removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Removed {
    /// Events.
    pub events: usize,
    /// All else.
    pub rows: usize,
}

/// A row that is about a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Where it is kept.
    pub table: &'static str,
    /// What it holds, by column.
    pub fields: Vec<(String, Field)>,
}

/// What a column of a row holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Field {
    /// Nothing.
    Nothing,
    /// A number; an instant as milliseconds since 1970.
    Whole(i64),
    /// A text.
    Text(String),
}
