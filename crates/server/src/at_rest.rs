//! A store that no server uses: what the command line changes in it.

use kelvin_kernel::Instant;
use kelvin_store::{Key, Location, Role, Scope, User, Writer};

use crate::{
    Clock, Error,
    access::{Act, Caller, keys, note, users},
    erasure::{self, Erased},
    people::{self, Settled, Stirred},
    playbook::carry_over,
};

/// A store that no server uses, in the hands of somebody at the command line.
pub struct AtRest {
    pub(crate) store: Writer,
    clock: Clock,
}

impl AtRest {
    /// Opens a store, which is made if it is not there.
    ///
    /// # Errors
    /// The file is no store, or a server uses it.
    pub fn open(store: impl Into<Location>, clock: Clock) -> Result<Self, Error> {
        Ok(Self { store: Writer::open(store)?, clock })
    }

    /// Makes a key; returns it with its secret, which is kept nowhere.
    ///
    /// # Errors
    /// The store failed.
    pub fn make_key(&mut self, name: &str, scope: Scope) -> Result<(Key, String), Error> {
        let now = self.now();
        self.store.change(|change| keys::make(change, &Caller::CommandLine, now, name, scope))
    }

    /// All keys, in the order in which they were made.
    ///
    /// # Errors
    /// The store failed.
    pub fn keys(&self) -> Result<Vec<Key>, Error> {
        self.store.reader()?.look(|view| Ok(view.keys()?))
    }

    /// Withdraws a key, if it is there.
    ///
    /// # Errors
    /// The store failed.
    pub fn withdraw_key(&mut self, id: u64) -> Result<Option<Key>, Error> {
        let now = self.now();
        self.store.change(|change| keys::withdraw(change, &Caller::CommandLine, now, id))
    }

    /// Invites somebody, or gives a user a new link by which to set a password; returns where it is to be taken up, within a
    /// day.
    ///
    /// # Errors
    /// The store failed, or the e-mail address is none.
    pub fn invite(&mut self, email: &str, role: Role) -> Result<String, Error> {
        let (now, email) = (self.now(), address(email)?);
        let invited =
            self.store.change(|change| users::invite(change, &Caller::CommandLine, now, &email, role));
        Ok(users::path(&invited?.1))
    }

    /// All users, in the order in which they were made.
    ///
    /// # Errors
    /// The store failed.
    pub fn users(&self) -> Result<Vec<User>, Error> {
        self.store.reader()?.look(|view| Ok(view.users()?))
    }

    /// Keeps a user out, or lets them in again; `None` where there is no such user.
    ///
    /// # Errors
    /// The store failed, or the e-mail address is none.
    pub fn disable(&mut self, email: &str, is_disabled: bool) -> Result<Option<User>, Error> {
        let (now, email) = (self.now(), address(email)?);
        self.store.change(|change| {
            let Some(mut user) = change.user_at(&email)? else { return Ok(None) };
            users::disable(change, &Caller::CommandLine, now, &mut user, is_disabled)?;
            Ok(Some(user))
        })
    }

    /// Removes the person of an id, to the last byte of the file; `None` where nothing is known of it.
    ///
    /// # Errors
    /// The store failed.
    pub fn erase(&mut self, id: &str) -> Result<Option<Erased>, Error> {
        let now = self.now();
        let erased = self.store.change(|change| -> Result<_, Error> {
            let mut stirred = Stirred::new();
            let erased = erasure::erase(change, &Caller::CommandLine, now, id, &mut stirred)?;
            let Settled { moved, heirs } = people::settle(change, stirred)?;
            heirs.iter().try_for_each(|heir| carry_over(change, &[], heir, None))?;
            if !moved.is_empty() {
                // Without the models at hand, their scores are made again at the next start.
                change.models()?.iter().try_for_each(|(model, _)| change.forget(model))?;
            }
            Ok(erased)
        })?;
        let Some(erased) = erased else { return Ok(None) };
        self.store.scrub()?;
        Ok(Some(Erased { is_scrubbed: true, ..erased }))
    }

    /// All that is known of the person of an id, as JSON; `None` where nothing is. That it was asked for is noted.
    ///
    /// # Errors
    /// The store failed.
    pub fn export(&mut self, id: &str) -> Result<Option<String>, Error> {
        let now = self.now();
        self.store.change(|change| {
            let told = erasure::export(change, id, now)?;
            if told.is_some() {
                note(change, &Caller::CommandLine, now, Act::new("lead.export", id))?;
            }
            Ok(told.map(|told| format!("{told:#}")))
        })
    }

    /// The present.
    pub(crate) fn now(&self) -> Instant {
        (self.clock)()
    }
}

fn address(text: &str) -> Result<String, Error> {
    users::address(text).ok_or_else(|| Error::Address(text.to_owned()))
}
