//! Who may do what: keys, users, the audit log; people removed and told of.

use kelvin_store::{Role, Scope};
use serde_json::{Value as Json, json};

use super::{
    leads::id,
    operation::{Operation, after, delete, get, limit, part, patch, post},
    schema::{count, flag, list, named, object, one_of, or_null, page, plus, strict, text, with},
    shapes,
};
use crate::access::Right;

pub(super) fn operations() -> Vec<Operation> {
    [people(), keys(), logins(), users()].into_iter().flatten().collect()
}

fn people() -> Vec<Operation> {
    let erased =
        json!({"events": count(), "rows": count(), "proof": text(), "receipt": text(), "scrubbed": flag()});
    let erase = delete("/api/v1/leads/{id}", "eraseLead")
        .about("access", "Remove a person everywhere, with a proof that tells nothing of them")
        .takes([id()])
        .answers("What was removed.", object(erased))
        .or(&["bad-path", "unknown-lead", "busy", "not-ready", "store-failed"]);
    let export = get("/api/v1/leads/{id}/export", "exportLead")
        .about("access", "All that is known of a person")
        .takes([id()])
        .answers("All of it.", named("Export"))
        .or(&["bad-path", "unknown-lead", "busy", "not-ready", "store-failed"]);
    let audit = get("/api/v1/audit", "audit")
        .about("access", "Who changed what, the latest first")
        .takes([limit(1000), after(count())])
        .answers("A page.", page("audit", named("Audited"), count()))
        .or(&["bad-query", "bad-limit", "store-failed"]);
    vec![erase, export, audit]
}

fn keys() -> Vec<Operation> {
    let scopes = one_of(&Scope::ALL.map(Scope::name));
    let made = plus(shapes::key(), json!({"key": text()}));
    let all = get("/api/v1/keys", "keys")
        .about("access", "The keys of programs; none tells its secret")
        .answers("All of them.", object(json!({"keys": list(named("Key"))})))
        .or(&["store-failed"]);
    let make = post("/api/v1/keys", "makeKey")
        .about("access", "Make a key")
        .reads(strict(object(json!({"name": text(), "scope": scopes}))))
        .answers("The key; this answer alone holds its secret.", made)
        .or(&["bad-request", "unknown-scope", "name-required", "busy", "store-failed"]);
    let withdraw = delete("/api/v1/keys/{id}", "withdrawKey")
        .about("access", "Withdraw a key: from now on it opens nothing")
        .takes([part("id", count(), "The key.")])
        .answers("The key that was.", named("Key"))
        .or(&["bad-path", "unknown-key", "busy", "store-failed"]);
    vec![all, make, withdraw]
}

fn logins() -> Vec<Operation> {
    let rights = one_of(&Right::ALL.map(Right::name));
    let who = object(json!({"name": text(), "may": list(rights)}));
    let me = get("/api/v1/me", "me")
        .about("access", "Who asks, and what they may do")
        .answers("You.", with(who, json!({"user": named("User")})));
    let begin = post("/api/v1/session", "logIn")
        .about("access", "Log in")
        .reads(strict(object(json!({"email": text(), "password": text()}))))
        .answers("Who is logged in, with a cookie.", named("User"))
        .tells("Set-Cookie", text(), "The session.")
        .or(&["bad-request", "wrong-login", "too-many-logins", "busy", "store-failed"]);
    let end = delete("/api/v1/session", "logOut")
        .about("access", "Log out")
        .answers("Nobody is logged in now.", object(json!({})))
        .or(&["not-a-user", "busy", "store-failed"]);
    vec![me, begin, end]
}

fn users() -> Vec<Operation> {
    let all = get("/api/v1/users", "users")
        .about("access", "Who may log in")
        .answers("All of them.", object(json!({"users": list(named("User"))})))
        .or(&["store-failed"]);
    let different = json!({"role": or_null(roles()), "disabled": or_null(flag())});
    let alter = patch("/api/v1/users/{id}", "alterUser")
        .about("access", "Give a user another role, or keep one out")
        .takes([user()])
        .if_seen()
        .reads(strict(with(object(json!({})), different)))
        .answers("The user as it is now.", named("User"))
        .or(&[
            "bad-path",
            "bad-request",
            "unknown-role",
            "unknown-user",
            "last-admin",
            "busy",
            "store-failed",
        ]);
    let one = get("/api/v1/users/{id}", "user")
        .about("access", "One user")
        .takes([user()])
        .answers("The user.", named("User"))
        .or(&["bad-path", "unknown-user", "store-failed"]);
    vec![all, one, alter, invite(), invitation(), accept()]
}

fn invite() -> Operation {
    let invited = plus(shapes::user(), json!({"link": text()}));
    post("/api/v1/invitations", "invite")
        .about("access", "Invite somebody, or give a user a new link")
        .reads(strict(object(json!({"email": text(), "role": roles()}))))
        .answers("Who is invited; this answer alone holds the link.", invited)
        .or(&["bad-request", "bad-email", "unknown-role", "last-admin", "busy", "store-failed"])
}

fn invitation() -> Operation {
    get("/api/v1/invitations/{token}", "invitation")
        .about("access", "Who is invited")
        .takes([token()])
        .answers("The invitation.", object(json!({"email": or_null(text()), "role": roles()})))
        .or(&["bad-path", "unknown-invitation", "store-failed"])
}

fn accept() -> Operation {
    let body = with(object(json!({"password": text()})), json!({"email": or_null(text())}));
    post("/api/v1/invitations/{token}", "acceptInvitation")
        .about("access", "Take up an invitation with a password")
        .takes([token()])
        .reads(strict(body))
        .answers("The user.", named("User"))
        .or(&["bad-path", "bad-request", "bad-email", "bad-password", "unknown-invitation", "known-user"])
        .or(&["busy", "store-failed"])
}

fn user() -> Json {
    part("id", count(), "The user.")
}

fn token() -> Json {
    part("token", text(), "The end of the link.")
}

fn roles() -> Json {
    one_of(&Role::ALL.map(Role::name))
}
