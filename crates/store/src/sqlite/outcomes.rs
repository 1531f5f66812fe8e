//! What became of leads, in SQLite.

use kelvin_kernel::Instant;
use rusqlite::{OptionalExtension, Row, params};

use super::{Session, count, natural, whole};
use crate::{Outcome, OutcomeFilter, OutcomesChange, OutcomesView, PlacedOutcome, Result};

/// The columns of an outcome, in the order in which they are read.
const OUTCOME: &str =
    "seq, id, lead, kind, time, value_millionths, currency, reason, deal, source FROM outcomes";

impl OutcomesView for Session<'_> {
    fn outcome(&self, id: &str) -> Result<Option<Outcome>> {
        let sql = format!("SELECT {OUTCOME} WHERE id = ?");
        Ok(self.sql.prepare_cached(&sql)?.query_row([id], outcome).optional()?)
    }

    fn outcomes(&self, filter: &OutcomeFilter, after: u64, limit: usize) -> Result<Vec<PlacedOutcome>> {
        let sql = format!(
            "SELECT {OUTCOME} WHERE seq > ?1 AND (?2 IS NULL OR kind = ?2) AND time >= ?3 AND time < ?4
             ORDER BY seq LIMIT ?5"
        );
        let (from, to) = filter.millis();
        self.rows(&sql, params![whole(after), filter.kind, from, to, count(limit)], |row| {
            Ok(PlacedOutcome { seq: natural(row.get(0)?), outcome: outcome(row)? })
        })
    }

    fn outcomes_naming(&self, lead: &str) -> Result<Vec<Outcome>> {
        self.rows(&format!("SELECT {OUTCOME} WHERE lead = ? ORDER BY seq"), [lead], outcome)
    }
}

impl OutcomesChange for Session<'_> {
    fn put_outcome(&mut self, outcome: &Outcome) -> Result<()> {
        let sql = "INSERT INTO outcomes (id, lead, kind, time, value_millionths, currency, reason, deal, source)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                   ON CONFLICT (id) DO UPDATE SET lead = excluded.lead, kind = excluded.kind, time = excluded.time,
                   value_millionths = excluded.value_millionths, currency = excluded.currency,
                   reason = excluded.reason, deal = excluded.deal, source = excluded.source";
        let Outcome { id, lead, kind, time, value_millionths, currency, reason, deal, source } = outcome;
        let time = time.as_millis();
        self.run(sql, params![id, lead, kind, time, value_millionths, currency, reason, deal, source])?;
        Ok(())
    }

    fn drop_outcome(&mut self, id: &str) -> Result<bool> {
        Ok(self.run("DELETE FROM outcomes WHERE id = ?", [id])? > 0)
    }
}

fn outcome(row: &Row<'_>) -> rusqlite::Result<Outcome> {
    Ok(Outcome {
        id: row.get(1)?,
        lead: row.get(2)?,
        kind: row.get(3)?,
        time: Instant::from_millis(row.get(4)?),
        value_millionths: row.get(5)?,
        currency: row.get(6)?,
        reason: row.get(7)?,
        deal: row.get(8)?,
        source: row.get(9)?,
    })
}
