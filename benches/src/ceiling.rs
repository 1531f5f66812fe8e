//! The ceiling of the intake: a server that parses each request and throws it away.

use axum::{Router, body::Bytes, http::StatusCode, routing::post};
use serde_json::{Value, json};
use tokio::net::TcpListener;

#[expect(clippy::print_stderr, reason = "whoever starts it reads where it listens")]
#[tokio::main]
async fn main() -> std::io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    eprintln!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, Router::new().route("/v1/batch", post(throw_away))).await
}

async fn throw_away(body: Bytes) -> Result<String, StatusCode> {
    let parsed: Value = serde_json::from_slice(&body).map_err(|_| StatusCode::BAD_REQUEST)?;
    let count = parsed.get("batch").and_then(Value::as_array).map_or(0, Vec::len);
    Ok(json!({"success": true, "accepted": count}).to_string())
}
