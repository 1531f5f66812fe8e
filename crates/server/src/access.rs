//! Who may do what: keys, users, what each request asks for.

mod audit;
mod caller;
mod gate;
mod host;
pub(crate) mod keys;
pub(crate) mod password;
mod peer;
mod reform;
pub(crate) mod refusal;
mod rights;
mod secret;
pub(crate) mod session;
mod site;
mod throttle;
pub(crate) mod users;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use kelvin_store::{Digest, Key, Scope, View};
use subtle::ConstantTimeEq;
use tokio::sync::Semaphore;

use self::{secret::KEY, throttle::Throttle};

pub(crate) use audit::{Act, note};
pub(crate) use caller::Caller;
pub(crate) use gate::guard;
pub(crate) use peer::Peer;
pub(crate) use rights::{Need, Right, is_route, need};
pub(crate) use secret::{digest, random};

/// What decides who may come in, beside users' sessions.
pub(crate) struct Access {
    /// Whether others than programs of this machine reach the address.
    is_reachable: bool,
    /// The write key of the command line.
    write_key: Option<String>,
    /// What the store knows, in memory: the intake asks for each request.
    known: RwLock<Known>,
    throttle: Mutex<Throttle>,
    /// Passwords are hashed so many at once: each takes memory.
    hashing: Arc<Semaphore>,
}

/// How many passwords are hashed at once.
const HASHING: usize = 2;

/// What the store knows of keys and users, as of a change.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// The last change of anything by anybody: what is known as of a later one counts.
    as_of: u64,
    keys: Vec<Key>,
    has_users: bool,
}

impl Known {
    /// What a store knows. Every change of keys and users is noted in the audit log, which so tells the order.
    pub(crate) fn of(view: &dyn View) -> kelvin_store::Result<Self> {
        let as_of = view.audit(None, 1)?.first().map_or(0, |last| last.seq);
        Ok(Self { as_of, keys: view.keys()?, has_users: !view.users()?.is_empty() })
    }
}

impl Access {
    pub(crate) fn new(is_reachable: bool, write_key: Option<String>, known: Known) -> Self {
        let hashing = Arc::new(Semaphore::new(HASHING));
        Self { is_reachable, write_key, known: RwLock::new(known), throttle: Mutex::default(), hashing }
    }

    /// Takes in what the store knows from a change on.
    pub(crate) fn learn(&self, known: Known) {
        let mut current = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.as_of >= current.as_of {
            *current = known;
        }
    }

    /// Whether nobody is asked who they are: it is the machine of one person, who has not asked for more.
    pub(crate) fn is_open(&self) -> bool {
        !self.is_reachable && self.look(|known| !known.has_users)
    }

    /// Whether senders have to show a key.
    pub(crate) fn asks_for_write_key(&self) -> bool {
        let may_write = |key: &Key| key.scope == Scope::Write;
        self.is_reachable
            || self.write_key.is_some()
            || self.look(|known| known.keys.iter().any(may_write) || known.has_users)
    }

    /// Whether who shows this may send events.
    pub(crate) fn may_send(&self, given: &str) -> bool {
        let is_ours = |ours: &String| bool::from(ours.as_bytes().ct_eq(given.as_bytes()));
        self.write_key.as_ref().is_some_and(is_ours)
            || self.key(given).is_some_and(|key| key.scope == Scope::Write)
    }

    /// The key that is shown.
    pub(crate) fn key(&self, given: &str) -> Option<Key> {
        if !given.starts_with(KEY) {
            return None;
        }
        let hash: Digest = secret::digest(given);
        self.look(|known| known.keys.iter().find(|key| key.hash == hash).cloned())
    }

    /// Whether a key was not withdrawn.
    pub(crate) fn has(&self, key: &Key) -> bool {
        self.look(|known| known.keys.iter().any(|known| known.id == key.id))
    }

    /// The attempts to log in.
    pub(crate) fn throttle(&self) -> MutexGuard<'_, Throttle> {
        self.throttle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hashes a password on a thread that may take its time; nothing, if that cannot be done.
    pub(crate) async fn slowly<T: Send + 'static>(
        &self,
        hash: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let permit = Arc::clone(&self.hashing).acquire_owned().await.ok()?;
        let hashed = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            hash()
        });
        hashed.await.ok()
    }

    fn look<T>(&self, look: impl FnOnce(&Known) -> T) -> T {
        look(&self.known.read().unwrap_or_else(PoisonError::into_inner))
    }
}
