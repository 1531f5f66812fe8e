//! What happens to leads, in the order in which it was committed.

use crate::{Alert, HandOff, TaskState, TierChange};

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happening {
    /// Its place among all that happened: later ones are greater, and none is ever used again.
    pub place: u64,
    /// What it was; nothing, where it is not kept any more.
    pub what: Option<Happened>,
}

/// What happened to a lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happened {
    /// Its tier changed.
    Tier(TierChange),
    /// It went to sales.
    HandOff(HandOff),
    /// A task about it came into a state. The hand-off is that of the task.
    Task(HandOff, TaskState),
    /// An alert came.
    Alert(Alert),
}

/// Which kind of thing happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HappeningKind {
    Tier,
    HandOff,
    Task,
    Alert,
}

impl HappeningKind {
    /// The kinds, with the name of each, the table that keeps it and the column of its place there.
    pub(crate) const ALL: [(Self, &str, &str, &str); 4] = [
        (Self::Tier, "tier", "tier_changes", "seq"),
        (Self::HandOff, "hand-off", "hand_offs", "seq"),
        (Self::Task, "task", "tasks", "id"),
        (Self::Alert, "alert", "alerts", "seq"),
    ];

    /// What is kept in place of a name where the thing is not kept any more.
    pub(crate) const GONE: &str = "gone";

    /// The name by which it is kept.
    pub(crate) fn name(self) -> &'static str {
        Self::ALL.iter().find(|(kind, ..)| *kind == self).map_or("", |(_, name, ..)| name)
    }

    /// The kind of a name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known, ..)| *known == name).map(|(kind, ..)| *kind)
    }
}
