//! `GET /v1/projects/{key}/settings`: what analytics.js asks for before it sends: here, where to send.

use axum::{
    extract::{Path, rejection::PathRejection},
    http::{HeaderMap, header, uri::Authority},
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::api::Problem;

/// Sends the library back to where it asked.
pub(crate) async fn settings(
    key: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Path(key) = key.map_err(|cause| Problem::bad("bad-path", cause.body_text()))?;
    let given = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    let host = given("x-forwarded-host").or_else(|| given(header::HOST.as_str()));
    let host: Authority = host
        .and_then(|host| host.parse().ok())
        .ok_or_else(|| Problem::bad("bad-host", "the request does not say which host it is for"))?;
    let protocol = if given("x-forwarded-proto") == Some("https") { "https" } else { "http" };
    let sender = json!({"apiKey": key, "apiHost": format!("{host}/v1"), "protocol": protocol});
    let body = json!({"integrations": {"Segment.io": sender}, "plan": {}});
    // It holds what the client said: nobody else should get it from a cache.
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, body.to_string()).into_response())
}
