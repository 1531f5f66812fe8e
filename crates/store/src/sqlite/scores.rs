//! States and scores in SQLite.

use kelvin_kernel::{Instant, Micropoints};
use rusqlite::{OptionalExtension, Row, params};

use super::{Session, count};
use crate::{LeadScore, Place, Result, ScoresChange, ScoresView};

impl ScoresView for Session<'_> {
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

    fn models(&self) -> Result<Vec<(String, String)>> {
        self.rows("SELECT model, seal FROM models", [], |row| Ok((row.get(0)?, row.get(1)?)))
    }
}

impl ScoresChange for Session<'_> {
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
