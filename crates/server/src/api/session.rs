//! `/api/v1/session`: logging in and out.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use kelvin_store::User;
use serde::Deserialize;
use serde_json::json;

use super::{
    App,
    problem::{Answer, Problem},
    render::json_response,
    request,
};
use crate::access::{Caller, Peer, password, refusal, session, users};

/// Who wants to come in.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Login {
    email: String,
    password: String,
}

/// `POST /api/v1/session`: logs in. Whether it is the address or the password that is wrong, nobody is told.
pub(crate) async fn begin(
    State(app): State<Arc<App>>,
    Peer(peer): Peer,
    headers: HeaderMap,
    body: Body,
) -> Answer<Response> {
    let Login { email, password } = request::read(&headers, body).await?;
    let email = users::address(&email).ok_or_else(refusal::wrong_login)?;
    if password.len() > password::LONGEST {
        return Err(refusal::wrong_login());
    }
    if !app.access.throttle().attempt(&email, peer, app.now()) {
        return Err(refusal::too_many_logins());
    }
    let user = check(&app, email.clone(), password).await?.ok_or_else(refusal::wrong_login)?;
    app.access.throttle().forgive(&email, peer);
    let (told, is_local) = (super::users::told(&user), session::is_local(&headers));
    let begun = app
        .inbox
        .ask(move |change, now, _| -> Answer<String> { Ok(session::begin(change, &user, now, is_local)?) });
    with_cookie(json_response(&told), &begun.await?)
}

/// `DELETE /api/v1/session`: logs out.
pub(crate) async fn end(State(app): State<Arc<App>>, caller: Caller, headers: HeaderMap) -> Answer<Response> {
    let Caller::User(_, session) = caller else { return Err(refusal::not_a_user()) };
    app.inbox.ask(move |change, _, _| -> Answer<()> { Ok(change.end_pass(&session)?) }).await?;
    with_cookie(json_response(&json!({})), &session::ended(session::is_local(&headers)))
}

/// The user whose password it is.
async fn check(app: &Arc<App>, email: String, password: String) -> Answer<Option<User>> {
    let user = Arc::clone(app).look(move |_, view| Ok(view.user_at(&email)?)).await?;
    app.access
        .slowly(move || {
            let hash = user.as_ref().and_then(|user| user.password.as_deref());
            let is_right = password::is_right(&password, hash);
            user.filter(|user| is_right && !user.is_disabled)
        })
        .await
        .ok_or_else(Problem::failed)
}

fn with_cookie(mut response: Response, cookie: &str) -> Answer<Response> {
    let cookie = HeaderValue::from_str(cookie).map_err(|_| Problem::failed())?;
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
