//! Versions of models that come into service while events come, and go again.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use rusqlite::Connection;
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::{
    client::Answer,
    hand_offs,
    service::{MODEL, NOW, Service, Setup, fresh, with},
};

/// The model of all tests, with other points for a demo.
fn worth(points: usize) -> String {
    MODEL.replace("points: 30", &format!("points: {points}"))
}

fn publish(service: &Service, text: &str, note: &str) -> Answer {
    service.post("/api/v1/models", &json!({"text": text, "note": note, "author": "ada"}))
}

/// Waits until a version serves and nothing else is to.
fn wait_for_version(service: &Service, version: u64) {
    service.wait_for("/api/v1/models/small", |answer| {
        let told = answer.json();
        told["serving"]["version"] == version && told["coming"].is_null()
    });
}

/// Sends a demo of each lead.
fn demos(service: &Service, leads: usize) {
    let demo =
        |lead| json!({"type": "track", "userId": format!("lead-{lead:04}"), "event": "Demo Requested"});
    let batch: Vec<_> = (0..leads).map(demo).collect();
    for batch in batch.chunks(500) {
        assert_eq!(service.post("/v1/batch", &json!({ "batch": batch })).status, 200);
    }
}

/// The scores of all leads, by lead.
fn scores(service: &Service) -> Vec<(String, u64)> {
    let leads = service.get("/api/v1/leads?limit=1000").json()["leads"].take();
    let score = |lead: &Json| (lead["lead_id"].as_str().unwrap().to_owned(), lead["score"].as_u64().unwrap());
    let mut scores: Vec<_> = leads.as_array().unwrap().iter().map(score).collect();
    scores.sort();
    scores
}

#[test]
fn a_version_is_by_whom_the_key_names_and_stands_in_the_audit_log() {
    let (service, _folder) = fresh();
    let key = service.post("/api/v1/keys", &json!({"name": "CI", "scope": "admin"})).json();
    let bearer = format!("Bearer {}", key["key"].as_str().unwrap());
    let by_key = |line: &str, body: &Json| {
        let answer =
            service.client().request(line, &[("authorization", &bearer)], body.to_string().as_bytes());
        assert!(answer.unwrap().status < 300);
    };
    by_key("POST /api/v1/models", &json!({"text": worth(40), "author": "somebody else"}));
    wait_for_version(&service, 2);
    publish(&service, &worth(40), "it serves already");
    by_key("POST /api/v1/models/small/rollback", &json!({}));
    wait_for_version(&service, 1);
    by_key("DELETE /api/v1/models/small", &json!({}));
    let audit = service.get("/api/v1/audit?limit=3").json();
    let told = |place: usize| ["who", "what", "subject", "after"].map(|of| audit["audit"][place][of].clone());
    let expect = |what: &str, after: Json| [json!("key 1 (CI)"), json!(what), json!("model small"), after];
    assert_eq!(told(0), expect("model.withdraw", Json::Null));
    assert_eq!(told(1), expect("model.rollback", json!("version 1")));
    assert_eq!(told(2), expect("model.publish", json!("version 2")));
    let versions = service.get("/api/v1/models/small").json()["versions"].take();
    let authors: Vec<_> = versions.as_array().unwrap().iter().map(|version| &version["author"]).collect();
    assert_eq!(authors, ["key 1 (CI)", "operator"]);
}

#[test]
fn a_version_takes_over_at_once_while_events_come() {
    let (service, _folder) = fresh();
    for _ in 0..4 {
        demos(&service, 900);
    }
    let ends = AtomicBool::new(false);
    let sent = thread::scope(|scope| {
        let sender = scope.spawn(|| {
            let mut rounds = 0;
            while !ends.load(Ordering::Relaxed) {
                // Leads that were there, and new ones.
                demos(&service, 950);
                rounds += 1;
            }
            rounds
        });
        assert_eq!(publish(&service, &worth(1000), "demos are worth more").status, 202);
        let (mut before, mut after) = (0, 0);
        while after < 3 {
            let scores = scores(&service);
            let is_new = scores[0].1.is_multiple_of(1000);
            let step = if is_new { 1000 } else { 30 };
            assert!(scores.iter().all(|(_, score)| score % step == 0 && (is_new || *score < 1000 * 30)));
            *(if is_new { &mut after } else { &mut before }) += 1;
        }
        ends.store(true, Ordering::Relaxed);
        assert!(before > 0);
        sender.join().unwrap()
    });
    wait_for_version(&service, 2);
    for (lead, score) in scores(&service) {
        let known = if lead.as_str() < "lead-0900" { 4 } else { 0 };
        assert_eq!(score, 1000 * (known + sent), "{lead}");
    }
    assert_eq!(scores(&service).len(), 950);
}

#[test]
fn a_new_version_gives_a_person_what_they_did_before_they_were_known() {
    let (service, _folder) = fresh();
    let demo = |id: &str| json!({"type": "track", "anonymousId": id, "event": "Demo Requested"});
    let batch = [
        demo("cookie"),
        json!({"type": "identify", "anonymousId": "cookie", "userId": "ada"}),
        demo("other"),
    ];
    assert_eq!(service.post("/v1/batch", &json!({ "batch": batch })).status, 200);
    publish(&service, &worth(40), "demos tell more");
    wait_for_version(&service, 2);
    assert_eq!(scores(&service), [("ada".to_owned(), 40), ("other".to_owned(), 40)]);
}

#[test]
fn a_model_that_is_wrong_is_refused_with_what_is_wrong() {
    let (service, _folder) = fresh();
    let wrong = MODEL.replace("points: 30", "pionts: 30").replace("from: 10", "from: ten");
    let answer = publish(&service, &wrong, "");
    assert_eq!((answer.status, &answer.json()["code"]), (400, &json!("bad-model")));
    let told = answer.json()["diagnostics"].take();
    let codes: Vec<_> = told.as_array().unwrap().iter().map(|told| told["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"unknown-key"), "{codes:?}");
    assert!(told.as_array().unwrap().iter().all(|told| told["severity"] == "error"));
    assert_eq!(service.get("/api/v1/models/small").json()["versions"].as_array().unwrap().len(), 1);
}

#[test]
fn versions_tell_who_published_them_and_what_they_changed() {
    let (service, _folder) = fresh();
    let answer = publish(&service, &worth(40), "demos are worth more").json();
    assert_eq!((&answer["version"], &answer["status"]), (&json!(2), &json!("scoring")));
    wait_for_version(&service, 2);
    let told = service.get("/api/v1/models/small").json();
    let (new, old) = (&told["versions"][0], &told["versions"][1]);
    assert_eq!((&new["author"], &new["note"]), (&json!("ada"), &json!("demos are worth more")));
    assert_eq!(new["at"], NOW);
    assert_eq!(new["changes"], answer["changes"]);
    assert!(new["changes"].to_string().contains("40"), "{new}");
    assert_eq!((&old["version"], &old["changes"]), (&json!(1), &json!([])));
    assert_eq!(service.get("/api/v1/models/small/versions/2").body, worth(40));
    assert_eq!(service.get("/api/v1/models/small/versions/3").json()["code"], "unknown-version");
    assert_eq!(service.get("/api/v1/models/large").json()["code"], "unknown-model");
    // What serves already is not published again.
    let again = publish(&service, &worth(40), "again");
    assert_eq!((again.status, &again.json()["status"]), (200, &json!("serving")));
    assert_eq!(service.get("/api/v1/models").json()["models"][0]["serving"]["version"], 2);
}

#[test]
fn a_rollback_has_an_earlier_version_serve_again() {
    let (service, _folder) = fresh();
    let back = |body: Json| service.post("/api/v1/models/small/rollback", &body);
    assert_eq!(back(json!({})).json()["code"], "no-earlier-version");
    demos(&service, 3);
    for (version, points) in [(2, 40), (3, 50)] {
        publish(&service, &worth(points), "");
        wait_for_version(&service, version);
    }
    assert_eq!(service.score("lead-0000"), 50);
    assert_eq!(back(json!({"note": "too much"})).status, 202);
    wait_for_version(&service, 2);
    demos(&service, 1);
    assert_eq!((service.score("lead-0000"), service.score("lead-0001")), (json!(80), json!(40)));
    assert_eq!(back(json!({"to": 1})).status, 202);
    wait_for_version(&service, 1);
    assert_eq!(service.score("lead-0000"), 60);
    assert_eq!(back(json!({"to": 9})).json()["code"], "unknown-version");
    let told = service.get("/api/v1/models/small").json();
    let versions: Vec<_> = told["switches"].as_array().unwrap().iter().map(|one| &one["version"]).collect();
    assert_eq!(versions, [1, 2, 3, 2, 1]);
    assert_eq!(told["versions"].as_array().unwrap().len(), 3);
}

#[test]
fn a_store_that_fails_leaves_the_old_version_serving_until_it_recovers() {
    let (service, folder) = fresh();
    demos(&service, 3);
    let disk = Connection::open(folder.path().join("kelvin.db")).unwrap();
    let full =
        "CREATE TRIGGER full BEFORE INSERT ON holdings BEGIN SELECT RAISE(ABORT, 'the disk is full'); END";
    disk.execute_batch(full).unwrap();
    assert_eq!(publish(&service, &worth(40), "").status, 202);
    while service.said().is_empty() {
        thread::yield_now();
    }
    assert_eq!(service.score("lead-0000"), 30);
    let told = service.get("/api/v1/models/small").json();
    assert_eq!((&told["serving"]["version"], &told["coming"]["version"]), (&json!(1), &json!(2)));
    // One at a time: who comes second is told.
    let second = publish(&service, &worth(50), "");
    assert_eq!((second.status, &second.json()["code"]), (409, &json!("under-way")));
    demos(&service, 4);
    disk.execute_batch("DROP TRIGGER full").unwrap();
    service.set_clock("2026-03-01T00:01:00Z");
    wait_for_version(&service, 2);
    assert_eq!((service.score("lead-0000"), service.score("lead-0003")), (json!(80), json!(40)));
    service.said();
}

#[test]
fn what_was_published_serves_after_a_restart_without_files() {
    let (service, folder) = fresh();
    demos(&service, 2);
    publish(&service, &worth(40), "");
    service.stop();
    // It may have been stopped before the version served: then it comes to serve now.
    let service = Service::start(folder.path(), &Setup { models: &[], ..Setup::default() });
    wait_for_version(&service, 2);
    assert_eq!(service.score("lead-0001"), 40);
}

/// Starts the service once more, with a file that says `text`; what it said.
fn start(folder: &TempDir, text: &str) -> (Service, Vec<String>) {
    let service = Service::start(folder.path(), &Setup { models: &[text], ..Setup::default() });
    let said = service.said();
    (service, said)
}

#[test]
fn a_restart_with_the_same_file_leaves_what_was_asked_for_since() {
    let (service, folder) = fresh();
    publish(&service, &worth(40), "");
    wait_for_version(&service, 2);
    service.stop();
    let goes_on = "version 2 of `small` goes on serving: `small` is what it was at an earlier start; \
                   `kelvin publish` has it serve";
    let (service, said) = start(&folder, MODEL);
    wait_for_version(&service, 2);
    assert_eq!(said, [goes_on]);
    service.stop();
    let (service, said) = start(&folder, &worth(50));
    wait_for_version(&service, 3);
    assert_eq!(said, ["`small` has changed: version 3 of `small` takes the place of version 2"]);
    assert_eq!(service.get("/api/v1/models/small").json()["serving"]["note"], "from `small` at start");
    service.post("/api/v1/models/small/rollback", &json!({}));
    wait_for_version(&service, 2);
    service.stop();
    let (service, said) = start(&folder, &worth(50));
    wait_for_version(&service, 2);
    assert_eq!(said, [goes_on]);
    let withdrawn = service.client().request("DELETE /api/v1/models/small", &[], &[]).unwrap();
    assert_eq!(withdrawn.status, 204);
    service.stop();
    let (service, said) = start(&folder, &worth(50));
    assert_eq!(service.get("/api/v1/leads").json()["code"], "no-model");
    assert!(said[0].starts_with("`small` was withdrawn, and `small` is what it was"), "{said:?}");
}

#[test]
fn a_file_that_was_published_by_hand_is_known_from_the_next_start_on() {
    let (service, folder) = fresh();
    publish(&service, &worth(40), "");
    wait_for_version(&service, 2);
    service.stop();
    // The file was changed to what serves already: it does not come back when something else serves later.
    let (service, said) = start(&folder, &worth(40));
    assert_eq!(said, [""; 0]);
    wait_for_version(&service, 2);
    publish(&service, &worth(50), "");
    wait_for_version(&service, 4);
    service.stop();
    let (service, said) = start(&folder, &worth(40));
    wait_for_version(&service, 4);
    assert_eq!(said.len(), 1);
    service.stop();
    let (service, _said) = start(&folder, MODEL);
    wait_for_version(&service, 5);
}

#[test]
fn a_model_that_is_withdrawn_serves_no_more() {
    let (service, _folder) = fresh();
    demos(&service, 2);
    let withdraw = || service.client().request("DELETE /api/v1/models/small", &[], &[]).unwrap();
    assert_eq!(withdraw().status, 204);
    assert_eq!(withdraw().json()["code"], "unknown-model");
    assert_eq!(service.get("/api/v1/leads").json()["code"], "no-model");
    // Events are kept for models to come.
    demos(&service, 2);
    assert_eq!(publish(&service, MODEL, "back").status, 202);
    wait_for_version(&service, 2);
    assert_eq!(service.score("lead-0001"), 60);
}

#[test]
fn leads_that_enter_a_tier_by_a_new_version_go_to_sales_once() {
    let (service, folder) = hand_offs::service(hand_offs::PLAYBOOK);
    let small = worth(3);
    let settled = |version: u64| {
        service.wait_for("/api/v1/models/small", |answer| {
            let told = answer.json();
            told["serving"]["version"] == version && told["settled"] == true
        });
    };
    demos(&service, 1);
    assert_eq!(hand_offs::handed_off(&service).len(), 1);
    publish(&service, &small, "worth little");
    settled(2);
    demos(&service, 4);
    publish(&service, MODEL, "worth much");
    settled(3);
    let leads: Vec<_> = hand_offs::handed_off(&service).into_iter().map(|(lead, _)| lead).collect();
    // The first one fell to 3 points, which armed its hand-off again.
    assert_eq!(leads, ["lead-0000", "lead-0000", "lead-0001", "lead-0002", "lead-0003"]);
    demos(&service, 4);
    assert_eq!(hand_offs::handed_off(&service).len(), 5);
    let disk = Connection::open(folder.path().join("kelvin.db")).unwrap();
    let sql = "SELECT count(*) FROM tier_changes WHERE cause = 'model'";
    let changes: i64 = disk.query_row(sql, [], |row| row.get(0)).unwrap();
    assert_eq!(changes, 5);
}

#[test]
fn a_version_that_comes_before_the_last_one_was_followed_up_forgets_nobody() {
    let small = worth(3);
    let setup = Setup { models: &[&small], playbook: Some(hand_offs::PLAYBOOK), ..Setup::default() };
    let (service, folder) = with(&setup);
    demos(&service, 3);
    let disk = Connection::open(folder.path().join("kelvin.db")).unwrap();
    let full =
        "CREATE TRIGGER full BEFORE INSERT ON hand_offs BEGIN SELECT RAISE(ABORT, 'the disk is full'); END";
    disk.execute_batch(full).unwrap();
    publish(&service, MODEL, "worth much");
    while service.said().is_empty() {
        thread::yield_now();
    }
    disk.execute_batch("DROP TRIGGER full").unwrap();
    assert_eq!(publish(&service, &worth(31), "worth more").status, 202);
    service.set_clock("2026-03-01T00:01:00Z");
    wait_for_version(&service, 3);
    service.wait_for("/api/v1/models/small", |answer| answer.json()["settled"] == true);
    assert_eq!(hand_offs::handed_off(&service).len(), 3);
    service.said();
}

/// The tier of each lead, where it is in one.
fn tiers(service: &Service) -> Vec<(String, Json)> {
    let leads = service.get("/api/v1/leads?limit=1000").json()["leads"].take();
    let mut tiers: Vec<_> = leads.as_array().unwrap().iter().map(tier).collect();
    tiers.sort_by(|one, other| one.0.cmp(&other.0));
    tiers
}

fn tier(lead: &Json) -> (String, Json) {
    (lead["lead_id"].as_str().unwrap().to_owned(), lead["tier"].clone())
}

#[test]
fn publishing_does_what_was_simulated() {
    let (service, _folder) = fresh();
    demos(&service, 30);
    demos(&service, 12);
    service.post("/v1/identify", &json!({"userId": "calm", "traits": {"plan": "pro"}}));
    let new = worth(20).replace("from: 10", "from: 5");
    let begun = service.post("/api/v1/simulations", &json!({ "text": new }));
    assert_eq!((begun.status, &begun.json()["simulation"]), (202, &json!(1)));
    service.wait_for("/api/v1/simulations/1", |answer| answer.json()["status"] == "done");
    let found = service.get("/api/v1/simulations/1").json();
    let moves = json!([{"from": null, "to": "warm", "leads": 1}, {"from": "hot", "to": "warm", "leads": 18}]);
    assert_eq!((&found["leads"], &found["moves"]), (&json!(31), &moves));
    assert_eq!((&found["entered"], &found["against"]), (&json!({"warm": 1}), &json!(1)));
    let before = json!([{"from": 0, "leads": 1}, {"from": 30, "leads": 18}, {"from": 60, "leads": 12}]);
    let after = json!([{"from": 0, "leads": 1}, {"from": 20, "leads": 18}, {"from": 40, "leads": 12}]);
    assert_eq!(found["scores"], json!({"before": before, "after": after}));
    // Nothing has changed yet; then publishing does the same to the same leads.
    let old = tiers(&service);
    publish(&service, &new, "");
    wait_for_version(&service, 2);
    let changed = old.into_iter().zip(tiers(&service)).filter(|(old, new)| old != new);
    let expect: Vec<_> = changed.map(|((lead, from), (_, to))| (lead, from, to)).collect();
    let (mut listed, mut after) = (Vec::new(), String::new());
    loop {
        let page = service.get(&format!("/api/v1/simulations/1/leads?limit=7{after}")).json();
        let line = |line: &Json| (tier(line).0, line["from"].clone(), line["to"].clone());
        listed.extend(page["leads"].as_array().unwrap().iter().map(line));
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert_eq!(listed, expect);
    let warm = service.get("/api/v1/simulations/1/leads?from=none").json();
    assert_eq!(warm["leads"].as_array().unwrap().len(), 1);
    assert_eq!(service.get("/api/v1/simulations/9").json()["code"], "unknown-simulation");
}
