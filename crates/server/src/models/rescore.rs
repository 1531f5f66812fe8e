//! All leads scored by one model, from the log, on threads of their own.
//!
//! The log is read in pieces from its beginning to where it ended at first. Each piece is dealt out by lead among
//! threads that gather what the model sees of the events; when all was read, they fold and score their leads in order and
//! hand them over in slices. Of a very long log, as much is gathered in one pass as fits into memory.

mod fold;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, SyncSender, TryRecvError, sync_channel},
    },
    thread::{self, JoinHandle},
};

use kelvin_store::{Event, Holding, Reader};
use rustc_hash::FxHashMap;

use self::fold::{Folder, Task, shard};
use super::Incoming;
use crate::{Clock, Error, Model};

/// Events that are read at once.
const PIECE: usize = 10_000;

/// Events that are gathered in one pass: they take a hundred bytes each, most of it for their ids.
const PASS: u64 = 20_000_000;

/// Threads that fold.
const FOLDERS: usize = 2;

/// Slices that may wait to be taken.
const WAITING: usize = 16;

/// What a model holds of some leads, in order of leads.
pub(crate) type Slice = Vec<(String, Holding)>;

/// What comes of the threads.
#[derive(Debug)]
pub(crate) enum News {
    /// Leads that are scored.
    Slice(Slice),
    /// All leads are scored.
    Done,
    /// They cannot be.
    Failed(Error),
}

/// Leads that are being scored. Dropping it ends the threads.
#[derive(Debug)]
pub(crate) struct Rescoring {
    news: Option<Receiver<News>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// What the threads share.
struct Job {
    model: Model,
    incoming: Arc<Incoming>,
    /// The place where the log ended at the beginning.
    end: u64,
    clock: Clock,
    stop: Arc<AtomicBool>,
    news: SyncSender<News>,
}

impl Rescoring {
    /// How many readers it takes.
    pub(crate) const READERS: usize = FOLDERS + 1;

    /// Begins to score all leads that the log knows up to a place.
    pub(crate) fn start(
        readers: Vec<Reader>,
        model: Model,
        incoming: &Arc<Incoming>,
        end: u64,
        clock: &Clock,
    ) -> Result<Self, Error> {
        let (sender, news) = sync_channel(WAITING);
        let stop = Arc::<AtomicBool>::default();
        let (incoming, clock) = (Arc::clone(incoming), Arc::clone(clock));
        let job = Job { model, incoming, end, clock, stop: Arc::clone(&stop), news: sender };
        let work = move || job.run(readers);
        let thread = thread::Builder::new().name("rescoring".to_owned()).spawn(work).map_err(Error::Serve)?;
        Ok(Self { news: Some(news), stop, thread: Some(thread) })
    }

    /// Waits for what comes next.
    pub(crate) fn wait(&self) -> News {
        let next = self.news.as_ref().and_then(|news| news.recv().ok());
        next.unwrap_or(News::Failed(Error::Stopped))
    }

    /// What has come, if anything has.
    pub(crate) fn poll(&self) -> Option<News> {
        match self.news.as_ref()?.try_recv() {
            Ok(news) => Some(news),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => Some(News::Failed(Error::Stopped)),
        }
    }
}

impl Drop for Rescoring {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        // Who waits to hand a slice over finds nobody to take it.
        self.news = None;
        if let Some(thread) = self.thread.take() {
            // What a thread that broke had to tell, it has told.
            let _ended = thread.join();
        }
    }
}

impl Job {
    fn run(&self, mut readers: Vec<Reader>) {
        let Some(log) = readers.pop() else { return };
        let done = thread::scope(|scope| {
            let fold = |reader| {
                let (tasks, inbox) = sync_channel(2);
                scope.spawn(move || Folder::new(self, reader).work(&inbox));
                tasks
            };
            let folders: Vec<_> = readers.into_iter().map(fold).collect();
            self.read(log, &folders)
        });
        // Nobody listens any more to what was stopped.
        let _told = self.news.send(done.map_or_else(News::Failed, |()| News::Done));
    }

    /// Reads the log as often as needed, and deals it out.
    fn read(&self, mut log: Reader, folders: &[SyncSender<Task>]) -> Result<(), Error> {
        let passes = self.end.div_ceil(PASS);
        self.incoming.expect(passes * self.end);
        // Profiles that are joined or split from now on are of leads that change: those are folded at the end.
        let joined: FxHashMap<_, _> = log.look(|view| view.joined_profiles())?.into_iter().collect();
        for pass in 0..passes {
            let mut after = 0;
            while after < self.end {
                let mut events = log.look(|view| view.events_by_profile(after, PIECE))?;
                let Some(last) = events.last().map(|event| event.seq) else { break };
                for event in &mut events {
                    if let Some(lead) = joined.get(&event.profile) {
                        event.lead.clone_from(lead);
                    }
                }
                deal(events, (pass, passes), folders)?;
                self.incoming.advance(last.min(self.end) - after);
                after = last;
                self.check()?;
            }
            folders.iter().try_for_each(|folder| folder.send(Task::Finish)).map_err(|_| Error::Stopped)?;
        }
        Ok(())
    }

    /// An error if the work is to stop.
    fn check(&self) -> Result<(), Error> {
        if self.stop.load(Ordering::Acquire) { Err(Error::Stopped) } else { Ok(()) }
    }
}

/// Gives each folder the events of its leads, those of this pass.
fn deal(events: Vec<Event>, (pass, passes): (u64, u64), folders: &[SyncSender<Task>]) -> Result<(), Error> {
    let mut hands: Vec<Vec<Event>> = folders.iter().map(|_| Vec::new()).collect();
    for event in events {
        let shard = shard(&event.lead);
        if shard % passes == pass {
            let hand = (shard / passes) as usize % hands.len();
            hands[hand].push(event);
        }
    }
    let mut dealt = folders.iter().zip(hands);
    dealt.try_for_each(|(folder, hand)| folder.send(Task::Gather(hand))).map_err(|_| Error::Stopped)
}
