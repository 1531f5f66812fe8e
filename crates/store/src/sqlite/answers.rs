//! What was answered to changes that clients call by a key, in SQLite.

use kelvin_kernel::Instant;
use rusqlite::{OptionalExtension, Row, params};

use super::Session;
use crate::{AnswersChange, AnswersView, Digest, GivenAnswer, KnownAnswer, Result};

impl AnswersView for Session<'_> {
    fn answer(&self, key: &Digest) -> Result<Option<KnownAnswer>> {
        let sql = "SELECT asked, settled, status, kind, body FROM answers WHERE key = ?";
        Ok(self.sql.prepare_cached(sql)?.query_row([key], known).optional()?)
    }
}

impl AnswersChange for Session<'_> {
    fn expect_answer(&mut self, key: &Digest, asked: &Digest, at: Instant) -> Result<()> {
        let sql = "INSERT INTO answers (key, asked, at) VALUES (?, ?, ?)";
        self.run(sql, params![key, asked, at.as_millis()])?;
        Ok(())
    }

    fn settle_answer(&mut self, key: &Digest, given: Option<&GivenAnswer>) -> Result<()> {
        let sql = "UPDATE answers SET settled = 1, status = ?, kind = ?, body = ? WHERE key = ?";
        let status = given.map(|given| given.status);
        let (kind, body) = (given.map(|given| &given.kind), given.map(|given| &given.body));
        self.run(sql, params![status, kind, body, key])?;
        Ok(())
    }

    fn forget_answer(&mut self, key: &Digest) -> Result<()> {
        self.run("DELETE FROM answers WHERE key = ?", [key])?;
        Ok(())
    }

    fn forget_answers(&mut self, before: Instant) -> Result<()> {
        self.run("DELETE FROM answers WHERE at < ?", [before.as_millis()])?;
        Ok(())
    }
}

fn known(row: &Row<'_>) -> rusqlite::Result<KnownAnswer> {
    let status: Option<u16> = row.get(2)?;
    let given =
        |status| Ok::<_, rusqlite::Error>(GivenAnswer { status, kind: row.get(3)?, body: row.get(4)? });
    Ok(KnownAnswer { asked: row.get(0)?, is_settled: row.get(1)?, given: status.map(given).transpose()? })
}
