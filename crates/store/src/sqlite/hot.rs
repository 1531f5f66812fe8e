//! The statements that every event needs: found once in a transaction, and not by their whole text each time.

use std::cell::RefCell;

use rusqlite::{CachedStatement, Connection, OptionalExtension, Params, Row};

use crate::Result;

/// A statement that every event needs.
#[derive(Debug, Clone, Copy)]
pub(super) enum Asks {
    /// The places of a hash of an id, in the table.
    Places,
    /// The last event of a lead, in the table.
    Last,
    /// Appends an event to the log.
    Append,
    /// An id, with its lead.
    Id,
    /// What a model holds of a lead, in the table.
    Holding,
}

/// Their texts, in that order.
const TEXTS: [&str; 5] = [
    "SELECT seq FROM event_ids WHERE hash = ?",
    "SELECT last FROM leads WHERE lead = ?",
    "INSERT INTO events (id, lead, time, received, call, body, before) VALUES (?, ?, ?, ?, ?, ?, ?)",
    "SELECT kind, id, lead, is_user FROM ids WHERE kind = ? AND id = ?",
    "SELECT lead, score, tier, grade, until, at, state, due FROM holdings WHERE model = ? AND lead = ?",
];

/// Those of them that have been asked for so far.
pub(super) struct Hot<'c> {
    connection: &'c Connection,
    found: [RefCell<Option<CachedStatement<'c>>>; TEXTS.len()],
}

impl<'c> Hot<'c> {
    pub(super) fn of(connection: &'c Connection) -> Self {
        Self { connection, found: Default::default() }
    }

    /// Runs a statement that changes something.
    pub(super) fn run(&self, asks: Asks, params: impl Params) -> Result<usize> {
        self.with(asks, |statement| statement.execute(params))
    }

    /// The one row of a statement, if there is one.
    pub(super) fn row<T>(
        &self,
        asks: Asks,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>> {
        self.with(asks, |statement| statement.query_row(params, read).optional())
    }

    /// All rows of a statement.
    pub(super) fn rows<T>(
        &self,
        asks: Asks,
        params: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        self.with(asks, |statement| statement.query_map(params, read)?.collect())
    }

    /// The text of a statement.
    pub(super) fn text(asks: Asks) -> &'static str {
        TEXTS[asks as usize]
    }

    fn with<T>(
        &self,
        asks: Asks,
        work: impl FnOnce(&mut CachedStatement<'c>) -> rusqlite::Result<T>,
    ) -> Result<T> {
        let place = asks as usize;
        let mut found = self.found[place].borrow_mut();
        let statement = match &mut *found {
            Some(statement) => statement,
            none => none.insert(self.connection.prepare_cached(TEXTS[place])?),
        };
        Ok(work(statement)?)
    }
}
