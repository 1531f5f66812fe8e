//! `GET /api/v1/outbox`: what is to be sent, what was, and what was given up; the last can be sent again.

use std::sync::Arc;

use axum::{
    extract::{Path, State, rejection::PathRejection},
    response::Response,
};
use kelvin_store::{Change, Message, MessageState};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{
    App,
    problem::{Answer, Problem},
    query::{self, Asked},
    render::{instant, json_response},
};
use crate::access::{Act, Caller, note};

/// Messages on one page at most.
const MOST: usize = 1000;

/// Which messages.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct List {
    state: Option<String>,
    limit: Option<usize>,
    after: Option<u64>,
}

/// The pending ones in their order, the others the latest first, page by page.
pub(crate) async fn list(State(app): State<Arc<App>>, Asked(list): Asked<List>) -> Answer<Response> {
    app.look(move |_, view| {
        let state = state(list.state.as_deref())?;
        let limit = query::limit(list.limit, MOST)?;
        let messages = view.messages(state, list.after, limit)?;
        let next = messages.last().filter(|_| messages.len() == limit).map(|last| last.seq);
        let lines: Vec<_> = messages.iter().map(line).collect();
        Ok(json_response(&json!({"messages": lines, "next": next})))
    })
    .await
}

/// Puts a message that was given up behind those of its lane.
pub(crate) async fn replay(
    State(app): State<Arc<App>>,
    caller: Caller,
    id: Result<Path<String>, PathRejection>,
) -> Answer<Response> {
    let Path(id) = id.map_err(|cause| Problem::bad("bad-path", cause.body_text()))?;
    let now = app.now();
    let replayed = app.inbox.ask(move |change, _, _| -> Answer<Message> {
        if !change.replay(&id, now)? {
            let is = find(change, &id)?.state.name();
            let detail = format!("`{id}` is {is}: only what was given up is sent again");
            return Err(Problem::conflict("not-dead", detail));
        }
        note(change, &caller, now, Act::new("message.replay", &format!("message {id}")))?;
        find(change, &id)
    });
    Ok(json_response(&line(&replayed.await?)))
}

fn find(change: &dyn Change, id: &str) -> Answer<Message> {
    let unknown = || Problem::not_found("unknown-message", format!("no message has the id `{id}`"));
    change.message(id)?.ok_or_else(unknown)
}

fn state(name: Option<&str>) -> Answer<MessageState> {
    let unknown = || Problem::bad("bad-state", "`state` is `pending`, `dead` or `delivered`");
    name.map_or(Ok(MessageState::Pending), |name| MessageState::named(name).ok_or_else(unknown))
}

fn line(message: &Message) -> Json {
    json!({
        "seq": message.seq,
        "id": message.id,
        "lane": message.lane,
        "target": message.target,
        "kind": message.kind,
        "state": message.state.name(),
        "at": message.at.to_string(),
        "due": instant(message.due),
        "attempts": message.attempts,
        "error": message.error,
        "settled_at": instant(message.settled),
        "message": serde_json::from_str::<Json>(&message.body).ok(),
    })
}
