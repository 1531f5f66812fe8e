//! Standing rules of the definition: they hold at an instant or they do not.

use super::Case;
use crate::{
    instant::Instant,
    plan::{Effect, MatcherId, NameId, RuleKind, Scale, Schema},
    value::Value,
};

impl Case<'_> {
    /// Whether a standing rule holds.
    pub(super) fn holds(&self, kind: &RuleKind) -> bool {
        match kind {
            RuleKind::Trait { condition, .. } => condition.holds(&self.env()),
            RuleKind::Inactivity { after, event, .. } => self
                .silent_since(*event)
                .is_some_and(|since| self.at.millis_since(since) >= after.as_millis()),
            _ => false,
        }
    }

    /// What a standing rule is worth, before its cap.
    pub(super) fn standing_points(&self, kind: &RuleKind) -> f64 {
        match kind {
            RuleKind::Trait { effect, .. } if self.holds(kind) => self.effect(effect),
            RuleKind::Predict(prediction) => self.foretold(prediction),
            RuleKind::Value { value, scale } => match value.value(&self.env()) {
                Ok(value) => scale_points(scale, &value),
                Err(_) => 0.0,
            },
            RuleKind::Count { event, distinct, within, bands } => {
                let counted = self.counted(*event, *distinct).into_iter();
                let times = counted.map(|place| self.occurrences[place].event.time);
                let in_window = |time: &Instant| {
                    within.is_none_or(|within| self.at.millis_since(*time) <= within.as_millis())
                };
                bands.points(times.filter(in_window).count() as f64)
            }
            RuleKind::Inactivity { after, event, every, effect } if self.holds(kind) => {
                let silent = self.silent_since(*event).map_or(0, |since| self.at.millis_since(since));
                let over = silent - after.as_millis();
                let periods = every.map_or(1, |every| 1 + over / every.as_millis());
                self.effect(effect) * periods as f64
            }
            _ => 0.0,
        }
    }

    fn effect(&self, effect: &Effect) -> f64 {
        match effect {
            Effect::Points(points) => *points,
            Effect::Formula(formula) => {
                formula.value(&self.env()).ok().and_then(|value| value.number()).unwrap_or(0.0)
            }
            Effect::Disqualify => 0.0,
        }
    }

    fn silent_since(&self, event: Option<MatcherId>) -> Option<Instant> {
        let heeds = |name: NameId| match event {
            Some(matcher) => self.rules.matchers[usize::from(matcher.0)].names.contains(&name),
            None => name != NameId::IDENTIFY,
        };
        let last = self.occurrences.iter().rev().find(|occurrence| heeds(occurrence.event.name));
        let attributes = if self.lead.is_empty() { self.account } else { &self.lead };
        let created = attributes.get(Schema::CREATED_AT).and_then(Option::as_ref).and_then(Value::as_instant);
        let first = self.occurrences.first();
        last.map(|last| last.event.time).or(created).or(first.map(|first| first.event.time))
    }
}

fn scale_points(scale: &Scale, value: &Value) -> f64 {
    match scale {
        Scale::Bands(bands) => value.number().map_or(0.0, |number| bands.points(number)),
        Scale::Table { rows, otherwise } => {
            for (listed, points) in rows {
                if listed == value {
                    return *points;
                }
            }
            otherwise.unwrap_or(0.0)
        }
    }
}
