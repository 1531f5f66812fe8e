//! A task is moved on by the one who does it.

use kelvin_kernel::Instant;
use kelvin_store::{Change, Task, TaskState, Timer};

pub(crate) use super::task::Illegal;
use super::{
    Playbook,
    carry_out::look_at,
    hand_off::Readiness,
    note::{self, Subject},
    on_time::on_time,
    task::{Call, Step, move_on},
};
use crate::{Error, Model};

/// Where a task is to go.
#[derive(Debug)]
pub(crate) struct Move {
    pub(crate) to: TaskState,
    pub(crate) reason: Option<String>,
}

/// Moves a task on; `None` if there is no such task.
pub(crate) fn move_task(
    change: &mut dyn Change,
    office: (Option<&Playbook>, &[Model]),
    (id, to): (u64, &Move),
    now: Instant,
) -> Result<Option<Result<Task, Illegal>>, Error> {
    if let (Some(playbook), models) = office {
        // What was due before counts as missed, also if nobody looked yet.
        catch_up(change, (playbook, models), id, now)?;
    }
    let Some(mut task) = change.task(id)? else { return Ok(None) };
    match move_on(&mut task, to.to, to.reason.as_deref(), now) {
        Err(illegal) => return Ok(Some(Err(illegal))),
        Ok(false) => return Ok(Some(Ok(task))),
        Ok(true) => change.put_task(&task)?,
    }
    if task.state == TaskState::Recycled {
        give_back(change, office.0, &task, now)?;
    }
    Ok(Some(Ok(task)))
}

/// Does what is due for a task and was not done yet.
fn catch_up(
    change: &mut dyn Change,
    office: (&Playbook, &[Model]),
    id: u64,
    now: Instant,
) -> Result<(), Error> {
    let Some(task) = change.task(id)? else { return Ok(()) };
    for step in Step::ALL {
        let Some(due) = step.of(&task).due.filter(|due| *due <= now) else { continue };
        let (kind, subject, name) = (Call::Breach.name().to_owned(), id.to_string(), step.name().to_owned());
        change.stop_timer(&kind, &subject, &name)?;
        on_time(change, office, &Timer { kind, subject, name, at: due }, now)?;
    }
    Ok(())
}

/// Notes that sales gave a lead back, and when it may come again.
fn give_back(
    change: &mut dyn Change,
    playbook: Option<&Playbook>,
    task: &Task,
    now: Instant,
) -> Result<(), Error> {
    let notes = note::of_rule::<Readiness>(change, &task.lead, &task.hand_off)?;
    // A lead that was handed off again meanwhile is with sales.
    let of_task = notes.into_iter().find(|(_, known)| known.last == Some(task.opened));
    let Some((model, known)) = of_task else { return Ok(()) };
    let subject = Subject { lead: &task.lead, model: &model, rule: &task.hand_off };
    let returned = Readiness { returned: Some(now), ..known.clone() };
    note::write(change, subject, &returned, Some(&known))?;
    let hand_off = playbook.and_then(|playbook| playbook.hand_off(&task.hand_off));
    match hand_off.and_then(|hand_off| hand_off.recycle_after) {
        Some(after) => look_at(change, &task.lead, &task.hand_off, now.after(after)),
        None => Ok(()),
    }
}
