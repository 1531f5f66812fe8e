//! How a lead came to where it is: events and what they brought, the score over time, changes of tier.

use serde_json::{Value as Json, json};

use crate::service::{Service, fresh};

fn track(service: &Service, lead: &str, event: &Json, at: &str) {
    let mut call = json!({"type": "track", "userId": lead, "timestamp": at});
    call.as_object_mut().unwrap().extend(event.as_object().unwrap().clone());
    assert_eq!(service.post("/v1/batch", &json!({"batch": [call]})).status, 200);
}

/// A lead with a demo that stays and a visit that fades.
fn ada(service: &Service) {
    track(service, "ada", &json!({"event": "Demo Requested"}), "2026-02-01T00:00:00Z");
    let visit = json!({"type": "page", "properties": {"path": "/pricing"}});
    track(service, "ada", &visit, "2026-02-03T00:00:00Z");
}

#[test]
fn a_timeline_tells_what_each_event_brought_page_by_page() {
    let (service, _folder) = fresh();
    ada(&service);
    let first = service.get("/api/v1/leads/ada/timeline?limit=1").json();
    assert_eq!(first["events"][0]["at"], "2026-02-03T00:00:00Z");
    assert_eq!(first["events"][0]["name"], "page");
    let faded =
        json!([{"model": "small", "rule": "pricing", "dimension": "web", "points": 10.0, "left": 0.0}]);
    assert_eq!(first["events"][0]["awards"], faded);
    let next = first["next"].as_str().unwrap();
    let second = service.get(&format!("/api/v1/leads/ada/timeline?limit=2&after={next}")).json();
    assert_eq!(second["events"][0]["awards"][0]["left"], 30.0);
    assert_eq!((&second["events"][1], &second["next"]), (&Json::Null, &Json::Null));
    assert_eq!(service.get("/api/v1/leads/ada/timeline?after=x").json()["code"], "bad-cursor");
}

#[test]
fn a_curve_is_the_score_at_each_instant() {
    let (service, _folder) = fresh();
    ada(&service);
    let path = "/api/v1/leads/ada/curve?from=2026-01-31T00:00:00Z&to=2026-02-04T00:00:00Z&points=5";
    let curve = service.get(path).json();
    let scores: Vec<_> = curve["curve"].as_array().unwrap().iter().map(|at| at["score"].clone()).collect();
    assert_eq!(scores, [0, 30, 30, 40, 30]);
    assert_eq!(curve["curve"][1]["tier"], "hot");
    let at = curve["curve"][3]["at"].as_str().unwrap();
    let alone = service.get(&format!("/api/v1/leads/ada?at={at}")).json();
    assert_eq!(alone["scores"][0]["score"], curve["curve"][3]["score"]);
    let code = |query: &str| service.get(&format!("/api/v1/leads/ada/curve?{query}")).json()["code"].clone();
    assert_eq!(code("points=1"), "bad-limit");
    assert_eq!(code("from=2026-02-04T00:00:00Z&to=2026-02-04T00:00:00Z"), "bad-time");
}

#[test]
fn a_history_tells_each_change_of_tier_with_its_cause() {
    let (service, _folder) = fresh();
    ada(&service);
    let history = service.get("/api/v1/leads/ada/history").json();
    let change = &history["changes"][0];
    assert_eq!((&change["from"], &change["to"]), (&Json::Null, &json!("hot")));
    assert!(change["cause"].as_str().unwrap().starts_with("event:"), "{history}");
    assert_eq!(service.get("/api/v1/leads/nobody/history").json()["code"], "unknown-lead");
}
