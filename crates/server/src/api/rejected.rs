//! `GET /api/v1/rejected`: what came and could not be used.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use serde_json::json;

use super::{
    App,
    problem::Answer,
    query::{self, Asked, Page},
    render::json_response,
};

/// Rejections on one page at most.
const MOST: usize = 1000;

/// The latest first, page by page.
pub(crate) async fn list(State(app): State<Arc<App>>, Asked(page): Asked<Page>) -> Answer<Response> {
    app.look(move |_, view| {
        let limit = query::limit(page.limit, MOST)?;
        let rejected = view.rejected(page.after, limit)?;
        let next = rejected.last().filter(|_| rejected.len() == limit).map(|last| last.seq);
        let lines = rejected.iter().map(|rejected| {
            json!({
                "received_at": rejected.received.to_string(),
                "code": rejected.code,
                "reason": rejected.reason,
                "body": rejected.body,
            })
        });
        Ok(json_response(&json!({"rejected": lines.collect::<Vec<_>>(), "next": next})))
    })
    .await
}
