//! From which score on leads are worth the work: the bound of a tier from capacity, precision, or cost and value.
//!
//! A lead counts once for a bound: at the first of its moments at which its score reaches it, with what became of it after that
//! moment. So a bound that is lower is reached earlier, and by more leads.

use serde::Serialize;

use crate::attribution::Counted;
use crate::measure::{Resampling, drawn, quantile};

/// A lead at one of its moments.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moment {
    /// Whose, as a number from 0.
    pub lead: u32,
    /// What the model gave it.
    pub score: f64,
    /// Whether it had the outcome after that.
    pub outcome: bool,
    /// What that brought.
    pub value: f64,
}

/// What a bound is chosen for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Goal {
    /// At most so many leads reach it.
    Capacity(f64),
    /// At least this share of those who reach it have the outcome.
    Precision(f64),
    /// What the outcomes bring, less what it costs to work on the leads, is the most.
    Profit {
        /// Of working on one lead.
        cost: f64,
        /// Of one outcome; nothing where each has a value of its own.
        value: Option<f64>,
    },
}

/// Who reaches a bound.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Reached {
    /// The least score.
    pub bound: f64,
    /// How many leads reach it.
    pub leads: f64,
    /// How many of them have the outcome.
    pub won: f64,
    /// What these outcomes brought.
    pub value: f64,
}

/// A bound that was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Chosen {
    /// Who reaches it.
    pub reached: Reached,
    /// Who may be expected to reach it of as many other leads: without what the choice owes to chance in these, by which it was made
    /// (the optimism of Efron 1983, by the draws).
    pub expected: Reached,
    /// The interval in which the bound lies in 95 of 100 cases.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

/// Every bound, and who reaches it.
#[derive(Debug, Clone)]
pub struct Thresholds {
    /// The highest first.
    bounds: Vec<f64>,
    steps: Vec<Step>,
    leads: usize,
}

/// What changes where the bound is lowered to this one: a lead reaches it, or reaches it at an earlier moment.
#[derive(Debug, Clone, Copy)]
struct Step {
    bound: usize,
    lead: u32,
    leads: f64,
    won: f64,
    value: f64,
}

/// Bounds between the least and the greatest score, about.
const BOUNDS: f64 = 50.0;

impl Reached {
    /// The share of those who reach the bound that has the outcome; nothing where nobody does.
    #[must_use]
    pub fn precision(&self) -> Option<f64> {
        (self.leads > 0.0).then(|| self.won / self.leads)
    }

    /// The interval in which the precision lies in 95 of 100 cases (Wilson).
    #[must_use]
    pub fn interval(&self) -> [f64; 2] {
        Counted { journeys: self.leads, conversions: self.won }.interval()
    }

    /// What the outcomes bring, less what it costs to work on all who reach the bound.
    #[must_use]
    pub fn profit(&self, cost: f64, value: Option<f64>) -> f64 {
        value.map_or(self.value, |value| value * self.won) - cost * self.leads
    }
}

impl Thresholds {
    /// The bounds that scores may have, of moments in the order of time.
    #[must_use]
    pub fn new(moments: &[Moment]) -> Self {
        let step = step(moments.iter().map(|moment| moment.score));
        // A score that lies on a bound reaches it, however their quotient was rounded.
        let floor = |moment: &Moment| (moment.score / step + 1e-9).floor();
        let mut cells: Vec<f64> = moments.iter().map(floor).collect();
        cells.sort_by(|a, b| b.total_cmp(a));
        cells.dedup();
        let place = |cell: f64| cells.partition_point(|known| *known > cell);
        let leads = moments.iter().map(|moment| moment.lead as usize + 1).max().unwrap_or(0);
        // The highest bound that each lead has reached so far: a later moment counts only where it reaches a higher one.
        let mut reached: Vec<Option<usize>> = vec![None; leads];
        let mut steps = Vec::new();
        for moment in moments {
            let (bound, won) = (place(floor(moment)), f64::from(u8::from(moment.outcome)));
            let so_far = &mut reached[moment.lead as usize];
            if so_far.is_some_and(|so_far| so_far <= bound) {
                continue;
            }
            let value = if moment.outcome { moment.value } else { 0.0 };
            let now = Step { bound, lead: moment.lead, leads: 1.0, won, value };
            steps.push(now);
            // From the bound on that was reached before, the earlier moment counts instead.
            let before = so_far.replace(bound);
            steps.extend(before.map(|bound| Step { bound, leads: -1.0, won: -won, value: -value, ..now }));
        }
        let bounds = cells.into_iter().map(|cell| (cell * step * 1e6).round() / 1e6).collect();
        Self { bounds, steps, leads }
    }

    /// Who reaches each bound, the highest first.
    #[must_use]
    pub fn curve(&self) -> Vec<Reached> {
        self.weighted(&vec![1; self.leads])
    }

    fn weighted(&self, counts: &[u8]) -> Vec<Reached> {
        let nobody = |bound: &f64| Reached { bound: *bound, leads: 0.0, won: 0.0, value: 0.0 };
        let mut curve: Vec<Reached> = self.bounds.iter().map(nobody).collect();
        for step in &self.steps {
            let (at, weight) = (&mut curve[step.bound], f64::from(counts[step.lead as usize]));
            at.leads += weight * step.leads;
            at.won += weight * step.won;
            at.value += weight * step.value;
        }
        let mut all = Reached { bound: 0.0, leads: 0.0, won: 0.0, value: 0.0 };
        for at in &mut curve {
            all = Reached {
                bound: at.bound,
                leads: all.leads + at.leads,
                won: all.won + at.won,
                value: all.value + at.value,
            };
            *at = all;
        }
        curve
    }

    /// The bound that a goal asks for; nothing where none meets it.
    #[must_use]
    pub fn choose(&self, goal: Goal, how: &Resampling) -> Option<Chosen> {
        let curve = self.curve();
        let reached = curve[chosen(goal, &curve)?];
        let draws = drawn(self.leads, how, |counts| {
            let dealt = self.weighted(counts);
            chosen(goal, &dealt).map(|place| (dealt[place], curve[place]))
        });
        let draws: Vec<(Reached, Reached)> = draws.into_iter().flatten().collect();
        let mut bounds: Vec<f64> = draws.iter().map(|(dealt, _)| dealt.bound).collect();
        bounds.sort_by(f64::total_cmp);
        let tail = (1.0 - how.level) / 2.0;
        let end = |share| quantile(&bounds, share).unwrap_or(reached.bound);
        Some(Chosen {
            reached,
            expected: expected(reached, &draws),
            low: end(tail).min(reached.bound),
            high: end(1.0 - tail).max(reached.bound),
        })
    }
}

/// What is reached on other leads: each draw chose a bound by leads of its own, and has more to show for it there than at the same
/// bound among all.
fn expected(reached: Reached, draws: &[(Reached, Reached)]) -> Reached {
    let flattered = |of: fn(&Reached) -> f64| {
        draws.iter().map(|(dealt, all)| of(dealt) - of(all)).sum::<f64>() / draws.len().max(1) as f64
    };
    let less = |of: fn(&Reached) -> f64| (of(&reached) - flattered(of)).max(0.0);
    let leads = less(|at| at.leads);
    Reached { leads, won: less(|at| at.won).min(leads), value: less(|at| at.value), ..reached }
}

/// The place of the bound that meets a goal: the lowest for capacity and precision, the most profitable else.
fn chosen(goal: Goal, curve: &[Reached]) -> Option<usize> {
    match goal {
        Goal::Capacity(most) => curve.iter().rposition(|at| at.leads <= most),
        Goal::Precision(least) => {
            curve.iter().rposition(|at| at.precision().is_some_and(|share| share >= least))
        }
        Goal::Profit { cost, value } => {
            let profit = |place: usize| curve[place].profit(cost, value);
            let best = (0..curve.len()).reduce(|a, b| if profit(b) > profit(a) { b } else { a });
            best.filter(|best| profit(*best) > 0.0)
        }
    }
}

/// The distance of bounds that people choose: 1 where scores lie between 0 and 100.
fn step(scores: impl Iterator<Item = f64>) -> f64 {
    let (low, high) = scores
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), score| (low.min(score), high.max(score)));
    let range = high - low;
    if range > 0.0 && range.is_finite() { 10_f64.powf((range / BOUNDS).log10().round()) } else { 1.0 }
}
