//! `GET /api/v1/experiments/{id}`: how the arms of an experiment convert.

use std::{collections::BTreeMap, sync::Arc};

use axum::{extract::State, response::Response};
use kelvin_kernel::{Duration, Micropoints};
use kelvin_learn::sequential::{Arm, LEVEL, Race};
use kelvin_model::playbook::outcome::is_kind;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::super::{
    App,
    problem::{Answer, Problem},
    query::{Asked, Named},
    render::{json_response, points},
};
use crate::{DealtArm, Goal, Standing, experiments::standing, playbook::Trial};

/// What counts as a conversion.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Query {
    kind: Option<String>,
    within: Option<String>,
}

/// `GET /api/v1/experiments/{id}`: its arms with what became of their leads since these were dealt.
pub(crate) async fn one(
    State(app): State<Arc<App>>,
    Named(id): Named<String>,
    Asked(query): Asked<Query>,
) -> Answer<Response> {
    app.check_ready()?;
    let goal = query.goal()?;
    app.look(move |app, view| {
        let kept = if app.acts { view.experiments()? } else { Vec::new() };
        let kept = kept.into_iter().find(|kept| kept.id == id);
        let trial = kept.as_ref().and_then(|kept| Some((Trial::read(kept)?, kept)));
        let unknown =
            || Problem::not_found("unknown-experiment", format!("no experiment `{id}` is carried out"));
        let (trial, kept) = trial.ok_or_else(unknown)?;
        let models = app.shelf.serving(view)?;
        let standing = standing(view, &app.definitions, &models, (&trial, kept), &goal, app.now())?;
        Ok(json_response(&told(&standing)))
    })
    .await
}

impl Query {
    fn goal(self) -> Answer<Goal> {
        let kind = self.kind.unwrap_or_else(|| "won".to_owned());
        if !is_kind(&kind) {
            return Err(Problem::bad("bad-query", format!("`{kind}` is no kind of outcome")));
        }
        let within = self.within.as_deref().map(str::parse::<Duration>).transpose();
        let within =
            within.map_err(|cause| Problem::bad("bad-query", format!("`within` is no duration: {cause}")))?;
        Ok(Goal { kind, within })
    }
}

fn told(standing: &Standing) -> Json {
    let races = standing.races();
    let races = std::iter::once(None).chain(races.iter().map(Some));
    let all: Vec<Arm> = standing.arms.iter().map(|dealt| dealt.arm).collect();
    let arms = standing.arms.iter().zip(races).map(|(dealt, race)| {
        let mut told = arm(dealt);
        told["is_astray"] = json!(dealt.arm.astray(&all).is_some());
        told["against_champion"] = json!(race);
        told["more_weeks"] = json!(race.and_then(|race: &Race| standing.more_weeks(&dealt.arm, race)));
        told
    });
    json!({
        "id": standing.id,
        "since": standing.since.to_string(),
        "dealt": standing.dealt.to_string(),
        "as_of": standing.at.to_string(),
        "kind": standing.goal.kind,
        "within": standing.goal.within.map(|within| within.to_string()),
        "error_rate": LEVEL,
        "arms": arms.collect::<Vec<_>>(),
        "left_out": standing.left_out,
    })
}

fn arm(dealt: &DealtArm) -> Json {
    let DealtArm { model, arm, values } = dealt;
    let value = |(currency, millionths): (&Option<String>, &i64)| {
        let currency = currency.clone().unwrap_or_else(|| "none".to_owned());
        (currency, points(Micropoints(*millionths)))
    };
    let [low, high] = arm.rate_interval();
    json!({
        "model": model,
        "share": arm.share,
        "leads": arm.leads,
        "conversions": arm.conversions,
        "rate": arm.rate(),
        "rate_low": low,
        "rate_high": high,
        "values": values.iter().map(value).collect::<BTreeMap<_, _>>(),
    })
}
