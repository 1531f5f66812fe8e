//! Grades and tiers of the plan.

use kelvin_kernel::{
    Micropoints,
    plan::{Grades, Tier},
};

use crate::tree::{self, Model};

/// The grades of a model; the outer `None` where they name no dimension.
pub(super) fn grades(model: &Model) -> Option<Option<Grades>> {
    let Some(grades) = &model.grades else { return Some(None) };
    let bounds = grades.bounds.iter();
    let bounds = bounds
        .map(|(letter, bound)| (letter.value.as_str().into(), Micropoints::round(bound.value)))
        .collect();
    Some(Some(Grades { of: dimension(model, &grades.of.value)?, bounds }))
}

/// Tiers of the model, or of its accounts.
pub(super) fn tiers(model: &Model, tiers: &[tree::Tier]) -> Option<Vec<Tier>> {
    tiers.iter().map(|tier| self::tier(model, tier)).collect()
}

fn tier(model: &Model, tier: &tree::Tier) -> Option<Tier> {
    let needs = tier.needs.iter();
    let needs: Option<Vec<_>> = needs
        .map(|(name, least)| Some((dimension(model, &name.value)?, Micropoints::round(least.value))))
        .collect();
    Some(Tier {
        name: tier.name.value.as_str().into(),
        from: Micropoints::round(tier.from.value),
        needs: needs?,
    })
}

fn dimension(model: &Model, name: &str) -> Option<usize> {
    model.dimensions.iter().position(|dimension| dimension.name.value == name)
}
