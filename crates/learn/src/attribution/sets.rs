//! Which channels journeys had, whatever their order: what Shapley values are computed from.

use rustc_hash::FxHashMap;

use super::{Channel, Credit, Journey};

/// Journeys by the set of their channels.
#[derive(Debug, Clone, Default)]
pub struct Sets {
    places: FxHashMap<Box<[Channel]>, usize>,
    pub(super) sets: Vec<Set>,
    pub(super) total: Credit,
}

/// All journeys that had the same channels.
#[derive(Debug, Clone)]
pub(super) struct Set {
    /// The channels, ascending.
    pub(super) channels: Box<[Channel]>,
    pub(super) brought: Credit,
    /// How many journeys there were.
    pub(super) weight: f64,
}

impl Sets {
    /// Takes in a journey; one without touchpoints says nothing.
    pub fn add(&mut self, journey: &Journey<'_>) {
        if journey.channels.is_empty() {
            return;
        }
        let mut channels = journey.channels.to_vec();
        channels.sort_unstable();
        channels.dedup();
        let brought = Credit { conversions: journey.conversions, value: journey.value };
        let place = self.place(channels);
        self.sets[place].brought += brought;
        self.sets[place].weight += journey.weight();
        self.total += brought;
    }

    fn place(&mut self, channels: Vec<Channel>) -> usize {
        if let Some(place) = self.places.get(channels.as_slice()) {
            return *place;
        }
        let channels: Box<[Channel]> = channels.into();
        self.places.insert(channels.clone(), self.sets.len());
        self.sets.push(Set { channels, brought: Credit::default(), weight: 0.0 });
        self.sets.len() - 1
    }

    /// The channels that occur, ascending.
    pub(super) fn channels(&self) -> Vec<Channel> {
        let mut channels: Vec<_> = self.sets.iter().flat_map(|set| &set.channels).copied().collect();
        channels.sort_unstable();
        channels.dedup();
        channels
    }
}
