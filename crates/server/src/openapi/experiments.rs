//! Experiments: which models stand in for which, and what came of it.

use serde_json::json;

use super::{
    operation::{Operation, get, part, query},
    schema::{count, flag, instant, list, map, number, object, one_of, or_null, plus, text},
};

pub(super) fn operations() -> Vec<Operation> {
    vec![all(), one()]
}

fn all() -> Operation {
    let shadow =
        object(json!({"model": text(), "in_service": flag(), "leads": count(), "tiers": map(count())}));
    let arm = plus(shadow.clone(), json!({"share": count(), "hand_offs": count()}));
    let experiment = object(json!({
        "id": text(),
        "champion": text(),
        "since": instant(),
        "arms": list(arm),
        "shadow": list(shadow),
    }));
    get("/api/v1/experiments", "experiments")
        .about("models", "Experiments: the leads, tiers and hand-offs of each arm")
        .answers("All of them.", object(json!({"experiments": list(experiment)})))
        .or(&["not-ready", "store-failed"])
}

fn one() -> Operation {
    let race = object(json!({
        "ratio": or_null(number()),
        "low": number(),
        "high": or_null(number()),
        "p": number(),
        "winner": or_null(one_of(&["champion", "challenger"])),
        "more": or_null(count()),
    }));
    let arm = object(json!({
        "model": text(),
        "share": number(),
        "leads": count(),
        "is_astray": flag(),
        "conversions": count(),
        "rate": number(),
        "rate_low": number(),
        "rate_high": number(),
        "values": map(number()),
        "against_champion": or_null(race),
        "more_weeks": or_null(number()),
    }));
    let experiment = object(json!({
        "id": text(),
        "since": instant(),
        "dealt": instant(),
        "as_of": instant(),
        "kind": text(),
        "within": or_null(text()),
        "error_rate": number(),
        "arms": list(arm),
        "left_out": count(),
    }));
    get("/api/v1/experiments/{id}", "experiment")
        .about(
            "models",
            "How the arms of an experiment convert, by a test that holds however often one looks",
        )
        .takes([
            part("id", text(), "The id that the playbook gives it."),
            query("kind", text(), "The kind of outcome that is a conversion: `won`, if nobody says."),
            query(
                "within",
                text(),
                "How long after a lead was dealt it counts, as in `90d`: for ever, if nobody says.",
            ),
        ])
        .answers("Its arms, the champion first.", experiment)
        .or(&["bad-path", "bad-query", "unknown-experiment", "not-ready", "store-failed"])
}
