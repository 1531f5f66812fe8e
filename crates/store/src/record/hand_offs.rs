//! Hand-offs, tasks and alerts, as they are kept.

use kelvin_kernel::{Instant, Micropoints};

/// A hand-off, to be noted.
#[derive(Debug, Clone, Copy)]
pub struct NewHandOff<'a> {
    /// Which hand-off of the playbook.
    pub hand_off: &'a str,
    /// The model whose score led to it.
    pub model: &'a str,
    /// Who is handed off.
    pub lead: &'a str,
    /// The lead's account.
    pub account: Option<&'a str>,
    /// To whom; `None` is unassigned.
    pub owner: Option<&'a str>,
    /// When.
    pub at: Instant,
    /// The score then.
    pub score: Micropoints,
    /// The tier then.
    pub tier: Option<&'a str>,
    /// The tier that was to be entered, which may lie below it.
    pub asked: &'a str,
    /// Why the lead was looked at then, as changes of tier tell it.
    pub cause: &'a str,
}

/// A hand-off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandOff {
    /// Its place among the hand-offs, which is the id of its task too.
    pub seq: u64,
    /// Which hand-off of the playbook.
    pub hand_off: String,
    /// The model whose score led to it.
    pub model: String,
    /// Who is handed off.
    pub lead: String,
    /// The lead's account.
    pub account: Option<String>,
    /// To whom; `None` is unassigned.
    pub owner: Option<String>,
    /// When.
    pub at: Instant,
    /// The score then.
    pub score: Micropoints,
    /// The tier then.
    pub tier: Option<String>,
    /// The tier that was to be entered; `None` where an earlier version did not note it, as with the cause.
    pub asked: Option<String>,
    /// Why the lead was looked at then, as changes of tier tell it.
    pub cause: Option<String>,
}

/// How far a task has got. Later ones are greater; the last three end it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TaskState {
    /// Nobody has done anything yet.
    Open,
    /// The owner has accepted the lead.
    Accepted,
    /// The owner has contacted the lead.
    Contacted,
    /// All is done.
    Done,
    /// Sales does not want the lead.
    Rejected,
    /// Sales gave the lead back.
    Recycled,
}

/// What a task has to reach, by when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Milestone {
    /// By when.
    pub due: Option<Instant>,
    /// When it was reached.
    pub reached: Option<Instant>,
    /// When it was missed: the due time, if that passed before it was reached.
    pub breached: Option<Instant>,
}

/// What is to be done about a lead that was handed off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Its id: the place of its hand-off.
    pub id: u64,
    /// Which hand-off of the playbook.
    pub hand_off: String,
    /// The model whose score led to it.
    pub model: String,
    /// About whom.
    pub lead: String,
    /// Who has to do it.
    pub owner: Option<String>,
    /// What is to be done.
    pub title: String,
    /// Since when.
    pub opened: Instant,
    /// How far it has got.
    pub state: TaskState,
    /// Why it was rejected or recycled.
    pub reason: Option<String>,
    /// The lead is accepted.
    pub accept: Milestone,
    /// The lead is contacted.
    pub contact: Milestone,
    /// The task is ended.
    pub close: Milestone,
}

/// Which tasks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TaskFilter {
    /// Those of an owner; those that have none, if it is empty.
    pub owner: Option<String>,
    /// Those in a state.
    pub state: Option<TaskState>,
    /// Those of a lead.
    pub lead: Option<String>,
}

/// An alert that came, to be noted.
#[derive(Debug, Clone, Copy)]
pub struct NewAlert<'a> {
    /// Which alert of the playbook.
    pub alert: &'a str,
    /// The model whose score was looked at.
    pub model: &'a str,
    /// About whom.
    pub lead: &'a str,
    /// When.
    pub at: Instant,
    /// The score then.
    pub score: Micropoints,
    /// The tier then.
    pub tier: Option<&'a str>,
    /// The id of the event that it is about.
    pub event: Option<&'a str>,
    /// Why the lead was looked at then, as changes of tier tell it.
    pub cause: &'a str,
}

/// An alert that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// Its place among the alerts.
    pub seq: u64,
    /// Which alert of the playbook.
    pub alert: String,
    /// The model whose score was looked at.
    pub model: String,
    /// About whom.
    pub lead: String,
    /// When.
    pub at: Instant,
    /// The score then.
    pub score: Micropoints,
    /// The tier then.
    pub tier: Option<String>,
    /// The id of the event that it is about.
    pub event: Option<String>,
    /// Why the lead was looked at then, as changes of tier tell it; `None` where an earlier version did not note it.
    pub cause: Option<String>,
}

impl TaskState {
    /// All states.
    pub const ALL: [Self; 6] =
        [Self::Open, Self::Accepted, Self::Contacted, Self::Done, Self::Rejected, Self::Recycled];

    /// The name by which it is kept and asked for.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Accepted => "accepted",
            Self::Contacted => "contacted",
            Self::Done => "done",
            Self::Rejected => "rejected",
            Self::Recycled => "recycled",
        }
    }

    /// The state of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Whether nothing is left to be done.
    pub fn is_closed(self) -> bool {
        self >= Self::Done
    }
}
