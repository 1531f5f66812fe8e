//! Experiments: which models stand in for which, and what came of it.

use serde_json::json;

use super::{
    operation::{Operation, get},
    schema::{count, flag, instant, list, map, object, plus, text},
};

pub(super) fn operations() -> Vec<Operation> {
    vec![all()]
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
