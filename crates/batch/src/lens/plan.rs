//! Which fields matter for which event names, worked out once from the models.

use kelvin_kernel::{
    expr::Root,
    plan::{CaptureId, MatcherId, NameId},
    sighting::Sighting,
};

use super::{feature::Class, look::Look};
use crate::{
    models::Models,
    read::{Column, EventChunk},
};

/// For each event name the features that tell its events apart.
#[derive(Debug)]
pub(crate) struct LensPlan {
    pub(super) features: Vec<Feature>,
    /// By wanted name; the last for all others.
    pub(super) names: Vec<NamePlan>,
}

/// Conditions and captures that look at the same thing.
#[derive(Debug)]
pub(super) struct Feature {
    /// What they look at.
    pub(super) of: Of,
    /// The set and the matcher of each condition.
    pub(super) matchers: Vec<(usize, MatcherId)>,
    /// The set and the id of each capture.
    pub(super) captures: Vec<(usize, CaptureId)>,
}

/// What a feature looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// One wanted field.
    Field(Root, usize),
    /// Several fields of events of one name.
    Row(NameId),
}

/// How the look of an event of one name follows from its features.
#[derive(Debug, Default)]
pub(super) struct NamePlan {
    name: Option<NameId>,
    /// Places in [`LensPlan::features`].
    pub(super) features: Vec<usize>,
    /// Per set, in order.
    sets: Vec<Vec<Test>>,
}

/// A matcher that events of a name may meet.
#[derive(Debug)]
struct Test {
    matcher: MatcherId,
    /// Where the outcome of its condition is, if it has one.
    met: Option<Place>,
    captures: Vec<(CaptureId, Place)>,
}

/// A place in a class: the feature's in [`NamePlan::features`], and the condition's or capture's in the feature.
#[derive(Debug, Clone, Copy)]
struct Place {
    feature: usize,
    part: usize,
}

impl LensPlan {
    pub(crate) fn new(models: &Models<'_>) -> Self {
        let mut plan = Self { features: Vec::new(), names: Vec::new() };
        let names = models.wanted().names.iter().map(|name| models.wanted().names.id(name));
        for name in names.chain([NameId::OTHER]) {
            let named = plan.name_plan(models, name);
            plan.names.push(named);
        }
        plan
    }

    fn name_plan(&mut self, models: &Models<'_>, wanted: NameId) -> NamePlan {
        let mut named = NamePlan { name: Some(wanted), ..NamePlan::default() };
        for (place, set) in models.sets().iter().enumerate() {
            let mut tests = Vec::new();
            let rules = models.rules(set);
            let matchers: &[MatcherId] =
                if set.deferred { &[] } else { rules.matchers_of(models.name(set.model, wanted)) };
            for matcher in matchers {
                let condition = rules.set.matchers[usize::from(matcher.0)].condition.as_ref();
                let met = condition.map(|condition| {
                    let of = of(models, set.model, condition.only_field(), wanted);
                    let feature = self.feature(of);
                    let part = position(&mut self.features[feature].matchers, (place, *matcher));
                    named.place(feature, part)
                });
                let capture = |id: &CaptureId| {
                    let expr = &rules.set.captures[usize::from(id.0)].expr;
                    let feature = self.feature(of(models, set.model, expr.only_field(), wanted));
                    let part = position(&mut self.features[feature].captures, (place, *id));
                    (*id, named.place(feature, part))
                };
                let captures = rules.captures_of(*matcher).iter().map(capture).collect();
                tests.push(Test { matcher: *matcher, met, captures });
            }
            named.sets.push(tests);
        }
        named
    }

    fn feature(&mut self, of: Of) -> usize {
        self.features.iter().position(|feature| feature.of == of).unwrap_or_else(|| {
            self.features.push(Feature { of, matchers: Vec::new(), captures: Vec::new() });
            self.features.len() - 1
        })
    }
}

/// What an expression of a model looks at.
fn of(models: &Models<'_>, model: usize, only: Option<(Root, usize)>, name: NameId) -> Of {
    let places = models.places(model);
    match only {
        Some((Root::Event, slot)) => Of::Field(Root::Event, places.event[slot]),
        Some((Root::Context, slot)) => Of::Field(Root::Context, places.context[slot]),
        _ => Of::Row(name),
    }
}

/// The place of an item in a list, added if it is new.
fn position<T: PartialEq>(list: &mut Vec<T>, item: T) -> usize {
    list.iter().position(|known| *known == item).unwrap_or_else(|| {
        list.push(item);
        list.len() - 1
    })
}

impl Feature {
    /// The column that it looks at, if it is just one.
    pub(super) fn column<'c>(&self, chunk: &'c EventChunk) -> Option<&'c Column> {
        match self.of {
            Of::Field(Root::Context, slot) => chunk.context.get(slot),
            Of::Field(_, slot) => chunk.properties.get(slot),
            Of::Row(_) => None,
        }
    }
}

impl NamePlan {
    fn place(&mut self, feature: usize, part: usize) -> Place {
        Place { feature: position(&mut self.features, feature), part }
    }

    /// The look of an event whose features have these classes.
    pub(super) fn compose<'c>(&self, models: &Models<'_>, class: impl Fn(usize) -> &'c Class) -> Look {
        let look = models.sets().iter().zip(&self.sets).map(|(set, tests)| {
            let name = self.name.map_or(NameId::OTHER, |name| models.name(set.model, name));
            let mut sighting = Sighting::unmatched(name);
            for test in tests {
                if test.met.is_some_and(|place| !class(place.feature).met[place.part]) {
                    continue;
                }
                sighting.add_match(test.matcher);
                for (capture, place) in &test.captures {
                    sighting.add_capture(*capture, class(place.feature).captured[place.part].clone());
                }
            }
            sighting
        });
        Look(look.collect())
    }
}
