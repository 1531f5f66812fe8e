//! Leads that went to sales, what is to be done about them, and alerts that came.

use kelvin_kernel::Instant;

use crate::{Alert, HandOff, NewAlert, NewHandOff, Result, Task, TaskFilter};

/// Looks at hand-offs, tasks and alerts.
pub trait HandOffsView {
    /// Hand-offs, the latest first, from before a place on; of one lead, if one is named.
    fn hand_offs(&self, lead: Option<&str>, before: Option<u64>, limit: usize) -> Result<Vec<HandOff>>;

    /// The owner of an account's latest hand-off that has one.
    fn account_owner(&self, account: &str) -> Result<Option<String>>;

    /// How many hand-offs an owner got from an instant on.
    fn load(&self, owner: &str, since: Instant) -> Result<u32>;

    /// How many hand-offs each owner got by a step of an assignment.
    fn turns(&self, hand_off: &str, step: &str) -> Result<Vec<(String, u64)>>;

    /// A task.
    fn task(&self, id: u64) -> Result<Option<Task>>;

    /// Tasks, the latest first, from before a place on.
    fn tasks(&self, filter: &TaskFilter, before: Option<u64>, limit: usize) -> Result<Vec<Task>>;

    /// Alerts that came, the latest first, from before a place on.
    fn alerts(&self, before: Option<u64>, limit: usize) -> Result<Vec<Alert>>;
}

/// Changes hand-offs, tasks and alerts.
pub trait HandOffsChange: HandOffsView {
    /// Notes a hand-off; returns its place.
    fn put_hand_off(&mut self, hand_off: &NewHandOff<'_>) -> Result<u64>;

    /// Notes that an owner got a hand-off by a step of an assignment.
    fn take_turn(&mut self, hand_off: &str, step: &str, owner: &str) -> Result<()>;

    /// Puts a task, in the place of its earlier state if there is one. It belongs to the hand-off of its id.
    fn put_task(&mut self, task: &Task) -> Result<()>;

    /// Lists the hand-offs, tasks and alerts of a lead under another, as which it goes on.
    fn list_under(&mut self, lead: &str, other: &str) -> Result<()>;

    /// Notes an alert that came; returns its place.
    fn put_alert(&mut self, alert: &NewAlert<'_>) -> Result<u64>;
}
