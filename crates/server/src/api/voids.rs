//! `/api/v1/voids`: events that do not count, and why.

mod wanted;

use std::sync::Arc;

use axum::{body::Body, extract::State, http::HeaderMap, response::Response};
use kelvin_store::{NewVoid, View, Void};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use self::wanted::{Wanted, seqs};
use super::{
    App, hand_offs,
    problem::{Answer, Problem},
    query::{self, Asked, Named, Page},
    render::json_response,
    request,
};
use crate::{
    access::{self, Act, Caller},
    voids::{self, Caused},
};

/// Voids on one page at most.
const MOST: usize = 1000;

/// Which events of a void are to count again; all where none is named.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Lifted {
    ids: Option<Vec<String>>,
}

/// `POST /api/v1/voids`: events that are in the log now do not count any more.
pub(crate) async fn make(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Answer<Response> {
    app.check_ready()?;
    let wanted: Wanted = request::read(&headers, body).await?;
    let (reason, asked) = (wanted.reason.clone(), json!(wanted).to_string());
    let seqs = Arc::clone(&app).look(move |_, view| wanted.find(view)).await?;
    let made = app.inbox.ask(move |change, now, upset| -> Answer<(u64, usize)> {
        let new = NewVoid { at: now, cause: voids::BY_HAND, reason: &reason, asked: &asked };
        let number = change.put_void(&new)?;
        let count = voids::set(change, number, &seqs, &mut upset.leads)?;
        access::note(change, &caller, now, Act::new("void.make", &subject(number)).after(&asked))?;
        Ok((number, count))
    });
    let (number, count) = made.await?;
    // Not by the writer, on whom all wait.
    let look = move |app: &App, view: &dyn View| -> Answer<Json> {
        let caused = voids::caused(view, app.shelf.all(), number)?;
        Ok(with_caused(json!({"void": number, "events": count}), &caused))
    };
    Ok(json_response(&app.look(look).await?))
}

/// `GET /api/v1/voids/{void}`: one, with the hand-offs that it leaves without ground.
pub(crate) async fn one(State(app): State<Arc<App>>, Named(number): Named<u64>) -> Answer<Response> {
    app.check_ready()?;
    app.look(move |app, view| {
        let void = view.void(number)?.ok_or_else(|| nowhere(number))?;
        let caused = voids::caused(view, app.shelf.all(), number)?;
        Ok(json_response(&with_caused(line(&void), &caused)))
    })
    .await
}

/// `POST /api/v1/voids/{void}/lift`: events count again.
pub(crate) async fn lift(
    State(app): State<Arc<App>>,
    caller: Caller,
    Named(number): Named<u64>,
    headers: HeaderMap,
    body: Body,
) -> Answer<Response> {
    app.check_ready()?;
    let Lifted { ids } = request::read(&headers, body).await?;
    let lifted = app.inbox.ask(move |change, now, upset| -> Answer<Json> {
        change.void(number)?.ok_or_else(|| nowhere(number))?;
        let seqs = match &ids {
            Some(ids) => seqs(change, ids)?,
            None => change.voided_by(number)?,
        };
        let count = voids::lift(change, number, &seqs, &mut upset.leads)?;
        access::note(change, &caller, now, Act::new("void.lift", &subject(number)).after(&in_short(count)))?;
        Ok(json!({"void": number, "events": count}))
    });
    Ok(json_response(&lifted.await?))
}

/// `GET /api/v1/voids`: the latest first, page by page.
pub(crate) async fn list(State(app): State<Arc<App>>, Asked(page): Asked<Page>) -> Answer<Response> {
    app.look(move |_, view| {
        let limit = query::limit(page.limit, MOST)?;
        let voids = view.voids(page.after, limit)?;
        let next = voids.last().filter(|_| voids.len() == limit).map(|last| last.number);
        let lines: Vec<_> = voids.iter().map(line).collect();
        Ok(json_response(&json!({"voids": lines, "next": next})))
    })
    .await
}

fn nowhere(void: u64) -> Problem {
    Problem::not_found("unknown-void", format!("there is no void {void}"))
}

fn subject(void: u64) -> String {
    format!("void {void}")
}

fn in_short(events: usize) -> String {
    format!("{events} events")
}

fn line(void: &Void) -> Json {
    json!({
        "void": void.number,
        "at": void.at.to_string(),
        "cause": void.cause,
        "reason": void.reason,
        "asked": serde_json::from_str::<Json>(&void.asked).unwrap_or_default(),
        "events": void.events,
    })
}

/// A void as it is told, with the hand-offs that it leaves without ground.
fn with_caused(mut told: Json, caused: &Caused) -> Json {
    told["hand_offs"] = caused.hand_offs.iter().map(hand_offs::hand_off).collect();
    told["complete"] = json!(caused.is_all);
    told
}
