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
use kelvin_store::{Holding, LeadScore, Reader, Switch, View};

pub(crate) use outcome::{Moved, Outcome};

use super::{Incoming, News, Rescoring, Slice, ask, key};
use crate::{
    Error, Model,
    playbook::{Foreseen, Rehearsal, Script},
    writer::{self, Office},
};

/// Simulations that are kept, the latest: their lists may be long.
const KEPT: usize = 3;

/// Leads of which it is looked at what would follow, in one look at the store.
const SOME: usize = 256;

/// How many readers a simulation takes.
pub(crate) const SIMULATION_READERS: usize = Rescoring::READERS + 1;

/// What is simulated, and what came of it.
#[derive(Debug)]
pub(crate) struct Simulation {
    pub(crate) model: Model,
    /// The switch by which the model serves that it is compared with.
    pub(crate) against: Option<Switch>,
    /// What the playbook is rehearsed by, where one is carried out.
    script: Option<Script>,
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
    /// Of a version that would serve in the place of the one that does, if there is one.
    pub(crate) fn new(view: &dyn View, model: Model, office: &Office<'_>) -> Result<Self, Error> {
        let against = ask::serving(view, model.id())?;
        let model = model.come(against.as_ref().map(key));
        let script = office.playbook.map(|playbook| Script::new(view, playbook, (office.models, &model)));
        let (script, at) = (script.transpose()?, office.now);
        let (incoming, outcome) = (Arc::default(), Mutex::default());
        Ok(Self { model, against, script, at, incoming, outcome, stop: AtomicBool::new(false) })
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
        let (mut outcome, mut cast) = (Outcome::default(), Slice::new());
        loop {
            match rescoring.wait() {
                News::Slice(slice) => {
                    reader.look(|view| self.compare(view, slice, (&mut outcome, &mut cast)))?;
                }
                News::Failed(cause) => return Err(cause),
                News::Done => break,
            }
            self.check()?;
        }
        outcome.settle();
        outcome.foreseen = self.rehearse(&mut reader, cast)?;
        Ok(outcome)
    }

    /// Compares what leads would be given with what they are given; those of which something may follow come into the cast.
    fn compare(
        &self,
        view: &dyn View,
        slice: Slice,
        (outcome, cast): (&mut Outcome, &mut Slice),
    ) -> Result<(), Error> {
        let plan = self.model.program().plan();
        let serving = self.against.as_ref().map(key);
        for (lead, holding) in slice {
            let before = match &serving {
                Some(name) => view.score_of(name, &lead)?,
                None => None,
            };
            let after = holding.score.clone();
            if self.may_act(&lead, before.as_ref(), after.as_ref()) {
                cast.push((lead.clone(), holding));
            }
            outcome.take(plan, lead, before, after);
        }
        Ok(())
    }

    /// Whether anything may follow from a version for a lead.
    fn may_act(&self, lead: &str, before: Option<&LeadScore>, after: Option<&LeadScore>) -> bool {
        let [before, after] = [before, after].map(|score| score.and_then(|score| score.tier.as_deref()));
        let may_act = |script: &Script| script.may_act((&self.model, lead), after);
        before != after && self.script.as_ref().is_some_and(may_act)
    }

    /// Carries the playbook out for leads in the order in which publishing does, without any change of the store.
    fn rehearse(&self, reader: &mut Reader, mut cast: Slice) -> Result<Option<Foreseen>, Error> {
        let Some(script) = &self.script else { return Ok(None) };
        cast.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        let mut rehearsal = Rehearsal::of(script);
        for some in cast.chunks(SOME) {
            reader.look(|view| {
                some.iter().try_for_each(|(lead, holding)| self.play(view, &mut rehearsal, (lead, holding)))
            })?;
            self.check()?;
        }
        reader.look(|view| rehearsal.end(view, self.at)).map(Some)
    }

    /// Rehearses what follows for one lead.
    fn play(
        &self,
        view: &dyn View,
        rehearsal: &mut Rehearsal<'_>,
        (lead, holding): (&str, &Holding),
    ) -> Result<(), Error> {
        let mut state = writer::remembered(view, &self.model, lead, holding)?;
        match (self.model.before(), &holding.score) {
            // Of whom the version before holds nothing, nothing follows from the switch.
            (Some(before), _) if view.holding(before, lead)?.is_none() => Ok(()),
            (Some(_), _) => rehearsal.publish(view, (&self.model, lead), &mut state, self.at),
            (None, Some(row)) => rehearsal.come(view, (&self.model, row), &mut state, self.at),
            (None, None) => Ok(()),
        }
    }

    /// An error if the simulation is to stop.
    fn check(&self) -> Result<(), Error> {
        if self.stop.load(Ordering::Acquire) { Err(Error::Stopped) } else { Ok(()) }
    }
}
