//! What a playbook has to be done at a time: owners are reminded, others hear of what was not done.

use kelvin_connect::Kind;
use kelvin_kernel::Instant;
use kelvin_model::playbook::plan::{Recipient, Sla};
use kelvin_store::{Change, Task, Timer};

use super::{
    Playbook, digest, give,
    message::{About, Letter, send},
    task::{self, Call, Step},
};
use crate::{Error, Model, writer::known_state};

/// Does what a timer was set for, which is taken away already.
pub(crate) fn on_time(
    change: &mut dyn Change,
    (playbook, models): (&Playbook, &[Model]),
    timer: &Timer,
    now: Instant,
) -> Result<(), Error> {
    if timer.kind == digest::KIND {
        return playbook.digest(change, timer, now);
    }
    let calls = [Call::Remind, Call::Breach];
    let call = calls.into_iter().find(|call| call.name() == timer.kind);
    let task = timer.subject.parse().ok().zip(Step::named(&timer.name));
    match (call, task) {
        (Some(call), Some((id, step))) => on_task(change, (playbook, models), (id, step, call), now),
        _ => Ok(()),
    }
}

/// Reminds of a task, or notes and tells that a due time has passed.
fn on_task(
    change: &mut dyn Change,
    (playbook, models): (&Playbook, &[Model]),
    (id, step, call): (u64, Step, Call),
    now: Instant,
) -> Result<(), Error> {
    let Some(mut task) = change.task(id)? else { return Ok(()) };
    let is_told = task::call(&mut task, step, call, now);
    change.put_task(&task)?;
    let sla = playbook.hand_off(&task.hand_off).and_then(|hand_off| hand_off.sla.as_ref());
    match sla {
        Some(sla) if is_told => tell(change, (playbook, models), (&task, step, call, sla), now),
        _ => Ok(()),
    }
}

fn tell(
    change: &mut dyn Change,
    (playbook, models): (&Playbook, &[Model]),
    (task, step, call, sla): (&Task, Step, Call, &Sla),
    now: Instant,
) -> Result<(), Error> {
    let of_name = |id: &str| models.iter().find(|model| model.id() == id);
    // A challenger may have gone since the hand-off.
    let spoken_of = || of_name(playbook.hand_off(&task.hand_off)?.model.as_deref()?);
    let Some(model) = of_name(&task.model).or_else(spoken_of) else { return Ok(()) };
    let mut state = known_state(change, model, &task.lead)?.unwrap_or_else(Model::blank);
    let mut about = About::read(change, (model, &task.lead), &mut state, now)?;
    about.owner = task.owner.as_deref().and_then(|name| playbook.owner(name));
    let (kind, recipients) = match call {
        Call::Remind => (Kind::Reminder, &[Recipient::Owner][..]),
        Call::Breach => (Kind::Escalation, sla.escalate.as_slice()),
    };
    let letter = Letter {
        kind,
        source: format!("{}:{}:{}", kind.name(), task.id, step.name()),
        cause: None,
        rule: &task.hand_off,
        title: title(about.name(), task, step, call),
        text: None,
        task: Some(give::told(task)),
    };
    send(change, playbook, &about, &letter, recipients)
}

fn title(name: &str, task: &Task, step: Step, call: Call) -> String {
    let due = step.of(task).due.map(|due| due.to_string()).unwrap_or_default();
    let unassigned = if task.owner.is_none() { " (unassigned)" } else { "" };
    match (call, step) {
        (Call::Remind, Step::Accept) => format!("Accept {name} by {due}"),
        (Call::Remind, Step::Contact) => format!("Contact {name} by {due}"),
        (Call::Remind, Step::Close) => format!("Due {due}: {}", task.title),
        (Call::Breach, Step::Accept) => format!("{name} was not accepted by {due}{unassigned}"),
        (Call::Breach, Step::Contact) => format!("{name} was not contacted by {due}{unassigned}"),
        (Call::Breach, Step::Close) => format!("Not done by {due}{unassigned}: {}", task.title),
    }
}
