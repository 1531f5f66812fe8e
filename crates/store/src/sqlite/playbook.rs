//! What a playbook remembers, in SQLite.

use kelvin_kernel::Instant;
use rusqlite::{OptionalExtension, Row, params};

use super::{Session, count, natural, whole};
use crate::{NewTierChange, PlaybookChange, PlaybookView, Result, TierChange, Timer, record::HappeningKind};

/// The change of tier of a place.
pub(super) const ONE: &str =
    "SELECT seq, model, lead, at, before, after, cause FROM tier_changes WHERE seq = ?";

impl PlaybookView for Session<'_> {
    fn last_tier(&self, model: &str, lead: &str) -> Result<Option<String>> {
        let sql = "SELECT after FROM tier_changes WHERE lead = ? AND model = ? ORDER BY seq DESC LIMIT 1";
        let last = self.sql.prepare_cached(sql)?.query_row([lead, model], |row| row.get(0)).optional()?;
        Ok(last.filter(|tier: &String| !tier.is_empty()))
    }

    fn tier_changes(&self, lead: &str, before: Option<u64>, limit: usize) -> Result<Vec<TierChange>> {
        let sql = "SELECT seq, model, lead, at, before, after, cause FROM tier_changes
                   WHERE lead = ? AND seq < ? ORDER BY seq DESC LIMIT ?";
        self.rows(sql, params![lead, before.map_or(i64::MAX, whole), count(limit)], tier_change)
    }

    fn note(&self, lead: &str, rule: &str) -> Result<Option<String>> {
        let sql = "SELECT note FROM notes WHERE lead = ? AND rule = ?";
        Ok(self.sql.prepare_cached(sql)?.query_row([lead, rule], |row| row.get(0)).optional()?)
    }

    fn notes_of(&self, lead: &str) -> Result<Vec<(String, String)>> {
        let sql = "SELECT rule, note FROM notes WHERE lead = ? ORDER BY rule";
        self.rows(sql, [lead], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    fn known_rules(&self) -> Result<Vec<(String, String)>> {
        self.rows("SELECT rule, model FROM known_rules", [], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    fn absent_since(&self, rule: &str, model: &str) -> Result<Option<u64>> {
        let sql = "SELECT absent FROM known_rules WHERE rule = ? AND model = ?";
        let row = |row: &Row<'_>| row.get::<_, Option<i64>>(0);
        let found = self.sql.prepare_cached(sql)?.query_row([rule, model], row).optional()?;
        Ok(found.flatten().map(natural))
    }

    fn tier_changes_after(&self, model: &str, after: u64, limit: usize) -> Result<Vec<TierChange>> {
        let sql = "SELECT seq, model, lead, at, before, after, cause FROM tier_changes
                   WHERE seq > ? AND model = ? ORDER BY seq LIMIT ?";
        self.rows(sql, params![whole(after), model, count(limit)], tier_change)
    }

    fn timers(&self, now: Instant, limit: usize) -> Result<Vec<Timer>> {
        let sql = "SELECT kind, subject, name, at FROM timers WHERE at <= ? ORDER BY at LIMIT ?";
        self.rows(sql, params![now.as_millis(), count(limit)], timer)
    }

    fn timers_of(&self, kind: &str) -> Result<Vec<Timer>> {
        self.rows("SELECT kind, subject, name, at FROM timers WHERE kind = ?", [kind], timer)
    }
}

impl PlaybookChange for Session<'_> {
    fn put_tier_change(&mut self, change: &NewTierChange<'_>) -> Result<u64> {
        let sql =
            "INSERT INTO tier_changes (model, lead, at, before, after, cause) VALUES (?, ?, ?, ?, ?, ?)";
        let NewTierChange { model, lead, at, from, to, cause } = *change;
        let (from, to) = (from.unwrap_or_default(), to.unwrap_or_default());
        self.run(sql, params![model, lead, at.as_millis(), from, to, cause])?;
        let seq = self.sql.last_insert_rowid();
        self.happens(HappeningKind::Tier, seq, None)?;
        Ok(natural(seq))
    }

    fn put_note(&mut self, lead: &str, rule: &str, note: &str) -> Result<()> {
        self.run("INSERT OR REPLACE INTO notes (lead, rule, note) VALUES (?, ?, ?)", [lead, rule, note])?;
        Ok(())
    }

    fn forget_notes(&mut self, lead: &str) -> Result<()> {
        self.run("DELETE FROM notes WHERE lead = ?", [lead])?;
        Ok(())
    }

    fn put_known_rule(&mut self, rule: &str, model: &str, at: Instant) -> Result<()> {
        let sql = "INSERT INTO known_rules (rule, model, since) VALUES (?, ?, ?)
                   ON CONFLICT (rule, model) DO UPDATE SET absent = NULL";
        self.run(sql, params![rule, model, at.as_millis()])?;
        Ok(())
    }

    fn put_absent_rule(&mut self, rule: &str, model: &str) -> Result<()> {
        let sql = "UPDATE known_rules SET absent = (SELECT coalesce(max(seq), 0) FROM tier_changes)
                   WHERE rule = ? AND model = ? AND absent IS NULL";
        self.run(sql, [rule, model])?;
        Ok(())
    }

    fn forget_rule(&mut self, rule: &str, model: &str) -> Result<()> {
        self.run("DELETE FROM known_rules WHERE rule = ? AND model = ?", [rule, model])?;
        Ok(())
    }

    fn set_timer(&mut self, timer: &Timer) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO timers (kind, subject, name, at) VALUES (?, ?, ?, ?)";
        self.run(sql, params![timer.kind, timer.subject, timer.name, timer.at.as_millis()])?;
        Ok(())
    }

    fn stop_timer(&mut self, kind: &str, subject: &str, name: &str) -> Result<()> {
        let sql = "DELETE FROM timers WHERE kind = ? AND subject = ? AND name = ?";
        self.run(sql, [kind, subject, name])?;
        Ok(())
    }
}

pub(super) fn tier_change(row: &Row<'_>) -> rusqlite::Result<TierChange> {
    let tier = |place| row.get(place).map(|tier: String| Some(tier).filter(|tier| !tier.is_empty()));
    Ok(TierChange {
        seq: natural(row.get(0)?),
        model: row.get(1)?,
        lead: row.get(2)?,
        at: Instant::from_millis(row.get(3)?),
        from: tier(4)?,
        to: tier(5)?,
        cause: row.get(6)?,
    })
}

fn timer(row: &Row<'_>) -> rusqlite::Result<Timer> {
    Ok(Timer {
        kind: row.get(0)?,
        subject: row.get(1)?,
        name: row.get(2)?,
        at: Instant::from_millis(row.get(3)?),
    })
}
