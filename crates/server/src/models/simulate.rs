//! What a model would change if it were published: all leads scored by it, beside what they are given now.

mod outcome;

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
};

use kelvin_kernel::Instant;
use kelvin_store::{Reader, Switch, View};

pub(crate) use outcome::{Moved, Outcome};

use super::{Incoming, News, Rescoring, Slice, key};
use crate::{Error, Model};

/// Simulations that are kept, the latest: their lists may be long.
const KEPT: usize = 3;

/// How many readers a simulation takes.
pub(crate) const SIMULATION_READERS: usize = Rescoring::READERS + 1;

/// What is simulated, and what came of it.
#[derive(Debug)]
pub(crate) struct Simulation {
    pub(crate) model: Model,
    /// The switch by which the model serves that it is compared with.
    pub(crate) against: Option<Switch>,
    /// As of when.
    pub(crate) at: Instant,
    pub(crate) incoming: Arc<Incoming>,
    outcome: Mutex<Option<Result<Arc<Outcome>, String>>>,
    stop: AtomicBool,
}

/// The simulations of late, by number.
#[derive(Debug, Default)]
pub(crate) struct Simulations(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    last: u64,
    by_number: BTreeMap<u64, Arc<Simulation>>,
    /// The thread of the last one.
    thread: Option<JoinHandle<()>>,
}

impl Simulations {
    /// Begins a simulation; its number, or none while another is running.
    pub(crate) fn start(
        &self,
        simulation: Simulation,
        readers: Vec<Reader>,
        end: u64,
    ) -> Option<Result<u64, Error>> {
        let mut kept = self.kept();
        if kept.by_number.last_entry().is_some_and(|last| last.get().outcome().is_none()) {
            return None;
        }
        let simulation = Arc::new(simulation);
        let working = Arc::clone(&simulation);
        let spawned =
            thread::Builder::new().name("simulation".to_owned()).spawn(move || working.run(readers, end));
        let thread = match spawned {
            Ok(thread) => thread,
            Err(cause) => return Some(Err(Error::Serve(cause))),
        };
        kept.thread = Some(thread);
        kept.last += 1;
        let number = kept.last;
        kept.by_number.insert(number, simulation);
        while kept.by_number.len() > KEPT {
            kept.by_number.pop_first();
        }
        Some(Ok(number))
    }

    /// A simulation of late.
    pub(crate) fn get(&self, number: u64) -> Option<Arc<Simulation>> {
        self.kept().by_number.get(&number).cloned()
    }

    /// Nothing is left half done under this lock, so one that broke is as good.
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Simulations {
    fn drop(&mut self) {
        let mut kept = self.kept();
        kept.by_number.values().for_each(|simulation| simulation.stop.store(true, Ordering::Release));
        if let Some(thread) = kept.thread.take() {
            // A simulation that broke has told nobody anything.
            let _ended = thread.join();
        }
    }
}

impl Simulation {
    pub(crate) fn new(model: Model, against: Option<Switch>, at: Instant) -> Self {
        let (incoming, outcome) = (Arc::default(), Mutex::default());
        Self { model, against, at, incoming, outcome, stop: AtomicBool::new(false) }
    }

    /// What came of it, once it has ended.
    pub(crate) fn outcome(&self) -> Option<Result<Arc<Outcome>, String>> {
        self.outcome.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn run(&self, mut readers: Vec<Reader>, end: u64) {
        let outcome = match readers.pop() {
            Some(reader) => self.score(reader, readers, end),
            None => Err(Error::Stopped),
        };
        let told = outcome.map(Arc::new).map_err(|cause| cause.to_string());
        *self.outcome.lock().unwrap_or_else(PoisonError::into_inner) = Some(told);
    }

    fn score(&self, mut reader: Reader, readers: Vec<Reader>, end: u64) -> Result<Outcome, Error> {
        let at = self.at;
        let clock: crate::Clock = Arc::new(move || at);
        let rescoring = Rescoring::start(readers, self.model.clone(), &self.incoming, end, &clock)?;
        let mut outcome = Outcome::default();
        loop {
            match rescoring.wait() {
                News::Slice(slice) => reader.look(|view| self.compare(view, slice, &mut outcome))?,
                News::Failed(cause) => return Err(cause),
                News::Done => break,
            }
            if self.stop.load(Ordering::Acquire) {
                return Err(Error::Stopped);
            }
        }
        outcome.settle();
        Ok(outcome)
    }

    /// Compares what leads would be given with what they are given.
    fn compare(&self, view: &dyn View, slice: Slice, outcome: &mut Outcome) -> Result<(), Error> {
        let plan = self.model.program().plan();
        let serving = self.against.as_ref().map(key);
        for (lead, holding) in slice {
            let before = match &serving {
                Some(name) => view.score_of(name, &lead)?,
                None => None,
            };
            outcome.take(plan, lead, before, holding.score);
        }
        Ok(())
    }
}
