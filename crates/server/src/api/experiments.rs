//! `/api/v1/experiments`: which models stand in for which, and what came of it.

mod conversions;

use std::{collections::BTreeMap, sync::Arc};

use axum::{extract::State, response::Response};
use kelvin_kernel::Instant;
use kelvin_store::{Place, View};
use serde_json::{Value as Json, json};

pub(crate) use self::conversions::one;
use super::{App, problem::Answer, render::json_response};
use crate::{
    Model,
    playbook::{Trial, Trials},
};

/// Leads that are looked up at once.
const LEADS: usize = 1000;

/// `GET /api/v1/experiments`: every experiment with its arms, by tiers and hand-offs.
pub(crate) async fn list(State(app): State<Arc<App>>) -> Answer<Response> {
    app.check_ready()?;
    app.look(|app, view| {
        let models = app.shelf.serving(view)?;
        let mut told = Vec::new();
        // Those of a playbook that is not carried out wait for it to be back.
        let kept = if app.acts { view.experiments()? } else { Vec::new() };
        for kept in kept {
            let Some(trial) = Trial::read(&kept) else { continue };
            told.push(experiment(view, &models, &trial, kept.since)?);
        }
        Ok(json_response(&json!({ "experiments": told })))
    })
    .await
}

/// The experiments that are carried out.
pub(super) fn trials(app: &App, view: &dyn View) -> Answer<Trials> {
    if app.acts { Ok(Trials::read(view)?) } else { Ok(Trials::default()) }
}

/// By each experiment, the model that counts for a lead.
pub(super) fn arms_of(trials: &Trials, lead: &str) -> Vec<Json> {
    let arm = |trial: &Trial| json!({"id": trial.experiment.id, "model": trial.counting(lead)});
    trials.iter().map(arm).collect()
}

fn experiment(view: &dyn View, models: &[Model], trial: &Trial, since: Instant) -> Answer<Json> {
    let mut arms = Vec::new();
    for model in trial.arms() {
        let of_arm = |lead: &str| trial.counting(lead) == model;
        let mut told = arm(view, models, model, of_arm)?;
        told["share"] = json!(trial.experiment.share(model));
        told["hand_offs"] = json!(view.hand_offs_by(model, since)?);
        arms.push(told);
    }
    let shadow = trial.experiment.shadow.iter().map(|model| arm(view, models, model, |_| true));
    Ok(json!({
        "id": trial.experiment.id,
        "champion": trial.experiment.champion,
        "since": since.to_string(),
        "arms": arms,
        "shadow": shadow.collect::<Answer<Vec<_>>>()?,
    }))
}

/// A model with the leads of its arm that it gives a score, by tier.
fn arm(view: &dyn View, models: &[Model], id: &str, is_of: impl Fn(&str) -> bool) -> Answer<Json> {
    let serving = models.iter().find(|model| model.id() == id);
    let mut tiers = BTreeMap::new();
    if let Some(model) = serving {
        each_lead(view, model, &mut |lead, tier| {
            if is_of(lead) {
                *tiers.entry(tier.unwrap_or("none").to_owned()).or_insert(0_u64) += 1;
            }
        })?;
    }
    let leads: u64 = tiers.values().sum();
    Ok(json!({"model": id, "in_service": serving.is_some(), "leads": leads, "tiers": tiers}))
}

/// Shows every lead that a model gives a score, with its tier.
fn each_lead(view: &dyn View, model: &Model, show: &mut dyn FnMut(&str, Option<&str>)) -> Answer<()> {
    let mut after: Option<Place> = None;
    loop {
        let leads = view.ranked(model.key(), None, after.as_ref(), LEADS)?;
        leads.iter().for_each(|row| show(&row.lead, row.tier.as_deref()));
        let Some(last) = leads.last().filter(|_| leads.len() == LEADS) else { return Ok(()) };
        after = Some(Place { score: last.score, lead: last.lead.clone() });
    }
}
