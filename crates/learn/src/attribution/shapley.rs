//! Shapley values: what a channel adds on average, over all orders in which channels might be taken up.

use super::{Credit, Sets, journey::entry, sets::Set};
use crate::Random;

/// With so many channels all coalitions are counted; with more, orders are drawn.
pub const MOST_EXACT: usize = 15;

/// A channel's Shapley value.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Share {
    /// What it adds to the conversion rate, and to the value of a journey. May be negative.
    pub adds: Credit,
    /// The standard error of that: 0 where all coalitions were counted.
    pub error: Credit,
    /// All conversions and all value, shared out in proportion to it.
    pub credit: Credit,
}

/// The Shapley values of all channels, in their order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Shares {
    /// One a channel.
    pub shares: Vec<Share>,
    /// How many pairs of orders were drawn; none where all coalitions were counted.
    pub drawn: Option<usize>,
}

impl Sets {
    /// Where a coalition is worth the conversions of journeys that had no channel beside it: every journey's
    /// conversions in equal parts to the channels that it had. Exact with any number of channels.
    #[must_use]
    pub fn even(&self) -> Vec<Credit> {
        let mut credits = Vec::new();
        for set in &self.sets {
            let parts = float(set.channels.len());
            let (conversions, value) = (set.brought.conversions / parts, set.brought.value / parts);
            set.channels.iter().for_each(|channel| {
                *entry(&mut credits, *channel) += Credit { conversions, value };
            });
        }
        credits
    }

    /// Where a coalition is worth the conversion *rate* of journeys that had no channel beside it. Counted in full with up
    /// to [`MOST_EXACT`] channels; with more, `pairs` random orders and their reverses are drawn from the seed.
    #[must_use]
    pub fn by_rate(&self, pairs: usize, seed: u64) -> Shares {
        let channels = self.channels();
        let local: Vec<(Vec<usize>, &Set)> =
            self.sets.iter().map(|set| (places(set, &channels), set)).collect();
        let (adds, drawn) = if channels.len() <= MOST_EXACT {
            let exact = exact(&local, channels.len());
            (exact.into_iter().map(|adds| (adds, Credit::default())).collect(), None)
        } else {
            (sampled(&local, channels.len(), pairs.max(2), seed), Some(pairs.max(2)))
        };
        let mut sum = Credit::default();
        adds.iter().for_each(|(adds, _)| sum += *adds);
        let mut shares = Vec::new();
        for (channel, (adds, error)) in channels.iter().zip(adds) {
            let credit = Credit {
                conversions: part(adds.conversions, sum.conversions) * self.total.conversions,
                value: part(adds.value, sum.value) * self.total.value,
            };
            *entry(&mut shares, *channel) = Share { adds, error, credit };
        }
        Shares { shares, drawn }
    }
}

/// Where a set's channels stand among all.
fn places(set: &Set, channels: &[super::Channel]) -> Vec<usize> {
    set.channels.iter().filter_map(|channel| channels.binary_search(channel).ok()).collect()
}

/// What journeys brought, and how many they were.
#[derive(Debug, Clone, Copy, Default)]
struct Worth {
    brought: Credit,
    weight: f64,
}

impl Worth {
    fn add(&mut self, brought: Credit, weight: f64) {
        self.brought += brought;
        self.weight += weight;
    }

    /// For each journey; nothing where there was none.
    fn rate(self) -> Credit {
        if self.weight <= 0.0 {
            return Credit::default();
        }
        let Credit { conversions, value } = self.brought;
        Credit { conversions: conversions / self.weight, value: value / self.weight }
    }
}

/// Counts all coalitions; a coalition is a number whose bits are channels.
fn exact(sets: &[(Vec<usize>, &Set)], count: usize) -> Vec<Credit> {
    let mut worths = vec![Worth::default(); 1 << count];
    for (places, set) in sets {
        let coalition: usize = places.iter().map(|place| 1 << place).sum();
        worths[coalition].add(set.brought, set.weight);
    }
    for bit in (0..count).map(|place| 1 << place) {
        for coalition in (0..worths.len()).filter(|coalition| coalition & bit != 0) {
            let Worth { brought, weight } = worths[coalition ^ bit];
            worths[coalition].add(brought, weight);
        }
    }
    let rates: Vec<Credit> = worths.into_iter().map(Worth::rate).collect();
    let chances = chances(count);
    (0..count).map(|place| marginal(&rates, 1 << place, &chances)).collect()
}

/// What a channel adds to the coalitions without it, each by how likely it stands before the channel in a random order.
fn marginal(rates: &[Credit], bit: usize, chances: &[f64]) -> Credit {
    let mut adds = Credit::default();
    for coalition in (0..rates.len()).filter(|coalition| coalition & bit == 0) {
        let chance = chances[coalition.count_ones() as usize];
        adds += difference(rates[coalition | bit], rates[coalition], chance);
    }
    adds
}

/// For each size, `size! (count - size - 1)! / count!`.
fn chances(count: usize) -> Vec<f64> {
    let mut chance = 1.0 / float(count.max(1));
    let mut chances = Vec::with_capacity(count);
    for size in 0..count {
        chances.push(chance);
        chance *= float(size + 1) / float((count - size).saturating_sub(1).max(1));
    }
    chances
}

/// Draws pairs of an order and its reverse: what one overstates, the other often understates.
fn sampled(sets: &[(Vec<usize>, &Set)], count: usize, pairs: usize, seed: u64) -> Vec<(Credit, Credit)> {
    let mut random = Random::new(seed);
    let mut order: Vec<usize> = (0..count).collect();
    let mut sums = vec![(Credit::default(), Credit::default()); count];
    for _ in 0..pairs {
        random.shuffle(&mut order);
        let mut adds = vec![Credit::default(); count];
        add_along(sets, &order, &mut adds);
        order.reverse();
        add_along(sets, &order, &mut adds);
        for ((sum, squares), adds) in sums.iter_mut().zip(&adds) {
            let (conversions, value) = (adds.conversions / 2.0, adds.value / 2.0);
            *sum += Credit { conversions, value };
            *squares += Credit { conversions: conversions * conversions, value: value * value };
        }
    }
    sums.into_iter().map(|(sum, squares)| estimate(sum, squares, float(pairs))).collect()
}

/// What each channel adds where channels are taken up in this order.
fn add_along(sets: &[(Vec<usize>, &Set)], order: &[usize], adds: &mut [Credit]) {
    let mut turn = vec![0; order.len()];
    order.iter().enumerate().for_each(|(at, place)| turn[*place] = at);
    let mut arrivals = vec![Worth::default(); order.len()];
    for (places, set) in sets {
        // A journey counts from when the last of its channels is there.
        let complete = places.iter().map(|place| turn[*place]).max().unwrap_or(0);
        arrivals[complete].add(set.brought, set.weight);
    }
    let (mut worth, mut before) = (Worth::default(), Credit::default());
    for (place, arrived) in order.iter().zip(arrivals) {
        worth.add(arrived.brought, arrived.weight);
        let now = worth.rate();
        adds[*place] += difference(now, before, 1.0);
        before = now;
    }
}

/// The mean of what was drawn and its standard error.
fn estimate(sum: Credit, squares: Credit, drawn: f64) -> (Credit, Credit) {
    let error = |sum: f64, squares: f64| {
        let variance = (squares - sum * sum / drawn) / (drawn - 1.0);
        (variance.max(0.0) / drawn).sqrt()
    };
    let mean = Credit { conversions: sum.conversions / drawn, value: sum.value / drawn };
    let conversions = error(sum.conversions, squares.conversions);
    (mean, Credit { conversions, value: error(sum.value, squares.value) })
}

fn difference(a: Credit, b: Credit, times: f64) -> Credit {
    Credit { conversions: times * (a.conversions - b.conversions), value: times * (a.value - b.value) }
}

fn part(of: f64, sum: f64) -> f64 {
    if sum > 0.0 { of / sum } else { 0.0 }
}

#[expect(clippy::cast_precision_loss, reason = "counts of channels and of orders are small")]
fn float(count: usize) -> f64 {
    count as f64
}
