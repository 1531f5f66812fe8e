//! The tables, and how a store of an earlier version gets them. Steps are only ever added.

use super::{
    Address,
    connection::Connection,
    row::{Columns, whole},
};
use crate::{Error, Location, Result};

/// The steps, from nothing on; a store's `version` is the number of those it has gone.
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
    include_str!("steps/0014-outcomes.sql"),
    include_str!("steps/0015-causes-of-alerts.sql"),
];

/// The version that is made here.
const KNOWN: i64 = STEPS.len() as i64;

/// Where steps are noted, and how often the writer has changed.
const BEGINNING: &str = "
    CREATE TABLE kelvin.store (version bigint NOT NULL, writers bigint NOT NULL);
    INSERT INTO kelvin.store (version, writers) VALUES (0, 0);";

/// Goes the steps that a store has not gone yet, each in a transaction of its own. Whoever calls this is the one writer.
pub(super) fn migrate(sql: &mut Connection, address: &Address) -> Result<()> {
    check_encoding(sql, address)?;
    if is_missing(sql, "to_regnamespace('kelvin')")? {
        sql.batch("CREATE SCHEMA kelvin")?;
    }
    if is_missing(sql, "to_regclass('kelvin.store')")? {
        step(sql, BEGINNING)?;
    }
    let found = number(sql, "SELECT version FROM store")?;
    if found > KNOWN {
        return Err(Error::Later { store: Location::Postgres(address.clone()), found, known: KNOWN });
    }
    for (version, statements) in (1_u64..).zip(STEPS).filter(|(version, _)| whole(*version) > found) {
        step(sql, &format!("{statements}; UPDATE store SET version = {version};"))?;
    }
    Ok(())
}

/// Notes that the writer is another one; returns how many there have been.
pub(super) fn next_writer(sql: &mut Connection) -> Result<i64> {
    number(sql, "UPDATE store SET writers = writers + 1 RETURNING writers")
}

/// How many writers there have been.
pub(super) fn writers(sql: &mut Connection) -> Result<i64> {
    number(sql, "SELECT writers FROM store")
}

fn step(sql: &mut Connection, statements: &str) -> Result<()> {
    // What fails on the way is rolled back when the connection is let go.
    sql.batch(&format!("BEGIN; {statements}"))?;
    sql.batch("COMMIT")
}

fn is_missing(sql: &mut Connection, what: &str) -> Result<bool> {
    Ok(number(sql, &format!("SELECT count({what})"))? == 0)
}

fn number(sql: &mut Connection, query: &str) -> Result<i64> {
    let rows = sql.rows(query, &[])?;
    rows.first().map_or(Ok(0), |row| row.value(0))
}

/// Ids may have any character.
fn check_encoding(sql: &mut Connection, address: &Address) -> Result<()> {
    let rows = sql.rows("SELECT current_setting('server_encoding')", &[])?;
    let found = rows.first().map_or(Ok(String::new()), |row| row.text(0))?;
    if found == "UTF8" { Ok(()) } else { Err(Error::Encoding { store: address.to_string(), found }) }
}
