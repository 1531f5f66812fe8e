//! The store, and who is told when a commit brought a message to be sent, or something that happened to a lead.

use kelvin_store::{Change, Reader, Result, Writer};
use tokio::sync::watch;

/// The store of the one who writes.
pub(super) struct Books {
    store: Writer,
    /// The place of the last message in the outbox.
    newest: watch::Sender<u64>,
    /// The place of what happened last.
    happened: watch::Sender<u64>,
}

impl Books {
    pub(super) fn new(store: Writer) -> Self {
        Self { store, newest: watch::Sender::new(0), happened: watch::Sender::new(0) }
    }

    /// Tells of messages that were put in.
    pub(super) fn newest(&self) -> watch::Receiver<u64> {
        self.newest.subscribe()
    }

    /// Tells that something happened.
    pub(super) fn happened(&self) -> watch::Receiver<u64> {
        self.happened.subscribe()
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
        let (done, newest, happened) = self.store.change(|change| {
            let done = work(change)?;
            Ok::<_, E>((done, change.newest_message()?, change.last_happening()?))
        })?;
        tell(&self.newest, newest);
        tell(&self.happened, happened);
        Ok(done)
    }
}

/// Wakes those who wait for a place to change.
fn tell(places: &watch::Sender<u64>, place: u64) {
    places.send_if_modified(|known| std::mem::replace(known, place) != place);
}
