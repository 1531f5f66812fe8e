//! Journeys as a Markov chain: what would be lost without a channel.

use rustc_hash::FxHashMap;

use super::{Channel, Credit, Journey, journey::entry, solve::Steps};
use crate::threads;

/// What is done with a channel that follows itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Repeats {
    /// It counts as often as it occurs.
    #[default]
    Kept,
    /// It counts once.
    Collapsed,
}

/// How often a journey went from where to where. A state is the last channels of a journey, as many as the order says.
#[derive(Debug, Clone)]
pub struct Chain {
    order: u32,
    repeats: Repeats,
    /// The states' numbers; the first is where all journeys begin.
    numbers: FxHashMap<u64, u32>,
    states: Vec<State>,
    /// Where a step from a state to another stands among the state's steps.
    places: FxHashMap<(u32, u32), u32>,
    total: Credit,
    channels: usize,
}

#[derive(Debug, Clone, Default)]
struct State {
    key: u64,
    /// To which state, and how often.
    steps: Vec<(u32, f64)>,
    /// How often a journey was here.
    visits: f64,
    /// What journeys that ended here brought.
    ended: Credit,
}

/// What the chain says of its channels, in their order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Effects {
    /// Which part of the conversions, and of the value, would be lost without the channel.
    pub removal: Vec<Credit>,
    /// All conversions and all value, shared out in proportion to it.
    pub credit: Vec<Credit>,
}

const BITS: u32 = 16;

impl Chain {
    /// The highest order there is.
    pub const MOST: u32 = 4;

    /// An empty chain; an order beyond [`Chain::MOST`] is taken for it, and 0 for 1.
    #[must_use]
    pub fn new(order: u32, repeats: Repeats) -> Self {
        let mut chain = Self {
            order: order.clamp(1, Self::MOST),
            repeats,
            numbers: FxHashMap::default(),
            states: Vec::new(),
            places: FxHashMap::default(),
            total: Credit::default(),
            channels: 0,
        };
        chain.number(0);
        chain
    }

    /// Takes in a journey; one without touchpoints, or without weight, says nothing.
    pub fn add(&mut self, journey: &Journey<'_>) {
        let weight = journey.weight();
        if journey.channels.is_empty() || weight <= 0.0 {
            return;
        }
        let (mut key, mut state, mut last) = (0, 0, None);
        for channel in journey.channels {
            if self.repeats == Repeats::Collapsed && last == Some(*channel) {
                continue;
            }
            last = Some(*channel);
            self.channels = self.channels.max(channel.place() + 1);
            key = self.onward(key, *channel);
            let next = self.number(key);
            self.step(state, next, weight);
            state = next;
        }
        let credit = Credit { conversions: journey.conversions, value: journey.value };
        let end = &mut self.states[state as usize];
        end.visits += weight;
        end.ended += credit;
        self.total += credit;
    }

    fn step(&mut self, from: u32, to: u32, weight: f64) {
        let state = &mut self.states[from as usize];
        state.visits += weight;
        let place = *self.places.entry((from, to)).or_insert_with(|| {
            state.steps.push((to, 0.0));
            count(state.steps.len() - 1)
        });
        state.steps[place as usize].1 += weight;
    }

    /// The state after one more channel.
    fn onward(&self, key: u64, channel: Channel) -> u64 {
        let kept = if self.order == Self::MOST { u64::MAX } else { (1 << (BITS * self.order)) - 1 };
        (key << BITS | (u64::from(channel.0) + 1)) & kept
    }

    fn number(&mut self, key: u64) -> u32 {
        let next = count(self.states.len());
        let number = *self.numbers.entry(key).or_insert(next);
        if number == next {
            self.states.push(State { key, ..State::default() });
        }
        number
    }

    /// How many states there are, the beginning among them.
    #[must_use]
    pub fn states(&self) -> usize {
        self.states.len()
    }

    /// The removal effects, exactly: what walks of any length end in.
    #[must_use]
    pub fn effects(&self, threads: usize) -> Effects {
        self.effects_by(threads, |steps, ends, closed| steps.solve(ends, closed)[0])
    }

    /// The removal effects where walks are cut after so many touchpoints, as a simulation cuts them.
    #[must_use]
    pub fn effects_within(&self, touchpoints: usize, threads: usize) -> Effects {
        self.effects_by(threads, |steps, ends, closed| steps.walk(ends, closed, touchpoints))
    }

    fn effects_by<F>(&self, threads: usize, brought: F) -> Effects
    where
        F: Fn(&Steps, &[f64], &dyn Fn(usize) -> bool) -> f64 + Sync,
    {
        let steps = self.steps();
        let conversions = self.ends(|ended| ended.conversions);
        let value = self.ends(|ended| ended.value);
        let all = |closed: &dyn Fn(usize) -> bool| Credit {
            conversions: brought(&steps, &conversions, closed),
            value: brought(&steps, &value, closed),
        };
        let whole = all(&|_| false);
        let removal = threads::map(self.channels, threads, |place| {
            let left = all(&|state| holds(self.states[state].key, place));
            Credit {
                conversions: lost(left.conversions, whole.conversions),
                value: lost(left.value, whole.value),
            }
        });
        let credit = self.credit(&removal);
        Effects { removal, credit }
    }

    fn steps(&self) -> Steps {
        let of =
            |state: &State| state.steps.iter().map(|(to, weight)| (*to, weight / state.visits)).collect();
        Steps::new(self.states.iter().map(of))
    }

    fn ends(&self, of: impl Fn(&Credit) -> f64) -> Vec<f64> {
        let end = |state: &State| if state.visits > 0.0 { of(&state.ended) / state.visits } else { 0.0 };
        self.states.iter().map(end).collect()
    }

    fn credit(&self, removal: &[Credit]) -> Vec<Credit> {
        let mut sum = Credit::default();
        removal.iter().for_each(|effect| sum += *effect);
        let part = |of: f64, sum: f64, total: f64| if sum > 0.0 { of / sum * total } else { 0.0 };
        let mut credit = Vec::new();
        for (place, effect) in (0..=u16::MAX).zip(removal) {
            *entry(&mut credit, Channel(place)) = Credit {
                conversions: part(effect.conversions, sum.conversions, self.total.conversions),
                value: part(effect.value, sum.value, self.total.value),
            };
        }
        credit
    }
}

/// Whether a state remembers a channel.
fn holds(key: u64, channel: usize) -> bool {
    let wanted = channel as u64 + 1;
    (0..Chain::MOST).any(|place| (key >> (BITS * place)) & 0xFFFF == wanted)
}

fn lost(left: f64, whole: f64) -> f64 {
    if whole > 0.0 { 1.0 - left / whole } else { 0.0 }
}

#[expect(clippy::cast_possible_truncation, reason = "4 billion states do not fit into memory")]
fn count(states: usize) -> u32 {
    states as u32
}
