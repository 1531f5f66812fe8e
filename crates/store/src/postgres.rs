//! The store in a database of PostgreSQL.

mod access;
mod accounts;
mod address;
mod answers;
mod audit;
mod connection;
mod erasure;
mod experiments;
mod foresight;
mod hand_offs;
mod happenings;
mod log;
mod measures;
mod models;
mod outbox;
mod outcomes;
mod people;
mod playbook;
mod retention;
mod row;
mod rows;
mod schema;
mod scores;
mod session;
mod tasks;
mod tls;
mod voids;
mod waiting;

use std::fmt::{self, Debug, Formatter};

use postgres::error::SqlState;

pub use address::Address;

use self::{
    connection::{Connection, Line},
    session::Session,
};
use crate::{Change, Error, Location, Result, View};

/// The lock that a writer holds as long as its connection lives: `kelvin`, as a number.
const LOCK: i64 = 0x6B65_6C76_696E;

/// The one connection that changes the store.
pub(crate) struct Writer {
    address: Address,
    line: Line,
    is_overtaken: bool,
}

/// A connection that looks at the store; there may be many.
pub(crate) struct Reader {
    line: Line,
}

impl Writer {
    /// Opens the store in a database, and brings it to the present version.
    pub(crate) fn open(address: &Address) -> Result<Self> {
        let (at, mut number) = (address.clone(), None);
        let line = Line::open(address, move |connection| {
            let locked = lock(connection, &at);
            match number {
                None => {
                    locked?;
                    number = Some(begin(connection, &at)?);
                }
                // What happened while the connection was broken is known only if nobody else has written.
                Some(number) if schema::writers(connection)? != number => {
                    return Err(Error::Overtaken { store: at.to_string() });
                }
                Some(_) => locked?,
            }
            Ok(())
        })?;
        Ok(Self { address: address.clone(), line, is_overtaken: false })
    }

    /// Fails where another writer has taken the place of this one.
    pub(crate) fn check_place(&self) -> Result<()> {
        if self.is_overtaken { Err(Error::Overtaken { store: self.address.to_string() }) } else { Ok(()) }
    }

    /// A connection that looks at the same store.
    pub(crate) fn reader(&self) -> Result<Reader> {
        Reader::at(&self.address)
    }

    /// Does all of some work, or, if it fails, nothing of it. When this returns, what was done is durable.
    pub(crate) fn change<T, E: From<Error>>(
        &mut self,
        work: impl FnOnce(&mut dyn Change) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let begun = self.line.begin("BEGIN ISOLATION LEVEL READ COMMITTED");
        self.is_overtaken |= matches!(begun, Err(Error::Overtaken { .. }));
        let changed = within(begun?, work);
        if changed.is_err() && self.line.drop_broken() {
            // Whether the other side has got a commit is not known then: the caller must not try again by itself.
            return Err(Error::Lost.into());
        }
        changed
    }
}

/// Does some work in a transaction, and makes it durable.
fn within<T, E: From<Error>>(
    connection: &mut Connection,
    work: impl FnOnce(&mut dyn Change) -> std::result::Result<T, E>,
) -> std::result::Result<T, E> {
    let mut session = Session::new(connection);
    let done = work(&mut session)?;
    session.commit()?;
    Ok(done)
}

impl Reader {
    /// A connection that looks at a store, whoever changes it.
    pub(crate) fn at(address: &Address) -> Result<Self> {
        Ok(Self { line: Line::open(address, |_| Ok(()))? })
    }

    /// Looks at one state of the store, whatever is written meanwhile.
    pub(crate) fn look<T, E: From<Error>>(
        &mut self,
        look: impl FnOnce(&dyn View) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";
        let session = Session::new(self.line.begin(begin)?);
        // The first read settles which state is seen.
        session.row("SELECT 1", &[], |_| Ok(()))?;
        look(&session)
    }
}

/// Takes the lock of the one writer. It ends with the connection, however that ends: after a server was killed, that may
/// take a moment.
fn lock(connection: &mut Connection, address: &Address) -> Result<()> {
    connection.batch("SET lock_timeout = '2s'")?;
    match connection.rows("SELECT pg_advisory_lock($1)", &[&LOCK]) {
        Err(Error::Postgres(cause)) if cause.code() == Some(&SqlState::LOCK_NOT_AVAILABLE) => {
            Err(Error::InUse { store: Location::Postgres(address.clone()) })
        }
        locked => locked.map(drop),
    }?;
    connection.batch("RESET lock_timeout")
}

/// Brings the store to the present version; returns the number of its writer.
fn begin(connection: &mut Connection, address: &Address) -> Result<i64> {
    schema::migrate(connection, address)?;
    schema::next_writer(connection)
}

impl Debug for Writer {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "Writer({})", self.address)
    }
}

impl Debug for Reader {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "Reader")
    }
}
