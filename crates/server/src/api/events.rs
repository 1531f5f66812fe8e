//! `GET /api/v1/events`: the log, as `kelvin score` reads it.

use std::sync::Arc;

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use kelvin_store::{Event, Void};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use super::{
    App,
    problem::Answer,
    query::{self, Asked},
};
use crate::{Error, segment::Call};

/// Events on one page at most.
const MOST: usize = 10_000;

/// A part of the log.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Part {
    limit: Option<usize>,
    after: Option<u64>,
    #[serde(default)]
    voided: bool,
}

/// In the order of arrival, page by page, as JSON Lines of Segment calls; `kelvin-next` is the `after` of the next page.
/// Events that do not count are left out, unless asked for.
pub(crate) async fn list(State(app): State<Arc<App>>, Asked(page): Asked<Part>) -> Answer<Response> {
    app.look(move |_, view| {
        let limit = query::limit(page.limit, MOST)?;
        let events = view.events(page.after.unwrap_or(0), limit)?;
        let mut lines = String::new();
        for event in events.iter().filter(|event| page.voided || !event.is_void) {
            let mut line = line(event)?;
            if event.is_void {
                line["voided"] = view.voids_of(event.seq)?.iter().map(why).collect();
            }
            lines.push_str(&line.to_string());
            lines.push('\n');
        }
        let mut response = ([(header::CONTENT_TYPE, "application/x-ndjson")], lines).into_response();
        if let Some(last) = events.last().filter(|_| events.len() == limit) {
            response.headers_mut().insert("kelvin-next", last.seq.into());
        }
        Ok(response)
    })
    .await
}

/// Why an event does not count.
fn why(void: &Void) -> Json {
    json!({"void": void.number, "cause": void.cause, "reason": void.reason})
}

/// An event as the call that tells all that the log knows: by our clock, with the id by which it is ordered, and
/// as a call of the lead that it belongs to.
pub(crate) fn line(event: &Event) -> Result<Json, Error> {
    let call = Call::from_log(event).ok_or(Error::Damaged(event.seq))?;
    let mut line = Map::new();
    line.insert("seq".to_owned(), json!(event.seq));
    line.insert("type".to_owned(), json!(event.call));
    line.insert("messageId".to_owned(), json!(call.event_id(event.seq).text()));
    line.insert("timestamp".to_owned(), json!(event.time.to_string()));
    line.insert("receivedAt".to_owned(), json!(event.received.to_string()));
    for (key, value) in call.body.root().entries() {
        // In a file, that key would say whose the event is.
        if key != "lead_id" {
            line.entry(key).or_insert(value);
        }
    }
    if event.lead != event.profile {
        line.insert("userId".to_owned(), json!(event.lead));
        line.insert("profile".to_owned(), json!(event.profile));
    }
    Ok(Json::Object(line))
}
