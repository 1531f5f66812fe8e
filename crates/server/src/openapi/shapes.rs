//! The shapes that have a name: what several answers hold, or what is worth one.

use serde_json::{Value as Json, json};

use super::schema::{
    anything, count, flag, instant, list, map, named, number, object, one_of, or_null, text, with,
};

/// All of them.
pub(super) fn all() -> Json {
    json!({
        "Problem": problem(),
        "Rejection": rejection(),
        "LeadScore": lead_score(),
        "Lead": lead(),
        "LeadId": lead_id(),
        "Score": score(),
        "Reason": reason(),
        "Account": account(),
        "Model": model(),
        "Switch": switch(),
        "TimelineEvent": timeline_event(),
        "TierChange": tier_change(),
        "HandOff": hand_off(),
        "Task": task(),
        "Alert": alert(),
        "Outcome": outcome(),
        "Event": event(),
        "Rejected": rejected(),
        "Void": void(),
        "Message": message(),
        "Key": key(),
        "User": user(),
        "Audited": audited(),
        "Export": export(),
    })
}

fn problem() -> Json {
    let always = object(json!({
        "type": text(),
        "title": text(),
        "status": json!({"type": "integer"}),
        "code": text(),
        "detail": text(),
    }));
    with(
        always,
        json!({"request_id": text(), "rejected": list(named("Rejection")), "diagnostics": list(map(anything()))}),
    )
}

fn rejection() -> Json {
    object(json!({"index": count(), "code": text(), "reason": text()}))
}

fn lead_score() -> Json {
    object(json!({
        "lead_id": text(),
        "score": number(),
        "tier": or_null(text()),
        "grade": or_null(text()),
        "until": or_null(instant()),
        "as_of": instant(),
        "experiments": arms(),
    }))
}

/// By each experiment, the model that counts for a lead.
fn arms() -> Json {
    list(object(json!({"id": text(), "model": text()})))
}

fn lead() -> Json {
    object(json!({
        "lead_id": text(),
        "as_of": instant(),
        "ids": list(named("LeadId")),
        "attributes": map(anything()),
        "scores": list(named("Score")),
        "owner": or_null(text()),
        "task": or_null(named("Task")),
        "experiments": arms(),
    }))
}

fn lead_id() -> Json {
    let link = object(json!({
        "link": one_of(&["by-hand", "alias", "email", "external-id", "named-together"]),
        "with": text(),
        "at": instant(),
    }));
    object(json!({
        "id": text(),
        "kind": one_of(&["user", "anonymous", "email", "external"]),
        "because": list(with(link, json!({"event": text(), "note": text()}))),
    }))
}

fn score() -> Json {
    object(json!({
        "lead_id": text(),
        "model": text(),
        "as_of": instant(),
        "score": number(),
        "tier": or_null(text()),
        "grade": or_null(text()),
        "disqualified": list(text()),
        "until": or_null(instant()),
        "dimensions": map(object(json!({"sum": number(), "value": number()}))),
        "reasons": list(named("Reason")),
    }))
}

fn reason() -> Json {
    let always = json!({"rule": text(), "dimension": text(), "points": number(), "awards": count()});
    with(object(always), json!({"last": instant()}))
}

/// An account; `members` is how many leads belong to it.
pub(super) fn account() -> Json {
    object(json!({"account_id": text(), "score": number(), "tier": or_null(text()), "members": count()}))
}

/// A model as it stands.
pub(super) fn model() -> Json {
    object(json!({
        "model": text(),
        "serving": or_null(named("Switch")),
        "coming": or_null(named("Switch")),
        "progress": or_null(progress()),
        "settled": flag(),
    }))
}

/// How far something is, in events of the log.
pub(super) fn progress() -> Json {
    object(json!({"done": count(), "all": count()}))
}

fn switch() -> Json {
    object(json!({
        "version": count(),
        "author": text(),
        "note": text(),
        "asked_at": instant(),
        "ended_at": or_null(instant()),
        "failure": or_null(text()),
    }))
}

fn timeline_event() -> Json {
    let award = json!({
        "model": text(),
        "rule": text(),
        "dimension": text(),
        "points": number(),
        "left": number(),
    });
    object(json!({
        "seq": count(),
        "event_id": text(),
        "at": instant(),
        "type": text(),
        "name": text(),
        "voided": flag(),
        "awards": list(object(award)),
    }))
}

fn tier_change() -> Json {
    object(json!({
        "id": count(),
        "model": text(),
        "lead_id": text(),
        "at": instant(),
        "from": or_null(text()),
        "to": or_null(text()),
        "cause": text(),
    }))
}

fn hand_off() -> Json {
    object(json!({
        "id": count(),
        "hand_off": text(),
        "model": text(),
        "lead_id": text(),
        "account_id": or_null(text()),
        "owner": or_null(text()),
        "at": instant(),
        "score": number(),
        "tier": or_null(text()),
        "cause": or_null(text()),
        "task": count(),
    }))
}

fn task() -> Json {
    object(json!({
        "id": count(),
        "hand_off": text(),
        "model": text(),
        "lead_id": text(),
        "owner": or_null(text()),
        "title": text(),
        "state": text(),
        "reason": or_null(text()),
        "opened_at": instant(),
        "accept_due": or_null(instant()),
        "accepted_at": or_null(instant()),
        "accept_breached_at": or_null(instant()),
        "contact_due": or_null(instant()),
        "contacted_at": or_null(instant()),
        "contact_breached_at": or_null(instant()),
        "due": or_null(instant()),
        "closed_at": or_null(instant()),
        "breached_at": or_null(instant()),
    }))
}

fn alert() -> Json {
    object(json!({
        "id": count(),
        "alert": text(),
        "model": text(),
        "lead_id": text(),
        "at": instant(),
        "score": number(),
        "tier": or_null(text()),
        "event_id": or_null(text()),
        "cause": or_null(text()),
    }))
}

fn outcome() -> Json {
    object(json!({
        "id": text(),
        "lead_id": text(),
        "kind": text(),
        "at": instant(),
        "value": or_null(number()),
        "currency": or_null(text()),
        "reason": or_null(text()),
        "deal": or_null(text()),
        "source": or_null(text()),
        "definition": or_null(text()),
        "event_id": or_null(text()),
    }))
}

fn event() -> Json {
    let void = object(json!({"void": count(), "cause": text(), "reason": text()}));
    let mut event = object(json!({
        "seq": count(),
        "type": text(),
        "messageId": text(),
        "timestamp": instant(),
        "receivedAt": instant(),
    }));
    // What a call brings besides is the client's.
    event["additionalProperties"] = json!(true);
    with(event, json!({"profile": text(), "voided": list(void)}))
}

fn rejected() -> Json {
    object(json!({"received_at": instant(), "code": text(), "reason": text(), "body": text()}))
}

/// A void.
pub(super) fn void() -> Json {
    object(json!({
        "void": count(),
        "at": instant(),
        "cause": text(),
        "reason": text(),
        "asked": anything(),
        "events": count(),
    }))
}

fn message() -> Json {
    object(json!({
        "seq": count(),
        "id": text(),
        "lane": or_null(text()),
        "target": text(),
        "kind": text(),
        "state": one_of(&["pending", "delivered", "dead"]),
        "at": instant(),
        "due": or_null(instant()),
        "attempts": count(),
        "error": or_null(text()),
        "settled_at": or_null(instant()),
        "message": anything(),
    }))
}

/// What became of events.
pub(super) fn receipt() -> Json {
    object(json!({
        "success": flag(),
        "accepted": count(),
        "duplicates": count(),
        "rejected": list(named("Rejection")),
    }))
}

/// A key, without its secret.
pub(super) fn key() -> Json {
    object(json!({"id": count(), "name": text(), "scope": text(), "begins": text(), "made": instant()}))
}

/// A user.
pub(super) fn user() -> Json {
    object(json!({
        "id": count(),
        "email": or_null(text()),
        "role": text(),
        "invited": flag(),
        "disabled": flag(),
        "made": instant(),
    }))
}

fn audited() -> Json {
    object(json!({
        "at": instant(),
        "who": text(),
        "what": text(),
        "subject": text(),
        "before": or_null(text()),
        "after": or_null(text()),
    }))
}

/// All that is known of a person.
fn export() -> Json {
    let score = json!({
        "model": text(),
        "score": number(),
        "tier": or_null(text()),
        "grade": or_null(text()),
        "as_of": instant(),
    });
    object(json!({
        "lead_id": text(),
        "as_of": instant(),
        "ids": list(object(json!({"id": text(), "kind": text()}))),
        "attributes": map(anything()),
        "scores": list(object(score)),
        "events": list(named("Event")),
        "also": map(list(map(anything()))),
    }))
}
