//! Files and streams as the source of a run.

use crate::{
    Error,
    job::{Intake, Source},
    read::{Events, Input, Leads, ReadOptions, Rejects, Wanted, Warning},
};

/// The inputs of a run, open.
#[derive(Debug)]
pub struct Files {
    leads: Leads,
    events: Events,
}

/// The inputs with a listener for the rows that they cannot use.
#[derive(Debug)]
pub struct Listened<'a> {
    files: &'a Files,
    rejects: &'a Rejects<'a>,
}

impl Files {
    /// Opens all inputs, and reads as far as it takes to know their columns.
    ///
    /// # Errors
    /// An input that cannot be opened, is of an unknown format, or lacks a column that must be there.
    pub fn open(
        leads: Vec<Input>,
        events: Vec<Input>,
        wanted: &Wanted,
        options: &ReadOptions,
    ) -> Result<Self, Error> {
        Ok(Self {
            leads: Leads::open(leads, wanted, options)?,
            events: Events::open(events, wanted, options)?,
        })
    }

    /// The inputs as a source: rejected rows are told to `rejects`.
    pub fn source<'a>(&'a self, rejects: &'a Rejects<'a>) -> Listened<'a> {
        Listened { files: self, rejects }
    }

    /// How many bytes all inputs have, where that is known.
    pub fn bytes_total(&self) -> Option<u64> {
        Some(self.leads.bytes_total()? + self.events.bytes_total()?)
    }

    /// How many of them have been read so far.
    pub fn bytes_read(&self) -> u64 {
        self.leads.bytes_read() + self.events.bytes_read()
    }

    /// What was noticed of the inputs; complete once the run is done.
    pub fn warnings(&self) -> Vec<Warning> {
        [self.leads.warnings(), self.events.warnings()].concat()
    }
}

impl Source for Listened<'_> {
    fn each(&self, intake: &mut dyn Intake) -> Result<(), Error> {
        let mut leads = self.files.leads.worker();
        while let Some(chunk) = leads.next(self.rejects)? {
            intake.take_leads(&chunk)?;
        }
        let mut events = self.files.events.worker();
        while let Some(chunk) = events.next(self.rejects)? {
            intake.take_events(&chunk)?;
        }
        Ok(())
    }
}
