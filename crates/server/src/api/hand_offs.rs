//! `GET /api/v1/hand-offs` and `GET /api/v1/alerts`: what the playbook made happen.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use kelvin_store::{Alert, HandOff};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{
    App,
    problem::Answer,
    query::{self, Asked, Page},
    render::{json_response, points},
};

/// Hand-offs or alerts on one page at most.
const MOST: usize = 1000;

/// Which hand-offs.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct List {
    lead: Option<String>,
    limit: Option<usize>,
    after: Option<u64>,
}

/// `GET /api/v1/hand-offs`: the latest first, page by page.
pub(crate) async fn hand_offs(State(app): State<Arc<App>>, Asked(list): Asked<List>) -> Answer<Response> {
    app.look(move |_, view| {
        let limit = query::limit(list.limit, MOST)?;
        let hand_offs = view.hand_offs(list.lead.as_deref(), list.after, limit)?;
        let next = hand_offs.last().filter(|_| hand_offs.len() == limit).map(|last| last.seq);
        let lines: Vec<_> = hand_offs.iter().map(hand_off).collect();
        Ok(json_response(&json!({"hand_offs": lines, "next": next})))
    })
    .await
}

/// `GET /api/v1/alerts`: the latest first, page by page.
pub(crate) async fn alerts(State(app): State<Arc<App>>, Asked(page): Asked<Page>) -> Answer<Response> {
    app.look(move |_, view| {
        let limit = query::limit(page.limit, MOST)?;
        let alerts = view.alerts(page.after, limit)?;
        let next = alerts.last().filter(|_| alerts.len() == limit).map(|last| last.seq);
        let lines: Vec<_> = alerts.iter().map(alert).collect();
        Ok(json_response(&json!({"alerts": lines, "next": next})))
    })
    .await
}

/// A hand-off as JSON.
pub(crate) fn hand_off(hand_off: &HandOff) -> Json {
    json!({
        "id": hand_off.seq,
        "hand_off": hand_off.hand_off,
        "model": hand_off.model,
        "lead_id": hand_off.lead,
        "account_id": hand_off.account,
        "owner": hand_off.owner,
        "at": hand_off.at.to_string(),
        "score": points(hand_off.score),
        "tier": hand_off.tier,
        "cause": hand_off.cause,
        "task": hand_off.seq,
    })
}

/// An alert as JSON.
pub(super) fn alert(alert: &Alert) -> Json {
    json!({
        "id": alert.seq,
        "alert": alert.alert,
        "model": alert.model,
        "lead_id": alert.lead,
        "at": alert.at.to_string(),
        "score": points(alert.score),
        "tier": alert.tier,
        "event_id": alert.event,
        "cause": alert.cause,
    })
}
