//! Changes of the store.

use kelvin_kernel::Instant;
use rusqlite::{OptionalExtension, Params, params};

use super::Session;
use crate::{Change, LeadScore, NewEvent, Rejection, Result, Write};

impl Session<'_> {
    /// Runs a statement; returns how many rows it changed.
    fn run(&self, sql: &str, params: impl Params) -> Result<usize> {
        Ok(self.0.prepare_cached(sql)?.execute(params)?)
    }
}

impl Change for Session<'_> {
    fn append(&mut self, event: &NewEvent<'_>) -> Result<Option<u64>> {
        if let Some(id) = event.id {
            let known = "SELECT 1 FROM event_ids WHERE id = ?";
            let known = self.0.prepare_cached(known)?.query_row([id], |_| Ok(())).optional()?;
            if known.is_some() {
                return Ok(None);
            }
        }
        let sql = "INSERT INTO events (id, lead, time, received, call, body, before)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, (SELECT last FROM leads WHERE lead = ?2))";
        let (time, received) = (event.time.as_millis(), event.received.as_millis());
        self.run(sql, params![event.id, event.lead, time, received, event.call, event.body])?;
        let seq = self.0.last_insert_rowid();
        let sql = "INSERT INTO leads (lead, last) VALUES (?, ?) ON CONFLICT (lead) DO UPDATE SET last = excluded.last";
        self.run(sql, params![event.lead, seq])?;
        if let Some(id) = event.id {
            self.run("INSERT INTO event_ids (id, seq) VALUES (?, ?)", params![id, seq])?;
        }
        Ok(Some(u64::try_from(seq).unwrap_or(0)))
    }

    fn write(&mut self, write: &Write<'_>) -> Result<()> {
        let sql =
            "INSERT OR REPLACE INTO attributes (kind, owner, key, time, id, value) VALUES (?, ?, ?, ?, ?, ?)";
        let (kind, time) = (write.owner.kind(), write.time.as_millis());
        self.run(sql, params![kind, write.owner.id(), write.key, time, write.id, write.value])?;
        Ok(())
    }

    fn put_state(&mut self, model: &str, lead: &str, state: &[u8], due: Option<Instant>) -> Result<()> {
        let sql = "INSERT INTO states (model, lead, state, due) VALUES (?, ?, ?, ?)
                   ON CONFLICT (model, lead) DO UPDATE SET state = excluded.state, due = excluded.due";
        self.run(sql, params![model, lead, state, due.map(Instant::as_millis)])?;
        Ok(())
    }

    fn put_due(&mut self, model: &str, lead: &str, due: Option<Instant>) -> Result<()> {
        let sql = "UPDATE states SET due = ? WHERE model = ? AND lead = ?";
        self.run(sql, params![due.map(Instant::as_millis), model, lead])?;
        Ok(())
    }

    fn put_score(&mut self, model: &str, score: &LeadScore) -> Result<()> {
        let sql =
            "INSERT INTO scores (model, lead, score, tier, grade, until, at) VALUES (?, ?, ?, ?, ?, ?, ?)
                   ON CONFLICT (model, lead) DO UPDATE SET score = excluded.score, tier = excluded.tier,
                   grade = excluded.grade, until = excluded.until, at = excluded.at";
        let (tier, until) = (score.tier.as_deref().unwrap_or_default(), score.until.map(Instant::as_millis));
        let at = score.at.as_millis();
        self.run(sql, params![model, score.lead, score.score.0, tier, score.grade, until, at])?;
        Ok(())
    }

    fn remove_score(&mut self, model: &str, lead: &str) -> Result<()> {
        self.run("DELETE FROM scores WHERE model = ? AND lead = ?", params![model, lead])?;
        Ok(())
    }

    fn reject(&mut self, rejection: &Rejection<'_>) -> Result<()> {
        let sql = "INSERT INTO rejected (received, code, reason, body) VALUES (?, ?, ?, ?)";
        let received = rejection.received.as_millis();
        self.run(sql, params![received, rejection.code, rejection.reason, rejection.body])?;
        Ok(())
    }

    fn forget(&mut self, model: &str) -> Result<()> {
        for table in ["models", "states", "scores"] {
            self.run(&format!("DELETE FROM {table} WHERE model = ?"), [model])?;
        }
        Ok(())
    }

    fn seal(&mut self, model: &str, seal: &str) -> Result<()> {
        self.run("INSERT OR REPLACE INTO models (model, seal) VALUES (?, ?)", [model, seal])?;
        Ok(())
    }
}
