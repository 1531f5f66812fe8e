//! Hand-offs that would not have been without events that were voided.

use serde_json::{Value as Json, json};

use super::PLAYBOOK;
use crate::service::{MODEL, Service, Setup};

/// An event of a lead with an id.
fn demo(id: &str, lead: &str) -> Json {
    json!({"type": "track", "event": "Demo Requested", "messageId": id, "userId": lead})
}

fn page(id: &str, lead: &str) -> Json {
    json!({"type": "page", "messageId": id, "userId": lead, "properties": {"path": "/pricing"}})
}

fn send(service: &Service, calls: &[Json]) {
    assert_eq!(service.post("/v1/batch", &json!({"batch": calls})).status, 200);
}

/// Voids events; the leads of the hand-offs that would not have been without them.
fn void(service: &Service, ids: &[&str]) -> Vec<Json> {
    told(&service.post("/api/v1/voids", &json!({"ids": ids, "reason": "a test"})).json())
}

/// The same of a void that is there.
fn known(service: &Service, void: usize) -> Vec<Json> {
    told(&service.get(&format!("/api/v1/voids/{void}")).json())
}

fn told(answer: &Json) -> Vec<Json> {
    assert_eq!(answer["complete"], true, "{answer}");
    answer["hand_offs"].as_array().unwrap().iter().map(|line| line["lead_id"].clone()).collect()
}

#[test]
fn who_was_handed_off_for_a_voided_event_is_listed_with_its_void() {
    let (service, folder) = super::service(PLAYBOOK);
    send(&service, &[demo("test", "eve"), demo("real", "zoe"), page("look", "zoe")]);
    service.set_clock("2026-03-02T00:00:00Z");
    // What comes after the hand-off is no ground for it.
    send(&service, &[demo("later", "eve"), demo("more", "zoe")]);
    let cause = service.get("/api/v1/hand-offs?lead=eve").json()["hand_offs"][0]["cause"].clone();
    assert_eq!(cause, "event:test");
    assert_eq!(void(&service, &["look", "more"]), [""; 0]);
    assert_eq!(void(&service, &["test"]), ["eve"]);
    assert_eq!((known(&service, 1), known(&service, 2)), (vec![], vec![json!("eve")]));
    assert_eq!(service.get("/api/v1/voids/2").json()["reason"], "a test");
    service.stop();
    // By the model that served then.
    let changed = MODEL.replace("points: 30", "points: 31");
    let setup = Setup { models: &[&changed], playbook: Some(PLAYBOOK), ..Setup::default() };
    let service = Service::start_at(folder.path(), &setup, "2026-03-03T00:00:00Z");
    assert_eq!(known(&service, 2), ["eve"]);
    service.post("/api/v1/voids/2/lift", &json!({}));
    assert_eq!(known(&service, 2), [""; 0]);
    assert_eq!(service.get("/api/v1/voids/7").json()["code"], "unknown-void");
}

#[test]
fn a_lead_that_sales_has_is_known_though_none_of_its_events_counts() {
    let (service, _folder) = super::service(PLAYBOOK);
    send(&service, &[demo("only", "eve"), page("other", "zoe")]);
    void(&service, &["only", "other"]);
    let eve = service.get("/api/v1/leads/eve").json();
    assert_eq!((&eve["scores"], &eve["task"]["state"]), (&json!([]), &json!("open")));
    assert_eq!(service.get("/api/v1/leads/zoe").json()["code"], "unknown-lead");
}

#[test]
fn a_hand_off_that_rests_on_several_events_is_listed_with_the_void_that_takes_its_ground() {
    let (service, _folder) = super::service(PLAYBOOK);
    // Any of three is needed, one of two is enough.
    send(
        &service,
        &[page("1", "eve"), page("2", "eve"), page("3", "eve"), demo("a", "zoe"), demo("b", "zoe")],
    );
    assert_eq!(service.get("/api/v1/hand-offs").json()["hand_offs"].as_array().unwrap().len(), 2);
    assert_eq!(void(&service, &["1", "a"]), ["eve"]);
    assert_eq!(void(&service, &["2", "b"]), ["zoe"]);
    assert_eq!((known(&service, 1), known(&service, 2)), (vec![json!("eve")], vec![json!("zoe")]));
}
