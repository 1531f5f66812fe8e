//! What an owner has to do about a lead, by when, and who hears of it when it is not done.

use kelvin_kernel::Instant;
use kelvin_model::playbook::{
    hours::{BusinessTime, Calendar},
    plan::{HandOff, Sla},
};
use kelvin_store::{Milestone, Task, TaskState};

/// The milestones of a task, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Accept,
    Contact,
    Close,
}

/// What happens to a task at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Call {
    /// The owner is reminded.
    Remind,
    /// The due time has passed.
    Breach,
}

/// Why a task cannot go where it was told to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Illegal {
    /// It would go back, or is closed otherwise.
    Back {
        /// Where it is.
        from: TaskState,
    },
    /// A task is rejected for a reason.
    NoReason,
}

impl Call {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Remind => "remind",
            Self::Breach => "breach",
        }
    }
}

impl Step {
    pub(super) const ALL: [Self; 3] = [Self::Accept, Self::Contact, Self::Close];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Contact => "contact",
            Self::Close => "close",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.name() == name)
    }

    /// The state from which on it is reached.
    fn reached_in(self) -> TaskState {
        match self {
            Self::Accept => TaskState::Accepted,
            Self::Contact => TaskState::Contacted,
            Self::Close => TaskState::Done,
        }
    }

    /// A milestone of a task.
    pub(super) fn of(self, task: &Task) -> &Milestone {
        match self {
            Self::Accept => &task.accept,
            Self::Contact => &task.contact,
            Self::Close => &task.close,
        }
    }

    fn of_mut(self, task: &mut Task) -> &mut Milestone {
        match self {
            Self::Accept => &mut task.accept,
            Self::Contact => &mut task.contact,
            Self::Close => &mut task.close,
        }
    }
}

/// Sets the due times of a task that is opened by a hand-off.
pub(super) fn set_due_times(task: &mut Task, hand_off: &HandOff, calendar: &Calendar) {
    let due = |time: Option<BusinessTime>| calendar.due(task.opened, time?);
    let sla = hand_off.sla.as_ref();
    let (accept, contact) = (due(sla.and_then(|sla| sla.accept)), due(sla.and_then(|sla| sla.contact)));
    let close = due(hand_off.task.as_ref().and_then(|task| task.due));
    (task.accept.due, task.contact.due, task.close.due) = (accept, contact, close);
}

/// When something happens to a task that was opened, if nothing else does.
pub(super) fn calls(task: &Task, sla: Option<&Sla>) -> Vec<(Step, Call, Instant)> {
    let remind = sla.and_then(|sla| sla.remind);
    let mut calls = Vec::new();
    for step in Step::ALL {
        let Some(due) = step.of(task).due else { continue };
        calls.extend(remind.map(|before| (step, Call::Remind, due.before(before).max(task.opened))));
        calls.push((step, Call::Breach, due));
    }
    calls
}

/// What a call comes to at an instant: whether somebody is told. A breach is noted in the task.
pub(super) fn call(task: &mut Task, step: Step, call: Call, now: Instant) -> bool {
    let state = task.state;
    let milestone = step.of_mut(task);
    let Some(due) = milestone.due.filter(|_| state < step.reached_in()) else { return false };
    match call {
        // Late, because the service was down: that the time has passed says it all.
        Call::Remind => now < due,
        Call::Breach => milestone.breached.replace(due).is_none(),
    }
}

/// Moves a task on; whether that changed anything. It may go over states, never back, and being told the same again is
/// fine.
pub(super) fn move_on(
    task: &mut Task,
    to: TaskState,
    reason: Option<&str>,
    now: Instant,
) -> Result<bool, Illegal> {
    if task.state == to {
        return Ok(false);
    }
    if task.state.is_closed() || to < task.state {
        return Err(Illegal::Back { from: task.state });
    }
    let reason = reason.map(str::trim).filter(|reason| !reason.is_empty());
    if to == TaskState::Rejected && reason.is_none() {
        return Err(Illegal::NoReason);
    }
    for step in Step::ALL.into_iter().filter(|step| is_reached(*step, to)) {
        step.of_mut(task).reached.get_or_insert(now);
    }
    task.state = to;
    task.reason = reason.map(str::to_owned);
    Ok(true)
}

/// Whether a state reaches a milestone: who gives a lead back unseen has not contacted it.
fn is_reached(step: Step, state: TaskState) -> bool {
    match state {
        TaskState::Rejected | TaskState::Recycled => step == Step::Close,
        state => state >= step.reached_in(),
    }
}

#[cfg(test)]
mod tests;
