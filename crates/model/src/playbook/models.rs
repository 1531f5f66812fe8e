//! A playbook beside the models that it speaks of: do the models and the tiers exist, and in the right order?

use kelvin_kernel::Micropoints;

use super::{experiment::Trial, forms::meant, plan::Leave, read::Mention};
use crate::{
    diagnostics::{self, Diagnostic},
    span::Spanned,
    tree::{Model, Tier},
};

/// What is wrong with the names of models and tiers. There is at least one model.
pub(super) fn check(mentions: &[Mention], trials: &[Trial], models: &[&Model]) -> Vec<Diagnostic> {
    let mut problems: Vec<_> = mentions.iter().flat_map(|mention| one(mention, models)).collect();
    for trial in trials {
        problems.extend(trial.models().filter_map(|name| named(name, models).err()));
        problems.extend(trial.challengers.iter().flat_map(|name| lacks(name, trial, mentions, models)));
    }
    problems
}

/// The tiers that hand-offs and alerts name of a champion, and that its challenger does not have.
fn lacks(name: &Spanned<String>, trial: &Trial, mentions: &[Mention], models: &[&Model]) -> Vec<Diagnostic> {
    let Ok(challenger) = named(name, models) else { return Vec::new() };
    let speaks_of_champion =
        |mention: &&Mention| mention.model.as_ref().is_some_and(|model| model.value == trial.champion.value);
    let tiers = mentions.iter().filter(speaks_of_champion).filter_map(|mention| mention.tier.as_ref());
    let missing = tiers.filter(|tier| known(challenger, tier).is_none());
    missing.map(|tier| unknown_tier(&Spanned::new(tier.value.clone(), name.span), challenger)).collect()
}

fn one(mention: &Mention, models: &[&Model]) -> Vec<Diagnostic> {
    let model = match model(mention, models) {
        Ok(Some(model)) => model,
        Ok(None) => return Vec::new(),
        Err(problem) => return vec![problem],
    };
    let leave = mention.leave.as_ref().and_then(|leave| match &leave.value {
        Leave::Tier(tier) => Some(Spanned::new(tier.clone(), leave.span)),
        Leave::Score(_) => None,
    });
    let names = mention.tier.iter().chain(&leave);
    let unknown = names.filter(|name| known(model, name).is_none());
    let mut problems: Vec<Diagnostic> = unknown.map(|name| unknown_tier(name, model)).collect();
    let tier = mention.tier.as_ref().and_then(|tier| known(model, tier));
    if let (Some(leave), Some(tier)) = (&mention.leave, tier) {
        problems.extend(leave_is_below(leave, tier, model));
    }
    problems
}

/// The model that is meant. `None` where nothing of the model is spoken of.
fn model<'m>(mention: &Mention, models: &[&'m Model]) -> Result<Option<&'m Model>, Diagnostic> {
    match (&mention.model, models) {
        (None, [only]) => Ok(Some(only)),
        (None, _) => {
            let id = &mention.id;
            let message = format!("the {} `{}` does not say of which model", mention.what, id.value);
            let ids: Vec<&str> = ids(models).collect();
            let help = format!("give it `model`: {}", diagnostics::one_of(ids));
            Err(Diagnostic::error("missing-key", message, id.span).help(help))
        }
        (Some(name), _) => named(name, models).map(Some),
    }
}

/// The model of a name.
fn named<'m>(name: &Spanned<String>, models: &[&'m Model]) -> Result<&'m Model, Diagnostic> {
    let is_meant = |model: &&'m Model| model.id.as_ref().is_some_and(|id| id.value == name.value);
    models.iter().copied().find(is_meant).ok_or_else(|| {
        let ids: Vec<&str> = ids(models).collect();
        let help = meant(&name.value, "model", ids.into_iter());
        diagnostics::unknown_model(&name.value, help, name.span)
    })
}

fn ids<'m>(models: &[&'m Model]) -> impl Iterator<Item = &'m str> {
    models.iter().filter_map(|model| Some(model.id.as_ref()?.value.as_str()))
}

fn known<'m>(model: &'m Model, name: &Spanned<String>) -> Option<&'m Tier> {
    model.tiers.iter().find(|tier| tier.name.value == name.value)
}

fn unknown_tier(name: &Spanned<String>, model: &Model) -> Diagnostic {
    let tiers: Vec<&str> = model.tiers.iter().map(|tier| tier.name.value.as_str()).collect();
    let help = meant(&name.value, "tier", tiers.into_iter());
    let id = model.id.as_ref().map(|id| id.value.as_str()).unwrap_or_default();
    diagnostics::unknown_tier(&name.value, id, help, name.span)
}

/// A lead that enters a tier must not be below what it has to fall below.
fn leave_is_below(leave: &Spanned<Leave>, tier: &Tier, model: &Model) -> Option<Diagnostic> {
    let (name, from) = (tier.name.value.as_str(), tier.from.value);
    let (is_above, why) = match &leave.value {
        Leave::Score(score) => {
            let why = format!("{score} is above the {from} at which `{name}` begins");
            (*score > Micropoints::round(from), why)
        }
        Leave::Tier(other) => {
            let place = |wanted: &str| model.tiers.iter().position(|tier| tier.name.value == wanted);
            (place(other)? > place(name)?, format!("`{other}` lies above `{name}`"))
        }
    };
    is_above.then(|| diagnostics::leave_above_tier(&why, name, leave.span))
}
