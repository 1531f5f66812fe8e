//! `/api/v1/invitations/{token}`: who is invited, and taking it up with a password. The token is all that is asked for.

use std::sync::Arc;

use axum::{body::Body, extract::State, http::HeaderMap, response::Response};
use kelvin_kernel::Instant;
use kelvin_store::{Digest, Pass, User, View};
use serde::Deserialize;
use serde_json::json;

use super::{
    App,
    problem::{Answer, Problem},
    query::Named,
    render::json_response,
    request,
};
use crate::access::{digest, password, refusal, users};

/// How somebody will come in.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Accepted {
    password: String,
    email: Option<String>,
}

/// `GET …`: who is invited, and as what.
pub(crate) async fn show(State(app): State<Arc<App>>, Named(token): Named<String>) -> Answer<Response> {
    let user = invited(&app, digest(&token)).await?;
    Ok(json_response(&json!({"email": user.email, "role": user.role.name()})))
}

/// `POST …`: sets a password. The first administrator says an address, too.
pub(crate) async fn accept(
    State(app): State<Arc<App>>,
    Named(token): Named<String>,
    headers: HeaderMap,
    body: Body,
) -> Answer<Response> {
    let token = digest(&token);
    let user = invited(&app, token).await?;
    let Accepted { password, email } = request::read(&headers, body).await?;
    let email = match (&user.email, email) {
        (Some(_), None) => None,
        (Some(known), Some(said)) if users::address(&said).as_ref() == Some(known) => None,
        (Some(_), Some(_)) => return Err(refusal::other_address()),
        (None, said) => Some(said.and_then(|said| users::address(&said)).ok_or_else(refusal::bad_address)?),
    };
    if !(password::SHORTEST..=password::LONGEST).contains(&password.len()) {
        return Err(refusal::bad_password());
    }
    let hash = app.access.slowly(move || password::hashed(&password)).await.ok_or_else(Problem::failed)??;
    let accepted = app.reform(move |change, now| {
        // It may have been taken up meanwhile.
        let user = holder(change, &token, now)?;
        if let Some(email) = &email
            && change.user_at(email)?.is_some()
        {
            return Err(refusal::known_address());
        }
        Ok(users::accept(change, now, user, email, hash)?)
    });
    Ok(json_response(&super::users::told(&accepted.await?)))
}

async fn invited(app: &Arc<App>, token: Digest) -> Answer<User> {
    Arc::clone(app).look(move |app, view| holder(view, &token, app.now())).await
}

fn holder(view: &(impl View + ?Sized), token: &Digest, now: Instant) -> Answer<User> {
    let user = view.holder(Pass::Invitation, token, now)?;
    user.filter(|user| !user.is_disabled).ok_or_else(refusal::unknown_invitation)
}
