//! Looks at the store.

use std::ops::ControlFlow;

use kelvin_kernel::{Instant, Micropoints};
use rusqlite::{OptionalExtension, Params, Row, params};

use super::Session;
use crate::{Event, LeadScore, Owner, Place, Rejected, Result, View};

impl Session<'_> {
    /// The rows that a query gives.
    fn rows<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let mut statement = self.0.prepare_cached(sql)?;
        let rows = statement.query_map(params, read)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

impl View for Session<'_> {
    fn events(&self, after: u64, limit: usize) -> Result<Vec<Event>> {
        let sql =
            "SELECT seq, id, lead, time, received, call, body FROM events WHERE seq > ? ORDER BY seq LIMIT ?";
        self.rows(sql, params![whole(after), count(limit)], event)
    }

    fn events_of(&self, lead: &str) -> Result<Vec<Event>> {
        let sql = "
            WITH RECURSIVE chain (seq) AS (
                SELECT last FROM leads WHERE lead = ?
                UNION ALL
                SELECT events.before FROM chain JOIN events USING (seq) WHERE events.before IS NOT NULL
            )
            SELECT seq, id, lead, time, received, call, body FROM chain JOIN events USING (seq) ORDER BY seq";
        self.rows(sql, params![lead], event)
    }

    fn events_by_lead(&self, take: &mut dyn FnMut(Event) -> ControlFlow<()>) -> Result<()> {
        let sql = "SELECT seq, id, lead, time, received, call, body FROM events ORDER BY lead, seq";
        let mut statement = self.0.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            if take(event(row)?).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn attributes(&self, owner: Owner<'_>, at: Instant) -> Result<Vec<(String, String)>> {
        let sql = "SELECT key, value FROM attributes WHERE kind = ? AND owner = ? AND time <= ? ORDER BY key, time, id";
        let params = params![owner.kind(), owner.id(), at.as_millis()];
        let writes = self.rows(sql, params, |row| Ok((row.get(0)?, row.get(1)?)))?;
        let mut last: Vec<(String, Option<String>)> = Vec::new();
        for (key, value) in writes {
            match last.last_mut() {
                Some((known, before)) if *known == key => *before = value,
                _ => last.push((key, value)),
            }
        }
        Ok(last.into_iter().filter_map(|(key, value)| Some((key, value?))).collect())
    }

    fn state(&self, model: &str, lead: &str) -> Result<Option<Vec<u8>>> {
        let sql = "SELECT state FROM states WHERE model = ? AND lead = ?";
        let mut statement = self.0.prepare_cached(sql)?;
        Ok(statement.query_row(params![model, lead], |row| row.get(0)).optional()?)
    }

    fn due(&self, now: Instant, limit: usize) -> Result<Vec<(String, String)>> {
        let sql = "SELECT model, lead FROM states WHERE due <= ? ORDER BY due LIMIT ?";
        self.rows(sql, params![now.as_millis(), count(limit)], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    fn ranked(
        &self,
        model: &str,
        tier: Option<&str>,
        after: Option<&Place>,
        limit: usize,
    ) -> Result<Vec<LeadScore>> {
        // One statement for each shape, so that each can walk its index.
        let of_tier = if tier.is_some() { "AND tier = :tier" } else { "AND :tier IS NULL" };
        let after_place = if after.is_some() {
            "AND score <= :score AND (score < :score OR lead > :lead)"
        } else {
            "AND :score IS NULL AND :lead IS NULL"
        };
        let sql = format!(
            "SELECT lead, score, tier, grade, until, at FROM scores WHERE model = :model {of_tier} {after_place}
             ORDER BY score DESC, lead LIMIT :limit"
        );
        let named = rusqlite::named_params! {
            ":model": model,
            ":tier": tier.map(|tier| if tier == "none" { "" } else { tier }),
            ":score": after.map(|place| place.score.0),
            ":lead": after.map(|place| &place.lead),
            ":limit": count(limit),
        };
        self.rows(&sql, named, lead_score)
    }

    fn rejected(&self, before: Option<u64>, limit: usize) -> Result<Vec<Rejected>> {
        let sql =
            "SELECT seq, received, code, reason, body FROM rejected WHERE seq < ? ORDER BY seq DESC LIMIT ?";
        self.rows(sql, params![before.map_or(i64::MAX, whole), count(limit)], |row| {
            Ok(Rejected {
                seq: natural(row.get(0)?),
                received: Instant::from_millis(row.get(1)?),
                code: row.get(2)?,
                reason: row.get(3)?,
                body: row.get(4)?,
            })
        })
    }

    fn models(&self) -> Result<Vec<(String, String)>> {
        self.rows("SELECT model, seal FROM models", [], |row| Ok((row.get(0)?, row.get(1)?)))
    }
}

fn event(row: &Row<'_>) -> rusqlite::Result<Event> {
    Ok(Event {
        seq: natural(row.get(0)?),
        id: row.get(1)?,
        lead: row.get(2)?,
        time: Instant::from_millis(row.get(3)?),
        received: Instant::from_millis(row.get(4)?),
        call: row.get(5)?,
        body: row.get(6)?,
    })
}

fn lead_score(row: &Row<'_>) -> rusqlite::Result<LeadScore> {
    let tier: String = row.get(2)?;
    Ok(LeadScore {
        lead: row.get(0)?,
        score: Micropoints(row.get(1)?),
        tier: Some(tier).filter(|tier| !tier.is_empty()),
        grade: row.get(3)?,
        until: row.get::<_, Option<i64>>(4)?.map(Instant::from_millis),
        at: Instant::from_millis(row.get(5)?),
    })
}

/// SQLite's integers are signed; places in the log are far from that many.
fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn natural(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

fn count(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
