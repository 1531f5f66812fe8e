//! A run: what to score, from what, and how.

use std::path::PathBuf;

use kelvin_kernel::{Instant, score::Detail};

use crate::{
    Error,
    models::Models,
    read::{EventChunk, LeadChunk},
    selection::Selection,
};

/// What to score, and how.
#[derive(Debug)]
pub struct Job<'a> {
    /// The models; made with `accounts` where accounts are to be scored.
    pub models: &'a Models<'a>,
    /// The instant.
    pub at: Instant,
    /// What is wanted of each lead's score.
    pub detail: Detail,
    /// Which lines are kept, and in what order.
    pub selection: Selection,
    /// What the run may use.
    pub resources: Resources,
}

/// What a run may use.
#[derive(Debug, Clone)]
pub struct Resources {
    /// Threads.
    pub threads: usize,
    /// Bytes of rows and results held in memory; what is beyond goes to a temporary file.
    pub memory: usize,
    /// Where the temporary file is made. It has no name and is gone when the run ends, however it ends.
    pub folder: PathBuf,
    /// Into how many parts leads are divided, a power of two up to 65,536. Results do not depend on it.
    pub partitions: usize,
}

/// What takes in chunks.
pub trait Intake {
    /// Takes in rows of leads.
    ///
    /// # Errors
    /// When the temporary file fails.
    fn take_leads(&mut self, chunk: &LeadChunk) -> Result<(), Error>;

    /// Takes in rows of events.
    ///
    /// # Errors
    /// When the temporary file fails.
    fn take_events(&mut self, chunk: &EventChunk) -> Result<(), Error>;
}

/// Where chunks come from.
pub trait Source: Sync {
    /// Hands chunks to `intake` until there are no more. Every worker calls this once, all at the same time: they share
    /// the chunks among them, in any way.
    ///
    /// # Errors
    /// What reading or the intake fails with.
    fn each(&self, intake: &mut dyn Intake) -> Result<(), Error>;
}
