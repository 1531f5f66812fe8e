//! The list of leads, by several conditions at once.

use serde_json::json;

use crate::{
    hand_offs::{self, PLAYBOOK, demo},
    service::Service,
};

/// The leads of all pages, and how many pages there are.
fn leads(service: &Service, query: &str) -> (Vec<String>, usize) {
    let (mut found, mut pages, mut after) = (Vec::new(), 0, String::new());
    loop {
        let page = service.get(&format!("/api/v1/leads?{query}{after}")).json();
        let leads = page["leads"].as_array().unwrap_or_else(|| panic!("{page}"));
        found.extend(leads.iter().map(|lead| lead["lead_id"].as_str().unwrap().to_owned()));
        pages += 1;
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return (found, pages),
        }
    }
}

fn check(service: &Service, query: &str, expect: &[&str]) {
    assert_eq!(leads(service, query).0, expect, "{query}");
    assert_eq!(leads(service, &format!("{query}&limit=1")).0, expect, "{query}, one by one");
}

#[test]
fn leads_are_found_by_score_owner_account_and_text() {
    let (service, _folder) = hand_offs::service(PLAYBOOK);
    let identify = |id: &str, email: &str| {
        service.post("/v1/identify", &json!({"userId": id, "traits": {"email": email, "plan": "pro"}}));
    };
    identify("u1", "ann@acme.example");
    identify("u2", "bob@acme.example");
    identify("u3", "cem@other.example");
    for lead in ["u1", "u2", "u3", "u3"] {
        demo(&service, lead);
    }
    service.post("/v1/page", &json!({"userId": "cool", "properties": {"path": "/pricing"}}));
    for lead in ["u2", "u3", "cool"] {
        service.post("/v1/group", &json!({"userId": lead, "groupId": "acme"}));
    }
    check(&service, "min_score=0", &["u3", "u1", "u2", "cool"]);
    check(&service, "min_score=35", &["u3", "u1", "u2"]);
    check(&service, "min_score=35.5", &["u3"]);
    check(&service, "tier=warm&min_score=11", &[]);
    check(&service, "text=ACME.example", &["u1", "u2"]);
    check(&service, "text=u", &["u3", "u1", "u2"]);
    check(&service, "text=example&min_score=40", &["u3"]);
    check(&service, "text=nowhere", &[]);
    check(&service, "owner=ada", &["u3", "u1"]);
    check(&service, "owner=bob", &["u2"]);
    check(&service, "owner=nobody", &[]);
    check(&service, "account=acme", &["u3", "u2", "cool"]);
    check(&service, "account=acme&owner=bob&tier=hot", &["u2"]);
    for wrong in ["many", "NaN", "inf", "-inf", "1e999"] {
        let answer = service.get(&format!("/api/v1/leads?min_score={wrong}"));
        let told = answer.json();
        assert_eq!((answer.status, &told["code"]), (400, &json!("bad-query")), "{wrong}");
        assert!(told["detail"].as_str().unwrap().contains("min_score"), "{told}");
    }
    let last = u64::MAX;
    for path in ["tasks", "hand-offs", "alerts", "outbox", "rejected", "voids", "audit", "events"] {
        assert_eq!(service.get(&format!("/api/v1/{path}?after={last}")).status, 200, "{path}");
    }
}
