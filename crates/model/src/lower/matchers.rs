//! What the rules look for in events: equal matchers and captures are shared.

use kelvin_kernel::{
    expr::{Condition, Expr},
    plan::{Capture, CaptureId, Matcher, MatcherId, NameId, Purpose, Rule, RuleSet},
};

use crate::tree::Sees;

/// What makes two matchers equal: the names, and the condition's text with what it can look at.
type Key = (Vec<NameId>, Option<(String, Sees)>);

/// The matchers and captures of one set of rules.
#[derive(Default)]
pub(super) struct Matchers {
    matchers: Vec<(Key, Matcher)>,
    captures: Vec<(String, Capture)>,
}

impl Matchers {
    /// The matcher of these names (sorted, each once) and condition. `None` where there is no room.
    pub(super) fn matcher(
        &mut self,
        names: Vec<NameId>,
        condition: Option<(&str, Sees, Condition)>,
    ) -> Option<MatcherId> {
        let text = condition.as_ref().map(|(text, sees, _)| (text.trim().to_owned(), *sees));
        let key = (names, text);
        let place = self.matchers.iter().position(|(other, _)| *other == key).unwrap_or_else(|| {
            let condition = condition.map(|(_, _, condition)| condition);
            let matcher = Matcher { names: key.0.clone(), condition };
            self.matchers.push((key, matcher));
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
        let same = |(other, capture): &(String, Capture)| {
            capture.on == on && capture.purpose == purpose && other == text.trim()
        };
        let place = self.captures.iter().position(same).unwrap_or_else(|| {
            self.captures.push((text.trim().to_owned(), Capture { on, expr, purpose }));
            self.captures.len() - 1
        });
        Some(CaptureId(u16::try_from(place).ok()?))
    }

    /// Whether there is no room for another matcher.
    pub(super) fn is_full(&self) -> bool {
        self.matchers.len() > usize::from(u16::MAX)
    }

    /// The rules with what they look for.
    pub(super) fn into_rule_set(self, rules: Vec<Rule>) -> RuleSet {
        RuleSet {
            matchers: self.matchers.into_iter().map(|(_, matcher)| matcher).collect(),
            captures: self.captures.into_iter().map(|(_, capture)| capture).collect(),
            rules,
        }
    }
}
