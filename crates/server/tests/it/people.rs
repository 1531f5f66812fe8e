//! Whose events: what makes one lead of several ids, and what does not.

use rusqlite::Connection;
use serde_json::{Value as Json, json};

use crate::service::{Service, Setup, fresh};

fn send(service: &Service, calls: &[Json]) {
    let answer = service.post("/v1/batch", &json!({"batch": calls}));
    assert_eq!((answer.status, &answer.json()["rejected"]), (200, &json!([])), "{answer:?}");
}

/// A demo that somebody asked for: 30 points.
fn demo(ids: Json) -> Json {
    call("track", ids)
}

fn call(kind: &str, mut call: Json) -> Json {
    call["type"] = json!(kind);
    if kind == "track" {
        call["event"] = json!("Demo Requested");
    }
    call
}

/// The leads in the list, with their scores.
pub(crate) fn leads(service: &Service) -> Vec<(String, Json)> {
    let list = service.get("/api/v1/leads?limit=1000").json();
    let lead = |lead: &Json| (lead["lead_id"].as_str().unwrap().to_owned(), lead["score"].clone());
    list["leads"].as_array().unwrap().iter().map(lead).collect()
}

/// What some calls come to.
fn check(calls: &[Json], expect: &[(&str, i64)]) -> (Service, tempfile::TempDir) {
    let (service, folder) = fresh();
    send(&service, calls);
    let expect: Vec<_> = expect.iter().map(|(lead, score)| ((*lead).to_owned(), json!(score))).collect();
    assert_eq!(leads(&service), expect);
    (service, folder)
}

#[test]
fn what_a_visitor_did_belongs_to_who_they_turn_out_to_be() {
    let calls = [
        demo(json!({"anonymousId": "cookie"})),
        call("identify", json!({"anonymousId": "cookie", "userId": "ada", "traits": {"plan": "pro"}})),
        demo(json!({"anonymousId": "cookie"})),
    ];
    let (service, _folder) = check(&calls, &[("ada", 65)]);
    assert_eq!(service.score("cookie"), 65);
    let lead = service.get("/api/v1/leads/cookie").json();
    assert_eq!((&lead["lead_id"], &lead["attributes"]), (&json!("ada"), &json!({"plan": "pro"})));
}

#[test]
fn a_lead_tells_its_ids_and_why_each_belongs_to_it() {
    let identify = json!({"anonymousId": "cookie", "userId": "ada", "messageId": "m-1",
        "timestamp": "2026-02-01T00:00:00Z", "traits": {"email": "Ada@Acme.example"}});
    let (service, _folder) = check(&[call("identify", identify)], &[("ada", 0)]);
    let told = json!({"at": "2026-02-01T00:00:00Z", "event": "m-1"});
    let because = |link: &str, with: &str| {
        let mut because = told.clone();
        (because["link"], because["with"]) = (json!(link), json!(with));
        because
    };
    let expect = json!([
        {"id": "ada@acme.example", "kind": "email", "because": [because("email", "ada")]},
        {"id": "ada", "kind": "user",
            "because": [because("named-together", "cookie"), because("email", "ada@acme.example")]},
        {"id": "cookie", "kind": "anonymous", "because": [because("named-together", "ada")]},
    ]);
    let sorted = |mut ids: Json| {
        for id in ids.as_array_mut().unwrap() {
            id["because"].as_array_mut().unwrap().sort_by_key(|because| because["link"].to_string());
        }
        ids
    };
    let lead = service.get("/api/v1/leads/ada@acme.example").json();
    assert_eq!(sorted(lead["ids"].clone()), sorted(expect));
}

#[test]
fn an_alias_makes_one_lead_of_two_users() {
    let calls = [
        demo(json!({"userId": "old"})),
        demo(json!({"userId": "new"})),
        call("alias", json!({"previousId": "old", "userId": "new"})),
    ];
    check(&calls, &[("new", 60)]);
}

#[test]
fn a_shared_browser_joins_no_two_people() {
    let calls = [
        call("identify", json!({"anonymousId": "library", "userId": "ada", "timestamp": "2026-02-02"})),
        call("identify", json!({"anonymousId": "library", "userId": "bob", "timestamp": "2026-02-01"})),
        demo(json!({"userId": "ada"})),
        demo(json!({"anonymousId": "library"})),
        call("identify", json!({"anonymousId": "kiosk", "traits": {"email": "eve@acme.example"}})),
        call("identify", json!({"anonymousId": "kiosk", "traits": {"email": "zoe@acme.example"}})),
        demo(json!({"userId": "zoe", "context": {"traits": {"email": "zoe@acme.example"}}})),
    ];
    check(&calls, &[("ada", 30), ("bob", 30), ("zoe", 30), ("kiosk", 0)]);
}

#[test]
fn an_address_or_an_id_of_another_system_makes_one_lead_of_all_who_have_it() {
    let named =
        |user: &str, email: &str| demo(json!({"userId": user, "context": {"traits": {"email": email}}}));
    let crm = |ids: Json| {
        let mut call = demo(ids);
        call["context"] = json!({"externalIds": [{"id": "17", "type": "crm", "collection": "users"}]});
        call
    };
    let calls = [
        named("ada", "ada@acme.example"),
        named("ada-2", " ADA@acme.example"),
        call("track", json!({"anonymousId": "form", "properties": {"email": "ada@acme.example"}})),
        named("bob", "info@acme.example"),
        named("eve", "info@acme.example"),
        // An id that is an address, beside another address.
        call("identify", json!({"userId": "zoe@acme.example", "traits": {"email": "zoe@gmail.com"}})),
        named("zoe-2", "zoe@acme.example"),
        named("zoe-3", "zoe@gmail.com"),
        crm(json!({"userId": "x"})),
        crm(json!({"userId": "y"})),
        // Whom a user invites is not the user.
        call("track", json!({"userId": "bob", "properties": {"email": "ada@acme.example"}})),
    ];
    let (service, _folder) =
        check(&calls, &[("ada", 90), ("bob", 60), ("x", 60), ("zoe-2", 60), ("eve", 30)]);
    assert_eq!(service.score("crm:17"), 60);
}

#[test]
fn what_too_many_share_links_nobody() {
    let user = |number: usize| demo(json!({"anonymousId": "screen", "userId": format!("user-{number:03}")}));
    let mail = |number: usize| {
        call(
            "identify",
            json!({"userId": format!("mail-{number:03}"), "traits": {"email": "x@acme.example"}}),
        )
    };
    let (service, _folder) = fresh();
    send(&service, &(0..100).map(mail).collect::<Vec<_>>());
    assert_eq!(leads(&service).len(), 1);
    send(&service, &[mail(100)]);
    assert_eq!(leads(&service).len(), 101);
    send(&service, &(0..150).map(user).collect::<Vec<_>>());
    assert_eq!(leads(&service).len(), 251);
}

#[test]
fn a_user_with_too_many_browsers_is_no_user() {
    let guest =
        |number: usize| demo(json!({"anonymousId": format!("cookie-{number:04}"), "userId": "guest"}));
    let alone = |number: usize| demo(json!({"anonymousId": format!("cookie-{number:04}")}));
    let (service, _folder) = fresh();
    send(&service, &(0..1000).map(guest).collect::<Vec<_>>());
    send(&service, &[alone(0)]);
    assert_eq!(leads(&service), [("guest".to_owned(), json!(30 * 1001))]);
    send(&service, &[guest(1000)]);
    let expect = [("guest".to_owned(), json!(30 * 1001)), ("cookie-0000".to_owned(), json!(30))];
    assert_eq!(leads(&service), expect);
}

#[test]
fn two_leads_are_merged_and_taken_apart_by_hand() {
    let calls = [
        demo(json!({"anonymousId": "cookie", "userId": "bob"})),
        demo(json!({"userId": "ada"})),
        call("identify", json!({"userId": "ada", "traits": {"plan": "pro"}})),
    ];
    let (service, _folder) = check(&calls, &[("ada", 35), ("bob", 30)]);
    let merged = service.post("/api/v1/leads/ada/merge", &json!({"with": "bob", "note": "same desk"}));
    assert_eq!((merged.status, merged.json()), (200, json!({"lead_id": "ada"})));
    assert_eq!(leads(&service), [("ada".to_owned(), json!(65))]);
    let ids = service.get("/api/v1/leads/cookie").json()["ids"].clone();
    assert_eq!(ids[0]["because"][0]["note"], "same desk");
    send(&service, &[demo(json!({"anonymousId": "cookie"}))]);
    assert_eq!(service.score("ada"), 95);
    let split = service.post("/api/v1/leads/ada/split", &json!({"id": "bob"}));
    assert_eq!((split.status, split.json()), (200, json!({"lead_id": "bob"})));
    assert_eq!(leads(&service), [("bob".to_owned(), json!(60)), ("ada".to_owned(), json!(35))]);
    // What calls say later does not bring them together again.
    send(&service, &[call("alias", json!({"previousId": "bob", "userId": "ada"}))]);
    assert_eq!(leads(&service).len(), 2);
    service.post("/api/v1/leads/bob/merge", &json!({"with": "ada"}));
    assert_eq!(leads(&service), [("ada".to_owned(), json!(95))]);
}

#[test]
fn an_id_that_a_call_had_linked_can_be_taken_out() {
    let calls =
        [demo(json!({"anonymousId": "cookie", "userId": "ada"})), demo(json!({"anonymousId": "cookie"}))];
    let (service, _folder) = check(&calls, &[("ada", 60)]);
    let split = service.post("/api/v1/leads/ada/split", &json!({"id": "cookie"}));
    assert_eq!(split.json(), json!({"lead_id": "cookie"}));
    send(&service, &calls);
    assert_eq!(leads(&service), [("ada".to_owned(), json!(60)), ("cookie".to_owned(), json!(60))]);
}

#[test]
fn what_cannot_be_merged_or_taken_apart_is_told() {
    let (service, _folder) = check(&[demo(json!({"userId": "ada"}))], &[("ada", 30)]);
    let told = |path: &str, body: Json| {
        let answer = service.post(&format!("/api/v1/leads/{path}"), &body);
        (answer.status, answer.json()["code"].as_str().unwrap_or_default().to_owned())
    };
    let of = |status, code: &str| (status, code.to_owned());
    assert_eq!(told("ada/merge", json!({"with": "bob"})), of(404, "unknown-lead"));
    assert_eq!(told("bob/merge", json!({"with": "ada"})), of(404, "unknown-lead"));
    assert_eq!(told("ada/merge", json!({"width": "bob"})), of(400, "bad-request"));
    assert_eq!(told("ada/split", json!({"id": "ada"})), of(400, "not-of-this-lead"));
    assert_eq!(told("ada/merge", json!({"with": "ada"})), of(200, ""));
}

#[test]
fn a_store_of_before_ids_were_kept_learns_them_from_its_log() {
    let calls = [
        demo(json!({"anonymousId": "cookie"})),
        demo(json!({"anonymousId": "cookie", "userId": "ada"})),
        demo(json!({"userId": "bob"})),
    ];
    let (service, folder) = check(&calls, &[("ada", 60), ("bob", 30)]);
    service.stop();
    let disk = Connection::open(folder.path().join("kelvin.db")).unwrap();
    disk.execute_batch("DELETE FROM ids; DELETE FROM links; DELETE FROM recent_holdings").unwrap();
    drop(disk);
    let service = Service::start(folder.path(), &Setup::default());
    assert_eq!(leads(&service), [("ada".to_owned(), json!(60)), ("bob".to_owned(), json!(30))]);
    assert_eq!(service.score("cookie"), 60);
}
