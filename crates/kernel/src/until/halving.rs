//! Sums that halve again and again, side by side: what is looked at most often on the way to the next change.

use super::{Sums, bounds::Bounds, curve::Course};
use crate::{
    instant::Duration,
    plan::Decay,
    worth::{Worth, capped},
};

/// All that the awards of some rules come to.
#[derive(Debug)]
pub(super) struct Halvings {
    sums: Vec<Halving>,
    half_lives: Vec<Duration>,
    /// What is left at the instant that is looked at, by half-life.
    left: Vec<f64>,
}

/// What the awards of one rule come to.
#[derive(Debug)]
struct Halving {
    dimension: usize,
    course: Course,
    /// The place in [`Halvings::half_lives`].
    half_life: usize,
    /// At the subject's instant, in points.
    sum: f64,
    /// Far more than the rounding errors of either way to the sum, which are relative to what is left of it.
    error: f64,
    cap: Option<f64>,
}

impl Halvings {
    /// Room for so many rules.
    pub(super) fn with_capacity(rules: usize) -> Self {
        /// Few models have more half-lives.
        const FEW: usize = 4;
        Self {
            sums: Vec::with_capacity(rules),
            half_lives: Vec::with_capacity(FEW),
            left: Vec::with_capacity(FEW),
        }
    }

    /// Adds a rule, which is worth `now`. `magnitude` is its sum without regard to signs.
    pub(super) fn add(
        &mut self,
        (dimension, course): (usize, Course),
        (half_life, magnitude): (Duration, f64),
        now: &Worth,
        cap: Option<f64>,
    ) {
        let known = self.half_lives.iter().position(|known| *known == half_life);
        let place = known.unwrap_or_else(|| {
            self.half_lives.push(half_life);
            self.half_lives.len() - 1
        });
        let error = 1e-11 * magnitude;
        self.sums.push(Halving { dimension, course, half_life: place, sum: now.sum, error, cap });
    }

    /// Adds what the rules are worth so many milliseconds after the subject's instant, nearly, to the sums of their
    /// dimensions.
    pub(super) fn put(&mut self, millis: i64, sums: &mut [Sums]) {
        self.left.clear();
        self.left.extend(self.half_lives.iter().map(|half_life| Decay::HalfLife(*half_life).factor(millis)));
        for halving in &self.sums {
            sums[halving.dimension].add(halving.course, halving.estimate(self.left[halving.half_life]));
        }
    }
}

impl Halving {
    #[inline]
    fn estimate(&self, left: f64) -> Bounds {
        let (sum, error) = (self.sum * left, self.error * left);
        Bounds { min: capped(sum - error, self.cap), max: capped(sum + error, self.cap) }
    }
}
