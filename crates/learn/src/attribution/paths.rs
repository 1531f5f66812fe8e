//! The ways themselves: which are most frequent, how long they are, how long they take.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::{Channel, Credit, Journey, journey::entry};

/// So many different paths are told apart; of those that come later only lengths and times count.
const MOST_PATHS: usize = 1 << 20;

const DAY_MS: i64 = 86_400_000;

/// What is counted of all journeys.
#[derive(Debug, Clone, Default)]
pub struct Paths {
    places: FxHashMap<Box<[Channel]>, usize>,
    paths: Vec<Path>,
    journeys: f64,
    total: Credit,
    touched: Credit,
    occurs: Vec<bool>,
    lengths: BTreeMap<usize, Credit>,
    days: BTreeMap<i64, Credit>,
    assisted: Vec<Credit>,
}

/// A sequence of channels.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// What leads came by, in the order of time.
    pub channels: Box<[Channel]>,
    /// What came of it.
    pub brought: Credit,
    /// How many journeys took it, with a conversion or without.
    pub journeys: f64,
}

/// How conversions spread over a whole number: touchpoints, days.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Spread {
    /// The number, and the conversions of which it is; ascending.
    pub counts: Vec<(i64, Credit)>,
    /// Half of the conversions have this number or less.
    pub median: Option<i64>,
    /// 9 of 10 conversions have this number or less.
    pub ninth_tenth: Option<i64>,
    /// The mean over all conversions.
    pub mean: Option<f64>,
}

impl Paths {
    /// Takes in a journey.
    pub fn add(&mut self, journey: &Journey<'_>) {
        let brought = Credit { conversions: journey.conversions, value: journey.value };
        self.journeys += journey.weight();
        self.total += brought;
        if journey.channels.is_empty() {
            return;
        }
        self.touched += brought;
        journey.channels.iter().for_each(|channel| *entry(&mut self.occurs, *channel) = true);
        self.add_path(journey, brought);
        if brought.conversions > 0.0 {
            *self.lengths.entry(journey.channels.len()).or_default() += brought;
            if let Some(oldest) = journey.ages_ms.iter().max() {
                *self.days.entry(oldest.div_euclid(DAY_MS)).or_default() += brought;
            }
            self.assist(journey.channels, brought);
        }
    }

    fn add_path(&mut self, journey: &Journey<'_>, brought: Credit) {
        let place = match self.places.get(journey.channels) {
            Some(place) => *place,
            None if self.paths.len() < MOST_PATHS => {
                let channels: Box<[Channel]> = journey.channels.into();
                self.places.insert(channels.clone(), self.paths.len());
                self.paths.push(Path { channels, brought: Credit::default(), journeys: 0.0 });
                self.paths.len() - 1
            }
            None => return,
        };
        self.paths[place].brought += brought;
        self.paths[place].journeys += journey.weight();
    }

    /// A channel assists where it occurs before the last touchpoint.
    fn assist(&mut self, channels: &[Channel], brought: Credit) {
        let mut before = channels[..channels.len() - 1].to_vec();
        before.sort_unstable();
        before.dedup();
        before.into_iter().for_each(|channel| *entry(&mut self.assisted, channel) += brought);
    }

    /// How many journeys there were.
    #[must_use]
    pub fn journeys(&self) -> f64 {
        self.journeys
    }

    /// What all of them brought.
    #[must_use]
    pub fn total(&self) -> Credit {
        self.total
    }

    /// What those brought that had a touchpoint.
    #[must_use]
    pub fn touched(&self) -> Credit {
        self.touched
    }

    /// Whether a channel occurs in any journey.
    #[must_use]
    pub fn has(&self, channel: Channel) -> bool {
        self.occurs.get(channel.place()).copied().unwrap_or(false)
    }

    /// By channel, the conversions in which it came before the last touchpoint.
    #[must_use]
    pub fn assisted(&self) -> &[Credit] {
        &self.assisted
    }

    /// The paths with the most conversions; of equal ones those with more value, then the shorter.
    #[must_use]
    pub fn top(&self, count: usize) -> Vec<Path> {
        let mut paths: Vec<&Path> = self.paths.iter().filter(|path| path.brought.conversions > 0.0).collect();
        paths.sort_by(|a, b| {
            let (more, less) = (&b.brought, &a.brought);
            let by_worth =
                more.conversions.total_cmp(&less.conversions).then(more.value.total_cmp(&less.value));
            by_worth.then(a.channels.len().cmp(&b.channels.len())).then(a.channels.cmp(&b.channels))
        });
        paths.into_iter().take(count).cloned().collect()
    }

    /// Conversions by how many touchpoints they took.
    #[must_use]
    pub fn lengths(&self) -> Spread {
        #[expect(clippy::cast_possible_wrap, reason = "no journey has so many touchpoints")]
        Spread::of(self.lengths.iter().map(|(length, brought)| (*length as i64, *brought)).collect())
    }

    /// Conversions by how many whole days passed since the first touchpoint; empty where times are not known.
    #[must_use]
    pub fn days(&self) -> Spread {
        Spread::of(self.days.iter().map(|(days, brought)| (*days, *brought)).collect())
    }
}

impl Spread {
    fn of(counts: Vec<(i64, Credit)>) -> Self {
        let all: f64 = counts.iter().map(|(_, brought)| brought.conversions).sum();
        let reaching = |part: f64| {
            let mut seen = 0.0;
            let reaches = |(_, brought): &&(i64, Credit)| {
                seen += brought.conversions;
                seen >= part * all
            };
            counts.iter().find(reaches).map(|(number, _)| *number)
        };
        #[expect(clippy::cast_precision_loss, reason = "days and touchpoints are small")]
        let sum: f64 = counts.iter().map(|(number, brought)| *number as f64 * brought.conversions).sum();
        let (median, ninth_tenth) = (reaching(0.5), reaching(0.9));
        Self { median, ninth_tenth, mean: (all > 0.0).then(|| sum / all), counts }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(journeys: &[(&[u16], &[i64], f64)]) -> Paths {
        let mut paths = Paths::default();
        for (channels, days, conversions) in journeys {
            let channels: Vec<_> = channels.iter().copied().map(Channel).collect();
            let ages_ms: Vec<_> = days.iter().map(|day| day * DAY_MS).collect();
            let misses = 1.0 - conversions;
            let (channels, ages_ms) = (&*channels, &*ages_ms);
            paths.add(&Journey { channels, ages_ms, conversions: *conversions, value: 0.0, misses });
        }
        paths
    }

    #[test]
    fn the_most_frequent_path_comes_first() {
        let paths =
            paths(&[(&[1], &[0], 1.0), (&[1, 2], &[3, 0], 1.0), (&[1, 2], &[9, 1], 1.0), (&[2], &[0], 0.0)]);
        let top = paths.top(5);
        assert_eq!(top.len(), 2, "a path without a conversion is no top path");
        assert_eq!(*top[0].channels, [Channel(1), Channel(2)]);
        assert_eq!(paths.journeys(), 4.0);
    }

    #[test]
    fn length_and_time_are_counted_over_conversions() {
        let paths =
            paths(&[(&[1], &[0], 1.0), (&[1, 2], &[3, 0], 1.0), (&[1, 2], &[9, 1], 1.0), (&[2], &[50], 0.0)]);
        assert_eq!(paths.lengths().median, Some(2));
        assert_eq!(paths.days().median, Some(3));
        assert_eq!(paths.days().ninth_tenth, Some(9));
        assert_eq!(paths.days().mean, Some(4.0));
    }

    #[test]
    fn a_channel_assists_a_conversion_once_however_often_it_came() {
        let paths = paths(&[(&[1, 1, 2], &[], 1.0), (&[2, 1], &[], 1.0)]);
        let assisted: Vec<f64> = paths.assisted().iter().map(|credit| credit.conversions).collect();
        assert_eq!(assisted, [0.0, 1.0, 1.0]);
    }
}
