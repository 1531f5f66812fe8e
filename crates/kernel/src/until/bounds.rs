//! Bounds of points over a stretch of time, and the standing that they leave.

use std::ops::Add;

use crate::{
    plan::{Plan, Tier},
    points::Micropoints,
    score::Standing,
};

/// What points are known to lie between, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bounds {
    pub(super) min: Micropoints,
    pub(super) max: Micropoints,
}

impl Bounds {
    pub(super) const ZERO: Self = Self { min: Micropoints::ZERO, max: Micropoints::ZERO };

    /// Exactly these points.
    pub(super) fn exactly(points: Micropoints) -> Self {
        Self { min: points, max: points }
    }

    /// The least bounds that hold both.
    pub(super) fn around(a: Micropoints, b: Micropoints) -> Self {
        Self { min: a.min(b), max: a.max(b) }
    }

    /// The least bounds that hold all that both hold.
    pub(super) fn hull(self, other: Self) -> Self {
        Self { min: self.min.min(other.min), max: self.max.max(other.max) }
    }

    /// Bounds of what a never falling or never rising function makes of the points.
    fn map(self, function: impl Fn(Micropoints) -> Micropoints) -> Self {
        Self::around(function(self.min), function(self.max))
    }
}

impl Add for Bounds {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { min: self.min + other.min, max: self.max + other.max }
    }
}

/// The standing of a lead that is not disqualified and whose dimensions sum to something within `sums`, if there
/// is only one.
pub(super) fn standing(plan: &Plan, mut sums: Vec<Bounds>) -> Option<Standing> {
    let mut total = Bounds::ZERO;
    for (dimension, sum) in plan.dimensions.iter().zip(&mut sums) {
        *sum = sum.map(|points| points.clamp_to(dimension.range));
        total = total + sum.map(|points| points.weighted(dimension.weight));
    }
    let total = total.map(|points| points.clamp_to(plan.range));
    let met = |tier: &Tier, end: fn(&Bounds) -> Micropoints| {
        tier.from <= end(&total)
            && tier.needs.iter().all(|(dimension, least)| end(&sums[*dimension]) >= *least)
    };
    let Some(highest) = plan.tiers.iter().rposition(|tier| met(tier, |bounds| bounds.max)) else {
        return Some(Standing::None);
    };
    met(&plan.tiers[highest], |bounds| bounds.min).then_some(Standing::Tier(highest))
}
