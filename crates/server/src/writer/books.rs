//! The store, and who is told when a commit brought a message to be sent, or something that happened to a lead. The disk may keep
//! one commit while the next is worked out.

use std::{
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread::{self, JoinHandle},
};

use kelvin_store::{Change, Disk, Reader, Result, Writer};
use tokio::sync::watch;

use super::Say;
use crate::Error;

/// Commits that may wait for the disk, besides those that it keeps just now.
const MOST_WAITING: usize = 1;

/// The store of the one who writes.
pub(super) struct Books {
    store: Writer,
    places: Places,
    keeper: Keeper,
}

/// How far the store has got, for those who wait for more.
#[derive(Debug, Clone)]
struct Places {
    /// That of the last message in the outbox.
    newest: watch::Sender<u64>,
    /// That of what happened last.
    happened: watch::Sender<u64>,
}

/// A commit that may not be durable yet.
#[must_use = "somebody has to see to it that it becomes durable"]
pub(super) struct Commit {
    newest: u64,
    happened: u64,
}

/// It is told whether the commit is durable.
type Then = Box<dyn FnOnce(bool) + Send>;

/// The thread that waits for the disk.
#[derive(Debug)]
struct Keeper {
    /// Taken when it is to end.
    commits: Option<SyncSender<(Commit, Then)>>,
    thread: Option<JoinHandle<()>>,
}

impl Books {
    pub(super) fn new(store: Writer, say: Say) -> std::result::Result<Self, Error> {
        let places = Places { newest: watch::Sender::new(0), happened: watch::Sender::new(0) };
        let keeper = Keeper::start(store.disk(), places.clone(), say).map_err(Error::Serve)?;
        Ok(Self { store, places, keeper })
    }

    /// Tells of messages that were put in.
    pub(super) fn newest(&self) -> watch::Receiver<u64> {
        self.places.newest.subscribe()
    }

    /// Tells that something happened.
    pub(super) fn happened(&self) -> watch::Receiver<u64> {
        self.places.happened.subscribe()
    }

    /// Fails where another server has taken the place of this one.
    pub(super) fn check_place(&self) -> Result<()> {
        self.store.check_place()
    }

    pub(super) fn reader(&self) -> Result<Reader> {
        self.store.reader()
    }

    /// Makes the file anew of what it holds.
    pub(super) fn scrub(&mut self) -> Result<()> {
        self.store.scrub()
    }

    /// Does all of some work or nothing; once it is durable, tells of the messages that it brought and of what happened.
    pub(super) fn change<T, E: From<kelvin_store::Error>>(
        &mut self,
        work: impl FnOnce(&mut dyn Change) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let (done, commit) = self.store.change(|change| committed(change, work))?;
        self.places.tell(&commit);
        Ok(done)
    }

    /// Does all of some work or nothing, and does not wait for the disk: what was done is kept [in its turn](Self::keep).
    pub(super) fn change_ahead<T, E: From<kelvin_store::Error>>(
        &mut self,
        work: impl FnOnce(&mut dyn Change) -> std::result::Result<T, E>,
    ) -> std::result::Result<(T, Commit), E> {
        self.store.change_ahead(|change| committed(change, work))
    }

    /// Does all of some work or nothing. Nobody waits for it to be durable: it could be done again.
    pub(super) fn change_in_passing<T, E: From<kelvin_store::Error>>(
        &mut self,
        work: impl FnOnce(&mut dyn Change) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let (done, commit) = self.change_ahead(work)?;
        self.keep(commit, |_| ());
        Ok(done)
    }

    /// Has a commit made durable. Once it is, tells of the messages that it brought and of what happened; then, or once it is
    /// known that it is not, does the rest. Waits while too many are on their way.
    pub(super) fn keep(&self, commit: Commit, then: impl FnOnce(bool) + Send + 'static) {
        if let Some(commits) = &self.keeper.commits {
            // Where the thread broke, nobody is told that it is durable.
            let _broken = commits.send((commit, Box::new(then)));
        }
    }
}

/// Does some work; what is known of the commit that ends with it.
fn committed<T, E: From<kelvin_store::Error>>(
    change: &mut dyn Change,
    work: impl FnOnce(&mut dyn Change) -> std::result::Result<T, E>,
) -> std::result::Result<(T, Commit), E> {
    let done = work(change)?;
    Ok((done, Commit { newest: change.newest_message()?, happened: change.last_happening()? }))
}

impl Places {
    /// Wakes those who wait for a place to change.
    fn tell(&self, commit: &Commit) {
        for (known, place) in [(&self.newest, commit.newest), (&self.happened, commit.happened)] {
            known.send_if_modified(|known| std::mem::replace(known, place) != place);
        }
    }
}

impl Keeper {
    fn start(disk: Disk, places: Places, say: Say) -> std::io::Result<Self> {
        let (commits, waiting) = sync_channel(MOST_WAITING);
        let work = move || keep_all(&disk, &places, &say, &waiting);
        let thread = thread::Builder::new().name("disk".to_owned()).spawn(work)?;
        Ok(Self { commits: Some(commits), thread: Some(thread) })
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.commits = None;
        if let Some(thread) = self.thread.take() {
            let _ended = thread.join();
        }
    }
}

/// Makes commits durable, several at once where several wait.
fn keep_all(disk: &Disk, places: &Places, say: &Say, waiting: &Receiver<(Commit, Then)>) {
    while let Ok(first) = waiting.recv() {
        let commits: Vec<_> = std::iter::once(first).chain(waiting.try_iter()).collect();
        let kept = disk.sync();
        if let Err(cause) = &kept {
            say(&format!("error: what was done could not be kept: {cause}"));
        }
        for (commit, then) in commits {
            if kept.is_ok() {
                places.tell(&commit);
            }
            then(kept.is_ok());
        }
    }
}
