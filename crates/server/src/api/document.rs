//! `GET /api/v1/openapi.json`: the API as an OpenAPI document.

use std::sync::LazyLock;

use axum::response::Response;
use serde_json::Value as Json;

use super::render::json_response;

static DOCUMENT: LazyLock<Json> = LazyLock::new(crate::openapi::openapi);

/// The same for everybody: it says nothing of what the service holds.
pub(crate) async fn show() -> Response {
    json_response(&DOCUMENT)
}
