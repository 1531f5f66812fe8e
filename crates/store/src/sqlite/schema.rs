//! The tables, and how a store of an earlier version gets them. Steps are only ever added.

use std::path::Path;

use rusqlite::Connection;

use crate::{Error, Result};

/// The steps, from nothing on; a store's `user_version` is the number of those it has gone.
const STEPS: &[&str] = &[
    include_str!("steps/0001-log-and-scores.sql"),
    include_str!("steps/0002-people.sql"),
    include_str!("steps/0003-voids.sql"),
    include_str!("steps/0004-outbox.sql"),
    include_str!("steps/0005-playbook.sql"),
    include_str!("steps/0006-access.sql"),
    include_str!("steps/0007-models.sql"),
    include_str!("steps/0008-happenings.sql"),
    include_str!("steps/0009-answers.sql"),
    include_str!("steps/0010-members.sql"),
    include_str!("steps/0011-absent-rules.sql"),
    include_str!("steps/0012-causes.sql"),
    include_str!("steps/0013-experiments.sql"),
];

/// The version that is made here.
const KNOWN: i64 = STEPS.len() as i64;

/// Checks that a file is a store that is known here: of this version, or of an earlier one.
pub(super) fn check(connection: &Connection, path: &Path) -> Result<()> {
    let failed = |cause| Error::Open { path: path.to_owned(), cause };
    match connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(failed)? {
        0 => Err(Error::NoStore { path: path.to_owned() }),
        found if found > KNOWN => Err(Error::Later { store: path.into(), found, known: KNOWN }),
        _ => Ok(()),
    }
}

/// Goes the steps that a store has not gone yet, each in a transaction of its own.
pub(super) fn migrate(connection: &mut Connection, path: &Path) -> Result<()> {
    let failed = |cause| Error::Open { path: path.to_owned(), cause };
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(failed)?;
    if found > KNOWN {
        return Err(Error::Later { store: path.into(), found, known: KNOWN });
    }
    for (version, step) in (1..).zip(STEPS).skip(usize::try_from(found).unwrap_or(0)) {
        let transaction = connection.transaction().map_err(failed)?;
        transaction.execute_batch(step).map_err(failed)?;
        transaction.pragma_update(None, "user_version", version).map_err(failed)?;
        transaction.commit().map_err(failed)?;
    }
    Ok(())
}
