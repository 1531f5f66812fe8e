//! How low and how high a rule, a dimension and the score can be, whatever happens.

use super::View;
use crate::{
    span::Spanned,
    tree::{Combine, Dimension, Hit, Rule, RuleKind, Scale, Worth},
};

/// The least and the greatest that something can be worth; infinite where nothing bounds it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Reach {
    pub(super) least: f64,
    pub(super) most: f64,
}

impl Reach {
    const NOTHING: Self = Self { least: 0.0, most: 0.0 };
    const ANYTHING: Self = Self { least: f64::NEG_INFINITY, most: f64::INFINITY };

    /// Nothing, or these points.
    fn of(points: f64) -> Self {
        Self { least: points.min(0.0), most: points.max(0.0) }
    }

    fn or(self, points: f64) -> Self {
        Self { least: self.least.min(points), most: self.most.max(points) }
    }

    fn plus(self, other: Self) -> Self {
        Self { least: self.least + other.least, most: self.most + other.most }
    }

    fn times(self, factor: f64) -> Self {
        if factor == 0.0 {
            return Self::NOTHING;
        }
        let (a, b) = (self.least * factor, self.most * factor);
        Self { least: a.min(b), most: a.max(b) }
    }

    fn clamped(self, range: Option<&Spanned<(f64, f64)>>) -> Self {
        let Some(Spanned { value: (min, max), .. }) = range else { return self };
        let clamp = |end: f64| end.max(*min).min(*max);
        Self { least: clamp(self.least), most: clamp(self.most) }
    }
}

/// The score.
pub(super) fn score(view: &View<'_>) -> Reach {
    let parts = view.model.dimensions.iter().map(|d| weighted(view, d));
    parts.fold(Reach::NOTHING, Reach::plus).clamped(view.model.range.as_ref())
}

/// What a dimension adds to the score.
pub(super) fn weighted(view: &View<'_>, of: &Dimension) -> Reach {
    dimension(view, of).times(of.weight.as_ref().map_or(1.0, |weight| weight.value))
}

/// A dimension, clamped.
pub(super) fn dimension(view: &View<'_>, dimension: &Dimension) -> Reach {
    rules(view, Reach::NOTHING, &dimension.rules, dimension.is_whole).clamped(dimension.range.as_ref())
}

/// What rules add to something; anything, where not all of them could be read.
fn rules(view: &View<'_>, to: Reach, rules: &[Rule], is_whole: bool) -> Reach {
    if !is_whole {
        return Reach::ANYTHING;
    }
    rules.iter().map(|of| rule(view, of)).fold(to, Reach::plus)
}

/// An account's score.
pub(super) fn account(view: &View<'_>) -> Option<Reach> {
    let accounts = view.model.accounts.as_ref()?;
    let member = score(view).or(0.0);
    let members = match accounts.combine.as_ref()?.value {
        Combine::Max | Combine::Mean => member,
        Combine::Top(count) => member.times(f64::from(count)),
        Combine::Sum => member.times(f64::INFINITY),
    };
    let members = Reach {
        least: if members.least.is_nan() { 0.0 } else { members.least },
        most: if members.most.is_nan() { 0.0 } else { members.most },
    };
    Some(rules(view, members, &accounts.rules, accounts.is_whole).clamped(accounts.range.as_ref()))
}

fn rule(view: &View<'_>, rule: &Rule) -> Reach {
    if view.wrong.is_at(rule.span) {
        return Reach::ANYTHING;
    }
    let reach = uncapped(view, rule);
    match &rule.cap {
        Some(cap) => Reach { least: reach.least.max(-cap.value), most: reach.most.min(cap.value) },
        None => reach,
    }
}

fn uncapped(view: &View<'_>, rule: &Rule) -> Reach {
    match &rule.kind {
        RuleKind::Trait { condition, worth } => match view.is_met(*condition) {
            Some(false) => Reach::NOTHING,
            _ => once(worth),
        },
        RuleKind::Value { scale, .. } => scaled(scale),
        RuleKind::Count { bands, .. } => {
            bands.iter().fold(Reach::NOTHING, |reach, row| reach.or(row.number.value))
        }
        RuleKind::Inactivity { every: None, worth, .. } => once(worth),
        RuleKind::Inactivity { worth, .. } => without_end(once(worth)),
        RuleKind::Predict(prediction) => {
            let (least, most) = prediction.points.value;
            Reach { least, most }
        }
        RuleKind::Event(event) => {
            let dead = steps(&event.hit).any(|condition| view.is_met(condition) == Some(false));
            let limit =
                event.limit.as_ref().filter(|limit| limit.value.per.is_none() || limit.value.times == 0);
            match limit {
                _ if dead => Reach::NOTHING,
                Some(limit) => once(&event.worth).times(f64::from(limit.value.times)),
                None => without_end(once(&event.worth)),
            }
        }
    }
}

/// The conditions without which a hit is not made.
fn steps(hit: &Hit) -> impl Iterator<Item = crate::tree::ExpressionId> {
    let matchers = match hit {
        Hit::Each { event }
        | Hit::Times { event, .. }
        | Hit::People { event, .. }
        | Hit::Unless { event, .. } => std::slice::from_ref(event),
        Hit::Sequence { steps, .. } => steps.as_slice(),
    };
    matchers.iter().filter_map(|matcher| matcher.condition)
}

fn once(worth: &Worth) -> Reach {
    match worth {
        Worth::Points(points) => Reach::of(points.value),
        Worth::Formula(_) => Reach::ANYTHING,
        Worth::Disqualify(_) => Reach::NOTHING,
    }
}

fn without_end(once: Reach) -> Reach {
    Reach {
        least: if once.least < 0.0 { f64::NEG_INFINITY } else { 0.0 },
        most: if once.most > 0.0 { f64::INFINITY } else { 0.0 },
    }
}

fn scaled(scale: &Scale) -> Reach {
    let numbers: Vec<f64> = match scale {
        Scale::Bands(rows) => rows.iter().map(|row| row.number.value).collect(),
        Scale::Table { rows, otherwise } => {
            rows.iter().map(|row| row.number.value).chain(otherwise.iter().map(|other| other.value)).collect()
        }
    };
    numbers.into_iter().fold(Reach::NOTHING, Reach::or)
}
