//! Manners of the API: what was seen is not sent again, what changed is not overwritten, what was done is not done again.

use rusqlite::Connection;
use serde_json::{Value as Json, json};

use crate::{
    client::Answer,
    hand_offs::{self, PLAYBOOK, demo},
    service::{MODEL, Service, fresh},
};

fn code(answer: &Answer) -> (u16, String) {
    (answer.status, answer.json()["code"].as_str().unwrap_or_default().to_owned())
}

/// Asks for a change under a key.
fn once(service: &Service, line: &str, key: &str, body: &Json) -> Answer {
    let headers = [("idempotency-key", key), ("content-type", "application/json")];
    service.request(line, &headers, body.to_string().as_bytes())
}

#[test]
fn what_a_client_has_is_not_sent_again() {
    let (service, _folder) = fresh();
    demo(&service, "ada");
    for path in ["/api/v1/leads", "/api/v1/leads/ada", "/api/v1/models", "/api/v1/openapi.json"] {
        let first = service.get(path);
        let tag = first.header("etag").unwrap();
        let known = format!("\"other\", {tag}");
        let again = service.request(&format!("GET {path}"), &[("if-none-match", &known)], b"");
        assert_eq!((again.status, again.header("etag"), &*again.body), (304, Some(tag), ""), "{path}");
    }
    let seen = service.get("/api/v1/leads/ada").header("etag").unwrap().to_owned();
    // The instant at which somebody looks is no news; a score that changed is.
    service.set_clock("2026-03-01T00:00:01Z");
    let again = service.request("GET /api/v1/leads/ada", &[("if-none-match", &seen)], b"");
    assert_eq!(again.status, 304);
    demo(&service, "ada");
    let changed = service.request("GET /api/v1/leads/ada", &[("if-none-match", &seen)], b"");
    assert_eq!((changed.status, &changed.json()["scores"][0]["score"]), (200, &json!(60)));
}

#[test]
fn a_task_that_somebody_moved_meanwhile_is_not_moved_blindly() {
    let (service, _folder) = hand_offs::service(PLAYBOOK);
    demo(&service, "ada");
    let seen = service.get("/api/v1/tasks/1").header("etag").unwrap().to_owned();
    let move_on = |to: &str, seen: &str| {
        let headers = [("if-match", seen), ("content-type", "application/json")];
        service.request("POST /api/v1/tasks/1", &headers, json!({"state": to}).to_string().as_bytes())
    };
    let accepted = move_on("accepted", &seen);
    assert_eq!(accepted.status, 200);
    assert_eq!(code(&move_on("contacted", &seen)), (412, "changed-meanwhile".to_owned()));
    assert_eq!(service.get("/api/v1/tasks/1").json()["state"], "accepted");
    assert_eq!(move_on("contacted", accepted.header("etag").unwrap()).status, 200);
    assert_eq!(code(&service.get("/api/v1/tasks/7")).1, "unknown-task");
}

#[test]
fn a_model_that_somebody_published_meanwhile_is_not_changed_blindly() {
    let (service, _folder) = fresh();
    let path = "/api/v1/models/small";
    let settled = || {
        service
            .wait_for(path, |answer| answer.json()["coming"].is_null() && answer.json()["settled"] == true);
        service.get(path).header("etag").unwrap().to_owned()
    };
    let change = |line: &str, seen: &str, body: Json| {
        let headers = [("if-match", seen), ("content-type", "application/json")];
        service.request(line, &headers, body.to_string().as_bytes())
    };
    let publish = |points: &str, seen: &str| {
        let text = MODEL.replace("points: 30", &format!("points: {points}"));
        change("POST /api/v1/models", seen, json!({"text": text}))
    };
    let first = settled();
    assert_eq!(publish("31", &first).status, 202);
    let second = settled();
    let changed = (412, "changed-meanwhile".to_owned());
    assert_eq!(code(&publish("32", &first)), changed);
    assert_eq!(code(&change(&format!("POST {path}/rollback"), &first, json!({}))), changed);
    assert_eq!(code(&change(&format!("DELETE {path}"), &first, json!({}))), changed);
    assert_eq!(service.get(path).json()["serving"]["version"], 2);
    assert_eq!(change(&format!("POST {path}/rollback"), &second, json!({})).status, 202);
    let third = settled();
    assert_eq!(change(&format!("DELETE {path}"), &third, json!({})).status, 204);
}

#[test]
fn a_change_that_is_asked_for_again_is_made_once() {
    let (service, _folder) = fresh();
    demo(&service, "ada");
    let void = |key: &str, lead: &str| {
        once(&service, "POST /api/v1/voids", key, &json!({"lead": lead, "reason": "a test"}))
    };
    let first = void("k1", "ada");
    service.set_clock("2026-03-01T23:00:00Z");
    let again = void("k1", "ada");
    assert_eq!((again.status, &again.body), (200, &first.body));
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(service.get("/api/v1/voids").json()["voids"].as_array().unwrap().len(), 1);
    assert_eq!(code(&void("k1", "bob")), (422, "idempotency-key-used".to_owned()));
    assert_eq!(code(&void("", "ada")), (400, "bad-idempotency-key".to_owned()));
    // What failed changed nothing: it may be asked for again.
    assert_eq!(code(&void("k2", "nobody")).0, 404);
    demo(&service, "nobody");
    assert_eq!(void("k2", "nobody").status, 200);
    service.set_clock("2026-03-02T00:00:01Z");
    assert_eq!(void("k1", "bob").status, 404);
}

#[test]
fn a_key_is_spent_only_where_something_can_be_done() {
    let (service, _folder) = fresh();
    for line in ["TRACE /api/v1/voids/1/lift", "PUT /api/v1/voids/1/lift"] {
        assert_eq!(once(&service, line, "k", &json!({})).status, 405, "{line}");
    }
    assert_eq!(code(&once(&service, "POST /api/v1/nowhere", "k", &json!({}))).0, 404);
    assert_eq!(once(&service, "POST /api/v1/keys", "k", &json!({"name": "CI", "scope": "read"})).status, 200);
}

#[test]
fn what_was_done_is_known_after_a_restart_and_what_was_under_way_is_not_done_again() {
    let (service, folder) = fresh();
    let publish = |service: &Service| {
        let text = MODEL.replace("points: 30", "points: 31");
        once(service, "POST /api/v1/models", "release-7", &json!({"text": text}))
    };
    let first = publish(&service);
    service.wait_for("/api/v1/models/small", |answer| answer.json()["serving"]["version"] == 2);
    service.stop();
    let setup = crate::service::Setup { models: &[], ..crate::service::Setup::default() };
    let service = Service::start(folder.path(), &setup);
    assert_eq!((first.status, publish(&service).body), (202, first.body));
    service.stop();
    let disk = Connection::open(folder.path().join("kelvin.db")).unwrap();
    disk.execute("UPDATE answers SET settled = 0, status = NULL, kind = NULL, body = NULL", []).unwrap();
    drop(disk);
    let service = Service::start(folder.path(), &setup);
    assert_eq!(code(&publish(&service)), (409, "outcome-unknown".to_owned()));
}

#[test]
fn an_answer_that_holds_a_secret_is_not_kept() {
    let (service, folder) = fresh();
    let make = || once(&service, "POST /api/v1/keys", "k", &json!({"name": "wall", "scope": "read"}));
    assert_eq!(make().status, 200);
    assert_eq!(code(&make()), (409, "answer-not-kept".to_owned()));
    assert_eq!(service.get("/api/v1/keys").json()["keys"].as_array().unwrap().len(), 1);
    service.stop();
    let disk = Connection::open(folder.path().join("kelvin.db")).unwrap();
    let kept: Option<String> = disk.query_row("SELECT body FROM answers", [], |row| row.get(0)).unwrap();
    assert_eq!(kept, None);
}
