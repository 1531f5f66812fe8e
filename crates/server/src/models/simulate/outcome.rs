//! What a simulation found: who changes tier, and how scores lie before and after.

use std::collections::BTreeMap;

use kelvin_kernel::{Micropoints, plan::Plan};
use kelvin_store::LeadScore;

use crate::playbook::Foreseen;

/// How many millionths of a point scores of one bar of a distribution lie apart.
const BAR: i64 = 10_000_000;

/// What a simulation found.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Leads that have a score before or after.
    pub(crate) leads: u64,
    /// How many leads would go from a tier to another; `None` is no tier.
    pub(crate) moves: BTreeMap<(Option<String>, Option<String>), u64>,
    /// How many leads would come into a tier, or pass it, from below.
    pub(crate) entered: BTreeMap<String, u64>,
    /// How many leads have a score of so many points, or up to ten more.
    pub(crate) before: BTreeMap<i64, u64>,
    pub(crate) after: BTreeMap<i64, u64>,
    /// The leads that would change their tier, by id.
    pub(crate) moved: Vec<Moved>,
    /// What the playbook would do, where there is one.
    pub(crate) foreseen: Option<Foreseen>,
}

/// A lead that would change its tier.
#[derive(Debug, Clone)]
pub(crate) struct Moved {
    pub(crate) lead: String,
    pub(crate) from: Option<String>,
    pub(crate) to: Option<String>,
    pub(crate) before: Option<Micropoints>,
    pub(crate) after: Option<Micropoints>,
}

impl Outcome {
    /// Takes in what a lead is given before and after.
    pub(super) fn take(
        &mut self,
        plan: &Plan,
        lead: String,
        before: Option<LeadScore>,
        after: Option<LeadScore>,
    ) {
        self.leads += u64::from(before.is_some() || after.is_some());
        count(&mut self.before, before.as_ref());
        count(&mut self.after, after.as_ref());
        let points = |score: &Option<LeadScore>| score.as_ref().map(|score| score.score);
        let (before_points, after_points) = (points(&before), points(&after));
        let [from, to] = [before, after].map(|score| score?.tier);
        if from == to {
            return;
        }
        for tier in entered(plan, from.as_deref(), to.as_deref()) {
            *self.entered.entry(tier.to_owned()).or_default() += 1;
        }
        *self.moves.entry((from.clone(), to.clone())).or_default() += 1;
        self.moved.push(Moved { lead, from, to, before: before_points, after: after_points });
    }

    /// Puts the leads in order.
    pub(super) fn settle(&mut self) {
        self.moved.sort_unstable_by(|one, other| one.lead.cmp(&other.lead));
    }
}

/// The tiers that lie above one and not above another: a hand-off at one of them sees it entered.
fn entered<'p>(plan: &'p Plan, from: Option<&str>, to: Option<&str>) -> impl Iterator<Item = &'p str> {
    // Tiers stand in the order of their scores, and a lead in one is past all before it.
    let passed = |tier: Option<&str>| {
        plan.tiers.iter().position(|known| Some(&*known.name) == tier).map_or(0, |place| place + 1)
    };
    let (from, to) = (passed(from), passed(to));
    plan.tiers.iter().take(to).skip(from).map(|tier| &*tier.name)
}

fn count(bars: &mut BTreeMap<i64, u64>, score: Option<&LeadScore>) {
    if let Some(score) = score {
        *bars.entry(score.score.0.div_euclid(BAR) * 10).or_default() += 1;
    }
}
