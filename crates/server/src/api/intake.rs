//! `POST /v1/…`: Segment's calls. Answered when what they bring is durable.

use std::sync::Arc;

use axum::{extract::State, http::HeaderMap, response::Response};
use serde_json::{Value as Json, json};

use super::{
    App,
    problem::{Answer, Problem},
    render::json_response,
    request::{self, Sender},
};
use crate::{
    segment::{Call, Code, Kind, Part, Refused, Sending, Written, instant, parse},
    writer::{Delivery, Kept},
};

/// Events in one request: far more than fit as SDKs send them, and no more than one transaction takes.
const MOST_EVENTS: usize = 10_000;

/// How much is kept of what is no event at all.
const GIST: usize = 1024;

/// `POST /v1/track` and the like: one call.
pub(crate) async fn one(
    kind: Kind,
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: axum::body::Body,
) -> Answer<Response> {
    let (sending, body) = read(&app, &headers, body).await?;
    match Call::read(body.root().own(None), Some(kind), sending) {
        Ok(call) => {
            let delivery = Delivery { calls: vec![call], ..Delivery::default() };
            deliver(&app, delivery, Vec::new(), sending).await
        }
        Err(refused) => Err(turn_down(&app, refused, gist(body.root(), None), sending).await),
    }
}

/// `POST /v1/batch`: many calls. Those that cannot be used do not hold up the others.
pub(crate) async fn batch(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: axum::body::Body,
) -> Answer<Response> {
    let (mut sending, body) = read(&app, &headers, body).await?;
    let events = match unfold(&body, &mut sending) {
        Ok(events) => events,
        Err(refused) => return Err(turn_down(&app, refused, gist(body.root(), None), sending).await),
    };
    let context = body.root().get("context").filter(|context| !context.is_null());
    let (mut count, mut delivery, mut told) = (0, Delivery::default(), Vec::new());
    for (index, event) in events.items().enumerate() {
        count += 1;
        match Call::read(event.own(context), None, sending) {
            Ok(call) => delivery.calls.push(call),
            Err(Refused { code, reason }) => {
                told.push(json!({"index": index, "code": code.name(), "reason": reason}));
                delivery.refused.push(Kept { code: code.name(), reason, body: gist(event, context) });
            }
        }
    }
    if count > 0 && delivery.calls.is_empty() {
        app.inbox.deliver(delivery, sending.received).await?;
        let detail = format!("none of the {count} events can be used");
        return Err(Problem::bad("all-rejected", detail).with_rejected(told));
    }
    deliver(&app, delivery, told, sending).await
}

/// Reads a request of a sender who may send.
async fn read(app: &App, headers: &HeaderMap, body: axum::body::Body) -> Answer<(Sending, Written)> {
    app.check_ready()?;
    let sender = request::sender(&app.access, headers)?;
    let bytes = request::bytes_within(headers, body, app.limits.batch_bytes).await;
    let sending = Sending { received: app.now(), sent: None, event_bytes: app.limits.event_bytes };
    let known = sender == Sender::Known;
    let bytes = match bytes {
        Ok(bytes) => bytes,
        Err(problem) if known => {
            let kept =
                Kept { code: problem.code(), reason: problem.detail().to_owned(), body: String::new() };
            return Err(keep(app, kept, sending).await.err().unwrap_or(problem));
        }
        Err(problem) => return Err(problem),
    };
    match parse(&bytes) {
        Ok(body) if known => Ok((sending, body)),
        Ok(body) => request::check_body(&app.access, &body).map(|()| (sending, body)),
        Err(_) if !known => Err(Problem::unauthorized()),
        Err(cause) => {
            let refused = Code::BadJson.because(format!("the body is no JSON: {cause}"));
            Err(turn_down(app, refused, beginning(&bytes), sending).await)
        }
    }
}

/// Hands events over; answers when they are durable.
async fn deliver(app: &App, delivery: Delivery, rejected: Vec<Json>, sending: Sending) -> Answer<Response> {
    let receipt = app.inbox.deliver(delivery, sending.received).await?;
    Ok(json_response(&json!({
        "success": true,
        "accepted": receipt.accepted,
        "duplicates": receipt.duplicates,
        "rejected": rejected,
    })))
}

/// Keeps a request that cannot be used; what to answer.
async fn turn_down(app: &App, refused: Refused, gist: String, sending: Sending) -> Problem {
    let kept = Kept { code: refused.code.name(), reason: refused.reason.clone(), body: gist };
    keep(app, kept, sending).await.err().unwrap_or_else(|| refused.into())
}

/// Keeps what cannot be used.
async fn keep(app: &App, kept: Kept, sending: Sending) -> Answer<()> {
    let delivery = Delivery { refused: vec![kept], ..Delivery::default() };
    app.inbox.deliver(delivery, sending.received).await?;
    Ok(())
}

/// The events of a batch; notes when the batch says that it was sent.
fn unfold<'b>(body: &'b Written, sending: &mut Sending) -> Result<Part<'b>, Refused> {
    let batch = body.root();
    sending.sent = instant("sentAt", batch.get("sentAt"))?;
    let events = batch.get("batch").filter(|events| events.is_list());
    let events = events.ok_or_else(|| Code::NoBatch.because("`batch` is missing, or no list"))?;
    match events.items().count() {
        count if count > MOST_EVENTS => Err(Code::TooMany
            .because(format!("the batch has {count} events: send at most {MOST_EVENTS} at once"))),
        _ => Ok(events),
    }
}

/// What is kept of an event that cannot be used: the write key never is.
fn gist(event: Part<'_>, context: Option<Part<'_>>) -> String {
    beginning(event.own_json(context).to_string().as_bytes())
}

fn beginning(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len().min(GIST)]).into_owned()
}
