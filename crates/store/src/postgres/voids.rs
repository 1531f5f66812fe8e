//! Events that do not count, in PostgreSQL.

use kelvin_kernel::Instant;
use postgres::Row;

use super::{
    row::{Columns, count, text, whole},
    session::Session,
};
use crate::{MailEvent, NewVoid, Result, Void, VoidsChange, VoidsView};

/// The columns of a void, in the order in which they are read.
const VOID: &str = "void, at, cause, reason, asked,
    (SELECT count(*) FROM voided WHERE voided.void = voids.void AND NOT lifted) FROM voids";

impl VoidsView for Session<'_> {
    fn voids(&self, before: Option<u64>, limit: usize) -> Result<Vec<Void>> {
        let sql = format!("SELECT {VOID} WHERE void < $1 ORDER BY void DESC LIMIT $2");
        self.rows(&sql, &[&before.map_or(i64::MAX, whole), &count(limit)], void)
    }

    fn void(&self, number: u64) -> Result<Option<Void>> {
        self.row(&format!("SELECT {VOID} WHERE void = $1"), &[&whole(number)], void)
    }

    fn void_by(&self, cause: &str) -> Result<Option<u64>> {
        let sql = "SELECT void FROM voids WHERE cause = $1 ORDER BY void DESC LIMIT 1";
        self.row(sql, &[&text(cause)], |row| row.natural(0))
    }

    fn voided_by(&self, number: u64) -> Result<Vec<u64>> {
        let sql = "SELECT seq FROM voided WHERE void = $1 AND NOT lifted ORDER BY seq";
        self.rows(sql, &[&whole(number)], |row| row.natural(0))
    }

    fn voids_of(&self, seq: u64) -> Result<Vec<Void>> {
        let of_event = "SELECT void FROM voided WHERE seq = $1 AND NOT lifted";
        let sql = format!("SELECT {VOID} WHERE void IN ({of_event}) ORDER BY void");
        self.rows(&sql, &[&whole(seq)], void)
    }

    fn mail_events(
        &self,
        profile: &str,
        mail: &str,
        (from, to): (Instant, Instant),
        limit: usize,
    ) -> Result<Vec<MailEvent>> {
        let sql = "SELECT seq, time, link, links FROM mails
                   WHERE profile = $1 AND mail = $2 AND time BETWEEN $3 AND $4 ORDER BY time, seq LIMIT $5";
        let (from, to) = (from.as_millis(), to.as_millis());
        self.rows(sql, &[&text(profile), &text(mail), &from, &to, &count(limit)], |row| {
            let links = row.value::<Option<i64>>(3)?.and_then(|links| u32::try_from(links).ok());
            Ok(MailEvent { seq: row.natural(0)?, time: row.instant(1)?, link: row.some_text(2)?, links })
        })
    }

    fn mail_links(&self, profile: &str, mail: &str) -> Result<Option<u32>> {
        let sql = "SELECT min(links) FROM mails WHERE profile = $1 AND mail = $2 AND link IS NULL";
        let least = self.row(sql, &[&text(profile), &text(mail)], |row| row.value::<Option<i64>>(0))?;
        Ok(least.flatten().and_then(|links| u32::try_from(links).ok()))
    }
}

impl VoidsChange for Session<'_> {
    fn put_void(&mut self, void: &NewVoid<'_>) -> Result<u64> {
        let sql = "INSERT INTO voids (void, at, cause, reason, asked)
                   SELECT coalesce(max(void), 0) + 1, $1::bigint, $2, $3, $4 FROM voids RETURNING void";
        let NewVoid { at, cause, reason, asked } = void;
        let params = (at.as_millis(), text(cause), text(reason), text(asked));
        let number = self.row(sql, &[&params.0, &params.1, &params.2, &params.3], |row| row.natural(0))?;
        Ok(number.unwrap_or(0))
    }

    fn void_event(&mut self, number: u64, seq: u64) -> Result<bool> {
        let sql = "INSERT INTO voided (void, seq) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        Ok(self.run(sql, &[&whole(number), &whole(seq)])? > 0)
    }

    fn lift(&mut self, number: u64, seq: u64) -> Result<bool> {
        let sql = "UPDATE voided SET lifted = true WHERE void = $1 AND seq = $2 AND NOT lifted";
        Ok(self.run(sql, &[&whole(number), &whole(seq)])? > 0)
    }

    fn put_mail_event(&mut self, profile: &str, mail: &str, event: &MailEvent) -> Result<()> {
        let sql = "INSERT INTO mails (profile, mail, seq, time, link, links) VALUES ($1, $2, $3, $4, $5, $6)
                   ON CONFLICT (profile, mail, time, seq) DO UPDATE SET link = excluded.link, links = excluded.links";
        let MailEvent { seq, time, link, links } = event;
        let (link, links) = (link.as_deref().map(text), links.map(i64::from));
        self.run(sql, &[&text(profile), &text(mail), &whole(*seq), &time.as_millis(), &link, &links])?;
        Ok(())
    }
}

fn void(row: &Row) -> Result<Void> {
    Ok(Void {
        number: row.natural(0)?,
        at: row.instant(1)?,
        cause: row.text(2)?,
        reason: row.text(3)?,
        asked: row.text(4)?,
        events: row.natural(5)?,
    })
}
