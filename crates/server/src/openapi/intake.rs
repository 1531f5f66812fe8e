//! The intake: Segment's calls.

use serde_json::{Value as Json, json};

use super::{
    operation::{Operation, get, part, post},
    schema::{list, map, object, text, with},
    shapes::receipt,
};
use crate::segment::Kind;

/// What may be wrong with a call.
const CALL: [&str; 9] = [
    "bad-json",
    "no-object",
    "unknown-type",
    "missing-user",
    "missing-event",
    "bad-id",
    "bad-time",
    "too-deep",
    "event-too-large",
];

/// What may be wrong with any delivery.
const DELIVERY: [&str; 5] = ["wrong-write-key", "origin-not-allowed", "busy", "not-ready", "store-failed"];

pub(super) fn operations() -> Vec<Operation> {
    let mut operations = vec![settings()];
    for kind in Kind::ALL {
        let name = kind.name();
        operations.push(one(name, name, "A call, kept once it is answered"));
        operations.push(one(&name[..1], &format!("{name}Short"), "The same, as some SDKs write it"));
    }
    operations.push(batch("/v1/batch", "batch", "Many calls at once"));
    operations.push(batch("/v1/b", "batchShort", "The same, as some SDKs write it"));
    operations
}

fn one(path: &str, name: &str, summary: &str) -> Operation {
    delivery(post(&format!("/v1/{path}"), name), summary, call()).or(&CALL)
}

fn batch(path: &str, name: &str, summary: &str) -> Operation {
    let batch = with(object(json!({"batch": list(call())})), json!({"sentAt": text(), "writeKey": text()}));
    let codes = ["bad-json", "no-batch", "bad-time", "all-rejected", "too-many-events"];
    delivery(post(path, name), summary, batch).or(&codes)
}

fn delivery(operation: Operation, summary: &str, body: Json) -> Operation {
    let kept = "What was accepted is on the disk, with the scores that follow from it.";
    let operation = operation.about("intake", summary).reads(body).answers(kept, receipt());
    operation.to(&["write_key"]).or(&DELIVERY)
}

/// A call; what else it holds is an event's to the model.
fn call() -> Json {
    let id = json!({"type": ["string", "number", "null"]});
    let known = json!({
        "type": text(),
        "userId": id,
        "anonymousId": id,
        "messageId": text(),
        "event": text(),
        "timestamp": text(),
        "traits": map(json!({})),
        "properties": map(json!({})),
        "context": map(json!({})),
    });
    with(object(json!({})), known)
}

fn settings() -> Operation {
    let sender = object(json!({"apiKey": text(), "apiHost": text(), "protocol": text()}));
    let integrations = object(json!({"Segment.io": sender}));
    get("/v1/projects/{key}/settings", "settings")
        .about("intake", "What analytics.js asks for before it sends")
        .takes([part("key", text(), "The write key.")])
        .answers("Where to send.", object(json!({"integrations": integrations, "plan": map(json!({}))})))
        .or(&["bad-host", "bad-path", "origin-not-allowed"])
}
