//! Leads: by score, one by one, and which ids are one of them.

use serde_json::{Value as Json, json};

use super::{
    operation::{Operation, after, get, limit, part, post, query},
    schema::{count, instant, list, named, number, object, or_null, page, plus, strict, text, with},
};

pub(super) fn operations() -> Vec<Operation> {
    vec![all(), one(), timeline(), curve(), history(), merge(), split()]
}

fn all() -> Operation {
    let answer = plus(page("leads", named("LeadScore"), text()), json!({"model": text()}));
    get("/api/v1/leads", "leads")
        .about("leads", "Leads by score, the greatest first")
        .takes([
            query("model", text(), "By which model; needless where there is one."),
            query("tier", text(), "Of one tier: its name, `none` or `disqualified`."),
            query("min_score", number(), "With at least so many points."),
            query("owner", text(), "Of one owner: who got the lead last."),
            query("account", text(), "Of one account."),
            query("text", text(), "With an id or address that holds this, whatever the case of letters."),
            limit(1000),
            after(text()),
        ])
        .answers("A page. It may hold fewer leads than asked for, even none, while `next` leads on.", answer)
        .or(&["bad-query", "bad-limit", "bad-cursor", "unknown-tier", "model-required"])
        .or(&["no-model", "unknown-model", "not-ready", "store-failed"])
}

fn one() -> Operation {
    get("/api/v1/leads/{id}", "lead")
        .about("leads", "One lead at any instant, and why its scores are what they are")
        .takes([id(), query("at", instant(), "When; now if absent.")])
        .answers("The lead.", named("Lead"))
        .or(&["bad-path", "bad-query", "bad-time", "unknown-lead", "not-ready", "store-failed"])
}

fn timeline() -> Operation {
    let answer = plus(page("events", named("TimelineEvent"), text()), json!({"lead_id": text()}));
    get("/api/v1/leads/{id}/timeline", "timeline")
        .about("leads", "The events of a lead and what each brought, the newest first")
        .takes([id(), limit(1000), after(text())])
        .answers("A page.", answer)
        .or(&[
            "bad-path",
            "bad-query",
            "bad-limit",
            "bad-cursor",
            "unknown-lead",
            "not-ready",
            "store-failed",
        ])
}

fn curve() -> Operation {
    let instants = json!({"type": "integer", "minimum": 2, "maximum": 500, "default": 50});
    let at = object(json!({"at": instant(), "score": or_null(number()), "tier": or_null(text())}));
    get("/api/v1/leads/{id}/curve", "curve")
        .about("leads", "The score of a lead at instants that lie evenly between two")
        .takes([
            id(),
            query("model", text(), "By which model; needless where there is one."),
            query("from", instant(), "The first instant; 90 days before `to` if absent."),
            query("to", instant(), "The last instant; now if absent."),
            query("points", instants, "How many instants."),
        ])
        .answers("The curve.", object(json!({"lead_id": text(), "model": text(), "curve": list(at)})))
        .or(&["bad-path", "bad-query", "bad-limit", "bad-time", "model-required"])
        .or(&["no-model", "unknown-model", "unknown-lead", "not-ready", "store-failed"])
}

fn history() -> Operation {
    let answer = plus(page("changes", named("TierChange"), count()), json!({"lead_id": text()}));
    get("/api/v1/leads/{id}/history", "history")
        .about("leads", "The changes of a lead's tier and why, the latest first")
        .takes([id(), limit(1000), after(count())])
        .answers("A page.", answer)
        .or(&["bad-path", "bad-query", "bad-limit", "unknown-lead", "store-failed"])
}

fn merge() -> Operation {
    let body = with(object(json!({"with": text()})), json!({"note": text()}));
    changed(post("/api/v1/leads/{id}/merge", "mergeLeads").about("leads", "Make one lead of two"), body)
}

fn split() -> Operation {
    let body = object(json!({"id": text()}));
    let operation = post("/api/v1/leads/{id}/split", "splitLead").about("leads", "Take an id out of a lead");
    changed(operation, body).or(&["not-of-this-lead"])
}

fn changed(operation: Operation, body: Json) -> Operation {
    let lead = "The lead that the id belongs to now, if to any.";
    operation
        .takes([id()])
        .reads(strict(body))
        .answers(lead, object(json!({"lead_id": or_null(text())})))
        .or(&["bad-path", "bad-request", "unknown-lead", "busy", "not-ready", "store-failed"])
}

/// Any id of a lead.
pub(super) fn id() -> Json {
    part("id", text(), "Any id of the lead: a user id, an anonymous id, an e-mail address, `crm:17`.")
}
