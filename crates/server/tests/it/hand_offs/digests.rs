//! Digests: each owner the own leads, targets all.

use serde_json::{Value as Json, json};
use tempfile::TempDir;

use super::{PLAYBOOK, again, demo, messages, service, tasks::move_on};

/// Every day at eight in Berlin, seven by our clock.
fn playbook() -> String {
    format!(
        "{PLAYBOOK}alerts:\n  - {{id: morning, digest: daily, at: '08:00', notify: [owner, sales-channel]}}\n"
    )
}

/// The digests so far: to whom, with title and lines.
fn digests(folder: &TempDir) -> Vec<(String, Json, Json)> {
    let messages = messages(folder.path()).into_iter().filter(|(_, message)| message["kind"] == "digest");
    messages.map(|(target, message)| (target, message["title"].clone(), message["lines"].clone())).collect()
}

#[test]
fn a_digest_tells_each_owner_the_own_leads_and_targets_all() {
    let (service, folder) = service(&playbook());
    demo(&service, "eve");
    demo(&service, "zoe");
    service.set_clock("2026-03-01T07:00:00Z");
    service.wait_for("/healthz", |_| digests(&folder).len() == 3);
    let one_new =
        |target: &str, line: &str| (target.to_owned(), json!("1 new, 0 still to do"), json!([line]));
    let expect = [
        one_new("owner:ada", "new: Call  (hot, 30 points)"),
        one_new("owner:bob", "new: Call  (hot, 30 points)"),
        (
            "sales-channel".to_owned(),
            json!("2 new, 0 still to do"),
            json!(["new: Call  (hot, 30 points), with bob", "new: Call  (hot, 30 points), with ada"]),
        ),
    ];
    assert_eq!(digests(&folder), expect);
    move_on(&service, 1, &json!({"state": "done"}));
    service.set_clock("2026-03-02T07:00:00Z");
    service.wait_for("/healthz", |_| digests(&folder).len() == 5);
    let to: Vec<_> =
        digests(&folder)[3..].iter().map(|(target, title, _)| (target.clone(), title.clone())).collect();
    let open = json!("0 new, 1 still to do");
    assert_eq!(to, [("owner:bob".to_owned(), open.clone()), ("sales-channel".to_owned(), open)]);
}

#[test]
fn a_digest_that_was_missed_comes_once() {
    let (service, folder) = service(&playbook());
    demo(&service, "eve");
    service.stop();
    let service = again(&folder, &playbook(), false);
    service.set_clock("2026-03-04T12:00:00Z");
    service.wait_for("/healthz", |_| digests(&folder).len() == 2);
    service.stop();
    let service = again(&folder, &playbook(), false);
    service.set_clock("2026-03-04T12:00:01Z");
    service.wait_for("/api/v1/tasks", |answer| answer.json()["tasks"][0]["contact_breached_at"].is_string());
    assert_eq!(digests(&folder).len(), 2);
}

#[test]
fn a_digest_counts_what_it_has_no_room_for() {
    let (service, folder) = service(&playbook());
    let demos = (0..1001)
        .map(|lead| json!({"type": "track", "userId": format!("l{lead}"), "event": "Demo Requested"}));
    let demos: Vec<_> = demos.collect();
    assert_eq!(service.post("/v1/batch", &json!({"batch": demos})).status, 200);
    service.set_clock("2026-03-01T07:00:00Z");
    service.wait_for("/healthz", |_| digests(&folder).len() == 3);
    let all = digests(&folder).into_iter().find(|(target, ..)| target == "sales-channel").unwrap();
    assert_eq!(all.1, "1001 new, 0 still to do");
    assert_eq!(all.2.as_array().unwrap().last().unwrap(), "and 951 more");
}
