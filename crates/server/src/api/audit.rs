//! `GET /api/v1/audit`: who changed what.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use kelvin_store::Audited;
use serde_json::{Value as Json, json};

use super::{
    App,
    problem::Answer,
    query::{self, Asked, Page},
    render::json_response,
};

/// Entries on one page at most.
const MOST: usize = 1000;

/// The latest first, page by page.
pub(crate) async fn list(State(app): State<Arc<App>>, Asked(page): Asked<Page>) -> Answer<Response> {
    app.look(move |_, view| {
        let limit = query::limit(page.limit, MOST)?;
        let entries = view.audit(page.after, limit)?;
        let next = entries.last().filter(|_| entries.len() == limit).map(|last| last.seq);
        let lines: Vec<_> = entries.iter().map(line).collect();
        Ok(json_response(&json!({"audit": lines, "next": next})))
    })
    .await
}

fn line(entry: &Audited) -> Json {
    json!({
        "at": entry.at.to_string(),
        "who": entry.who,
        "what": entry.what,
        "subject": entry.subject,
        "before": entry.before,
        "after": entry.after,
    })
}
