//! What was answered to changes that clients call by a key, in PostgreSQL.

use kelvin_kernel::Instant;
use postgres::Row;

use super::{
    row::{Columns, text},
    session::Session,
};
use crate::{AnswersChange, AnswersView, Digest, Error, GivenAnswer, KnownAnswer, Result};

impl AnswersView for Session<'_> {
    fn answer(&self, key: &Digest) -> Result<Option<KnownAnswer>> {
        let sql = "SELECT asked, settled, status, kind, body FROM answers WHERE key = $1";
        self.row(sql, &[&key.as_slice()], known)
    }
}

impl AnswersChange for Session<'_> {
    fn expect_answer(&mut self, key: &Digest, asked: &Digest, at: Instant) -> Result<()> {
        let sql = "INSERT INTO answers (key, asked, at) VALUES ($1, $2, $3)";
        self.run(sql, &[&key.as_slice(), &asked.as_slice(), &at.as_millis()])?;
        Ok(())
    }

    fn settle_answer(&mut self, key: &Digest, given: Option<&GivenAnswer>) -> Result<()> {
        let sql = "UPDATE answers SET settled = true, status = $1, kind = $2, body = $3 WHERE key = $4";
        let status = given.map(|given| i64::from(given.status));
        let [kind, body] = [given.map(|given| &given.kind), given.map(|given| &given.body)]
            .map(|some| some.map(|some| text(some)));
        self.run(sql, &[&status, &kind, &body, &key.as_slice()])?;
        Ok(())
    }

    fn forget_answer(&mut self, key: &Digest) -> Result<()> {
        self.run("DELETE FROM answers WHERE key = $1", &[&key.as_slice()])?;
        Ok(())
    }

    fn forget_answers(&mut self, before: Instant) -> Result<()> {
        self.run("DELETE FROM answers WHERE at < $1", &[&before.as_millis()])?;
        Ok(())
    }
}

fn known(row: &Row) -> Result<KnownAnswer> {
    let asked =
        Digest::try_from(row.value::<&[u8]>(0)?).map_err(|_| Error::Name("a broken hash".to_owned()))?;
    let given = |status: i64| {
        let status = u16::try_from(status).unwrap_or_default();
        Ok::<_, Error>(GivenAnswer { status, kind: row.text(3)?, body: row.text(4)? })
    };
    let given = row.value::<Option<i64>>(2)?.map(given).transpose()?;
    Ok(KnownAnswer { asked, is_settled: row.value(1)?, given })
}
