//! What became of leads.

use serde_json::{Value as Json, json};

use super::{
    operation::{Operation, after, delete, get, limit, part, post, query},
    schema::{count, instant, list, named, number, object, or_null, page, strict, text, with},
};

pub(super) fn operations() -> Vec<Operation> {
    vec![of_lead(), all(), note(), forget()]
}

fn of_lead() -> Operation {
    get("/api/v1/leads/{id}/outcomes", "leadOutcomes")
        .about("outcomes", "What became of a lead, by time")
        .takes([part("id", text(), "Any id of the lead.")])
        .takes(filter())
        .takes([limit(1000), after(text())])
        .answers("A page.", page("outcomes", named("Outcome"), text()))
        .or(&["bad-path", "bad-query", "bad-time", "bad-limit", "bad-cursor", "unknown-lead"])
        .or(&["not-ready", "store-failed"])
}

fn all() -> Operation {
    get("/api/v1/outcomes", "outcomes")
        .about("outcomes", "What became of leads, in the order in which it came")
        .takes([query("lead", text(), "Of the lead of an id, by time.")])
        .takes(filter())
        .takes([limit(1000), after(text())])
        .answers("A page.", page("outcomes", named("Outcome"), text()))
        .or(&["bad-query", "bad-time", "bad-limit", "bad-cursor", "unknown-lead"])
        .or(&["not-ready", "store-failed"])
}

fn note() -> Operation {
    let always = object(json!({"id": text(), "lead": text(), "kind": text(), "at": instant()}));
    let more = json!({
        "value": or_null(number()),
        "currency": or_null(text()),
        "reason": or_null(text()),
        "deal": or_null(text()),
        "source": or_null(text()),
    });
    let one = strict(with(always, more));
    post("/api/v1/outcomes", "noteOutcomes")
        .about("outcomes", "Tell what became of leads: one outcome or a list; what is known changes nothing")
        .reads(json!({"anyOf": [one.clone(), list(one)]}))
        .answers(
            "How many are new, took the place of one with their id, or were there just so.",
            object(json!({"new": count(), "changed": count(), "same": count()})),
        )
        .or(&["bad-request", "bad-outcome", "busy", "not-ready", "store-failed"])
}

fn forget() -> Operation {
    delete("/api/v1/outcomes/{id}", "forgetOutcome")
        .about("outcomes", "Take back an outcome that was told")
        .takes([part("id", text(), "The id that it was told under.")])
        .answers("What it was.", named("Outcome"))
        .or(&["bad-path", "no-such-outcome", "busy", "not-ready", "store-failed"])
}

fn filter() -> [Json; 3] {
    [
        query("kind", text(), "Of one kind."),
        query("from", instant(), "From this instant on."),
        query("to", instant(), "Before this instant."),
    ]
}
