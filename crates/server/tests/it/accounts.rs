//! Accounts: who belongs to one, and its score at any instant.

use serde_json::{Value as Json, json};

use crate::service::{MODEL, Service, Setup, with};

/// The model of all tests, with accounts by the domain of the address.
fn model() -> String {
    let rule = "{id: committee, event: Demo Requested, people: 2, within: 30d, points: 40}";
    let accounts = "key: emailDomain(lead.email), combine: sum";
    format!("{MODEL}accounts: {{{accounts}, rules: [{rule}], tiers: [{{name: target, from: 60}}]}}\n")
}

fn demo(service: &Service, lead: &str, at: &str) {
    let call = json!({"type": "track", "userId": lead, "event": "Demo Requested", "timestamp": at});
    assert_eq!(service.post("/v1/batch", &json!({"batch": [call]})).status, 200);
}

fn identify(service: &Service, lead: &str, email: &str, at: &str) {
    let call = json!({"type": "identify", "userId": lead, "traits": {"email": email}, "timestamp": at});
    assert_eq!(service.post("/v1/batch", &json!({"batch": [call]})).status, 200);
}

/// Two people of one company, and one by himself.
fn people(service: &Service) {
    for (lead, email) in [("ann", "ann@acme.example"), ("bob", "bob@acme.example"), ("cem", "cem@gmail.com")]
    {
        identify(service, lead, email, "2026-01-01T00:00:00Z");
    }
    demo(service, "ann", "2026-02-01T00:00:00Z");
    demo(service, "bob", "2026-02-03T00:00:00Z");
}

fn leads(account: &Json) -> Vec<&str> {
    account["leads"].as_array().unwrap().iter().map(|lead| lead["lead_id"].as_str().unwrap()).collect()
}

#[test]
fn an_account_has_its_members_scores_and_its_own_rules_at_any_instant() {
    let text = model();
    let (service, _folder) = with(&Setup { models: &[&text], ..Setup::default() });
    people(&service);
    let acme = service.get("/api/v1/accounts/acme.example").json();
    assert_eq!((&acme["score"], &acme["tier"]), (&json!(100), &json!("target")));
    assert_eq!(acme["reasons"], json!([{"rule": "committee", "points": 40}]));
    assert_eq!((leads(&acme), &acme["members"]), (vec!["ann", "bob"], &json!(2)));
    let before = service.get("/api/v1/accounts/acme.example?at=2026-02-02T00:00:00Z").json();
    assert_eq!((&before["score"], &before["tier"]), (&json!(30), &Json::Null));
    let list = service.get("/api/v1/accounts").json();
    let line = json!([{"account_id": "acme.example", "score": 100, "tier": "target", "members": 2}]);
    assert_eq!((&list["accounts"], &list["next"]), (&line, &Json::Null));
    let found = service.get("/api/v1/leads?account=acme.example&limit=1").json();
    assert_eq!(found["leads"][0]["lead_id"], "ann");
    let code = |path: &str| service.get(path).json()["code"].clone();
    assert_eq!(code("/api/v1/accounts/gmail.com"), "unknown-account");
    assert_eq!(code("/api/v1/accounts/acme.example?at=2025-01-01T00:00:00Z"), "unknown-account");
}

#[test]
fn who_goes_elsewhere_belonged_to_the_account_before() {
    let text = model();
    let (service, _folder) = with(&Setup { models: &[&text], ..Setup::default() });
    people(&service);
    identify(&service, "bob", "bob@other.example", "2026-02-10T00:00:00Z");
    let now = service.get("/api/v1/accounts/acme.example").json();
    assert_eq!((leads(&now), &now["score"]), (vec!["ann"], &json!(30)));
    let then = service.get("/api/v1/accounts/acme.example?at=2026-02-09T00:00:00Z").json();
    assert_eq!((leads(&then), &then["score"]), (vec!["ann", "bob"], &json!(100)));
    let page = service.get("/api/v1/accounts?limit=1").json();
    let rest = service.get(&format!("/api/v1/accounts?after={}", page["next"].as_str().unwrap())).json();
    assert_eq!(rest["accounts"][0]["account_id"], "other.example");
}

#[test]
fn who_came_and_went_with_one_batch_was_a_member_in_between() {
    let text = model();
    let (service, _folder) = with(&Setup { models: &[&text], ..Setup::default() });
    let group = |account: &str, at: &str| json!({"type": "group", "userId": "ann", "groupId": account, "timestamp": at});
    let (acme, beta) = (group("acme", "2026-01-01"), group("beta", "2026-02-01"));
    let (gone, late) = (group("gone", "2025-12-01"), group("late", "2026-06-01"));
    assert_eq!(service.post("/v1/batch", &json!({"batch": [late, beta, acme, gone]})).status, 200);
    let check = |account: &str, at: &str| {
        let account = service.get(&format!("/api/v1/accounts/{account}?at={at}T00:00:00Z"));
        assert_eq!(leads(&account.json()), ["ann"], "{at}");
    };
    let at_all_times = || {
        check("gone", "2025-12-01");
        check("acme", "2026-01-31");
        check("beta", "2026-02-01");
        check("late", "2026-06-01");
    };
    at_all_times();
    service.post("/api/v1/models", &json!({"text": text.replace("points: 30", "points: 31")}));
    service.wait_for("/api/v1/models/small", |answer| answer.json()["serving"]["version"] == 2);
    at_all_times();
}

#[test]
fn a_model_that_is_published_knows_the_accounts_of_all_leads() {
    let (service, _folder) = with(&Setup::default());
    people(&service);
    assert_eq!(service.get("/api/v1/accounts").json()["code"], "no-accounts");
    service.post("/api/v1/models", &json!({"text": model()}));
    service.wait_for("/api/v1/models/small", |answer| answer.json()["serving"]["version"] == 2);
    assert_eq!(service.get("/api/v1/accounts/acme.example").json()["score"], 100.0);
}

#[test]
fn what_is_new_of_an_account_counts_for_all_its_members_at_once() {
    let (service, _folder) = with(&Setup::default());
    let group =
        |lead: usize| json!({"type": "group", "userId": format!("lead-{lead:03}"), "groupId": "acme"});
    // More of them than are computed with one commit.
    let batch: Vec<_> = (0..600).map(group).collect();
    assert_eq!(service.post("/v1/batch", &json!({ "batch": batch })).status, 200);
    let tell = |lead: usize, employees: u64| {
        let mut call = group(lead);
        call["traits"] = json!({"employees": employees, "seen_by": lead});
        service.post("/v1/batch", &json!({"batch": [call]}));
    };
    let are_worth = |points: u64| {
        service.wait_for("/api/v1/leads?limit=1000", |answer| {
            let leads = answer.json()["leads"].take();
            let leads = leads.as_array().unwrap();
            leads.len() == 600 && leads.iter().all(|lead| lead["score"] == points)
        });
    };
    are_worth(0);
    tell(7, 200);
    are_worth(7);
    // What the model does not see is no news.
    tell(8, 200);
    tell(9, 20);
    are_worth(0);
}
