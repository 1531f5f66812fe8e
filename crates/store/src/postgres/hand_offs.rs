//! Hand-offs and alerts in PostgreSQL.

use kelvin_kernel::{Instant, Micropoints};
use postgres::Row;

use super::{
    connection::Params,
    row::{Columns, count, text, whole},
    session::Session,
    tasks,
};
use crate::{
    Alert, HandOff, HandOffsChange, HandOffsView, NewAlert, NewHandOff, Result, Task, TaskFilter,
    record::HappeningKind,
};

/// The hand-off of a place.
pub(super) const ONE: &str =
    "SELECT seq, hand_off, model, lead, account, owner, at, score, tier, asked, cause
     FROM hand_offs WHERE seq = $1";

/// The alert of a place.
pub(super) const ONE_ALERT: &str =
    "SELECT seq, alert, model, lead, at, score, tier, event, cause FROM alerts WHERE seq = $1";

impl HandOffsView for Session<'_> {
    fn hand_offs(&self, lead: Option<&str>, before: Option<u64>, limit: usize) -> Result<Vec<HandOff>> {
        let of_lead = if lead.is_some() { "lead = $1" } else { "$1::text IS NULL" };
        let sql = format!(
            "SELECT seq, hand_off, model, lead, account, owner, at, score, tier, asked, cause FROM hand_offs
             WHERE {of_lead} AND seq < $2 ORDER BY seq DESC LIMIT $3"
        );
        let before = before.map_or(i64::MAX, whole);
        self.rows(&sql, &[&lead.map(text), &before, &count(limit)], hand_off)
    }

    fn account_owner(&self, account: &str) -> Result<Option<String>> {
        let sql =
            "SELECT owner FROM hand_offs WHERE account = $1 AND owner IS NOT NULL ORDER BY seq DESC LIMIT 1";
        self.row(sql, &[&text(account)], |row| row.text(0))
    }

    fn load(&self, owner: &str, since: Instant) -> Result<u32> {
        let sql = "SELECT count(*) FROM hand_offs WHERE owner = $1 AND at >= $2";
        Ok(self.row(sql, &[&text(owner), &since.as_millis()], |row| row.small(0))?.unwrap_or(0))
    }

    fn turns(&self, hand_off: &str, step: &str) -> Result<Vec<(String, u64)>> {
        let sql = "SELECT owner, count FROM turns WHERE hand_off = $1 AND step = $2 ORDER BY owner";
        self.rows(sql, &[&text(hand_off), &text(step)], |row| Ok((row.text(0)?, row.natural(1)?)))
    }

    fn task(&self, id: u64) -> Result<Option<Task>> {
        tasks::one(self, id)
    }

    fn tasks(&self, filter: &TaskFilter, before: Option<u64>, limit: usize) -> Result<Vec<Task>> {
        tasks::some(self, filter, before, limit)
    }

    fn alerts(&self, before: Option<u64>, limit: usize) -> Result<Vec<Alert>> {
        let sql = "SELECT seq, alert, model, lead, at, score, tier, event, cause FROM alerts
                   WHERE seq < $1 ORDER BY seq DESC LIMIT $2";
        self.rows(sql, &[&before.map_or(i64::MAX, whole), &count(limit)], alert)
    }
}

impl HandOffsChange for Session<'_> {
    fn put_hand_off(&mut self, new: &NewHandOff<'_>) -> Result<u64> {
        let sql =
            "INSERT INTO hand_offs (hand_off, model, lead, account, owner, at, score, tier, asked, cause)
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING seq";
        let [hand_off, model, lead, asked, cause] =
            [new.hand_off, new.model, new.lead, new.asked, new.cause].map(text);
        let [account, owner, tier] = [new.account, new.owner, new.tier].map(|some| some.map(text));
        let (at, score) = (new.at.as_millis(), new.score.0);
        let params: Params<'_> =
            &[&hand_off, &model, &lead, &account, &owner, &at, &score, &tier, &asked, &cause];
        let given = self.row(sql, params, |row| row.natural(0))?;
        let seq = given.unwrap_or(0);
        self.happens(HappeningKind::HandOff, seq, None)?;
        Ok(seq)
    }

    fn take_turn(&mut self, hand_off: &str, step: &str, owner: &str) -> Result<()> {
        let sql = "INSERT INTO turns (hand_off, step, owner, count) VALUES ($1, $2, $3, 1)
                   ON CONFLICT (hand_off, step, owner) DO UPDATE SET count = turns.count + 1";
        self.run(sql, &[&text(hand_off), &text(step), &text(owner)])?;
        Ok(())
    }

    fn put_task(&mut self, task: &Task) -> Result<()> {
        tasks::put(self, task)
    }

    fn list_under(&mut self, lead: &str, other: &str) -> Result<()> {
        for table in ["hand_offs", "tasks", "alerts"] {
            let sql = format!("UPDATE {table} SET lead = $2 WHERE lead = $1");
            self.run(&sql, &[&text(lead), &text(other)])?;
        }
        Ok(())
    }

    fn put_alert(&mut self, new: &NewAlert<'_>) -> Result<u64> {
        let sql = "INSERT INTO alerts (alert, model, lead, at, score, tier, event, cause)
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING seq";
        let [name, model, lead, cause] = [new.alert, new.model, new.lead, new.cause].map(text);
        let [tier, event] = [new.tier, new.event].map(|some| some.map(text));
        let (at, score) = (new.at.as_millis(), new.score.0);
        let params: Params<'_> = &[&name, &model, &lead, &at, &score, &tier, &event, &cause];
        let given = self.row(sql, params, |row| row.natural(0))?;
        let seq = given.unwrap_or(0);
        self.happens(HappeningKind::Alert, seq, None)?;
        Ok(seq)
    }
}

pub(super) fn hand_off(row: &Row) -> Result<HandOff> {
    Ok(HandOff {
        seq: row.natural(0)?,
        hand_off: row.text(1)?,
        model: row.text(2)?,
        lead: row.text(3)?,
        account: row.some_text(4)?,
        owner: row.some_text(5)?,
        at: row.instant(6)?,
        score: Micropoints(row.value(7)?),
        tier: row.some_text(8)?,
        asked: row.some_text(9)?,
        cause: row.some_text(10)?,
    })
}

pub(super) fn alert(row: &Row) -> Result<Alert> {
    Ok(Alert {
        seq: row.natural(0)?,
        alert: row.text(1)?,
        model: row.text(2)?,
        lead: row.text(3)?,
        at: row.instant(4)?,
        score: Micropoints(row.value(5)?),
        tier: row.some_text(6)?,
        event: row.some_text(7)?,
        cause: row.some_text(8)?,
    })
}
