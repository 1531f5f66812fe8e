//! `GET /api/v1/events`: the log, as `kelvin score` reads it.

use std::sync::Arc;

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use kelvin_store::Event;
use serde_json::{Map, Value as Json, json};

use super::{
    App,
    problem::Answer,
    query::{self, Asked, Page},
};
use crate::{Error, segment::Call};

/// Events on one page at most.
const MOST: usize = 10_000;

/// In the order of arrival, page by page, as JSON Lines of Segment calls; `kelvin-next` is the `after` of the next page.
pub(crate) async fn list(State(app): State<Arc<App>>, Asked(page): Asked<Page>) -> Answer<Response> {
    app.look(move |_, view| {
        let limit = query::limit(page.limit, MOST)?;
        let events = view.events(page.after.unwrap_or(0), limit)?;
        let mut lines = String::new();
        for event in &events {
            lines.push_str(&line(event)?.to_string());
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

/// An event as the call that tells all that the log knows: by our clock, with the id by which it is ordered, and
/// as a call of the lead that it belongs to.
fn line(event: &Event) -> Result<Json, Error> {
    let mut call = Call::from_log(event).ok_or(Error::Damaged(event.seq))?;
    let mut line = Map::new();
    line.insert("seq".to_owned(), json!(event.seq));
    line.insert("type".to_owned(), json!(event.call));
    line.insert("messageId".to_owned(), json!(call.event_id(event.seq).text()));
    line.insert("timestamp".to_owned(), json!(event.time.to_string()));
    line.insert("receivedAt".to_owned(), json!(event.received.to_string()));
    for (key, value) in std::mem::take(&mut call.body) {
        line.entry(key).or_insert(value);
    }
    if event.lead != event.profile {
        line.insert("userId".to_owned(), json!(event.lead));
        line.insert("profile".to_owned(), json!(event.profile));
    }
    Ok(Json::Object(line))
}
