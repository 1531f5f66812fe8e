//! Tasks: moved on, reminded of, escalated.

use serde_json::{Value as Json, json};

use super::{PLAYBOOK, demo, handed_off, ids, service};
use crate::{client::Answer, service::Service};

pub(super) fn move_on(service: &Service, task: usize, to: &Json) -> Answer {
    let json = [("content-type", "application/json; charset=utf-8")];
    service.post_bytes(&format!("/api/v1/tasks/{task}"), &json, to.to_string().as_bytes())
}

/// The ids of tasks that are asked for.
fn tasks(service: &Service, query: &str) -> Vec<u64> {
    let answer = service.get(&format!("/api/v1/tasks?{query}")).json();
    answer["tasks"].as_array().unwrap().iter().map(|task| task["id"].as_u64().unwrap()).collect()
}

/// Sets the clock, and waits until messages of these ids have been put out behind those of hand-offs.
fn wait(service: &Service, folder: &tempfile::TempDir, now: &str, expect: &[&str]) {
    service.set_clock(now);
    let told = || -> Vec<String> {
        let ids = ids(folder.path());
        ids.into_iter().filter(|id| !id.starts_with("hand_off")).collect()
    };
    service.wait_for("/healthz", |_| told().len() >= expect.len());
    assert_eq!(told(), expect, "at {now}");
}

#[test]
fn a_task_is_moved_on_and_never_back() {
    let (service, _folder) = service(PLAYBOOK);
    demo(&service, "eve");
    demo(&service, "zoe");
    assert_eq!(tasks(&service, ""), [2, 1]);
    assert_eq!(tasks(&service, "limit=1&after=2"), [1]);
    let accepted = move_on(&service, 1, &json!({"state": "accepted"}));
    assert_eq!((accepted.status, &accepted.json()["state"]), (200, &json!("accepted")));
    assert_eq!(accepted.json()["accepted_at"], "2026-03-01T00:00:00Z");
    assert_eq!(move_on(&service, 1, &json!({"state": "accepted"})).body, accepted.body);
    assert_eq!(tasks(&service, "owner=ada&state=accepted"), [1]);
    assert_eq!(tasks(&service, "state=open"), [2]);
    assert_eq!(move_on(&service, 1, &json!({"state": "done"})).status, 200);
    let back = move_on(&service, 1, &json!({"state": "contacted"}));
    assert_eq!((back.status, &back.json()["code"]), (409, &json!("illegal-move")));
    assert_eq!(back.json()["detail"], "the task is `done` and cannot become `contacted`");
    assert_eq!(service.get("/api/v1/leads/eve").json()["task"], Json::Null);
}

#[test]
fn what_cannot_be_done_with_a_task_is_told() {
    let (service, _folder) = service(PLAYBOOK);
    demo(&service, "eve");
    let code = |task, to: &Json| {
        let answer = move_on(&service, task, to);
        (answer.status, answer.json()["code"].as_str().unwrap().to_owned())
    };
    assert_eq!(code(9, &json!({"state": "done"})), (404, "unknown-task".to_owned()));
    assert_eq!(code(1, &json!({"state": "sleeping"})), (400, "unknown-state".to_owned()));
    assert_eq!(code(1, &json!({"stat": "done"})), (400, "bad-json".to_owned()));
    assert_eq!(code(1, &json!({"state": "rejected"})), (400, "reason-required".to_owned()));
    assert_eq!(service.get("/api/v1/tasks?state=sleeping").status, 400);
    let unasked = service.post("/api/v1/tasks/1", &json!({"state": "done"}));
    assert_eq!((unasked.status, &unasked.json()["code"]), (415, &json!("json-required")));
}

#[test]
fn a_task_that_nobody_accepts_is_reminded_of_then_escalated_once() {
    // A Sunday: business hours begin on Monday at eight o'clock UTC.
    let (service, folder) = service(PLAYBOOK);
    demo(&service, "eve");
    wait(&service, &folder, "2026-03-02T08:29:59Z", &[]);
    wait(&service, &folder, "2026-03-02T08:30:00Z", &["reminder:1:accept:owner:ada"]);
    let told = ["reminder:1:accept:owner:ada", "escalation:1:accept:sales-channel"];
    wait(&service, &folder, "2026-03-02T09:00:00Z", &told);
    let accepted = move_on(&service, 1, &json!({"state": "accepted"})).json();
    assert_eq!(accepted["accept_breached_at"], "2026-03-02T09:00:00Z");
    assert_eq!(accepted["accepted_at"], "2026-03-02T09:00:00Z");
    move_on(&service, 1, &json!({"state": "contacted"}));
    wait(&service, &folder, "2026-03-04T07:59:00Z", &[told[0], told[1], "reminder:1:close:owner:ada"]);
    let task = &service.get("/api/v1/tasks").json()["tasks"][0];
    assert_eq!((&task["contact_breached_at"], &task["breached_at"]), (&Json::Null, &Json::Null));
}

#[test]
fn a_lead_that_sales_gave_back_comes_again() {
    let (service, _folder) = service(PLAYBOOK);
    demo(&service, "eve");
    assert_eq!(move_on(&service, 1, &json!({"state": "recycled", "reason": "next quarter"})).status, 200);
    service.set_clock("2026-03-07T23:59:59Z");
    demo(&service, "eve");
    assert_eq!(handed_off(&service).len(), 1);
    service.set_clock("2026-03-08T00:00:00Z");
    service.wait_for("/api/v1/hand-offs", |answer| answer.json()["hand_offs"].as_array().unwrap().len() == 2);
    assert_eq!(handed_off(&service)[1], ("eve".to_owned(), json!("bob")));
}
