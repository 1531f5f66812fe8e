//! `/api/v1/keys`: the keys of programs.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Path, State, rejection::PathRejection},
    http::HeaderMap,
    response::Response,
};
use kelvin_store::{Key, Scope};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{
    App,
    problem::{Answer, Problem},
    render::json_response,
    request,
};
use crate::access::{Caller, keys};

/// A key to be made.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct New {
    name: String,
    scope: String,
}

/// `GET /api/v1/keys`: all of them; none tells its secret.
pub(crate) async fn list(State(app): State<Arc<App>>) -> Answer<Response> {
    app.look(|_, view| {
        let keys: Vec<_> = view.keys()?.iter().map(told).collect();
        Ok(json_response(&json!({"keys": keys})))
    })
    .await
}

/// `POST /api/v1/keys`: makes one. This answer alone holds the secret.
pub(crate) async fn make(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Answer<Response> {
    let New { name, scope } = request::read(&headers, body).await?;
    let scope = Scope::named(&scope)
        .ok_or_else(|| Problem::bad("unknown-scope", "`scope` is `write`, `read` or `admin`"))?;
    if name.trim().is_empty() {
        return Err(Problem::bad("name-required", "`name` says what the key is for"));
    }
    let (key, secret) =
        app.reform(move |change, now| Ok(keys::make(change, &caller, now, name.trim(), scope)?)).await?;
    let mut answer = told(&key);
    answer["key"] = json!(secret);
    Ok(json_response(&answer))
}

/// `DELETE /api/v1/keys/{id}`: from now on it opens nothing.
pub(crate) async fn withdraw(
    State(app): State<Arc<App>>,
    caller: Caller,
    id: Result<Path<u64>, PathRejection>,
) -> Answer<Response> {
    let Path(id) = id.map_err(|cause| Problem::bad("bad-path", cause.body_text()))?;
    let withdrawn = app.reform(move |change, now| Ok(keys::withdraw(change, &caller, now, id)?)).await?;
    let unknown = || Problem::not_found("unknown-key", format!("there is no key {id}"));
    withdrawn.map(|key| json_response(&told(&key))).ok_or_else(unknown)
}

fn told(key: &Key) -> Json {
    json!({
        "id": key.id,
        "name": key.name,
        "scope": key.scope.name(),
        "begins": key.hint,
        "made": key.made.to_string(),
    })
}
