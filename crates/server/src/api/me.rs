//! `GET /api/v1/me`: who asks, and what they may do.

use axum::response::Response;
use serde_json::json;

use super::{render::json_response, users};
use crate::access::{Caller, Right};

/// Who asks.
pub(crate) async fn me(caller: Caller) -> Response {
    let rights = Right::ALL.into_iter().filter(|right| caller.may(*right)).map(Right::name);
    let mut told = json!({"name": caller.name(), "may": rights.collect::<Vec<_>>()});
    if let Caller::User(user, _) = &caller {
        told["user"] = users::told(user);
    }
    json_response(&told)
}
