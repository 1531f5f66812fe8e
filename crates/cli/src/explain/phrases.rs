//! The model's own words: conditions and values as their author wrote them, by rule.

use std::collections::BTreeMap;

use kelvin_kernel::plan::{MatcherId, Rule};
use kelvin_model::tree::{EventRule, ExpressionId, Hit, Matcher, Model, RuleKind};

/// Conditions and values by rule id.
#[derive(Debug, Default)]
pub(crate) struct Phrases(BTreeMap<String, RulePhrases>);

#[derive(Debug, Default)]
struct RulePhrases {
    /// The condition or value of a standing rule.
    standing: Option<String>,
    /// The conditions on events, in the order of [`kelvin_kernel::plan::RuleKind::matchers`].
    events: Vec<Option<String>>,
    /// What tells events apart.
    distinct: Option<String>,
}

impl Phrases {
    /// The phrases of a model.
    pub(crate) fn new(model: &Model) -> Self {
        let rules = model.dimensions.iter().flat_map(|dimension| &dimension.rules);
        Self(rules.map(|rule| (rule.id.value.clone(), RulePhrases::new(model, &rule.kind))).collect())
    }

    /// The condition or value of a standing rule.
    pub(super) fn standing(&self, rule: &Rule) -> Option<&str> {
        self.0.get(&*rule.id)?.standing.as_deref()
    }

    /// The condition that a rule puts on events.
    pub(super) fn event(&self, rule: &Rule, matcher: MatcherId) -> Option<&str> {
        let place = rule.kind.matchers().iter().position(|known| *known == matcher)?;
        self.0.get(&*rule.id)?.events.get(place)?.as_deref()
    }

    /// What tells the events of a rule apart.
    pub(super) fn distinct(&self, rule: &Rule) -> Option<&str> {
        self.0.get(&*rule.id)?.distinct.as_deref()
    }
}

impl RulePhrases {
    fn new(model: &Model, kind: &RuleKind) -> Self {
        let phrase =
            |id: &ExpressionId| model.expressions.get(id.0).map(|expression| on_a_line(&expression.text));
        let events =
            |matchers: &[&Matcher]| matchers.iter().map(|m| m.condition.as_ref().and_then(phrase)).collect();
        match kind {
            RuleKind::Trait { condition: text, .. } | RuleKind::Value { value: text, .. } => {
                Self { standing: phrase(text), ..Self::default() }
            }
            RuleKind::Predict(_) => Self::default(),
            RuleKind::Count { event, distinct, .. } => Self {
                events: events(&[event]),
                distinct: distinct.as_ref().and_then(phrase),
                ..Self::default()
            },
            RuleKind::Inactivity { event, .. } => {
                Self { events: event.iter().flat_map(|event| events(&[event])).collect(), ..Self::default() }
            }
            RuleKind::Event(EventRule { hit, distinct, .. }) => {
                let events = match hit {
                    Hit::Each { event } | Hit::Times { event, .. } | Hit::People { event, .. } => {
                        events(&[event])
                    }
                    Hit::Unless { event, unless, .. } => events(&[event, unless]),
                    Hit::Sequence { steps, .. } => events(&steps.iter().collect::<Vec<_>>()),
                };
                Self { events, distinct: distinct.as_ref().and_then(phrase), ..Self::default() }
            }
        }
    }
}

fn on_a_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
