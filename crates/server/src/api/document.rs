//! `GET /api/v1/openapi.json`: the API as an OpenAPI document.

use std::sync::LazyLock;

use axum::{
    http::header,
    response::{IntoResponse, Response},
};

static DOCUMENT: LazyLock<String> = LazyLock::new(|| crate::openapi::openapi().to_string());

/// The same for everybody: it says nothing of what the service holds.
pub(crate) async fn show() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], DOCUMENT.as_str()).into_response()
}
