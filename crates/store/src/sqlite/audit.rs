//! Who changed what, in SQLite.

use kelvin_kernel::Instant;
use rusqlite::{Row, params};

use super::{Session, count, natural, whole};
use crate::{AuditChange, AuditView, Audited, Deed, Result};

impl AuditView for Session<'_> {
    fn audit(&self, before: Option<u64>, limit: usize) -> Result<Vec<Audited>> {
        let sql = "SELECT seq, at, who, what, subject, before, after FROM audit
                   WHERE seq < ? ORDER BY seq DESC LIMIT ?";
        self.rows(sql, params![before.map_or(i64::MAX, whole), count(limit)], audited)
    }
}

impl AuditChange for Session<'_> {
    fn put_deed(&mut self, deed: &Deed<'_>) -> Result<u64> {
        let Deed { at, who, what, subject, before, after } = deed;
        let sql = "INSERT INTO audit (at, who, what, subject, before, after) VALUES (?, ?, ?, ?, ?, ?)";
        self.run(sql, params![at.as_millis(), who, what, subject, before, after])?;
        Ok(natural(self.sql.last_insert_rowid()))
    }
}

/// An entry, from `seq, at, who, what, subject, before, after`.
pub(super) fn audited(row: &Row<'_>) -> rusqlite::Result<Audited> {
    Ok(Audited {
        seq: natural(row.get(0)?),
        at: Instant::from_millis(row.get(1)?),
        who: row.get(2)?,
        what: row.get(3)?,
        subject: row.get(4)?,
        before: row.get(5)?,
        after: row.get(6)?,
    })
}
