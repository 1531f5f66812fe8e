//! History brought into a store that no server uses, through the same code as what comes over HTTP.

use kelvin_kernel::Instant;
use serde_json::Value as Json;

use crate::{
    AtRest, Error, Model, Playbook,
    access::Caller,
    edge::Limits,
    models::loaded,
    outcomes::{self, Became},
    segment::{Call, Sending, Written},
    writer::take_in,
};

/// A store into which history is brought.
pub struct Import {
    store: AtRest,
    models: Vec<Model>,
    playbook: Option<Playbook>,
}

/// What became of some calls.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imported {
    /// Events that were new.
    pub accepted: usize,
    /// Events whose ids were known.
    pub duplicates: usize,
    /// The places of those that cannot be used, and why.
    pub refused: Vec<(usize, String)>,
}

/// What became of some outcomes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Heard {
    /// Those that were new, or took the place of another.
    pub noted: usize,
    /// Those that were there already, just so.
    pub same: usize,
    /// The places of those that cannot be used, and why.
    pub refused: Vec<(usize, String)>,
}

impl AtRest {
    /// The texts of the models in service, by id.
    ///
    /// # Errors
    /// The store failed.
    pub fn models(&self) -> Result<Vec<(String, String)>, Error> {
        self.store.reader()?.look(|view| {
            let mut texts = Vec::new();
            for switch in view.in_service()? {
                let version = view.version(&switch.model, switch.version)?;
                texts.extend(version.map(|version| (switch.model, version.text)));
            }
            Ok(texts)
        })
    }

    /// Makes ready to bring history in. Without a playbook nobody is told of what comes of it, and leads that are in the
    /// tier of a hand-off afterwards count as handed off.
    ///
    /// # Errors
    /// The store failed, or a model in service cannot be used.
    pub fn import(self, playbook: Option<Playbook>) -> Result<Import, Error> {
        let models = self.store.reader()?.look(|view| {
            view.in_service()?.iter().map(|switch| loaded(view, switch)).collect::<Result<_, Error>>()
        })?;
        Ok(Import { store: self, models, playbook })
    }
}

impl Import {
    /// Takes calls of Segment's, each as of its own time; when this returns, they are durable with all that follows from them.
    ///
    /// # Errors
    /// The store failed: none of them was taken.
    pub fn take(&mut self, calls: Vec<Json>) -> Result<Imported, Error> {
        let now = self.store.now();
        let (mut known, mut refused) = (Vec::new(), Vec::new());
        for (place, call) in calls.into_iter().enumerate() {
            match read(&call, now) {
                Ok(call) => known.push(call),
                Err(why) => refused.push((place, why)),
            }
        }
        let (models, playbook) = (self.models.as_slice(), self.playbook.as_ref());
        let receipts = self.store.store.change(|change| {
            take_in(change, (models, playbook), [(known.as_slice(), now)].into_iter(), now)
        })?;
        let count = |of: fn(&crate::writer::Receipt) -> usize| receipts.iter().map(of).sum();
        let (accepted, duplicates) = (count(|receipt| receipt.accepted), count(|receipt| receipt.duplicates));
        Ok(Imported { accepted, duplicates, refused })
    }

    /// Takes outcomes, as `POST /api/v1/outcomes` has them, one by one; when this returns, they are durable.
    ///
    /// # Errors
    /// The store failed: none of them was taken.
    pub fn tell(&mut self, told: Vec<Json>) -> Result<Heard, Error> {
        let now = self.store.now();
        let (mut heard, mut known) = (Heard::default(), Vec::new());
        for (place, told) in told.into_iter().enumerate() {
            match outcomes::read(told) {
                Ok(outcome) => known.push(outcome),
                Err(why) => heard.refused.push((place, why)),
            }
        }
        self.store.store.change(|change| {
            for outcome in known {
                match outcomes::note(change, &Caller::CommandLine, now, outcome)? {
                    Became::Same => heard.same += 1,
                    Became::New | Became::Changed => heard.noted += 1,
                }
            }
            Ok(heard)
        })
    }
}

fn read(call: &Json, now: Instant) -> Result<Call, String> {
    let event_bytes = Limits::default().event_bytes;
    let sending = Sending { received: now, sent: None, event_bytes };
    Call::read(Written::of(call).root().own(None), None, sending).map_err(|refused| refused.reason)
}
