//! Sessions: a random token in a cookie, of which the store keeps the hash.

use axum::http::{HeaderMap, header};
use kelvin_kernel::{Duration, Instant};
use kelvin_store::{Change, Digest, Pass, User, View};

use super::{
    host,
    secret::{self, Secret},
};
use crate::Error;

/// What the cookie is called.
const COOKIE: &str = "kelvin_session";

/// How long a session lasts.
const LENGTH: Duration = Duration::from_millis(7 * 86_400_000);

/// Begins a session of a user; returns the cookie that carries it.
pub(crate) fn begin(
    change: &mut dyn Change,
    user: &User,
    now: Instant,
    is_local: bool,
) -> Result<String, Error> {
    let token = Secret::new("")?;
    change.give_pass(Pass::Session, user.id, &token.digest(), now, now.after(LENGTH))?;
    Ok(cookie(token.shown(), LENGTH.as_millis() / 1000, is_local))
}

/// The cookie that takes a session's away.
pub(crate) fn ended(is_local: bool) -> String {
    cookie("", 0, is_local)
}

/// Whether a request names this machine, so that a browser there need not speak TLS.
pub(crate) fn is_local(headers: &HeaderMap) -> bool {
    host::is_this_machine(headers)
}

/// The hash of the session that a request shows.
pub(super) fn shown(headers: &HeaderMap) -> Option<Digest> {
    let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|cookies| cookies.to_str().ok());
    let mut pairs =
        cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, token)| secret::digest(token))
}

/// The user of a session, unless it has ended or the user is kept out.
pub(super) fn user(view: &dyn View, session: &Digest, now: Instant) -> kelvin_store::Result<Option<User>> {
    let holder = view.holder(Pass::Session, session, now)?;
    Ok(holder.filter(|user| !user.is_disabled))
}

/// No script reads it, no page of another site sends it with a change, and no connection carries it in clear beyond the machine.
fn cookie(token: &str, age_s: i64, is_local: bool) -> String {
    let secure = if is_local { "" } else { "; Secure" };
    format!("{COOKIE}={token}; Path=/; Max-Age={age_s}; HttpOnly; SameSite=Lax{secure}")
}
