//! `/api/v1/voids`: events that do not count, and why.

use std::sync::Arc;

use axum::{body::Body, extract::State, http::HeaderMap, response::Response};
use kelvin_kernel::Instant;
use kelvin_store::{Event, NewVoid, View, Void};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::{
    App, hand_offs, people,
    problem::{Answer, Problem},
    query::{self, Asked, Named, Page},
    render::json_response,
    request,
};
use crate::{
    Error,
    access::{self, Act, Caller},
    segment::Call,
    voids::{self, Caused},
};

/// Voids on one page at most.
const MOST: usize = 1000;

/// Events that are looked at at once.
const EVENTS: usize = 1000;

/// Which events are not to count: those of some ids, or all that meet the rest.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    #[serde(skip_serializing_if = "Option::is_none")]
    ids: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lead: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<String>,
    #[serde(default, skip_serializing)]
    reason: String,
}

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

/// The places of events in the log.
fn seqs(view: &dyn View, ids: &[String]) -> Answer<Vec<u64>> {
    let unknown = |id| Problem::not_found("unknown-event", format!("the log has no event `{id}`"));
    ids.iter().map(|id| seq(view, id)?.ok_or_else(|| unknown(id))).collect()
}

/// The place of an event. One that came without an id goes by its place.
fn seq(view: &dyn View, id: &str) -> Answer<Option<u64>> {
    if let Some(seq) = view.seq_of(id)? {
        return Ok(Some(seq));
    }
    let Ok(seq) = id.parse() else { return Ok(None) };
    let event = view.event(seq)?.filter(|event| event.id.is_none() && id == format!("{seq:020}"));
    Ok(event.map(|event| event.seq))
}

impl Wanted {
    /// The places of the events.
    fn find(&self, view: &dyn View) -> Answer<Vec<u64>> {
        let is_filter =
            self.lead.is_some() || self.event.is_some() || self.from.is_some() || self.to.is_some();
        match &self.ids {
            Some(ids) if !is_filter => seqs(view, ids),
            None if is_filter => self.filtered(view),
            _ => {
                let detail = "either `ids` or some of `lead`, `event`, `from` and `to` tell which events";
                Err(Problem::bad("bad-request", detail))
            }
        }
    }

    fn filtered(&self, view: &dyn View) -> Answer<Vec<u64>> {
        let (from, to) = (query::at(self.from.as_deref())?, query::at(self.to.as_deref())?);
        let mut seqs = Vec::new();
        let mut take = |events: &[Event]| -> Answer<()> {
            for event in events {
                if self.meets(event, from, to)? {
                    seqs.push(event.seq);
                }
            }
            Ok(())
        };
        if let Some(lead) = &self.lead {
            take(&view.events_of(&people::known(view, lead)?.lead)?)?;
            return Ok(seqs);
        }
        let mut after = 0;
        loop {
            let events = view.events(after, EVENTS)?;
            take(&events)?;
            match events.last() {
                Some(last) => after = last.seq,
                None => return Ok(seqs),
            }
        }
    }

    fn meets(&self, event: &Event, from: Option<Instant>, to: Option<Instant>) -> Answer<bool> {
        if from.is_some_and(|from| event.time < from) || to.is_some_and(|to| event.time >= to) {
            return Ok(false);
        }
        let Some(name) = &self.event else { return Ok(true) };
        Ok(Call::from_log(event).ok_or(Error::Damaged(event.seq))?.name == *name)
    }
}
