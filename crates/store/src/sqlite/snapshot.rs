//! One state of a store, looked at from outside of the process that changes it.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use super::{PATIENCE, STATEMENTS, Session, erasure, schema, settle};
use crate::{Error, Result, View};

/// Looks at a store as it is now, also while a server uses it, for as long as it takes.
pub(crate) fn look_into<T, E: From<Error>>(
    path: &Path,
    look: impl FnOnce(&dyn View) -> std::result::Result<T, E>,
) -> std::result::Result<T, E> {
    let connection = open(path)?;
    let begun = Transaction::new_unchecked(&connection, TransactionBehavior::Deferred);
    let sql = begun.map_err(Error::from)?;
    // What the server has in memory is in the file, too, in another place: read in the same transaction.
    let recent = settle::read(&sql)?;
    look(&Session::looking(&connection, sql, recent))
}

fn open(path: &Path) -> Result<Connection> {
    let failed = |cause| Error::Open { path: path.to_owned(), cause };
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(failed)?;
    connection.busy_timeout(PATIENCE).map_err(failed)?;
    schema::check(&connection, path)?;
    connection.pragma_update(None, "query_only", true).map_err(failed)?;
    erasure::teach(&connection).map_err(failed)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}
