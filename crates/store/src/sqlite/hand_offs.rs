//! Hand-offs, tasks and alerts in SQLite.

use kelvin_kernel::{Instant, Micropoints};
use rusqlite::{OptionalExtension, Row, named_params, params};

use super::{Session, count, natural, whole};
use crate::{
    Alert, HandOff, HandOffsChange, HandOffsView, Milestone, NewAlert, NewHandOff, Result, Task, TaskFilter,
    TaskState, record::HappeningKind,
};

const TASK: &str = "id, hand_off, model, lead, owner, title, opened, state, reason,
    accept_due, accept_reached, accept_breached, contact_due, contact_reached, contact_breached,
    close_due, close_reached, close_breached";

/// The hand-off of a place.
pub(super) const ONE: &str =
    "SELECT seq, hand_off, model, lead, account, owner, at, score, tier, asked, cause
     FROM hand_offs WHERE seq = ?";

/// The alert of a place.
pub(super) const ONE_ALERT: &str =
    "SELECT seq, alert, model, lead, at, score, tier, event, cause FROM alerts WHERE seq = ?";

impl HandOffsView for Session<'_> {
    fn hand_offs(&self, lead: Option<&str>, before: Option<u64>, limit: usize) -> Result<Vec<HandOff>> {
        let of_lead = if lead.is_some() { "lead = :lead" } else { ":lead IS NULL" };
        let sql = format!(
            "SELECT seq, hand_off, model, lead, account, owner, at, score, tier, asked, cause FROM hand_offs
             WHERE {of_lead} AND seq < :before ORDER BY seq DESC LIMIT :limit"
        );
        let before = before.map_or(i64::MAX, whole);
        let named = named_params! { ":lead": lead, ":before": before, ":limit": count(limit) };
        self.rows(&sql, named, hand_off)
    }

    fn account_owner(&self, account: &str) -> Result<Option<String>> {
        let sql =
            "SELECT owner FROM hand_offs WHERE account = ? AND owner IS NOT NULL ORDER BY seq DESC LIMIT 1";
        Ok(self.sql.prepare_cached(sql)?.query_row([account], |row| row.get(0)).optional()?)
    }

    fn load(&self, owner: &str, since: Instant) -> Result<u32> {
        let sql = "SELECT count(*) FROM hand_offs WHERE owner = ? AND at >= ?";
        let params = params![owner, since.as_millis()];
        Ok(self.sql.prepare_cached(sql)?.query_row(params, |row| row.get(0))?)
    }

    fn turns(&self, hand_off: &str, step: &str) -> Result<Vec<(String, u64)>> {
        let sql = "SELECT owner, count FROM turns WHERE hand_off = ? AND step = ?";
        self.rows(sql, [hand_off, step], |row| Ok((row.get(0)?, natural(row.get(1)?))))
    }

    fn task(&self, id: u64) -> Result<Option<Task>> {
        let sql = format!("SELECT {TASK} FROM tasks WHERE id = ?");
        Ok(self.sql.prepare_cached(&sql)?.query_row([whole(id)], task).optional()?)
    }

    fn tasks(&self, filter: &TaskFilter, before: Option<u64>, limit: usize) -> Result<Vec<Task>> {
        // One statement for each shape, so that each can walk its index.
        let mut sql = format!("SELECT {TASK} FROM tasks WHERE id < :before");
        let conditions = [
            (filter.owner.is_some(), " AND owner = :owner", " AND :owner IS NULL"),
            (filter.state.is_some(), " AND state = :state", " AND :state IS NULL"),
            (filter.lead.is_some(), " AND lead = :lead", " AND :lead IS NULL"),
        ];
        sql.extend(
            conditions.map(|(is_asked, condition, otherwise)| if is_asked { condition } else { otherwise }),
        );
        sql.push_str(" ORDER BY id DESC LIMIT :limit");
        let named = named_params! {
            ":before": before.map_or(i64::MAX, whole),
            ":owner": filter.owner,
            ":state": filter.state.map(TaskState::name),
            ":lead": filter.lead,
            ":limit": count(limit),
        };
        self.rows(&sql, named, task)
    }

    fn alerts(&self, before: Option<u64>, limit: usize) -> Result<Vec<Alert>> {
        let sql = "SELECT seq, alert, model, lead, at, score, tier, event, cause FROM alerts
                   WHERE seq < ? ORDER BY seq DESC LIMIT ?";
        self.rows(sql, params![before.map_or(i64::MAX, whole), count(limit)], alert)
    }
}

impl HandOffsChange for Session<'_> {
    fn put_hand_off(&mut self, new: &NewHandOff<'_>) -> Result<u64> {
        let sql =
            "INSERT INTO hand_offs (hand_off, model, lead, account, owner, at, score, tier, asked, cause)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
        let NewHandOff { hand_off, model, lead, account, owner, tier, asked, cause, .. } = *new;
        let (at, score) = (new.at.as_millis(), new.score.0);
        self.run(sql, params![hand_off, model, lead, account, owner, at, score, tier, asked, cause])?;
        let seq = self.sql.last_insert_rowid();
        self.happens(HappeningKind::HandOff, seq, None)?;
        Ok(natural(seq))
    }

    fn take_turn(&mut self, hand_off: &str, step: &str, owner: &str) -> Result<()> {
        let sql = "INSERT INTO turns (hand_off, step, owner, count) VALUES (?, ?, ?, 1)
                   ON CONFLICT (hand_off, step, owner) DO UPDATE SET count = count + 1";
        self.run(sql, [hand_off, step, owner])?;
        Ok(())
    }

    fn put_task(&mut self, task: &Task) -> Result<()> {
        let before = self.task(task.id)?.map(|before| before.state);
        let sql = format!(
            "INSERT OR REPLACE INTO tasks ({TASK}) VALUES (:id, :hand_off, :model, :lead, :owner, :title, :opened,
             :state, :reason, :accept_due, :accept_reached, :accept_breached, :contact_due, :contact_reached,
             :contact_breached, :close_due, :close_reached, :close_breached)"
        );
        let [accept, contact, close] = [task.accept, task.contact, task.close].map(millis);
        let named = named_params! {
            ":id": whole(task.id),
            ":hand_off": task.hand_off,
            ":model": task.model,
            ":lead": task.lead,
            ":owner": task.owner.as_deref().unwrap_or_default(),
            ":title": task.title,
            ":opened": task.opened.as_millis(),
            ":state": task.state.name(),
            ":reason": task.reason,
            ":accept_due": accept[0], ":accept_reached": accept[1], ":accept_breached": accept[2],
            ":contact_due": contact[0], ":contact_reached": contact[1], ":contact_breached": contact[2],
            ":close_due": close[0], ":close_reached": close[1], ":close_breached": close[2],
        };
        self.run(&sql, named)?;
        if before != Some(task.state) {
            self.happens(HappeningKind::Task, whole(task.id), Some(task.state.name()))?;
        }
        Ok(())
    }

    fn list_under(&mut self, lead: &str, other: &str) -> Result<()> {
        self.run("UPDATE hand_offs SET lead = ?2 WHERE lead = ?1", [lead, other])?;
        self.run("UPDATE tasks SET lead = ?2 WHERE lead = ?1", [lead, other])?;
        self.run("UPDATE alerts SET lead = ?2 WHERE lead = ?1", [lead, other])?;
        Ok(())
    }

    fn put_alert(&mut self, new: &NewAlert<'_>) -> Result<u64> {
        let sql = "INSERT INTO alerts (alert, model, lead, at, score, tier, event, cause) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
        let NewAlert { alert, model, lead, tier, event, cause, .. } = *new;
        let (at, score) = (new.at.as_millis(), new.score.0);
        self.run(sql, params![alert, model, lead, at, score, tier, event, cause])?;
        let seq = self.sql.last_insert_rowid();
        self.happens(HappeningKind::Alert, seq, None)?;
        Ok(natural(seq))
    }
}

pub(super) fn hand_off(row: &Row<'_>) -> rusqlite::Result<HandOff> {
    Ok(HandOff {
        seq: natural(row.get(0)?),
        hand_off: row.get(1)?,
        model: row.get(2)?,
        lead: row.get(3)?,
        account: row.get(4)?,
        owner: row.get(5)?,
        at: Instant::from_millis(row.get(6)?),
        score: Micropoints(row.get(7)?),
        tier: row.get(8)?,
        asked: row.get(9)?,
        cause: row.get(10)?,
    })
}

fn task(row: &Row<'_>) -> rusqlite::Result<Task> {
    let state: String = row.get(7)?;
    let owner: String = row.get(4)?;
    Ok(Task {
        id: natural(row.get(0)?),
        hand_off: row.get(1)?,
        model: row.get(2)?,
        lead: row.get(3)?,
        owner: Some(owner).filter(|owner| !owner.is_empty()),
        title: row.get(5)?,
        opened: Instant::from_millis(row.get(6)?),
        state: TaskState::named(&state).unwrap_or(TaskState::Open),
        reason: row.get(8)?,
        accept: milestone(row, 9)?,
        contact: milestone(row, 12)?,
        close: milestone(row, 15)?,
    })
}

/// The milestone whose three columns begin at a place.
fn milestone(row: &Row<'_>, place: usize) -> rusqlite::Result<Milestone> {
    let instant =
        |place| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(place)?.map(Instant::from_millis));
    Ok(Milestone { due: instant(place)?, reached: instant(place + 1)?, breached: instant(place + 2)? })
}

fn millis(milestone: Milestone) -> [Option<i64>; 3] {
    [milestone.due, milestone.reached, milestone.breached].map(|instant| instant.map(Instant::as_millis))
}

pub(super) fn alert(row: &Row<'_>) -> rusqlite::Result<Alert> {
    Ok(Alert {
        seq: natural(row.get(0)?),
        alert: row.get(1)?,
        model: row.get(2)?,
        lead: row.get(3)?,
        at: Instant::from_millis(row.get(4)?),
        score: Micropoints(row.get(5)?),
        tier: row.get(6)?,
        event: row.get(7)?,
        cause: row.get(8)?,
    })
}
