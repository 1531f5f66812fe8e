//! Who was handed off is not again because its ids join or part, or because its past is rewritten.

use serde_json::{Value as Json, json};

use super::{PLAYBOOK, demo, handed_off, ids, service};
use crate::service::Service;

fn visit(service: &Service, visitor: &str) {
    service.post("/v1/track", &json!({"anonymousId": visitor, "event": "Demo Requested"}));
}

fn identify(service: &Service, visitor: &str, user: &str) {
    service.post("/v1/identify", &json!({"anonymousId": visitor, "userId": user}));
}

fn by_hand(service: &Service, path: &str, body: &Json) -> Json {
    let answer = service.post(path, body);
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

/// The leads that were handed off, in that order.
fn leads(service: &Service) -> Vec<String> {
    handed_off(service).into_iter().map(|(lead, _)| lead).collect()
}

#[test]
fn a_visitor_who_becomes_a_user_stays_with_who_has_them() {
    let (service, folder) = service(PLAYBOOK);
    visit(&service, "zz");
    identify(&service, "zz", "grace");
    demo(&service, "grace");
    assert_eq!(handed_off(&service), [("grace".to_owned(), json!("ada"))]);
    assert_eq!(ids(folder.path()).len(), 2);
    let lead = service.get("/api/v1/leads/grace").json();
    assert_eq!((&lead["owner"], &lead["task"]["lead_id"]), (&json!("ada"), &json!("grace")));
}

#[test]
fn a_user_who_turns_out_to_be_a_visitor_that_sales_has_is_not_handed_off_again() {
    let (service, _folder) = service(PLAYBOOK);
    service.post("/v1/page", &json!({"userId": "grace", "properties": {"path": "/"}}));
    visit(&service, "zz");
    identify(&service, "zz", "grace");
    demo(&service, "grace");
    assert_eq!(leads(&service), ["grace"]);
}

#[test]
fn who_becomes_hot_by_joining_is_handed_off_once() {
    let (service, _folder) = service(PLAYBOOK);
    let page = |who: &str, id: &str| {
        service.post("/v1/page", &json!({who: id, "properties": {"path": "/pricing"}}));
    };
    page("anonymousId", "zz");
    page("userId", "grace");
    page("userId", "grace");
    assert_eq!(leads(&service), [""; 0]);
    identify(&service, "zz", "grace");
    page("userId", "grace");
    assert_eq!(leads(&service), ["grace"]);
}

#[test]
fn leads_that_are_joined_and_parted_by_hand_are_not_handed_off_again() {
    let (service, _folder) = service(PLAYBOOK);
    visit(&service, "zz");
    demo(&service, "grace");
    assert_eq!(leads(&service), ["zz", "grace"]);
    by_hand(&service, "/api/v1/leads/grace/merge", &json!({"with": "zz"}));
    demo(&service, "grace");
    assert_eq!(leads(&service), ["grace", "grace"]);
    by_hand(&service, "/api/v1/leads/grace/split", &json!({"id": "zz"}));
    visit(&service, "zz");
    demo(&service, "grace");
    assert_eq!(leads(&service), ["grace", "grace"]);
}

#[test]
fn an_event_that_counts_again_does_not_hand_its_lead_off_again() {
    let (service, _folder) = service(PLAYBOOK);
    demo(&service, "eve");
    let void = by_hand(&service, "/api/v1/voids", &json!({"lead": "eve", "reason": "a test"}));
    by_hand(&service, &format!("/api/v1/voids/{}/lift", void["void"]), &json!({}));
    demo(&service, "eve");
    assert_eq!(leads(&service), ["eve"]);
}

#[test]
fn who_does_again_what_was_voided_is_handed_off_again() {
    let (service, _folder) = service(PLAYBOOK);
    demo(&service, "eve");
    by_hand(&service, "/api/v1/voids", &json!({"lead": "eve", "reason": "a test"}));
    demo(&service, "eve");
    assert_eq!(leads(&service), ["eve", "eve"]);
}

#[test]
fn a_visitor_who_becomes_a_user_is_told_of_once() {
    let (before, _) = PLAYBOOK.split_once("hand_offs:").unwrap();
    let rise = "{id: rise, score_up: 20, within: 7d, notify: sales-channel}";
    let reached = "{id: reached, tier: hot, notify: sales-channel}";
    let (service, folder) = service(&format!("{before}alerts: [{rise}, {reached}]\n"));
    visit(&service, "zz");
    let told = ids(folder.path());
    assert_eq!(told.len(), 2, "{told:?}");
    identify(&service, "zz", "grace");
    identify(&service, "zz", "grace");
    assert_eq!(ids(folder.path()), told);
    let alerts = service.get("/api/v1/alerts").json();
    let leads: Vec<_> = alerts["alerts"].as_array().unwrap().iter().map(|alert| &alert["lead_id"]).collect();
    assert_eq!(leads, ["grace", "grace"]);
}

/// A lead by two ids in one call, of a day before the present.
fn seen(service: &Service, visitor: &str, user: &str, day: &str) {
    let call = json!({"anonymousId": visitor, "userId": user, "timestamp": day, "event": "Seen"});
    assert_eq!(service.post("/v1/track", &call).status, 200);
}

#[test]
fn who_turns_out_to_have_the_browser_of_somebody_handed_off_is_handed_off_too() {
    let (service, _folder) = service(PLAYBOOK);
    seen(&service, "zz", "grace", "2026-02-20");
    visit(&service, "zz");
    assert_eq!(leads(&service), ["grace"]);
    // It was Ada's before it was Grace's, and is therefore hers.
    seen(&service, "zz", "ada", "2026-02-10");
    assert_eq!((service.score("ada"), service.score("grace")), (json!(30), json!(0)));
    assert_eq!(leads(&service), ["grace", "ada"]);
    visit(&service, "zz");
    assert_eq!(leads(&service), ["grace", "ada"]);
}
