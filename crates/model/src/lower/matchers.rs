//! What the rules look for in events: equal matchers and captures are shared.

use std::collections::BTreeMap;

use kelvin_kernel::{
    expr::{Condition, Expr},
    plan::{Capture, CaptureId, Matcher, MatcherId, NameId, Purpose, Rule, RuleSet},
    predict::Observation,
};

use crate::tree::Sees;

/// What makes two matchers equal: the names, and the condition's text with what it can look at.
type Key = (Vec<NameId>, Option<(String, Sees)>);

/// The matchers and captures of one set of rules.
#[derive(Default)]
pub(super) struct Matchers {
    matchers: Vec<Matcher>,
    known_matchers: BTreeMap<Key, usize>,
    captures: Vec<Capture>,
    /// By matcher, text, and whether it tells events apart.
    known_captures: BTreeMap<(MatcherId, String, bool), usize>,
    observations: Vec<Observation>,
}

impl Matchers {
    /// The matcher of these names (sorted, each once) and condition. `None` where there is no room.
    pub(super) fn matcher(
        &mut self,
        names: Vec<NameId>,
        condition: Option<(&str, Sees, Condition)>,
    ) -> Option<MatcherId> {
        let text = condition.as_ref().map(|(text, sees, _)| (text.trim().to_owned(), *sees));
        let place = *self.known_matchers.entry((names, text)).or_insert_with_key(|(names, _)| {
            let condition = condition.map(|(_, _, condition)| condition);
            self.matchers.push(Matcher { names: names.clone(), condition });
            self.matchers.len() - 1
        });
        Some(MatcherId(u16::try_from(place).ok()?))
    }

    /// The capture of a value for a purpose. `None` where there is no room.
    pub(super) fn capture(
        &mut self,
        on: MatcherId,
        text: &str,
        expr: Expr,
        purpose: Purpose,
    ) -> Option<CaptureId> {
        let key = (on, text.trim().to_owned(), purpose == Purpose::Distinct);
        let place = *self.known_captures.entry(key).or_insert_with(|| {
            self.captures.push(Capture { on, expr, purpose });
            self.captures.len() - 1
        });
        Some(CaptureId(u16::try_from(place).ok()?))
    }

    /// The place of an observation.
    pub(super) fn observation(&mut self, observation: Observation) -> usize {
        let known = self.observations.iter().position(|known| *known == observation);
        known.unwrap_or_else(|| {
            self.observations.push(observation);
            self.observations.len() - 1
        })
    }

    /// Whether there is no room for another matcher.
    pub(super) fn is_full(&self) -> bool {
        self.matchers.len() > usize::from(u16::MAX)
    }

    /// The rules with what they look for.
    pub(super) fn into_rule_set(self, rules: Vec<Rule>) -> RuleSet {
        RuleSet { matchers: self.matchers, captures: self.captures, rules, observations: self.observations }
    }
}
