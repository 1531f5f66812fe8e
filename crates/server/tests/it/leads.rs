//! What is answered of leads.

use serde_json::{Value as Json, json};

use crate::service::{MODEL, Service, Setup, fresh, with};

const OTHER: &str = "\
kelvin: 1
model: other
applies: has(lead.region) == false || lead.region != 'test'
dimensions:
  web:
    rules:
      - {id: any, event: [page, Demo Requested], points: 1}
";

/// A page of leads: their ids, and where the next begins.
fn page(service: &Service, query: &str) -> (Vec<String>, Option<String>) {
    let answer = service.get(&format!("/api/v1/leads?{query}"));
    assert_eq!(answer.status, 200, "{answer:?}");
    let body = answer.json();
    let ids = body["leads"].as_array().unwrap().iter();
    let ids = ids.map(|lead| lead["lead_id"].as_str().unwrap().to_owned()).collect();
    (ids, body["next"].as_str().map(str::to_owned))
}

fn demos(service: &Service, demos: &[(&str, usize)]) {
    for (lead, count) in demos {
        let demo = json!({"type": "track", "userId": lead, "event": "Demo Requested"});
        assert_eq!(service.post("/v1/batch", &json!({"batch": vec![demo; *count]})).status, 200);
    }
}

#[test]
fn leads_are_listed_by_score_page_by_page() {
    let (service, _folder) = fresh();
    demos(&service, &[("a", 1), ("b", 3), ("c", 1), ("d", 2), ("e", 1)]);
    assert_eq!(page(&service, "").0, ["b", "d", "a", "c", "e"]);
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let (ids, next) = page(&service, &format!("limit=2{after}"));
        seen.extend(ids);
        let Some(next) = next else { break };
        after = format!("&after={next}");
    }
    assert_eq!(seen, ["b", "d", "a", "c", "e"]);
    service.post("/v1/identify", &json!({"userId": "z", "traits": {"plan": "pro"}}));
    assert_eq!(page(&service, "tier=none").0, ["z"]);
    assert_eq!(page(&service, "tier=hot&limit=1").0, ["b"]);
    assert_eq!(page(&service, "tier=disqualified").0, [""; 0]);
}

#[test]
fn a_query_that_makes_no_sense_is_told() {
    let (service, _folder) = fresh();
    let code = |query: &str| {
        let answer = service.get(&format!("/api/v1/leads{query}"));
        (answer.status, answer.json()["code"].as_str().unwrap().to_owned())
    };
    let bad = |code: &str| (400, code.to_owned());
    assert_eq!(code("?limit=0"), bad("bad-limit"));
    assert_eq!(code("?limit=many"), bad("bad-query"));
    assert_eq!(code("?teir=hot"), bad("bad-query"));
    assert_eq!(code("?tier=cold"), bad("unknown-tier"));
    assert_eq!(code("?after=zzz"), bad("bad-cursor"));
    assert_eq!(code("?model=large"), (404, "unknown-model".to_owned()));
    assert_eq!(code("/nobody"), (404, "unknown-lead".to_owned()));
    assert_eq!(code("/nobody?at=soon"), bad("bad-time"));
    assert_eq!(code("/%ff"), bad("bad-path"));
}

#[test]
fn several_models_score_side_by_side() {
    let (service, _folder) = with(&Setup { models: &[MODEL, OTHER], ..Setup::default() });
    demos(&service, &[("a", 1), ("b", 2)]);
    assert_eq!(service.get("/api/v1/leads").json()["code"], "model-required");
    let other = service.get("/api/v1/leads?model=other").json();
    let score =
        |place: usize| (other["leads"][place]["lead_id"].clone(), other["leads"][place]["score"].clone());
    assert_eq!((score(0), score(1)), ((json!("b"), json!(2)), (json!("a"), json!(1))));
    let scores = |service: &Service| -> Vec<Json> {
        let lead = service.get("/api/v1/leads/b").json();
        lead["scores"].as_array().unwrap().iter().map(|score| score["model"].clone()).collect()
    };
    assert_eq!(scores(&service), ["other", "small"]);
    service.post("/v1/identify", &json!({"userId": "b", "traits": {"region": "test"}}));
    assert_eq!(scores(&service), ["small"]);
    assert_eq!(page(&service, "model=other").0, ["a"]);
}

#[test]
fn a_lead_tells_its_score_at_any_instant_and_why() {
    let (service, _folder) = fresh();
    let pricing =
        json!({"userId": "a/b c", "properties": {"path": "/pricing"}, "timestamp": "2026-02-28T12:00:00Z"});
    service.post("/v1/page", &pricing);
    service.post("/v1/track", &json!({"userId": "a/b c", "event": "Demo Requested"}));
    let at = |at: &str| service.get(&format!("/api/v1/leads/a%2Fb%20c?at={at}")).json()["scores"][0].clone();
    let expect = json!({"lead_id": "a/b c", "model": "small", "as_of": "2026-03-01T00:00:00Z", "score": 40,
        "tier": "hot", "grade": null, "disqualified": [], "until": null,
        "dimensions": {"fit": {"sum": 0, "value": 0}, "web": {"sum": 40, "value": 40}},
        "reasons": [
            {"rule": "demo", "dimension": "web", "points": 30, "awards": 1, "last": "2026-03-01T00:00:00Z"},
            {"rule": "pricing", "dimension": "web", "points": 10, "awards": 1, "last": "2026-02-28T12:00:00Z"}]});
    assert_eq!(at("2026-03-01"), expect);
    assert_eq!(at("2026-03-01T14:00:00%2B02:00")["score"], 30);
    assert_eq!(
        (&at("2026-02-28T13:00:00Z")["score"], &at("2026-02-28T13:00:00Z")["until"]),
        (&json!(10), &json!("2026-03-01T12:00:00Z"))
    );
    assert_eq!(at("2020-01-01")["score"], 0);
}

#[test]
fn a_tier_that_ends_by_itself_is_noticed() {
    let (service, _folder) = fresh();
    service.post("/v1/page", &json!({"userId": "ada", "properties": {"path": "/pricing"}}));
    let lead = service.get("/api/v1/leads").json()["leads"][0].clone();
    assert_eq!((&lead["tier"], &lead["until"]), (&json!("warm"), &json!("2026-03-02T00:00:00Z")));
    service.set_clock("2026-03-02T00:00:00Z");
    service.wait_for("/api/v1/leads", |answer| {
        let lead = answer.json()["leads"][0].clone();
        (lead["tier"].clone(), lead["score"].clone(), lead["until"].clone())
            == (Json::Null, json!(0), Json::Null)
    });
}

#[test]
fn an_event_of_the_future_counts_when_its_time_has_come() {
    let (service, _folder) = fresh();
    let demo = json!({"userId": "ada", "event": "Demo Requested", "timestamp": "2026-03-05T00:00:00Z"});
    service.post("/v1/track", &demo);
    assert_eq!(service.get("/api/v1/leads").json()["leads"][0]["score"], 0);
    service.set_clock("2026-03-05T00:00:00Z");
    service.wait_for("/api/v1/leads", |answer| answer.json()["leads"][0]["score"] == 30);
}

#[test]
fn the_log_is_read_page_by_page() {
    let (service, _folder) = fresh();
    demos(&service, &[("a", 5)]);
    let first = service.get("/api/v1/events?limit=3");
    assert_eq!(first.header("kelvin-next"), Some("3"));
    assert_eq!(first.header("content-type"), Some("application/x-ndjson"));
    let rest = service.get("/api/v1/events?after=3&limit=3");
    assert_eq!((first.body.lines().count(), rest.body.lines().count()), (3, 2));
    assert_eq!(rest.header("kelvin-next"), None);
}

#[test]
fn health_is_told() {
    let (service, _folder) = fresh();
    assert_eq!(service.get("/healthz").json(), json!({"status": "alive"}));
    assert_eq!(service.get("/readyz").json(), json!({"status": "ready"}));
}
