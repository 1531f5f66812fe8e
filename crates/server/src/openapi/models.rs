//! Models in service: their versions, and what one would change.

use serde_json::{Value as Json, json};

use super::{
    operation::{Operation, after, delete, get, limit, part, post, query},
    schema::{
        anything, count, instant, list, map, named, number, object, one_of, or_null, page, plus, strict,
        text, with,
    },
    shapes,
};

pub(super) fn operations() -> Vec<Operation> {
    vec![all(), publish(), one(), withdraw(), version(), roll_back(), simulate(), simulation(), moved()]
}

fn all() -> Operation {
    get("/api/v1/models", "models")
        .about("models", "The models that serve or are to serve")
        .answers("All of them.", object(json!({"models": list(named("Model"))})))
        .or(&["store-failed"])
}

fn publish() -> Operation {
    let optional = json!({"name": or_null(text()), "note": text(), "author": text()});
    let operation = post("/api/v1/models", "publishModel")
        .about("models", "Publish a version: it serves when it has scored all leads")
        .reads(strict(with(object(json!({"text": text()})), optional)))
        .if_seen();
    asked(operation).or(&["bad-model"])
}

fn one() -> Operation {
    let version = json!({
        "version": count(),
        "author": text(),
        "note": text(),
        "at": instant(),
        "changes": changes(),
    });
    let more = json!({"versions": list(object(version)), "switches": list(named("Switch"))});
    get("/api/v1/models/{id}", "model")
        .about("models", "A model with its versions, and when each came to serve")
        .takes([id()])
        .answers("The model.", plus(shapes::model(), more))
        .or(&["bad-path", "unknown-model", "store-failed"])
}

fn withdraw() -> Operation {
    delete("/api/v1/models/{id}", "withdrawModel")
        .about("models", "Take a model out of service; its versions stay")
        .takes([id()])
        .if_seen()
        .answers_bare(204, "It serves no more.")
        .or(&["bad-path", "unknown-model", "under-way", "busy", "not-ready", "store-failed"])
}

fn version() -> Operation {
    get("/api/v1/models/{id}/versions/{number}", "version")
        .about("models", "The file of a version")
        .takes([id(), part("number", count(), "The version.")])
        .answers_as("application/yaml", "The file.", text())
        .or(&["bad-path", "unknown-version", "store-failed"])
}

fn roll_back() -> Operation {
    let keys = json!({"to": or_null(count()), "note": text(), "author": text()});
    let operation = post("/api/v1/models/{id}/rollback", "rollBackModel")
        .about("models", "Have an earlier version serve again; without `to`, the one that served before")
        .takes([id()])
        .reads(strict(with(object(json!({})), keys)))
        .if_seen();
    asked(operation).or(&["bad-path", "unknown-model", "unknown-version", "no-earlier-version"])
}

/// A version is to serve.
fn asked(operation: Operation) -> Operation {
    let answer = json!({
        "model": text(),
        "version": count(),
        "status": one_of(&["serving", "scoring"]),
        "changes": changes(),
    });
    operation
        .answers("It serves already.", object(answer.clone()))
        .answers_also(202, "It is being made ready.", object(answer))
        .or(&["bad-request", "under-way", "busy", "not-ready", "store-failed"])
}

fn simulate() -> Operation {
    let answer = object(json!({"simulation": count(), "status": one_of(&["running"])}));
    post("/api/v1/simulations", "simulate")
        .about("models", "Have all leads scored by a model that does not serve; nothing changes")
        .reads(strict(with(object(json!({"text": text()})), json!({"name": or_null(text())}))))
        .answers_also(202, "It is running.", answer)
        .or(&["bad-request", "bad-model", "under-way", "busy", "not-ready", "store-failed"])
}

fn simulation() -> Operation {
    let always = object(json!({
        "simulation": count(),
        "model": text(),
        "against": or_null(count()),
        "as_of": instant(),
        "status": one_of(&["running", "done", "failed"]),
        "progress": shapes::progress(),
    }));
    let moved = object(json!({"from": or_null(text()), "to": or_null(text()), "leads": count()}));
    let bars = list(object(json!({"from": json!({"type": "integer"}), "leads": count()})));
    let owner = object(json!({
        "owner": text(),
        "open": count(),
        "this_week": count(),
        "would_get": count(),
        "capacity": or_null(count()),
    }));
    let found = json!({
        "failure": text(),
        "leads": count(),
        "moves": list(moved),
        "entered": map(count()),
        "scores": object(json!({"before": bars, "after": bars})),
        "hand_offs": effects("hand_off"),
        "alerts": effects("alert"),
        "owners": list(owner),
        "unassigned": count(),
    });
    get("/api/v1/simulations/{number}", "simulation")
        .about("models", "How far a simulation is, or what it found")
        .takes([number_of()])
        .answers("The simulation.", with(always, found))
        .or(&["bad-path", "unknown-simulation"])
}

/// Hand-offs or alerts that would come: how many of each, and the first of them.
fn effects(kind: &str) -> Json {
    let one = object(json!({
        kind: text(),
        "lead_id": text(),
        "owner": or_null(text()),
        "from": or_null(text()),
        "to": or_null(text()),
        "score": number(),
    }));
    object(json!({"total": count(), "by_rule": map(count()), "first": list(one)}))
}

fn moved() -> Operation {
    let lead = json!({
        "lead_id": text(),
        "from": or_null(text()),
        "to": or_null(text()),
        "score_before": or_null(number()),
        "score_after": or_null(number()),
    });
    get("/api/v1/simulations/{number}/leads", "simulatedLeads")
        .about("models", "The leads that would change their tier")
        .takes([
            number_of(),
            query("from", text(), "The tier before; `none` is no tier."),
            query("to", text(), "The tier after."),
            limit(10_000),
            after(text()),
        ])
        .answers("A page.", page("leads", object(lead), text()))
        .or(&["bad-path", "bad-query", "bad-limit", "unknown-simulation", "running", "failed"])
}

fn id() -> Json {
    part("id", text(), "The model.")
}

fn number_of() -> Json {
    part("number", count(), "The simulation.")
}

/// What a version changes in the meaning of another, as `kelvin diff` tells it.
fn changes() -> Json {
    or_null(list(map(anything())))
}
