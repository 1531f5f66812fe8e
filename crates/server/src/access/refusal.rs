//! What is answered to who may not.

use axum::http::{StatusCode, header};

use super::{password, rights::Right};
use crate::api::Problem;

/// Who asks is not known, and must be.
pub(crate) fn not_logged_in() -> Problem {
    let detail = "log in, or send a key as `Authorization: Bearer kv_…`";
    Problem::new(StatusCode::UNAUTHORIZED, "not-logged-in", detail)
        .with_header(header::WWW_AUTHENTICATE, "Bearer")
}

/// The key that was shown is none.
pub(crate) fn wrong_key() -> Problem {
    let detail = "the key is not known, or was withdrawn";
    Problem::new(StatusCode::UNAUTHORIZED, "wrong-key", detail)
        .with_header(header::WWW_AUTHENTICATE, "Bearer")
}

/// Who asks is known, and may not.
pub(crate) fn not_allowed(right: Right, who: &str) -> Problem {
    let detail = format!("{who} has no right to `{}`: an administrator has", right.name());
    Problem::new(StatusCode::FORBIDDEN, "not-allowed", detail)
}

/// Only a user can do this: a key has no session.
pub(crate) fn not_a_user() -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "not-a-user", "only a user who is logged in can do this")
}

/// A page of another site asks for a change in somebody's name.
pub(crate) fn other_site() -> Problem {
    let detail = "a page of another site asks for a change: only our own pages may";
    Problem::new(StatusCode::FORBIDDEN, "other-site", detail)
}

/// The service is open to its own machine, and was asked from elsewhere.
pub(crate) fn other_host() -> Problem {
    let detail =
        "without users, only this machine may ask, as `localhost`: invite a user with `kelvin user invite`";
    Problem::new(StatusCode::FORBIDDEN, "other-host", detail)
}

/// No user has this address and password.
pub(crate) fn wrong_login() -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "wrong-login", "the e-mail address or the password is wrong")
}

/// Too many attempts to log in.
pub(crate) fn too_many_logins() -> Problem {
    let detail = "too many attempts to log in: wait a quarter of an hour";
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-many-logins", detail)
        .with_header(header::RETRY_AFTER, "900")
}

/// The link is none, was used, or has ended.
pub(crate) fn unknown_invitation() -> Problem {
    let detail = "the link is unknown, was used, or has ended: ask for a new one";
    Problem::not_found("unknown-invitation", detail)
}

/// What should be an e-mail address is none.
pub(crate) fn bad_address() -> Problem {
    Problem::bad("bad-email", "`email` is an e-mail address")
}

/// The invitation is for another address.
pub(crate) fn other_address() -> Problem {
    Problem::bad("bad-email", "the invitation is for another e-mail address")
}

/// Somebody has the address already.
pub(crate) fn known_address() -> Problem {
    Problem::new(StatusCode::CONFLICT, "known-user", "another user has this e-mail address")
}

/// The password is too short or too long.
pub(crate) fn bad_password() -> Problem {
    let (shortest, longest) = (password::SHORTEST, password::LONGEST);
    Problem::bad("bad-password", format!("a password has {shortest} to {longest} bytes"))
}

/// Nobody would be left who can let others in.
pub(crate) fn last_admin() -> Problem {
    let detail = "there would be no administrator any more: make somebody else one first";
    Problem::new(StatusCode::CONFLICT, "last-admin", detail)
}
