//! Accounts: their scores, and who belongs to one.

use serde_json::{Value as Json, json};

use super::{
    operation::{Operation, after, get, limit, part, query},
    schema::{instant, list, named, number, object, or_null, page, plus, text},
    shapes,
};

pub(super) fn operations() -> Vec<Operation> {
    vec![all(), one()]
}

fn all() -> Operation {
    let answer =
        plus(page("accounts", named("Account"), text()), json!({"model": text(), "as_of": instant()}));
    get("/api/v1/accounts", "accounts")
        .about("leads", "Accounts with their scores, in the order of their ids")
        .takes([model(), limit(200), after(text())])
        .answers("A page.", answer)
        .or(&["bad-query", "bad-limit", "model-required", "no-model", "unknown-model", "no-accounts"])
        .or(&["not-ready", "store-failed"])
}

fn one() -> Operation {
    let reason = object(json!({"rule": text(), "points": number()}));
    let lead = object(json!({"lead_id": text(), "score": or_null(number()), "tier": or_null(text())}));
    let more = json!({"model": text(), "as_of": instant(), "reasons": list(reason), "leads": list(lead)});
    get("/api/v1/accounts/{id}", "account")
        .about("leads", "One account at any instant, who belongs to it, and why its score is what it is")
        .takes([part("id", text(), "The account."), model(), query("at", instant(), "When; now if absent.")])
        .answers("The account.", plus(shapes::account(), more))
        .or(&["bad-path", "bad-query", "bad-time", "model-required", "no-model", "unknown-model"])
        .or(&["no-accounts", "unknown-account", "not-ready", "store-failed"])
}

fn model() -> Json {
    query("model", text(), "By which model; needless where there is one.")
}
