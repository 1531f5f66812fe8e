//! One thread's leads: folded as their events are read, then scored.

use std::{
    collections::BTreeMap,
    hash::{DefaultHasher, Hash, Hasher},
    sync::mpsc::Receiver,
};

use kelvin_kernel::state::State;
use kelvin_store::{Event, Reader};

use super::{Job, News, Slice};
use crate::{Error, Model, segment::Call, writer::holding};

/// Leads in one slice: they are written in one transaction, for which events wait.
const SLICE: usize = 500;

/// What a folder is told.
pub(super) enum Task {
    /// To take in events.
    Fold(Vec<Event>),
    /// To score its leads: all their events were read.
    Finish,
}

/// A thread that folds.
pub(super) struct Folder<'j> {
    job: &'j Job,
    reader: Reader,
    states: BTreeMap<String, State>,
}

/// By which leads are dealt out.
pub(super) fn shard(lead: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    lead.hash(&mut hasher);
    hasher.finish()
}

impl<'j> Folder<'j> {
    pub(super) fn new(job: &'j Job, reader: Reader) -> Self {
        Self { job, reader, states: BTreeMap::new() }
    }

    /// Does what it is told, until there is no more or it fails.
    pub(super) fn work(mut self, tasks: &Receiver<Task>) {
        for task in tasks {
            let done = match task {
                Task::Fold(events) => self.fold(&events),
                Task::Finish => self.finish(),
            };
            if let Err(cause) = done {
                // Who stopped us does not listen.
                let _told = self.job.news.send(News::Failed(cause));
                return;
            }
        }
    }

    fn fold(&mut self, events: &[Event]) -> Result<(), Error> {
        for event in events.iter().filter(|event| !event.is_void) {
            let call = Call::from_log(event).ok_or(Error::Damaged(event.seq))?;
            if !self.states.contains_key(&event.lead) {
                self.states.insert(event.lead.clone(), Model::blank());
            }
            if let Some(state) = self.states.get_mut(&event.lead) {
                self.job.model.apply(state, &call, call.event_id(event.seq));
            }
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<(), Error> {
        let mut states = std::mem::take(&mut self.states).into_iter().peekable();
        while states.peek().is_some() {
            self.job.check()?;
            let slice = self.score(states.by_ref().take(SLICE))?;
            self.job.news.send(News::Slice(slice)).map_err(|_| Error::Stopped)?;
        }
        Ok(())
    }

    fn score(&mut self, states: impl Iterator<Item = (String, State)>) -> Result<Slice, Error> {
        let (model, now) = (&self.job.model, (self.job.clock)());
        self.reader.look(|view| {
            let score = |(lead, mut state): (String, State)| {
                let holding = holding(view, model, &lead, &mut state, now)?;
                Ok((lead, holding))
            };
            states.map(score).collect()
        })
    }
}
