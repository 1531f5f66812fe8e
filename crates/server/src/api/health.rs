//! Whether the service lives, and whether it can take events.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use serde_json::json;

use super::{Answer, App, render::json_response};

/// `GET /healthz`: the process answers.
pub(crate) async fn alive() -> Response {
    json_response(&json!({"status": "alive"}))
}

/// `GET /readyz`: events are taken.
pub(crate) async fn ready(State(app): State<Arc<App>>) -> Answer<Response> {
    app.check_ready()?;
    Ok(json_response(&json!({"status": "ready"})))
}
