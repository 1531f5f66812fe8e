//! Tasks in PostgreSQL: they belong to hand-offs.

use kelvin_kernel::Instant;
use postgres::Row;

use super::{
    row::{Columns, count, text, whole},
    session::Session,
};
use crate::{Milestone, Result, Task, TaskFilter, TaskState, record::HappeningKind};

/// The columns of a task, in the order in which they are read and written.
const TASK: &str = "id, hand_off, model, lead, owner, title, opened, state, reason,
    accept_due, accept_reached, accept_breached, contact_due, contact_reached, contact_breached,
    close_due, close_reached, close_breached";

/// The task of an id.
pub(super) fn one(session: &Session<'_>, id: u64) -> Result<Option<Task>> {
    session.row(&format!("SELECT {TASK} FROM tasks WHERE id = $1"), &[&whole(id)], task)
}

/// The tasks that a filter lets through, the latest first.
pub(super) fn some(
    session: &Session<'_>,
    filter: &TaskFilter,
    before: Option<u64>,
    limit: usize,
) -> Result<Vec<Task>> {
    // One statement for each shape, so that each can walk its index.
    let conditions = [
        if filter.owner.is_some() { "owner = $2" } else { "$2::text IS NULL" },
        if filter.state.is_some() { "state = $3" } else { "$3::text IS NULL" },
        if filter.lead.is_some() { "lead = $4" } else { "$4::text IS NULL" },
    ];
    let conditions = conditions.join(" AND ");
    let sql = format!("SELECT {TASK} FROM tasks WHERE id < $1 AND {conditions} ORDER BY id DESC LIMIT $5");
    let [owner, lead] = [&filter.owner, &filter.lead].map(|some| some.as_deref().map(text));
    let (before, state) = (before.map_or(i64::MAX, whole), filter.state.map(TaskState::name));
    session.rows(&sql, &[&before, &owner, &state, &lead, &count(limit)], task)
}

/// Puts a task, in the place of its earlier state if there is one.
pub(super) fn put(session: &Session<'_>, task: &Task) -> Result<()> {
    let before = one(session, task.id)?.map(|before| before.state);
    // The old one goes first: that is shorter than to name all columns once more.
    session.run("DELETE FROM tasks WHERE id = $1", &[&whole(task.id)])?;
    let sql = format!(
        "INSERT INTO tasks ({TASK})
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)"
    );
    let [accept, contact, close] = [task.accept, task.contact, task.close].map(millis);
    session.run(
        &sql,
        &[
            &whole(task.id),
            &text(&task.hand_off),
            &text(&task.model),
            &text(&task.lead),
            &text(task.owner.as_deref().unwrap_or_default()),
            &text(&task.title),
            &task.opened.as_millis(),
            &task.state.name(),
            &task.reason.as_deref().map(text),
            &accept[0],
            &accept[1],
            &accept[2],
            &contact[0],
            &contact[1],
            &contact[2],
            &close[0],
            &close[1],
            &close[2],
        ],
    )?;
    if before != Some(task.state) {
        session.happens(HappeningKind::Task, task.id, Some(task.state.name()))?;
    }
    Ok(())
}

fn millis(milestone: Milestone) -> [Option<i64>; 3] {
    [milestone.due, milestone.reached, milestone.breached].map(|instant| instant.map(Instant::as_millis))
}

fn task(row: &Row) -> Result<Task> {
    Ok(Task {
        id: row.natural(0)?,
        hand_off: row.text(1)?,
        model: row.text(2)?,
        lead: row.text(3)?,
        owner: Some(row.text(4)?).filter(|owner| !owner.is_empty()),
        title: row.text(5)?,
        opened: row.instant(6)?,
        state: row.named(7, TaskState::named)?,
        reason: row.some_text(8)?,
        accept: milestone(row, 9)?,
        contact: milestone(row, 12)?,
        close: milestone(row, 15)?,
    })
}

/// The milestone whose three columns begin at a place.
fn milestone(row: &Row, place: usize) -> Result<Milestone> {
    let [due, reached, breached] = [0, 1, 2].map(|next| row.some_instant(place + next));
    Ok(Milestone { due: due?, reached: reached?, breached: breached? })
}
