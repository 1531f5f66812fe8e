//! Rules of the plan.

use std::sync::Arc;

use kelvin_kernel::{
    Value,
    plan::{
        Bands, Decay, Effect, EventEffect, EventRule, Hit, Limit, MatcherId, Purpose, Rule, RuleKind, Scale,
    },
};

use super::{Lowering, Matchers};
use crate::{
    span::Spanned,
    tree::{self, Constant, ExpressionId, Row, Worth},
};

impl Lowering<'_> {
    /// The rule of a plan. `None` where an expression of it could not be compiled.
    pub(super) fn rule(
        &mut self,
        rule: &tree::Rule,
        dimension: usize,
        matchers: &mut Matchers,
    ) -> Option<Rule> {
        let kind = self.kind(&rule.kind, matchers);
        if kind.is_none() && self.names_are_full(matchers) {
            self.too_many = self.too_many.or(Some(rule.id.span));
        }
        Some(Rule {
            id: rule.id.value.as_str().into(),
            dimension,
            kind: kind?,
            cap: rule.cap.as_ref().map(|cap| cap.value),
        })
    }

    fn kind(&mut self, kind: &tree::RuleKind, matchers: &mut Matchers) -> Option<RuleKind> {
        Some(match kind {
            tree::RuleKind::Trait { condition, worth } => {
                RuleKind::Trait { condition: self.condition(*condition)?, effect: self.effect(worth)? }
            }
            tree::RuleKind::Value { value, scale: rows } => {
                RuleKind::Value { value: self.expr(*value)?, scale: scale(rows) }
            }
            tree::RuleKind::Count { event, distinct, within, bands: rows } => {
                let event = self.matcher(event, matchers)?;
                let distinct = self.captured(*distinct, event, Purpose::Distinct, matchers)?;
                RuleKind::Count { event, distinct, within: plain(within.as_ref()), bands: bands(rows) }
            }
            tree::RuleKind::Inactivity { after, event, every, worth } => {
                let event = match event {
                    Some(event) => Some(self.matcher(event, matchers)?),
                    None => None,
                };
                let every = plain(every.as_ref());
                RuleKind::Inactivity { after: after.value, event, every, effect: self.effect(worth)? }
            }
            tree::RuleKind::Predict(prediction) => self.prediction(prediction, matchers)?,
            tree::RuleKind::Event(rule) => RuleKind::Event(self.event_rule(rule, matchers)?),
        })
    }

    fn event_rule(&mut self, rule: &tree::EventRule, matchers: &mut Matchers) -> Option<EventRule> {
        // `distinct` and points read the event that makes the award: the last step of a sequence.
        let (hit, read) = self.hit(&rule.hit, matchers)?;
        let distinct = self.captured(rule.distinct, read, Purpose::Distinct, matchers)?;
        let effect = match &rule.worth {
            Worth::Points(points) => EventEffect::Points(points.value),
            Worth::Formula(id) => {
                EventEffect::Formula(self.captured(Some(*id), read, Purpose::Points, matchers)??)
            }
            Worth::Disqualify(_) => EventEffect::Disqualify,
        };
        let limit = rule.limit.as_ref().map(|limit| Limit { times: limit.value.times, per: limit.value.per });
        let decay = rule.decay.as_ref().map_or(Decay::None, |decay| self::decay(&decay.value));
        Some(EventRule { hit, distinct, limit, decay, effect })
    }

    fn hit(&mut self, hit: &tree::Hit, matchers: &mut Matchers) -> Option<(Hit, MatcherId)> {
        Some(match hit {
            tree::Hit::Each { event } => {
                let event = self.matcher(event, matchers)?;
                (Hit::Each { event }, event)
            }
            tree::Hit::Times { event, times, within } => {
                let event = self.matcher(event, matchers)?;
                (Hit::Times { event, times: times.value, within: plain(within.as_ref()) }, event)
            }
            tree::Hit::People { event, people, within } => {
                let event = self.matcher(event, matchers)?;
                (Hit::People { event, people: people.value, within: plain(within.as_ref()) }, event)
            }
            tree::Hit::Unless { event, unless, within } => {
                let event = self.matcher(event, matchers)?;
                let unless = self.matcher(unless, matchers)?;
                (Hit::Unless { event, unless, within: within.value }, event)
            }
            tree::Hit::Sequence { steps, within } => {
                let steps: Option<Vec<MatcherId>> =
                    steps.iter().map(|step| self.matcher(step, matchers)).collect();
                let steps = steps?;
                let last = *steps.last()?;
                (Hit::Sequence { steps, within: plain(within.as_ref()) }, last)
            }
        })
    }

    fn matcher(&mut self, matcher: &tree::Matcher, matchers: &mut Matchers) -> Option<MatcherId> {
        let names: Option<Vec<_>> = matcher.names.iter().map(|name| self.names.intern(&name.value)).collect();
        let mut names = names?;
        names.sort_unstable();
        names.dedup();
        let condition = match matcher.condition {
            Some(id) => {
                let expression = self.model.expression(id)?;
                Some((expression.text.as_str(), expression.sees, self.condition(id)?))
            }
            None => None,
        };
        matchers.matcher(names, condition)
    }

    /// The capture of an expression, where there is one; the outer `None` where it could not be compiled.
    fn captured(
        &self,
        id: Option<ExpressionId>,
        on: MatcherId,
        purpose: Purpose,
        matchers: &mut Matchers,
    ) -> Option<Option<kelvin_kernel::plan::CaptureId>> {
        let Some(id) = id else { return Some(None) };
        Some(Some(matchers.capture(on, self.model.text(id), self.expr(id)?, purpose)?))
    }

    fn effect(&self, worth: &Worth) -> Option<Effect> {
        Some(match worth {
            Worth::Points(points) => Effect::Points(points.value),
            Worth::Formula(id) => Effect::Formula(self.expr(*id)?),
            Worth::Disqualify(_) => Effect::Disqualify,
        })
    }

    fn names_are_full(&self, matchers: &Matchers) -> bool {
        self.names.iter().count() >= usize::from(u16::MAX) || matchers.is_full()
    }
}

fn plain<T: Copy>(spanned: Option<&Spanned<T>>) -> Option<T> {
    spanned.map(|spanned| spanned.value)
}

fn bands(rows: &[Row<f64>]) -> Bands {
    Bands(rows.iter().map(|row| (row.key.value, row.number.value)).collect())
}

fn scale(scale: &tree::Scale) -> Scale {
    match scale {
        tree::Scale::Bands(rows) => Scale::Bands(bands(rows)),
        tree::Scale::Table { rows, otherwise } => Scale::Table {
            rows: rows.iter().map(|row| (value(&row.key.value), row.number.value)).collect(),
            otherwise: otherwise.as_ref().map(|otherwise| otherwise.value),
        },
    }
}

/// A constant as a value of the kernel.
pub(crate) fn value(constant: &Constant) -> Value {
    match constant {
        Constant::Text(text) => Value::String(Arc::from(text.as_str())),
        Constant::Int(value) => Value::Int(*value),
        Constant::Float(value) => Value::Double(*value),
        Constant::Bool(value) => Value::Bool(*value),
    }
}

fn decay(decay: &tree::Decay) -> Decay {
    match decay {
        tree::Decay::HalfLife(duration) => Decay::HalfLife(*duration),
        tree::Decay::Linear(duration) => Decay::Linear(*duration),
        tree::Decay::Expire(duration) => Decay::Expire(*duration),
        tree::Decay::Steps(rows) => {
            Decay::Steps(rows.iter().map(|row| (row.key.value, row.number.value)).collect())
        }
        tree::Decay::Lose { lose, every } => Decay::Lose { lose: *lose, every: *every },
    }
}
