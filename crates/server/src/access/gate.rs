//! The gate before all routes: who asks, what the request asks for, whether they may.

use std::sync::Arc;

use axum::{
    Router,
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, header},
    middleware::{Next, from_fn_with_state},
    response::Response,
};

use kelvin_store::View;

use super::{
    Caller, host, refusal,
    rights::{self, Need},
    session, site,
};
use crate::api::{Answer, App};

/// Puts the gate before some routes.
pub(crate) fn guard(app: &Arc<App>, routes: Router) -> Router {
    routes.layer(from_fn_with_state(Arc::clone(app), pass))
}

/// Lets a request pass to its route, with who asks.
async fn pass(
    State(app): State<Arc<App>>,
    route: Option<MatchedPath>,
    mut request: Request,
    next: Next,
) -> Answer<Response> {
    // Where there is no route there is nothing to guard.
    let need = route.map_or(Need::Nothing, |route| rights::need(request.method().as_str(), route.as_str()));
    if need == Need::WriteKey {
        return Ok(next.run(request).await);
    }
    if !site::may_change(request.method(), request.headers()) {
        return Err(refusal::other_site());
    }
    if need != Need::Nothing {
        let caller = caller(&app, request.headers()).await?;
        if let Need::Right(right) = need
            && !caller.may(right)
        {
            return Err(refusal::not_allowed(right, &caller.name()));
        }
        request.extensions_mut().insert(caller);
    }
    Ok(next.run(request).await)
}

/// Who asks: by a key, or as one of those who are let in without.
async fn caller(app: &Arc<App>, headers: &HeaderMap) -> Answer<Caller> {
    if let Some(given) = bearer(headers) {
        return app.access.key(given).map(Caller::Key).ok_or_else(refusal::wrong_key);
    }
    if let Some(session) = session::shown(headers) {
        let look = move |app: &App, view: &dyn View| Ok(session::user(view, &session, app.now())?);
        if let Some(user) = Arc::clone(app).look(look).await? {
            return Ok(Caller::User(user, session));
        }
    }
    match (app.access.is_open(), host::is_this_machine(headers)) {
        (true, true) => Ok(Caller::Machine),
        (true, false) => Err(refusal::other_host()),
        (false, _) => Err(refusal::not_logged_in()),
    }
}

/// The key that a request shows.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let given = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, key) = given.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(key.trim())
}
