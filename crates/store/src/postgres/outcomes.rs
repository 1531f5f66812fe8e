//! What became of leads, in PostgreSQL.

use postgres::Row;

use super::{
    connection::Params,
    row::{Columns, count, text, whole},
    session::Session,
};
use crate::{Outcome, OutcomeFilter, OutcomesChange, OutcomesView, PlacedOutcome, Result};

/// The columns of an outcome, in the order in which they are read.
const OUTCOME: &str =
    "seq, id, lead, kind, time, value_millionths, currency, reason, deal, source FROM outcomes";

impl OutcomesView for Session<'_> {
    fn outcome(&self, id: &str) -> Result<Option<Outcome>> {
        self.row(&format!("SELECT {OUTCOME} WHERE id = $1"), &[&text(id)], outcome)
    }

    fn outcomes(&self, filter: &OutcomeFilter, after: u64, limit: usize) -> Result<Vec<PlacedOutcome>> {
        let sql = format!(
            "SELECT {OUTCOME} WHERE seq > $1 AND ($2::text IS NULL OR kind = $2) AND time >= $3 AND time < $4
             ORDER BY seq LIMIT $5"
        );
        let (kind, (from, to)) = (filter.kind.as_deref().map(text), filter.millis());
        self.rows(&sql, &[&whole(after), &kind, &from, &to, &count(limit)], |row| {
            Ok(PlacedOutcome { seq: row.natural(0)?, outcome: outcome(row)? })
        })
    }

    fn outcomes_naming(&self, lead: &str) -> Result<Vec<Outcome>> {
        self.rows(&format!("SELECT {OUTCOME} WHERE lead = $1 ORDER BY seq"), &[&text(lead)], outcome)
    }
}

impl OutcomesChange for Session<'_> {
    fn put_outcome(&mut self, outcome: &Outcome) -> Result<()> {
        let sql = "INSERT INTO outcomes (id, lead, kind, time, value_millionths, currency, reason, deal, source)
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                   ON CONFLICT (id) DO UPDATE SET lead = excluded.lead, kind = excluded.kind, time = excluded.time,
                   value_millionths = excluded.value_millionths, currency = excluded.currency,
                   reason = excluded.reason, deal = excluded.deal, source = excluded.source";
        let [id, lead, kind] = [&outcome.id, &outcome.lead, &outcome.kind].map(|name| text(name));
        let some = |name: &'_ Option<String>| name.as_deref().map(|name| text(name).into_owned());
        let [currency, reason, deal, source] =
            [&outcome.currency, &outcome.reason, &outcome.deal, &outcome.source].map(some);
        let (time, value) = (outcome.time.as_millis(), outcome.value_millionths);
        let params: Params<'_> = &[&id, &lead, &kind, &time, &value, &currency, &reason, &deal, &source];
        self.run(sql, params)?;
        Ok(())
    }

    fn drop_outcome(&mut self, id: &str) -> Result<bool> {
        Ok(self.run("DELETE FROM outcomes WHERE id = $1", &[&text(id)])? > 0)
    }
}

fn outcome(row: &Row) -> Result<Outcome> {
    Ok(Outcome {
        id: row.text(1)?,
        lead: row.text(2)?,
        kind: row.text(3)?,
        time: row.instant(4)?,
        value_millionths: row.value(5)?,
        currency: row.some_text(6)?,
        reason: row.some_text(7)?,
        deal: row.some_text(8)?,
        source: row.some_text(9)?,
    })
}
