//! What the tables say of profiles that were asked for of late: events come from the same people again and again.

use std::cell::RefCell;

use super::log;
use crate::{Id, IdKind, KnownId, Result};

/// So many pairs are remembered: each profile has a place in one of them, which it may have to leave to others.
const PAIRS: usize = 1 << 17;

/// Profiles that were asked for of late. It follows from the tables and what changed of late, and may be lost at any time.
#[derive(Debug, Default)]
pub(super) struct Profiles(RefCell<Vec<[Profile; 2]>>);

/// What is known of a profile, as far as that was asked for.
#[derive(Debug, Clone, Default)]
struct Profile {
    name: Box<str>,
    /// Its lead, and whether it is a user, if it is known.
    id: Option<Option<(Box<str>, bool)>>,
    /// Its last event, if it has one.
    last: Option<Option<i64>>,
}

impl Profiles {
    /// What is known of an id; `look` looks it up.
    pub(super) fn known(
        &self,
        id: &Id,
        look: impl FnOnce() -> Result<Option<KnownId>>,
    ) -> Result<Option<KnownId>> {
        if id.kind != IdKind::Profile {
            return look();
        }
        if let Some(known) = self.of(&id.text, |profile| profile.id.clone()) {
            return Ok(known.map(|(lead, is_user)| KnownId { id: id.clone(), lead: lead.into(), is_user }));
        }
        let known = look()?;
        self.put(id, known.as_ref());
        Ok(known)
    }

    /// Notes what is known of an id now.
    pub(super) fn put(&self, id: &Id, known: Option<&KnownId>) {
        if id.kind == IdKind::Profile {
            let known = known.map(|known| (known.lead.as_str().into(), known.is_user));
            self.of(&id.text, |profile| profile.id = Some(known));
        }
    }

    /// The last event of a profile; `look` looks it up.
    pub(super) fn last(
        &self,
        profile: &str,
        look: impl FnOnce() -> Result<Option<i64>>,
    ) -> Result<Option<i64>> {
        if let Some(last) = self.of(profile, |profile| profile.last) {
            return Ok(last);
        }
        let last = look()?;
        self.of(profile, |profile| profile.last = Some(last));
        Ok(last)
    }

    /// Notes the last event of a profile.
    pub(super) fn append(&self, profile: &str, event: i64) {
        self.of(profile, |profile| profile.last = Some(Some(event)));
    }

    /// Forgets all: what was noted has not come to pass.
    pub(super) fn clear(&self) {
        self.0.borrow_mut().clear();
    }

    /// Does something with what is known of a profile.
    fn of<T>(&self, name: &str, act: impl FnOnce(&mut Profile) -> T) -> T {
        let mut pairs = self.0.borrow_mut();
        if pairs.is_empty() {
            pairs.resize(PAIRS, Default::default());
        }
        // The one that was asked for last comes first.
        let [latest, other] = &mut pairs[log::hash(name) as usize % PAIRS];
        if *latest.name != *name {
            std::mem::swap(latest, other);
        }
        if *latest.name != *name {
            *latest = Profile { name: name.into(), ..Profile::default() };
        }
        act(latest)
    }
}
