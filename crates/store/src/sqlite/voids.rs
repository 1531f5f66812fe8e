//! Events that do not count, in SQLite.

use kelvin_kernel::Instant;
use rusqlite::{OptionalExtension, Row, params};

use super::{Session, count, natural, whole};
use crate::{MailEvent, NewVoid, Result, Void, VoidsChange, VoidsView};

/// The columns of a void, in the order in which they are read.
const VOID: &str = "void, at, cause, reason, asked,
    (SELECT count(*) FROM voided WHERE voided.void = voids.void AND lifted = 0) FROM voids";

impl VoidsView for Session<'_> {
    fn voids(&self, before: Option<u64>, limit: usize) -> Result<Vec<Void>> {
        let sql = format!("SELECT {VOID} WHERE void < ? ORDER BY void DESC LIMIT ?");
        self.rows(&sql, params![before.map_or(i64::MAX, whole), count(limit)], void)
    }

    fn void(&self, number: u64) -> Result<Option<Void>> {
        let sql = format!("SELECT {VOID} WHERE void = ?");
        Ok(self.sql.prepare_cached(&sql)?.query_row([whole(number)], void).optional()?)
    }

    fn void_by(&self, cause: &str) -> Result<Option<u64>> {
        let sql = "SELECT max(void) FROM voids WHERE cause = ?";
        let number: Option<i64> = self.sql.prepare_cached(sql)?.query_row([cause], |row| row.get(0))?;
        Ok(number.map(natural))
    }

    fn voided_by(&self, number: u64) -> Result<Vec<u64>> {
        let sql = "SELECT seq FROM voided WHERE void = ? AND lifted = 0 ORDER BY seq";
        self.rows(sql, [whole(number)], |row| Ok(natural(row.get(0)?)))
    }

    fn voids_of(&self, seq: u64) -> Result<Vec<Void>> {
        let sql = format!(
            "SELECT {VOID} WHERE void IN (SELECT void FROM voided WHERE seq = ? AND lifted = 0) ORDER BY void"
        );
        self.rows(&sql, [whole(seq)], void)
    }

    fn mail_events(
        &self,
        profile: &str,
        mail: &str,
        (from, to): (Instant, Instant),
        limit: usize,
    ) -> Result<Vec<MailEvent>> {
        let sql = "SELECT seq, time, link, links FROM mails
                   WHERE profile = ? AND mail = ? AND time BETWEEN ? AND ? ORDER BY time, seq LIMIT ?";
        self.rows(sql, params![profile, mail, from.as_millis(), to.as_millis(), count(limit)], |row| {
            let (seq, time) = (natural(row.get(0)?), Instant::from_millis(row.get(1)?));
            Ok(MailEvent { seq, time, link: row.get(2)?, links: row.get(3)? })
        })
    }

    fn mail_links(&self, profile: &str, mail: &str) -> Result<Option<u32>> {
        let sql = "SELECT min(links) FROM mails WHERE profile = ? AND mail = ? AND link IS NULL";
        Ok(self.sql.prepare_cached(sql)?.query_row([profile, mail], |row| row.get(0))?)
    }
}

impl VoidsChange for Session<'_> {
    fn put_void(&mut self, void: &NewVoid<'_>) -> Result<u64> {
        let sql = "INSERT INTO voids (at, cause, reason, asked) VALUES (?, ?, ?, ?)";
        self.run(sql, params![void.at.as_millis(), void.cause, void.reason, void.asked])?;
        Ok(natural(self.sql.last_insert_rowid()))
    }

    fn void_event(&mut self, number: u64, seq: u64) -> Result<bool> {
        let sql = "INSERT OR IGNORE INTO voided (void, seq) VALUES (?, ?)";
        Ok(self.run(sql, [whole(number), whole(seq)])? > 0)
    }

    fn lift(&mut self, number: u64, seq: u64) -> Result<bool> {
        let sql = "UPDATE voided SET lifted = 1 WHERE void = ? AND seq = ? AND lifted = 0";
        Ok(self.run(sql, [whole(number), whole(seq)])? > 0)
    }

    fn put_mail_event(&mut self, profile: &str, mail: &str, event: &MailEvent) -> Result<()> {
        let sql =
            "INSERT OR REPLACE INTO mails (profile, mail, seq, time, link, links) VALUES (?, ?, ?, ?, ?, ?)";
        let MailEvent { seq, time, link, links } = event;
        self.run(sql, params![profile, mail, whole(*seq), time.as_millis(), link, links])?;
        Ok(())
    }
}

fn void(row: &Row<'_>) -> rusqlite::Result<Void> {
    Ok(Void {
        number: natural(row.get(0)?),
        at: Instant::from_millis(row.get(1)?),
        cause: row.get(2)?,
        reason: row.get(3)?,
        asked: row.get(4)?,
        events: natural(row.get(5)?),
    })
}
