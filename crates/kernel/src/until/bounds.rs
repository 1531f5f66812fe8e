//! Bounds of points over a stretch of time, and the standing that they leave.

use std::ops::Add;

use crate::{
    plan::{Plan, Range, Tier, Weight},
    points::Micropoints,
    score::Standing,
};

/// What points are known to lie between, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bounds {
    pub(crate) min: Micropoints,
    pub(crate) max: Micropoints,
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

    /// These, with some points less.
    pub(super) fn less(self, points: Micropoints) -> Self {
        self + Self::exactly(Micropoints(points.0.wrapping_neg()))
    }

    fn clamp_to(self, range: Range) -> Self {
        Self { min: self.min.clamp_to(range), max: self.max.clamp_to(range) }
    }

    fn weighted(self, weight: Weight) -> Self {
        match weight {
            Weight::Whole(1) => self,
            // Less is more where the weight is negative.
            weight => Self::around(self.min.weighted(weight), self.max.weighted(weight)),
        }
    }
}

impl Add for Bounds {
    type Output = Self;

    /// Bounds of a sum of rules, which does not overflow: what a rule can be worth is limited.
    fn add(self, other: Self) -> Self {
        let sum = |a: Micropoints, b: Micropoints| Micropoints(a.0.wrapping_add(b.0));
        Self { min: sum(self.min, other.min), max: sum(self.max, other.max) }
    }
}

/// The standing of a lead that is not disqualified and whose dimensions sum to something within `sums`, if there
/// is only one. The sums are clamped on the way.
pub(super) fn standing(plan: &Plan, sums: &mut [Bounds]) -> Option<Standing> {
    let total = total(plan, sums);
    let met = |tier: &Tier, end: fn(&Bounds) -> Micropoints| {
        tier.from <= end(&total)
            && tier.needs.iter().all(|(dimension, least)| end(&sums[*dimension]) >= *least)
    };
    let Some(highest) = plan.tiers.iter().rposition(|tier| met(tier, |bounds| bounds.max)) else {
        return Some(Standing::None);
    };
    met(&plan.tiers[highest], |bounds| bounds.min).then_some(Standing::Tier(highest))
}

/// The tier of a lead whose dimensions sum to the least of `sums`. The sums are clamped on the way.
pub(super) fn tier(plan: &Plan, sums: &mut [Bounds]) -> Option<usize> {
    let total = total(plan, sums);
    plan.tiers.iter().rposition(|tier| least_margin(tier, total, sums) >= 0)
}

/// By how much the least of `sums` meets all conditions of a tier, in millionths of a point: not negative if it
/// does, and never 0. The sums are clamped on the way.
pub(super) fn margin(plan: &Plan, tier: usize, sums: &mut [Bounds]) -> f64 {
    let total = total(plan, sums);
    least_margin(&plan.tiers[tier], total, sums) as f64 + 0.5
}

fn least_margin(tier: &Tier, total: Bounds, sums: &[Bounds]) -> i64 {
    let needs = tier.needs.iter().map(|(dimension, least)| sums[*dimension].min.0.saturating_sub(least.0));
    needs.fold(total.min.0.saturating_sub(tier.from.0), i64::min)
}

/// Dimensions clamped, weighted and summed, and the sum clamped.
fn total(plan: &Plan, sums: &mut [Bounds]) -> Bounds {
    let mut total = Bounds::ZERO;
    for (dimension, sum) in plan.dimensions.iter().zip(sums) {
        *sum = sum.clamp_to(dimension.range);
        let weighted = sum.weighted(dimension.weight);
        // A weight can make much of little: this may saturate.
        total = Bounds { min: total.min + weighted.min, max: total.max + weighted.max };
    }
    total.clamp_to(plan.range)
}
