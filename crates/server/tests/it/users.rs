//! Users: how they come in, what each role may do, and when they are out again.

use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::{
    client::Answer,
    service::{Service, Setup, fresh, with},
};

const PASSWORD: &str = "correct horse battery";

fn at(service: &Service, line: &str, headers: &[(&str, &str)], body: &Json) -> Answer {
    service.client().request(line, headers, body.to_string().as_bytes()).unwrap()
}

fn login(service: &Service, email: &str, password: &str) -> Answer {
    at(service, "POST /api/v1/session", &[], &json!({"email": email, "password": password}))
}

/// The cookie that an answer sets, as a browser sends it back.
fn cookie(answer: &Answer) -> String {
    answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned()
}

fn accept(service: &Service, invited: &Answer) {
    let line = format!("POST {}", invited.json()["link"].as_str().unwrap());
    assert_eq!(at(service, &line, &[], &json!({"password": PASSWORD})).status, 200);
}

/// A service with an administrator `ada`; her cookie.
fn with_admin() -> (Service, TempDir, String) {
    let (service, folder) = fresh();
    let ada = json!({"email": "ada@acme.example", "role": "admin"});
    accept(&service, &at(&service, "POST /api/v1/invitations", &[], &ada));
    let ada = cookie(&login(&service, "ada@acme.example", PASSWORD));
    (service, folder, ada)
}

/// Invites somebody who comes in; the cookie.
fn invite(service: &Service, by: &str, name: &str, role: &str) -> String {
    let new = json!({"email": format!("{name}@acme.example"), "role": role});
    accept(service, &at(service, "POST /api/v1/invitations", &[("cookie", by)], &new));
    cookie(&login(service, &format!("{name}@acme.example"), PASSWORD))
}

fn status(service: &Service, line: &str, cookie: &str) -> u16 {
    at(service, line, &[("cookie", cookie)], &json!({})).status
}

fn code(answer: &Answer) -> (u16, Json) {
    (answer.status, answer.json()["code"].clone())
}

#[test]
fn each_role_may_do_what_the_table_says() {
    let (service, _folder, ada) = with_admin();
    let users = ["viewer", "sales", "marketer"].map(|role| invite(&service, &ada, role, role));
    let mut all: Vec<_> = users.iter().collect();
    all.push(&ada);
    let allowed = |line: &str| {
        let allowed = |cookie: &&String| !matches!(status(&service, line, cookie), 401 | 403);
        all.iter().map(allowed).collect::<Vec<_>>()
    };
    assert_eq!(allowed("GET /api/v1/leads"), [true; 4]);
    assert_eq!(allowed("GET /api/v1/me"), [true; 4]);
    assert_eq!(allowed("POST /api/v1/voids"), [false, false, true, true]);
    for line in ["GET /api/v1/users", "GET /api/v1/keys", "GET /api/v1/audit", "POST /api/v1/keys"] {
        assert_eq!(allowed(line), [false, false, false, true], "{line}");
    }
}

#[test]
fn from_the_first_user_on_nobody_unknown_is_let_in() {
    let (service, _folder) = fresh();
    assert_eq!(service.get("/api/v1/leads").status, 200);
    let new = json!({"email": "ada@acme.example", "role": "admin"});
    assert_eq!(at(&service, "POST /api/v1/invitations", &[], &new).status, 200);
    assert_eq!(code(&service.get("/api/v1/leads")), (401, json!("not-logged-in")));
    assert_eq!(service.post("/v1/page", &json!({"userId": "x"})).status, 401);
}

#[test]
fn the_first_administrator_of_a_service_that_others_reach_comes_in_by_a_link_that_is_told_once() {
    let setup = Setup { listen: "0.0.0.0:0", ..Setup::default() };
    let (service, folder) = with(&setup);
    let said = service.said();
    let link = said[0].rsplit(' ').next().unwrap();
    let line = format!("POST /{}", link.splitn(4, '/').last().unwrap());
    service.stop();
    let service = Service::start(folder.path(), &setup);
    assert_eq!(service.said(), [""; 0]);
    let post = |body: &Json| at(&service, &line, &[], body);
    assert_eq!(code(&post(&json!({"password": PASSWORD}))), (400, json!("bad-email")));
    let body = json!({"password": PASSWORD, "email": " Ada@Acme.example "});
    assert_eq!(post(&body).json()["role"], "admin");
    assert_eq!(code(&post(&body)), (404, json!("unknown-invitation")));
    let ada = login(&service, "ada@acme.example", PASSWORD);
    assert_eq!(status(&service, "GET /api/v1/users", &cookie(&ada)), 200);
}

#[test]
fn a_link_that_ended_unused_is_made_anew_at_the_next_start() {
    let setup = Setup { listen: "0.0.0.0:0", ..Setup::default() };
    let (service, folder) = with(&setup);
    assert_eq!(service.said().len(), 1);
    service.stop();
    let service = Service::start_at(folder.path(), &setup, "2026-03-02T00:00:00Z");
    assert_eq!(service.said().len(), 1);
}

#[test]
fn an_invitation_ends_after_a_day() {
    let (service, _folder, ada) = with_admin();
    let new = json!({"email": "bob@acme.example", "role": "viewer"});
    let invited = at(&service, "POST /api/v1/invitations", &[("cookie", &ada)], &new);
    let path = invited.json()["link"].as_str().unwrap().to_owned();
    let shown = json!({"email": "bob@acme.example", "role": "viewer"});
    assert_eq!(service.get(&path).json(), shown);
    service.set_clock("2026-03-02T00:00:00Z");
    let late = at(&service, &format!("POST {path}"), &[], &json!({"password": PASSWORD}));
    assert_eq!(code(&late), (404, json!("unknown-invitation")));
}

#[test]
fn a_new_link_ends_the_old_password_and_all_sessions_once_it_is_used() {
    let (service, _folder, ada) = with_admin();
    let bob = invite(&service, &ada, "bob", "viewer");
    let again = json!({"email": "bob@acme.example", "role": "viewer"});
    let again = at(&service, "POST /api/v1/invitations", &[("cookie", &ada)], &again);
    assert_eq!(status(&service, "GET /api/v1/me", &bob), 200);
    let line = format!("POST {}", again.json()["link"].as_str().unwrap());
    assert_eq!(code(&at(&service, &line, &[], &json!({"password": "short"}))), (400, json!("bad-password")));
    assert_eq!(at(&service, &line, &[], &json!({"password": "another horse entirely"})).status, 200);
    assert_eq!(status(&service, "GET /api/v1/me", &bob), 401);
    assert_eq!(login(&service, "bob@acme.example", PASSWORD).status, 401);
    assert_eq!(login(&service, "bob@acme.example", "another horse entirely").status, 200);
}

#[test]
fn a_session_ends_by_logging_out_by_time_and_with_its_user() {
    let (service, folder, ada) = with_admin();
    let bob = invite(&service, &ada, "bob", "sales");
    let out = at(&service, "DELETE /api/v1/session", &[("cookie", &bob)], &json!({}));
    assert!(out.header("set-cookie").unwrap().starts_with("kelvin_session=; Path=/; Max-Age=0"));
    assert_eq!(status(&service, "GET /api/v1/me", &bob), 401);

    let bob = cookie(&login(&service, "bob@acme.example", PASSWORD));
    let off = json!({"disabled": true});
    assert_eq!(at(&service, "PATCH /api/v1/users/2", &[("cookie", &ada)], &off).status, 200);
    assert_eq!(status(&service, "GET /api/v1/me", &bob), 401);
    assert_eq!(code(&login(&service, "bob@acme.example", PASSWORD)), (401, json!("wrong-login")));

    service.stop();
    let service = Service::start(folder.path(), &Setup::default());
    assert_eq!(status(&service, "GET /api/v1/me", &ada), 200, "a restart ends no session");
    service.set_clock("2026-03-08T00:00:00Z");
    assert_eq!(status(&service, "GET /api/v1/me", &ada), 401);
}

#[test]
fn nobody_learns_who_is_a_user() {
    let (service, _folder, _ada) = with_admin();
    let wrong = login(&service, "ada@acme.example", "wrong horse battery");
    let unknown = login(&service, "eve@acme.example", "wrong horse battery");
    assert_eq!(code(&wrong), (401, json!("wrong-login")));
    assert_eq!(wrong.json()["detail"], unknown.json()["detail"]);
    assert_eq!(wrong.status, unknown.status);
}

#[test]
fn who_guesses_has_to_wait() {
    let (service, _folder, _ada) = with_admin();
    for _ in 0..5 {
        assert_eq!(login(&service, "ada@acme.example", "wrong horse battery").status, 401);
    }
    let refused = login(&service, "ada@acme.example", PASSWORD);
    assert_eq!(code(&refused), (429, json!("too-many-logins")));
    assert_eq!(refused.header("retry-after"), Some("900"));
    service.set_clock("2026-03-01T00:15:00Z");
    assert_eq!(login(&service, "ada@acme.example", PASSWORD).status, 200);
}

#[test]
fn a_cookie_is_kept_from_scripts_other_sites_and_open_wires() {
    let (service, _folder, _ada) = with_admin();
    let body = json!({"email": "ada@acme.example", "password": PASSWORD});
    let set = |headers: &[(&str, &str)]| {
        let answer = at(&service, "POST /api/v1/session", headers, &body);
        answer.header("set-cookie").unwrap().split_once("; ").unwrap().1.to_owned()
    };
    let kept = "Path=/; Max-Age=604800; HttpOnly; SameSite=Lax";
    assert_eq!(set(&[]), kept);
    assert_eq!(set(&[("host", "kelvin.example")]), format!("{kept}; Secure"));
    assert_eq!(set(&[("x-forwarded-for", "192.0.2.1")]), format!("{kept}; Secure"));
}

#[test]
fn a_page_of_another_site_does_nothing_with_a_cookie() {
    let (service, _folder, ada) = with_admin();
    let key = json!({"name": "stolen", "scope": "admin"});
    let from = |name: &str, value: &str| {
        let headers = [("cookie", ada.as_str()), (name, value)];
        at(&service, "POST /api/v1/keys", &headers, &key).status
    };
    assert_eq!(from("origin", "https://evil.example"), 403);
    assert_eq!(from("sec-fetch-site", "same-site"), 403);
    assert_eq!(from("origin", "http://localhost"), 200);
}

#[test]
fn the_last_administrator_stays_one() {
    let (service, _folder, ada) = with_admin();
    let alter = |body: Json| at(&service, "PATCH /api/v1/users/1", &[("cookie", &ada)], &body);
    assert_eq!(code(&alter(json!({"role": "viewer"}))), (409, json!("last-admin")));
    assert_eq!(code(&alter(json!({"disabled": true}))), (409, json!("last-admin")));
    let me = json!({"email": "ada@acme.example", "role": "viewer"});
    let invited = at(&service, "POST /api/v1/invitations", &[("cookie", &ada)], &me);
    assert_eq!(code(&invited), (409, json!("last-admin")));
    invite(&service, &ada, "bob", "admin");
    assert_eq!(alter(json!({"role": "viewer"})).json()["role"], "viewer");
    assert_eq!(status(&service, "GET /api/v1/users", &ada), 403);
}

#[test]
fn what_is_done_with_users_is_told() {
    let (service, _folder, ada) = with_admin();
    invite(&service, &ada, "bob", "sales");
    at(&service, "PATCH /api/v1/users/2", &[("cookie", &ada)], &json!({"role": "viewer", "disabled": true}));
    let audit = at(&service, "GET /api/v1/audit", &[("cookie", &ada)], &json!({})).json();
    let told = |entry: &Json| {
        ["who", "what", "subject"].map(|key| entry[key].as_str().unwrap().replace("@acme.example", ""))
    };
    let told: Vec<_> = audit["audit"].as_array().unwrap().iter().map(told).collect();
    let expect = [
        ["ada", "user.disable", "bob"],
        ["ada", "user.role", "bob"],
        ["bob", "user.password", "bob"],
        ["ada", "user.invite", "bob"],
        ["ada", "user.password", "ada"],
        ["this machine", "user.invite", "ada"],
    ];
    assert_eq!(told, expect);
    let answers = audit.to_string();
    assert!(!answers.contains("argon2") && !answers.contains("kvi_"));
}
