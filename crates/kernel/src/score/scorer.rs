//! Scores of many leads, one after the other.

use std::sync::Arc;

use super::{Detail, Score, applies, scored};
use crate::{
    expr::Root,
    plan::{Effect, RuleKind},
    program::Program,
    value::Value,
    worth::{Subject, Worth},
};

/// Scores leads one after the other, as [`score`](super::score) does; what it has allocated is used again, and what a
/// rule made of a text that many leads share is remembered.
///
/// Texts are told apart by where they lie in memory: whoever makes equal ones once is rewarded.
#[derive(Debug)]
pub struct Scorer<'p> {
    program: &'p Program,
    worths: Vec<Worth>,
    /// By rule.
    remembered: Vec<Remembered>,
}

/// What a rule is worth for some texts of the one attribute that it looks at.
#[derive(Debug)]
struct Remembered {
    /// The attribute; absent where the rule looks at anything else.
    slot: Option<usize>,
    worths: Vec<(Arc<str>, Worth)>,
}

/// More texts than this are not remembered: looking for one would take longer than asking the rule.
const MOST_TEXTS: usize = 32;

impl<'p> Scorer<'p> {
    /// One that remembers nothing yet.
    pub fn new(program: &'p Program) -> Self {
        let rules = &program.plan().rules.rules;
        let remembered = |kind| Remembered { slot: only_attribute(kind), worths: Vec::new() };
        Self {
            program,
            worths: Vec::with_capacity(rules.len()),
            remembered: rules.iter().map(|rule| remembered(&rule.kind)).collect(),
        }
    }

    /// The score of a subject, or `None` where the plan does not apply to it; see [`score`](super::score).
    pub fn score(&mut self, subject: &Subject<'_>, detail: Detail) -> Option<Score> {
        if !applies(self.program, subject) {
            return None;
        }
        let env = subject.env();
        self.worths.clear();
        let rules = self.program.plan().rules.rules.iter().enumerate();
        self.worths.extend(rules.zip(&mut self.remembered).map(|((place, rule), remembered)| {
            remembered.worth(subject, || Worth::seen(rule, subject.ledger.entry(place), (subject, &env)))
        }));
        Some(scored(self.program, subject, detail.into(), &self.worths))
    }
}

impl Remembered {
    #[inline]
    fn worth(&mut self, subject: &Subject<'_>, see: impl FnOnce() -> Worth) -> Worth {
        let attribute = self.slot.and_then(|slot| subject.lead.get(slot)?.as_ref());
        let Some(Value::String(text)) = attribute else {
            return see();
        };
        if let Some((_, worth)) = self.worths.iter().find(|(known, _)| Arc::ptr_eq(known, text)) {
            return *worth;
        }
        let worth = see();
        if self.worths.len() < MOST_TEXTS {
            // The text is kept, so that no other one comes to lie where it lies.
            self.worths.push((text.clone(), worth));
        }
        worth
    }
}

/// The attribute of the lead that a rule's worth depends on, if it depends on nothing else.
fn only_attribute(kind: &RuleKind) -> Option<usize> {
    let only = match kind {
        RuleKind::Trait { condition, effect: Effect::Points(_) } => condition.only_field(),
        RuleKind::Value { value, .. } => value.only_field(),
        _ => None,
    };
    only.and_then(|(root, slot)| (root == Root::Lead).then_some(slot))
}
