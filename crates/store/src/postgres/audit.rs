//! Who changed what, in PostgreSQL.

use super::{
    row::{Columns, count, text, whole},
    session::Session,
};
use crate::{AuditChange, AuditView, Audited, Deed, Result};

impl AuditView for Session<'_> {
    fn audit(&self, before: Option<u64>, limit: usize) -> Result<Vec<Audited>> {
        let sql = "SELECT seq, at, who, what, subject, before, after FROM audit
                   WHERE seq < $1 ORDER BY seq DESC LIMIT $2";
        self.rows(sql, &[&before.map_or(i64::MAX, whole), &count(limit)], |row| {
            Ok(Audited {
                seq: row.natural(0)?,
                at: row.instant(1)?,
                who: row.text(2)?,
                what: row.text(3)?,
                subject: row.text(4)?,
                before: row.some_text(5)?,
                after: row.some_text(6)?,
            })
        })
    }
}

impl AuditChange for Session<'_> {
    fn put_deed(&mut self, deed: &Deed<'_>) -> Result<u64> {
        let sql = "INSERT INTO audit (at, who, what, subject, before, after)
                   VALUES ($1, $2, $3, $4, $5, $6) RETURNING seq";
        let [who, what, subject] = [deed.who, deed.what, deed.subject].map(text);
        let [before, after] = [deed.before, deed.after].map(|some| some.map(text));
        let at = deed.at.as_millis();
        let seq = self.row(sql, &[&at, &who, &what, &subject, &before, &after], |row| row.natural(0))?;
        Ok(seq.unwrap_or(0))
    }
}
