//! The outbox emptied: messages reach their targets at least once, in order per lane, however long a target is down.

mod backoff;
mod deliver;
mod note;
mod schedule;
#[cfg(test)]
mod simulation;
mod sinks;

use std::{collections::BTreeMap, time::Duration};

use kelvin_connect::{Courier, Sink};

pub use backoff::Backoff;
pub(crate) use deliver::Deliverer;
pub(crate) use note::Note;
#[cfg(test)]
pub(crate) use schedule::Schedule;
pub use sinks::{TargetError, sinks, wants_mail};

/// Where messages go, and how patiently.
#[derive(Debug)]
pub struct Outbox {
    /// Takes them there.
    pub courier: Courier,
    /// The sinks, by the names of targets: those of a playbook, and `owner:ada` for each owner.
    pub sinks: BTreeMap<String, Sink>,
    /// When an attempt that failed is followed by another.
    pub backoff: Backoff,
    /// How long nothing is looked at when nothing is due: a clock that was set is noticed then.
    pub longest_sleep: Duration,
    /// What chance begins with.
    pub seed: u64,
}

impl Outbox {
    /// An outbox with the usual patience: about three days.
    pub fn new(courier: Courier, sinks: BTreeMap<String, Sink>, seed: u64) -> Self {
        Self { courier, sinks, backoff: Backoff::default(), longest_sleep: Duration::from_secs(30), seed }
    }
}
