//! Two arms of an experiment compared while it runs: a test that stays valid however often it is looked at.
//!
//! Leads are dealt to arms by chance, in known shares. If the arms convert alike, each conversion falls to one of them in these shares
//! whatever came before, so that a bet against that is a fair game. What the bets of a mixture (Beta) have made of one unit is beyond
//! `1/α` at any time in at most `α` of cases (Ville 1939; Robbins 1970; Lindon and Malek, “Anytime-Valid Inference for Multinomial Count
//! Data”, NeurIPS 2022). No approximation is in it, and leads that have yet to convert do no harm.

use libm::{exp, lgamma, log};
use serde::Serialize;

use crate::attribution::Counted;

/// An arm as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Arm {
    /// The share of leads that it is dealt, in any unit.
    pub share: f64,
    /// Leads that it was dealt.
    pub leads: u64,
    /// Those of them that converted.
    pub conversions: u64,
}

/// How a challenger does against its champion.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Race {
    /// How many times as often as the champion's the challenger's leads convert; nothing before the champion has a conversion.
    pub ratio: Option<f64>,
    /// The lower end of the interval that holds the ratio at all times at once in 95 of 100 experiments (`1 − level`).
    pub low: f64,
    /// The upper end; infinite where nothing bounds it yet.
    #[serde(serialize_with = "finite")]
    pub high: f64,
    /// The always-valid p-value: below `level` at any time in at most that share of experiments without a difference.
    pub p: f64,
    /// Which does better, if that is decided.
    pub winner: Option<Winner>,
    /// How many more conversions, of both together, decide it if they fall as they did; nothing where it is decided, or that many
    /// cannot be told.
    pub more: Option<u64>,
}

/// Who does better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Winner {
    /// The one that was there before.
    Champion,
    /// The new one.
    Challenger,
}

/// How often arms without a difference may be called different, over all challengers of an experiment together.
pub const LEVEL: f64 = 0.05;

/// By so many deviations numbers of leads do not stray from their shares by chance.
const ASTRAY: f64 = 4.0;

/// So many conversions nobody waits for.
const MOST: f64 = 1e7;

impl Arm {
    /// Which part of its leads converted; 0 where it has none.
    #[must_use]
    pub fn rate(&self) -> f64 {
        self.conversions as f64 / self.leads.max(1) as f64
    }

    /// The interval in which the rate lies in 95 of 100 cases (Wilson), for who looks once.
    #[must_use]
    pub fn rate_interval(&self) -> [f64; 2] {
        Counted { journeys: self.leads as f64, conversions: self.conversions as f64 }.interval()
    }

    /// How many of the leads of all arms its share makes, where so many as it has are no chance: then its share is another, and no test
    /// by shares holds.
    #[must_use]
    pub fn astray(&self, all: &[Self]) -> Option<f64> {
        let leads: f64 = all.iter().map(|arm| arm.leads as f64).sum();
        let share = self.share / all.iter().map(|arm| arm.share).sum::<f64>();
        let (expected, spread) = (leads * share, (leads * share * (1.0 - share)).sqrt());
        ((self.leads as f64 - expected).abs() > ASTRAY * spread).then_some(expected)
    }
}

impl Race {
    /// How things stand, at an error rate of `level`: 0.05, or that over the number of challengers where there are several.
    #[must_use]
    pub fn new(champion: Arm, challenger: Arm, level: f64) -> Self {
        let chance = challenger.share / (champion.share + challenger.share);
        let [lost, won] = [champion, challenger].map(|arm| arm.conversions as f64);
        let wealth = wealth(lost, won, chance);
        let odds = (1.0 - chance) / chance;
        let ratio = |share: f64| share / (1.0 - share) * odds;
        let [low, high] = bounds(lost, won, chance, level).map(ratio);
        let is_decided = wealth >= -log(level);
        let ahead = if won > chance * (won + lost) { Winner::Challenger } else { Winner::Champion };
        Self {
            ratio: (lost > 0.0).then(|| won / lost * odds),
            low,
            high,
            p: exp(-wealth).min(1.0),
            winner: is_decided.then_some(ahead),
            more: (!is_decided).then(|| more(lost, won, chance, level)).flatten(),
        }
    }

    /// In how many weeks it is decided, where so many conversions of both together took so many weeks; nothing where that cannot be told.
    #[must_use]
    pub fn more_weeks(&self, conversions: u64, weeks: f64) -> Option<f64> {
        (conversions > 0 && weeks > 0.0).then_some(self.more? as f64 * weeks / conversions as f64)
    }
}

/// The logarithm of what bets against a share have made of one unit.
fn wealth(lost: f64, won: f64, share: f64) -> f64 {
    mixture(lost, won, share) - won * log(share) - lost * log(1.0 - share)
}

/// The logarithm of the likelihood under a mixture (Beta) around a share.
fn mixture(lost: f64, won: f64, share: f64) -> f64 {
    // Worth two conversions: wide, but not so wide that early conversions are taken for more than they are.
    let (a, b) = (2.0 * share, 2.0 * (1.0 - share));
    let beta = |a: f64, b: f64| lgamma(a) + lgamma(b) - lgamma(a + b);
    beta(a + won, b + lost) - beta(a, b)
}

/// The shares of conversions that are not refuted: those against which bets with one and the same mixture have not made enough.
fn bounds(lost: f64, won: f64, chance: f64, level: f64) -> [f64; 2] {
    let made = mixture(lost, won, chance);
    let refuted = |share: f64| {
        let likelihood = |count: f64, share: f64| if count > 0.0 { count * log(share) } else { 0.0 };
        made - likelihood(won, share) - likelihood(lost, 1.0 - share) >= -log(level)
    };
    let best = won / (won + lost).max(1.0);
    let edge = |end: f64| {
        if !refuted(end) {
            return end;
        }
        let (mut inside, mut outside) = (best, end);
        for _ in 0..60 {
            let middle = f64::midpoint(inside, outside);
            *(if refuted(middle) { &mut outside } else { &mut inside }) = middle;
        }
        outside
    };
    if won + lost > 0.0 { [edge(0.0), edge(1.0)] } else { [0.0, 1.0] }
}

/// How many more conversions decide, if they fall as they did.
fn more(lost: f64, won: f64, chance: f64, level: f64) -> Option<u64> {
    let all = won + lost;
    if all <= 0.0 {
        return None;
    }
    let decides = |factor: f64| wealth(lost * factor, won * factor, chance) >= -log(level);
    let (mut before, mut after) = (1.0, 2.0);
    while !decides(after) {
        if all * after > MOST {
            return None;
        }
        (before, after) = (after, after * 2.0);
    }
    for _ in 0..40 {
        let middle = f64::midpoint(before, after);
        *(if decides(middle) { &mut after } else { &mut before }) = middle;
    }
    Some((all * (after - 1.0)).ceil() as u64)
}

/// JSON has no infinity: nothing bounds it.
fn finite<S: serde::Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    Some(*value).filter(|value| value.is_finite()).serialize(serializer)
}
