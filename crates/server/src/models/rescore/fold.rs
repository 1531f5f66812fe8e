//! One thread's leads: what the model sees of their events is gathered as they are read; then each is folded and scored.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::mpsc::Receiver,
};

use kelvin_kernel::state::Gathered;
use kelvin_store::{Event, Reader};
use rustc_hash::FxHashMap;

use super::{Job, News, Slice};
use crate::{Error, segment::Call, writer::holding};

/// Leads in one slice: they are written in one transaction, for which events wait.
const SLICE: usize = 500;

/// What a folder is told.
pub(super) enum Task {
    /// To take in events.
    Gather(Vec<Event>),
    /// To fold and score its leads: all their events were read.
    Finish,
}

/// A thread that folds.
pub(super) struct Folder<'j> {
    job: &'j Job,
    reader: Reader,
    gathered: FxHashMap<String, Gathered>,
}

/// By which leads are dealt out.
pub(super) fn shard(lead: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    lead.hash(&mut hasher);
    hasher.finish()
}

impl<'j> Folder<'j> {
    pub(super) fn new(job: &'j Job, reader: Reader) -> Self {
        Self { job, reader, gathered: FxHashMap::default() }
    }

    /// Does what it is told, until there is no more or it fails.
    pub(super) fn work(mut self, tasks: &Receiver<Task>) {
        for task in tasks {
            let done = match task {
                Task::Gather(events) => self.gather(events),
                Task::Finish => self.finish(),
            };
            if let Err(cause) = done {
                // Who stopped us does not listen.
                let _told = self.job.news.send(News::Failed(cause));
                return;
            }
        }
    }

    fn gather(&mut self, events: Vec<Event>) -> Result<(), Error> {
        let model = &self.job.model;
        for mut event in events.into_iter().filter(|event| !event.is_void) {
            let (seq, lead) = (event.seq, std::mem::take(&mut event.lead));
            let call = Call::of_log(event).ok_or(Error::Damaged(seq))?;
            model.gather(self.gathered.entry(lead).or_default(), &call, call.event_id(seq));
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<(), Error> {
        let mut leads: Vec<_> = std::mem::take(&mut self.gathered).into_iter().collect();
        leads.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        let mut leads = leads.into_iter().peekable();
        while leads.peek().is_some() {
            self.job.check()?;
            let slice = self.score(leads.by_ref().take(SLICE))?;
            self.job.news.send(News::Slice(slice)).map_err(|_| Error::Stopped)?;
        }
        Ok(())
    }

    fn score(&mut self, leads: impl Iterator<Item = (String, Gathered)>) -> Result<Slice, Error> {
        let (model, now) = (&self.job.model, (self.job.clock)());
        self.reader.look(|view| {
            let score = |(lead, gathered): (String, Gathered)| {
                let holding = holding(view, model, &lead, &mut gathered.fold(model.program()), now)?;
                Ok((lead, holding))
            };
            leads.map(score).collect()
        })
    }
}
