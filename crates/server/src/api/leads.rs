//! `GET /api/v1/leads`: leads by score, and one lead with its score at any instant.

mod find;

use std::sync::Arc;

use axum::{
    extract::{Path, State, rejection::PathRejection},
    response::Response,
};
use kelvin_kernel::{Instant, Micropoints, score::Detail};
use kelvin_store::{LeadScore, Owner, View};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use self::find::{Conditions, Found, Search};
use super::{
    App, experiments, people,
    problem::{Answer, Problem},
    query::{self, Asked},
    render::{explained, instant, json_response, points},
    tasks,
};
use crate::{Model, playbook::Trials, writer};

/// Leads on one page at most.
const MOST: usize = 1000;

/// Which leads.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct List {
    model: Option<String>,
    tier: Option<String>,
    min_score: Option<f64>,
    owner: Option<String>,
    account: Option<String>,
    text: Option<String>,
    limit: Option<usize>,
    after: Option<String>,
}

/// When.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct One {
    at: Option<String>,
}

/// `GET /api/v1/leads`: the greatest scores first, page by page.
pub(crate) async fn list(State(app): State<Arc<App>>, Asked(list): Asked<List>) -> Answer<Response> {
    app.check_ready()?;
    app.look(move |app, view| {
        let model = app.model(view, list.model.as_deref())?;
        let (limit, conditions) = (query::limit(list.limit, MOST)?, list.conditions(&model)?);
        let after = list.after.as_deref().map(query::place).transpose()?;
        let search = Search { view, model: &model, conditions: &conditions, now: app.now() };
        let Found { leads, next } = search.page(after, limit)?;
        let next = next.as_ref().map(query::cursor);
        let trials = experiments::trials(app, view)?;
        let told = |score: &LeadScore| line(view, (&model, &trials), score);
        let leads = leads.iter().map(told).collect::<Answer<Vec<_>>>()?;
        Ok(json_response(&json!({"model": model.id(), "leads": leads, "next": next})))
    })
    .await
}

impl List {
    /// What leads are to meet.
    fn conditions(&self, model: &Model) -> Answer<Conditions> {
        let known = model.program().plan().tiers.iter().map(|tier| &*tier.name);
        if let Some(tier) = &self.tier
            && !known.chain(["none", "disqualified"]).any(|known| known == tier)
        {
            return Err(Problem::bad("unknown-tier", format!("`{}` has no tier `{tier}`", model.id())));
        }
        if let Some(wrong) = self.min_score.filter(|score| !score.is_finite()) {
            return Err(Problem::bad(
                "bad-query",
                format!("`min_score` is a number of points, not `{wrong}`"),
            ));
        }
        Ok(Conditions {
            tier: self.tier.clone(),
            min_score: self.min_score.map(Micropoints::round),
            owner: self.owner.clone(),
            account: self.account.clone(),
            text: self.text.as_deref().map(str::to_lowercase),
        })
    }
}

/// `GET /api/v1/leads/{id}`: what every model gives the lead of an id at an instant, and why.
pub(crate) async fn one(
    State(app): State<Arc<App>>,
    lead: Result<Path<String>, PathRejection>,
    Asked(one): Asked<One>,
) -> Answer<Response> {
    let id = people::named(lead)?;
    app.check_ready()?;
    app.look(move |app, view| {
        let at = query::at(one.at.as_deref())?.unwrap_or_else(|| app.now());
        let lead = people::known(view, &id)?.lead;
        let scores = scores(app, view, &lead, at)?;
        let attributes = attributes(view, &lead, at)?;
        let (owner, task) = with_sales(view, &lead)?;
        Ok(json_response(&json!({
            "lead_id": lead,
            "as_of": at.to_string(),
            "ids": people::ids(view, &lead)?,
            "attributes": attributes,
            "scores": scores,
            "owner": owner,
            "task": task,
            "experiments": experiments::arms_of(&experiments::trials(app, view)?, &lead),
        })))
    })
    .await
}

/// Who has the lead, and what is to be done about it now.
fn with_sales(view: &dyn View, lead: &str) -> Answer<(Json, Json)> {
    let latest = view.hand_offs(Some(lead), None, 1)?.pop();
    let task = latest.as_ref().map(|latest| view.task(latest.seq)).transpose()?.flatten();
    let open = task.filter(|task| !task.state.is_closed());
    Ok((json!(latest.and_then(|latest| latest.owner)), open.as_ref().map_or(Json::Null, tasks::task)))
}

fn line(view: &dyn View, (model, trials): (&Model, &Trials), score: &LeadScore) -> Answer<Json> {
    Ok(json!({
        "lead_id": score.lead,
        "score": points(score.score),
        "tier": score.tier,
        "grade": score.grade,
        "until": instant(until(view, model, score)?),
        "as_of": score.at.to_string(),
        "experiments": experiments::arms_of(trials, &score.lead),
    }))
}

/// When a lead's tier changes, as of when its score was computed: it is kept only as far as the service had to look ahead.
fn until(view: &dyn View, model: &Model, kept: &LeadScore) -> Answer<Option<Instant>> {
    let Some(bound) = kept.until else { return Ok(None) };
    let Some(mut state) = writer::known_state(view, model, &kept.lead)? else { return Ok(Some(bound)) };
    let score = model.score(&mut state, view, kept.at, Detail { until: true, reasons: false })?;
    Ok(score.and_then(|score| score.until))
}

/// The scores by all models that apply; a problem if no model ever heard of the lead. One that sales has is known, though none of
/// its events may count any more.
fn scores(app: &App, view: &dyn View, lead: &str, at: Instant) -> Answer<Vec<Json>> {
    let mut scores = Vec::new();
    let mut is_known = false;
    let serving = app.shelf.serving(view)?;
    if serving.is_empty() && !view.pending_switches()?.is_empty() {
        return Err(Problem::not_ready());
    }
    for model in serving {
        let Some(mut state) = writer::known_state(view, &model, lead)? else { continue };
        is_known = true;
        let detail = Detail { until: true, reasons: true };
        if let Some(score) = model.score(&mut state, view, at, detail)? {
            scores.push(explained(model.program().plan(), lead, &score, at));
        }
    }
    if is_known || !view.hand_offs(Some(lead), None, 1)?.is_empty() {
        Ok(scores)
    } else {
        Err(Problem::not_found("unknown-lead", format!("nothing is known of `{lead}`")))
    }
}

/// All attributes as of an instant, also those that no model reads.
fn attributes(view: &dyn View, lead: &str, at: Instant) -> Answer<Map<String, Json>> {
    let known = view.attributes(Owner::Lead(lead), at)?;
    Ok(known.into_iter().filter_map(|(key, value)| Some((key, serde_json::from_str(&value).ok()?))).collect())
}
