//! All leads scored by one model, from the log, on threads of their own.
//!
//! Each thread reads pieces of the log, up to where it ended at first, and gathers by lead what the model sees of the
//! events. When all was read, leads are divided among the threads, which fold and score theirs in order and hand them over
//! in slices. Of a very long log, as much is gathered in one pass as fits into memory.

mod gather;
mod score;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, SyncSender, TryRecvError, sync_channel},
    },
    thread::{self, JoinHandle},
};

use kelvin_store::{Holding, Reader};

use self::gather::Pass;
use super::Incoming;
use crate::{Clock, Error, Model};

/// Events that are gathered in one pass: they take up to a hundred bytes each, most of it for their ids.
const PASS: u64 = 24_000_000;

/// Threads that read and score.
const THREADS: usize = 2;

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
    pub(crate) const READERS: usize = THREADS;

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
        let done = self.passes(&mut readers);
        // Nobody listens any more to what was stopped.
        let _told = self.news.send(done.map_or_else(News::Failed, |()| News::Done));
    }

    /// Reads the log as often as needed, each time for other leads, and scores those.
    fn passes(&self, readers: &mut [Reader]) -> Result<(), Error> {
        let count = self.end.div_ceil(PASS);
        self.incoming.expect(count * self.end);
        let Some(first) = readers.first_mut() else { return Err(Error::Stopped) };
        // Profiles that are joined or split from now on are of leads that change: those are folded at the end.
        let joined = first.look(|view| view.joined_profiles())?.into_iter().collect();
        for number in 0..count {
            let pass = Pass::new((number, count), &joined);
            let gathered = self.on_threads(readers.iter_mut(), |reader| self.gather(reader, &pass))?;
            let shares = gather::shares(gathered);
            self.on_threads(readers.iter_mut().zip(shares), |(reader, share)| self.score(reader, share))?;
        }
        Ok(())
    }

    /// Does the same with each item, each on a thread. What goes wrong on one is told, and ends the others.
    fn on_threads<I: Send, T: Send>(
        &self,
        items: impl Iterator<Item = I>,
        work: impl Fn(I) -> Result<T, Error> + Sync,
    ) -> Result<Vec<T>, Error> {
        let work = |item| {
            work(item).map_err(|cause| {
                // Who stopped us does not listen.
                let _told = self.news.send(News::Failed(cause));
                self.stop.store(true, Ordering::Release);
                Error::Stopped
            })
        };
        thread::scope(|scope| {
            let work = &work;
            let threads: Vec<_> = items.map(|item| scope.spawn(move || work(item))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap_or(Err(Error::Stopped))).collect()
        })
    }

    /// An error if the work is to stop.
    fn check(&self) -> Result<(), Error> {
        if self.stop.load(Ordering::Acquire) { Err(Error::Stopped) } else { Ok(()) }
    }
}
