//! What predictions have noted of events: hidden beside the rules, in the same ledger, in the same order.

use rustc_hash::FxHashSet;

use crate::{
    instant::Instant,
    plan::{CaptureId, MatcherId},
    sighting::Sighting,
};

/// What a prediction wants noted of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Observation {
    /// The events.
    pub event: MatcherId,
    /// What of them.
    pub what: Observed,
}

/// What is noted of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Observed {
    /// When it happened.
    Times,
    /// A value, each once.
    Values(CaptureId),
    /// A value, the first that there is.
    First(CaptureId),
    /// A value, the last that there is.
    Last(CaptureId),
}

/// What was noted so far. Values are their canonical bytes.
#[derive(Debug, Clone)]
pub(crate) enum Noted {
    Times(Vec<Instant>),
    Values(FxHashSet<Box<[u8]>>),
    Told(Option<Box<[u8]>>),
}

impl Noted {
    /// Nothing yet.
    pub(crate) fn new(observation: &Observation) -> Self {
        match observation.what {
            Observed::Times => Self::Times(Vec::new()),
            Observed::Values(_) => Self::Values(FxHashSet::default()),
            Observed::First(_) | Observed::Last(_) => Self::Told(None),
        }
    }

    pub(crate) fn clear(&mut self) {
        match self {
            Self::Times(times) => times.clear(),
            Self::Values(values) => values.clear(),
            Self::Told(told) => *told = None,
        }
    }

    /// Notes the next event, in event order.
    pub(crate) fn note(&mut self, observation: &Observation, time: Instant, sighting: &Sighting) {
        match (self, observation.what) {
            (Self::Times(times), _) => times.push(time),
            (Self::Values(values), Observed::Values(capture)) => {
                if let Some(value) = sighting.key(capture).filter(|value| !values.contains(*value)) {
                    values.insert(value.into());
                }
            }
            (Self::Told(told), Observed::First(capture)) if told.is_none() => {
                *told = sighting.key(capture).map(Into::into);
            }
            (Self::Told(told), Observed::Last(capture)) => {
                if let Some(value) = sighting.key(capture) {
                    *told = Some(value.into());
                }
            }
            // What is noted is always what is observed.
            _ => {}
        }
    }

    /// The times noted, ascending.
    pub(crate) fn times(&self) -> &[Instant] {
        match self {
            Self::Times(times) => times,
            _ => &[],
        }
    }

    /// How many values there are.
    pub(crate) fn values(&self) -> usize {
        match self {
            Self::Values(values) => values.len(),
            _ => 0,
        }
    }

    /// The value noted.
    pub(crate) fn told(&self) -> Option<&[u8]> {
        match self {
            Self::Told(told) => told.as_deref(),
            _ => None,
        }
    }
}
