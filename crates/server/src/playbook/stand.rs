//! Where a lead stands at an instant, as hand-offs and alerts look at it.

use kelvin_kernel::{
    Instant, Micropoints,
    plan::Plan,
    score::{Score, Standing},
};

/// Where a lead stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stand {
    /// The score; `None` where the model does not apply.
    pub(super) score: Option<Micropoints>,
    /// The place of the tier. A disqualified lead is in none.
    pub(super) tier: Option<usize>,
    /// Until when the tier stays what it is, if nothing else happens; it may stay longer.
    pub(super) until: Option<Instant>,
}

impl Stand {
    /// Where a lead with a score stands.
    pub(super) fn of(score: Option<&Score>) -> Self {
        let tier = match score.map(|score| score.standing) {
            Some(Standing::Tier(tier)) => Some(tier),
            _ => None,
        };
        Self { score: score.map(|score| score.score), tier, until: score.and_then(|score| score.until) }
    }

    /// Whether the lead is in a tier, or one above it.
    pub(super) fn is_in(&self, tier: usize) -> bool {
        self.tier.is_some_and(|own| own >= tier)
    }
}

/// The place of a tier in a plan, by its name.
pub(super) fn place(plan: &Plan, tier: &str) -> Option<usize> {
    plan.tiers.iter().position(|known| &*known.name == tier)
}
