//! What a lead came by, and what came of it.

use std::ops::AddAssign;

/// A channel, a campaign, a piece of content: whatever gets credit, by its number from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Channel(pub u16);

impl Channel {
    /// The place in a list that has an entry for every channel.
    #[must_use]
    pub fn place(self) -> usize {
        usize::from(self.0)
    }
}

/// The way of one lead, or of several that went the same way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Journey<'a> {
    /// What the lead came by, in the order of time.
    pub channels: &'a [Channel],
    /// How long before the journey's end each touchpoint was; empty where times are not known.
    pub ages_ms: &'a [i64],
    /// How many of the journeys ended in a conversion.
    pub conversions: f64,
    /// What the conversions brought together.
    pub value: f64,
    /// How many of the journeys ended in none.
    pub misses: f64,
}

impl Journey<'_> {
    /// How many journeys these are.
    #[must_use]
    pub fn weight(&self) -> f64 {
        self.conversions + self.misses
    }
}

/// What a channel is credited with.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Credit {
    /// Conversions.
    pub conversions: f64,
    /// What they brought.
    pub value: f64,
}

impl AddAssign for Credit {
    fn add_assign(&mut self, other: Self) {
        self.conversions += other.conversions;
        self.value += other.value;
    }
}

/// The entry of a channel in a list that grows as channels occur.
pub(super) fn entry<T: Default + Clone>(list: &mut Vec<T>, channel: Channel) -> &mut T {
    if channel.place() >= list.len() {
        list.resize(channel.place() + 1, T::default());
    }
    &mut list[channel.place()]
}
