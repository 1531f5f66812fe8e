//! A score: the number, and all that explains it.

use crate::{instant::Instant, points::Micropoints};

/// What a lead is worth at an instant. Rules, dimensions, tiers and grades are places in the plan's lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Score {
    /// The score, clamped.
    pub score: Micropoints,
    /// Where the lead stands.
    pub standing: Standing,
    /// The place in [`Grades::bounds`](crate::plan::Grades::bounds); `None` is `F` where the plan has grades.
    pub grade: Option<usize>,
    /// The disqualifying rules in force.
    pub disqualified: Vec<usize>,
    /// The first later instant at which the standing differs if nothing else happens, within 366 days.
    pub until: Option<Instant>,
    /// The dimensions, in the plan's order.
    pub dimensions: Vec<DimensionScore>,
    /// Rules worth something other than 0, by |points| descending, then rule id.
    pub reasons: Vec<Reason>,
}

/// Where a lead stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Below all tiers.
    None,
    /// The place in [`Plan::tiers`](crate::plan::Plan::tiers).
    Tier(usize),
    /// Some disqualifying rule is in force.
    Disqualified,
}

/// One dimension of a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DimensionScore {
    /// The sum of its rules.
    pub sum: Micropoints,
    /// The sum, clamped to the dimension's range.
    pub value: Micropoints,
}

/// What one rule contributes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The rule.
    pub rule: usize,
    /// Its worth, after its cap.
    pub points: Micropoints,
    /// The number of its awards so far; 0 for standing rules.
    pub awards: usize,
    /// The time of its latest award; `None` for standing rules.
    pub last: Option<Instant>,
}

/// What an account is worth at an instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountScore {
    /// The score, clamped.
    pub score: Micropoints,
    /// The place in the account plan's tiers.
    pub tier: Option<usize>,
    /// The number of members.
    pub members: usize,
    /// The account's own rules worth something other than 0.
    pub reasons: Vec<Reason>,
}
