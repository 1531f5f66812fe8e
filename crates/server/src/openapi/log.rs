//! What came: events, those that could not be used, those that do not count.

use serde_json::json;

use super::{
    operation::{Operation, after, get, limit, part, post, query},
    schema::{count, flag, instant, list, named, object, page, plus, strict, text, with},
    shapes,
};

pub(super) fn operations() -> Vec<Operation> {
    vec![events(), rejected(), voids(), make(), one_void(), lift()]
}

fn events() -> Operation {
    get("/api/v1/events", "events")
        .about("log", "Events in the order of arrival, one JSON object (an `Event`) a line")
        .takes([limit(10_000), after(count()), query("voided", flag(), "Also those that do not count.")])
        .answers_as("application/x-ndjson", "A page.", text())
        .tells("kelvin-next", count(), "The `after` of the next page; absent on the last.")
        .or(&["bad-query", "bad-limit", "store-failed"])
}

fn rejected() -> Operation {
    get("/api/v1/rejected", "rejected")
        .about("log", "Events that could not be used, the latest first")
        .takes([limit(1000), after(count())])
        .answers("A page.", page("rejected", named("Rejected"), count()))
        .or(&["bad-query", "bad-limit", "store-failed"])
}

fn voids() -> Operation {
    get("/api/v1/voids", "voids")
        .about("log", "What made events not count, the latest first")
        .takes([limit(1000), after(count())])
        .answers("A page.", page("voids", named("Void"), count()))
        .or(&["bad-query", "bad-limit", "store-failed"])
}

fn make() -> Operation {
    let optional = |schema: serde_json::Value| json!({"anyOf": [schema, {"type": "null"}]});
    let keys = json!({
        "ids": optional(list(text())),
        "lead": optional(text()),
        "event": optional(text()),
        "if": optional(text()),
        "from": optional(instant()),
        "to": optional(instant()),
        "reason": text(),
    });
    post("/api/v1/voids", "makeVoid")
        .about("log", "Make events not count: those of some `ids`, or all that meet the rest")
        .reads(strict(with(object(json!({})), keys)))
        .answers(
            "How many do not count now, and the hand-offs that would not have been without them.",
            plus(changed(), caused()),
        )
        .or(&[
            "bad-request",
            "bad-condition",
            "bad-time",
            "unknown-event",
            "unknown-lead",
            "busy",
            "not-ready",
            "store-failed",
        ])
}

fn one_void() -> Operation {
    get("/api/v1/voids/{void}", "oneVoid")
        .about("log", "One void, with the hand-offs that would not have been without its events")
        .takes([part("void", count(), "The void.")])
        .answers("It.", plus(shapes::void(), caused()))
        .or(&["bad-path", "unknown-void", "not-ready", "store-failed"])
}

fn lift() -> Operation {
    let body = with(object(json!({})), json!({"ids": {"anyOf": [list(text()), {"type": "null"}]}}));
    post("/api/v1/voids/{void}/lift", "liftVoid")
        .about("log", "Make events of a void count again: those of some `ids`, or all")
        .takes([part("void", count(), "The void.")])
        .reads(strict(body))
        .answers("How many count again.", changed())
        .or(&[
            "bad-path",
            "bad-request",
            "unknown-event",
            "unknown-void",
            "busy",
            "not-ready",
            "store-failed",
        ])
}

/// The hand-offs that a void leaves without ground, and whether all were judged.
fn caused() -> serde_json::Value {
    json!({"hand_offs": list(named("HandOff")), "complete": flag()})
}

fn changed() -> serde_json::Value {
    object(json!({"void": count(), "events": count()}))
}
