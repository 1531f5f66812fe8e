//! Leads and events of files, as the engine takes them in.

use super::{
    reader::{Events, Leads},
    rejects::Rejects,
};
use crate::{Error, Intake, Source};

/// The inputs of a run, opened.
#[derive(Debug)]
pub struct Files<'a> {
    /// The leads, where there are any.
    pub leads: Option<Leads>,
    /// The events, where there are any.
    pub events: Option<Events>,
    /// Where rejected rows are told.
    pub rejects: Rejects<'a>,
}

impl Source for Files<'_> {
    fn each(&self, intake: &mut dyn Intake) -> Result<(), Error> {
        if let Some(leads) = &self.leads {
            let mut worker = leads.worker();
            while let Some(chunk) = worker.next(&self.rejects)? {
                intake.take_leads(&chunk)?;
            }
        }
        if let Some(events) = &self.events {
            let mut worker = events.worker();
            while let Some(chunk) = worker.next(&self.rejects)? {
                intake.take_events(&chunk)?;
            }
        }
        Ok(())
    }
}
