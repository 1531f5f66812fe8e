//! `/api/v1/users` and `/api/v1/invitations`: who may log in.

use std::sync::Arc;

use axum::{body::Body, extract::State, http::HeaderMap, response::Response};
use kelvin_kernel::Instant;
use kelvin_store::{Change, Role, User, View};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{
    App,
    problem::{Answer, Problem},
    query::Named,
    render::json_response,
    request,
    tags::IfMatch,
};
use crate::access::{Caller, refusal, users};

/// Who is invited, and as what.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct New {
    email: String,
    role: String,
}

/// What is to be different.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Different {
    role: Option<String>,
    disabled: Option<bool>,
}

/// `GET /api/v1/users`: all of them.
pub(crate) async fn list(State(app): State<Arc<App>>) -> Answer<Response> {
    app.look(|_, view| {
        let users: Vec<_> = view.users()?.iter().map(told).collect();
        Ok(json_response(&json!({"users": users})))
    })
    .await
}

/// `GET /api/v1/users/{id}`: one of them.
pub(crate) async fn one(State(app): State<Arc<App>>, Named(id): Named<u64>) -> Answer<Response> {
    app.look(move |_, view| Ok(json_response(&told(&known(view, id)?)))).await
}

/// `POST /api/v1/invitations`: invites somebody, or gives a user a new link. This answer alone holds it.
pub(crate) async fn invite(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Answer<Response> {
    let New { email, role } = request::read(&headers, body).await?;
    let email = users::address(&email).ok_or_else(refusal::bad_address)?;
    let role = role_of(&role)?;
    let invited = app.reform(move |change, now| {
        let invited = users::invite(change, &caller, now, &email, role)?;
        check_has_admin(change, &caller)?;
        Ok(invited)
    });
    let (user, token) = invited.await?;
    let mut answer = told(&user);
    answer["link"] = json!(users::path(&token));
    Ok(json_response(&answer))
}

/// `PATCH /api/v1/users/{id}`: another role; kept out, or let in again.
pub(crate) async fn alter(
    State(app): State<Arc<App>>,
    caller: Caller,
    Named(id): Named<u64>,
    seen: IfMatch,
    headers: HeaderMap,
    body: Body,
) -> Answer<Response> {
    let Different { role, disabled } = request::read(&headers, body).await?;
    let role = role.as_deref().map(role_of).transpose()?;
    let altered = app.reform(move |change, now| {
        let user = known(change, id)?;
        seen.check(&told(&user))?;
        apply(change, &caller, now, user, (role, disabled))
    });
    Ok(json_response(&told(&altered.await?)))
}

fn apply(
    change: &mut dyn Change,
    caller: &Caller,
    now: Instant,
    mut user: User,
    (role, disabled): (Option<Role>, Option<bool>),
) -> Answer<User> {
    if let Some(role) = role {
        users::reassign(change, caller, now, &mut user, role)?;
    }
    if let Some(is_disabled) = disabled {
        users::disable(change, caller, now, &mut user, is_disabled)?;
    }
    check_has_admin(change, caller)?;
    Ok(user)
}

fn known(view: &(impl View + ?Sized), id: u64) -> Answer<User> {
    let unknown = || Problem::not_found("unknown-user", format!("there is no user {id}"));
    view.users()?.into_iter().find(|user| user.id == id).ok_or_else(unknown)
}

/// Users must not lock everybody out; who needs no password to come in cannot.
fn check_has_admin(change: &dyn Change, caller: &Caller) -> Answer<()> {
    let can_be_locked_out = matches!(caller, Caller::User(..));
    if can_be_locked_out && !users::has_admin(&change.users()?) {
        return Err(refusal::last_admin());
    }
    Ok(())
}

fn role_of(name: &str) -> Answer<Role> {
    let unknown = || Problem::bad("unknown-role", "`role` is `admin`, `marketer`, `sales` or `viewer`");
    Role::named(name).ok_or_else(unknown)
}

/// What is told of a user.
pub(crate) fn told(user: &User) -> Json {
    json!({
        "id": user.id,
        "email": user.email,
        "role": user.role.name(),
        "invited": user.password.is_none(),
        "disabled": user.is_disabled,
        "made": user.made.to_string(),
    })
}
