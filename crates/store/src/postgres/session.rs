//! A transaction, and how its statements are run.

use std::cell::RefCell;

use postgres::Row;

use super::{
    connection::{Connection, Params},
    waiting::Waiting,
};
use crate::{Change, Consequences, Result, View};

/// A transaction. It is rolled back unless it is committed.
pub(super) struct Session<'c> {
    connection: RefCell<&'c mut Connection>,
    pub(super) waiting: RefCell<Waiting>,
    is_open: bool,
}

impl<'c> Session<'c> {
    /// The transaction that was begun on a connection.
    pub(super) fn new(connection: &'c mut Connection) -> Self {
        Self { connection: RefCell::new(connection), waiting: RefCell::default(), is_open: true }
    }

    /// Makes what was done durable.
    pub(super) fn commit(mut self) -> Result<()> {
        self.waiting.get_mut().send_all(self.connection.get_mut())?;
        self.is_open = false;
        self.batch("COMMIT")
    }

    pub(super) fn batch(&self, sql: &str) -> Result<()> {
        self.send_for(sql)?;
        self.connection.borrow_mut().batch(sql)
    }

    /// The rows that a query gives.
    pub(super) fn rows<T>(
        &self,
        sql: &str,
        params: Params<'_>,
        read: impl FnMut(&Row) -> Result<T>,
    ) -> Result<Vec<T>> {
        self.send_for(sql)?;
        self.kept_rows(sql, params, read)
    }

    /// The first row that a query gives, if it gives any.
    pub(super) fn row<T>(
        &self,
        sql: &str,
        params: Params<'_>,
        read: impl FnMut(&Row) -> Result<T>,
    ) -> Result<Option<T>> {
        self.send_for(sql)?;
        self.kept_row(sql, params, read)
    }

    /// The rows that a query gives of what was sent: where nothing waits that it should see.
    pub(super) fn kept_rows<T>(
        &self,
        sql: &str,
        params: Params<'_>,
        read: impl FnMut(&Row) -> Result<T>,
    ) -> Result<Vec<T>> {
        self.connection.borrow_mut().rows(sql, params)?.iter().map(read).collect()
    }

    /// The first row that a query gives of what was sent.
    pub(super) fn kept_row<T>(
        &self,
        sql: &str,
        params: Params<'_>,
        read: impl FnMut(&Row) -> Result<T>,
    ) -> Result<Option<T>> {
        self.connection.borrow_mut().rows(sql, params)?.first().map(read).transpose()
    }

    /// Runs a statement; returns how many rows it changed.
    pub(super) fn run(&self, sql: &str, params: Params<'_>) -> Result<u64> {
        self.send_for(sql)?;
        self.connection.borrow_mut().run(sql, params)
    }

    fn send_for(&self, sql: &str) -> Result<()> {
        self.waiting.borrow_mut().send_for(sql, &mut self.connection.borrow_mut())
    }
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        if self.is_open {
            // On a connection that has broken, nothing is left to be rolled back.
            let _broken = self.batch("ROLLBACK");
        }
    }
}

impl View for Session<'_> {}

impl Consequences for Session<'_> {
    fn view(&self) -> &dyn View {
        self
    }
}

impl Change for Session<'_> {}
