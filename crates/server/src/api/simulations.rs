//! `/api/v1/simulations`: what a model would change if it were published now.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use kelvin_store::Change;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{
    App,
    models::{checked, read},
    problem::{Answer, Problem},
    query::{self, Asked, Named},
    render::{json_response, points},
};
use crate::{
    models::{Moved, Outcome, SIMULATION_READERS, Simulation},
    playbook::{Effect, Effects, Foreseen, Load},
    writer::Office,
};

/// Leads on one page at most.
const MOST: usize = 10_000;

/// What is simulated.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewSimulation {
    text: String,
    #[serde(default)]
    name: Option<String>,
}

/// Which leads that would change their tier.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct List {
    /// The tier before; `none` is no tier.
    from: Option<String>,
    /// The tier after.
    to: Option<String>,
    limit: Option<usize>,
    /// The last lead of the page before.
    after: Option<String>,
}

/// `POST /api/v1/simulations`: has all leads scored by a model that does not serve.
pub(crate) async fn start(State(app): State<Arc<App>>, headers: HeaderMap, body: Body) -> Answer<Response> {
    app.check_ready()?;
    let NewSimulation { text, name } = read(&headers, body).await?;
    let model = checked(name.as_deref().unwrap_or("model.yaml"), &text)?;
    let readers = app.inbox.readers(SIMULATION_READERS).await?;
    let begin = move |change: &mut dyn Change, office: &Office<'_>| {
        Ok((Simulation::new(change, model, office)?, change.log_end()?))
    };
    let (simulation, end) = app.inbox.run(begin).await?;
    let begun = app.simulations.start(simulation, readers, end);
    let number = begun.ok_or_else(|| Problem::conflict("under-way", "another simulation is running"))??;
    let mut response = json_response(&json!({"simulation": number, "status": "running"}));
    *response.status_mut() = StatusCode::ACCEPTED;
    Ok(response)
}

/// `GET /api/v1/simulations/{number}`: how far it is, or what it found.
pub(crate) async fn one(State(app): State<Arc<App>>, Named(number): Named<u64>) -> Answer<Response> {
    let simulation = found(&app, number)?;
    let progress = simulation.incoming.progress();
    let mut told = json!({
        "simulation": number,
        "model": simulation.model.id(),
        "against": simulation.against.as_ref().map(|switch| switch.version),
        "as_of": simulation.at.to_string(),
        "status": "running",
        "progress": {"done": progress.done, "all": progress.all},
    });
    match simulation.outcome() {
        None => {}
        Some(Err(failure)) => (told["status"], told["failure"]) = (json!("failed"), json!(failure)),
        Some(Ok(outcome)) => {
            told["status"] = json!("done");
            tell(&mut told, &outcome);
        }
    }
    Ok(json_response(&told))
}

/// `GET /api/v1/simulations/{number}/leads`: the leads that would change their tier, page by page.
pub(crate) async fn leads(
    State(app): State<Arc<App>>,
    Named(number): Named<u64>,
    Asked(list): Asked<List>,
) -> Answer<Response> {
    let outcome = match found(&app, number)?.outcome() {
        Some(Ok(outcome)) => outcome,
        Some(Err(_)) => return Err(Problem::conflict("failed", format!("simulation {number} failed"))),
        None => return Err(Problem::conflict("running", format!("simulation {number} has not ended"))),
    };
    let limit = query::limit(list.limit, MOST)?;
    let start =
        list.after.as_ref().map_or(0, |after| outcome.moved.partition_point(|moved| moved.lead <= *after));
    let page: Vec<&Moved> =
        outcome.moved[start..].iter().filter(|moved| list.wants(moved)).take(limit).collect();
    let next = page.last().filter(|_| page.len() == limit).map(|last| &last.lead);
    Ok(json_response(
        &json!({"leads": page.iter().map(|moved| line(moved)).collect::<Vec<_>>(), "next": next}),
    ))
}

impl List {
    fn wants(&self, moved: &Moved) -> bool {
        let is = |asked: &Option<String>, tier: &Option<String>| {
            asked.as_deref().is_none_or(|asked| asked == tier.as_deref().unwrap_or("none"))
        };
        is(&self.from, &moved.from) && is(&self.to, &moved.to)
    }
}

fn found(app: &App, number: u64) -> Answer<Arc<Simulation>> {
    let unknown = || Problem::not_found("unknown-simulation", format!("simulation {number} is not kept"));
    app.simulations.get(number).ok_or_else(unknown)
}

fn tell(told: &mut Json, outcome: &Outcome) {
    let moves = outcome.moves.iter();
    let moves: Vec<_> =
        moves.map(|((from, to), leads)| json!({"from": from, "to": to, "leads": leads})).collect();
    let bars = |bars: &std::collections::BTreeMap<i64, u64>| -> Json {
        bars.iter().map(|(from, leads)| json!({"from": from, "leads": leads})).collect()
    };
    told["leads"] = json!(outcome.leads);
    told["moves"] = json!(moves);
    told["entered"] = json!(outcome.entered);
    told["scores"] = json!({"before": bars(&outcome.before), "after": bars(&outcome.after)});
    if let Some(Foreseen { hand_offs, alerts, owners, unassigned }) = &outcome.foreseen {
        told["hand_offs"] = effects("hand_off", hand_offs);
        told["alerts"] = effects("alert", alerts);
        told["owners"] = owners.iter().map(load).collect();
        told["unassigned"] = json!(unassigned);
    }
}

/// What would come: how many of each, and the first of them.
fn effects(kind: &str, effects: &Effects) -> Json {
    let one = |effect: &Effect| {
        let Effect { rule, lead, owner, from, to, score } = effect;
        json!({
            kind: rule,
            "lead_id": lead,
            "owner": owner,
            "from": from,
            "to": to,
            "score": points(*score),
        })
    };
    let first: Vec<_> = effects.first.iter().map(one).collect();
    json!({"total": effects.total(), "by_rule": effects.by_rule, "first": first})
}

fn load(load: &Load) -> Json {
    let Load { owner, open, this_week, would_get, capacity } = load;
    json!({
        "owner": owner,
        "open": open,
        "this_week": this_week,
        "would_get": would_get,
        "capacity": capacity,
    })
}

fn line(moved: &Moved) -> Json {
    json!({
        "lead_id": moved.lead,
        "from": moved.from,
        "to": moved.to,
        "score_before": moved.before.map(points),
        "score_after": moved.after.map(points),
    })
}
