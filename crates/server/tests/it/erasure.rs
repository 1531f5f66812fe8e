//! A person removed: nowhere to be found, and not back by accident; and all that is known of one.

use std::{fs, path::Path};

use serde_json::{Value as Json, json};

use crate::service::{Service, Setup, fresh};

const OLGA: &str = "olga@acme.example";

/// Events of `olga`, known by several ids, and of `bob`. Her name has letters that no hexadecimal digit is:
/// the proof of an erasure cannot spell it by chance.
fn fill(service: &Service) {
    let calls = [
        json!({"type": "identify", "userId": "u-olga", "messageId": "1", "traits": {"email": OLGA, "plan": "pro"}}),
        json!({"type": "track", "userId": "u-olga", "anonymousId": "x-olga", "event": "Demo Requested", "messageId": "2"}),
        json!({"type": "page", "anonymousId": "x-olga", "properties": {"path": "/pricing"}, "messageId": "3"}),
        json!({"type": "group", "userId": "u-olga", "groupId": "acme", "traits": {"contact": OLGA}, "messageId": "4"}),
        json!({"type": "track", "userId": "bob", "event": "Demo Requested", "messageId": "5"}),
        json!({"type": "track", "userId": "u-olga", "traits": {"email": OLGA}}),
    ];
    let answer = service.post("/v1/batch", &json!({"batch": calls}));
    assert_eq!(answer.json()["accepted"], 5);
    let voided =
        service.post("/api/v1/voids", &json!({"lead": "u-olga", "event": "page", "reason": "a test"}));
    assert_eq!(voided.status, 200, "{voided:?}");
}

fn erase(service: &Service, id: &str) -> Json {
    let line = format!("DELETE /api/v1/leads/{id}");
    let answer = service.client().request(&line, &[], &[]).unwrap();
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

fn is_in(path: &Path, text: &str) -> bool {
    fs::read(path).unwrap_or_default().windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn no_trace_is_left_of_who_was_erased() {
    let (service, folder) = fresh();
    fill(&service);
    let erased = erase(&service, OLGA);
    assert_eq!((&erased["events"], &erased["scrubbed"]), (&json!(4), &json!(true)));
    for id in ["u-olga", "x-olga", OLGA] {
        assert_eq!(service.get(&format!("/api/v1/leads/{id}")).status, 404, "{id}");
        for file in ["kelvin.db", "kelvin.db-wal"] {
            assert!(!is_in(&folder.path().join(file), id), "{id} is in {file}");
        }
    }
    for list in ["leads", "events", "rejected", "voids", "audit", "outbox"] {
        let listed = service.get(&format!("/api/v1/{list}")).body;
        assert!(!listed.contains("olga"), "{list}: {listed}");
    }
    assert_eq!(service.score("bob"), 30);
}

#[test]
fn what_is_left_is_a_proof_that_tells_nothing_without_its_receipt() {
    use hmac::{Hmac, KeyInit, Mac};
    let (service, _folder) = fresh();
    fill(&service);
    let erased = erase(&service, OLGA);
    let entry = service.get("/api/v1/audit").json()["audit"][0].clone();
    assert_eq!((&entry["what"], &entry["subject"]), (&json!("lead.erase"), &erased["proof"]));
    assert!(entry["after"].as_str().unwrap().starts_with("4 events, "));
    assert!(!service.get("/api/v1/audit").body.contains(erased["receipt"].as_str().unwrap()));
    let digits = erased["receipt"].as_str().unwrap();
    let key: Vec<u8> =
        (0..32).map(|place| u8::from_str_radix(&digits[2 * place..2 * place + 2], 16).unwrap()).collect();
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(&key).unwrap();
    mac.update(OLGA.as_bytes());
    let hash: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(erased["proof"], format!("erased {hash}"));
}

#[test]
fn what_is_sent_again_does_not_come_back_and_what_is_new_begins_anew() {
    let (service, folder) = fresh();
    fill(&service);
    erase(&service, "u-olga");
    let again = json!({"userId": "u-olga", "event": "Demo Requested", "messageId": "2"});
    let check = |service: &Service| {
        let answer = service.post("/v1/track", &again).json();
        assert_eq!((&answer["accepted"], &answer["duplicates"]), (&json!(0), &json!(1)));
    };
    check(&service);
    service.stop();
    let service = Service::start(folder.path(), &Setup::default());
    check(&service);
    service.post("/v1/track", &json!({"userId": "u-olga", "event": "Demo Requested", "messageId": "9"}));
    assert_eq!(service.score("u-olga"), 30);
    assert_eq!(service.log().len(), 2);
}

#[test]
fn scores_are_made_again_from_a_log_with_gaps() {
    let (service, folder) = fresh();
    fill(&service);
    erase(&service, "u-olga");
    service.stop();
    let other = crate::service::MODEL.replace("points: 30", "points: 31");
    let service = Service::start(folder.path(), &Setup { models: &[&other], ..Setup::default() });
    assert_eq!(service.score("bob"), 31);
    assert_eq!(service.get("/api/v1/leads/u-olga").status, 404);
}

#[test]
fn all_that_is_known_of_a_person_is_told_at_once() {
    let (service, _folder) = fresh();
    fill(&service);
    let told = service.get("/api/v1/leads/x-olga/export").json();
    assert_eq!((&told["lead_id"], &told["as_of"]), (&json!("u-olga"), &json!(crate::service::NOW)));
    assert_eq!(told["attributes"]["email"], OLGA);
    assert_eq!(told["events"].as_array().unwrap().len(), 4);
    assert_eq!(told["ids"].as_array().unwrap().len(), 3);
    assert_eq!(told["scores"][0]["score"], 35);
    assert_eq!(told["also"]["rejected"][0]["code"], "missing-event");
    assert!(!told.to_string().contains("bob"));
    let again = service.get("/api/v1/leads/x-olga/export").json();
    assert_eq!(again["also"]["audit"][0]["what"], "lead.export", "that it was told is told");
    assert_eq!(service.get("/api/v1/leads/nobody/export").status, 404);
    assert_eq!(service.get("/api/v1/audit").json()["audit"][0]["what"], "lead.export");
}
