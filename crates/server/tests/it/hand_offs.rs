//! A playbook carried out: leads go to sales, tasks are moved on, those concerned hear of it.

mod alerts;
mod changed;
mod digests;
mod experiments;
mod first;
mod joined;
mod schedules;
mod tasks;
mod voided;

use std::path::Path;

use kelvin_server::Settings;
use rusqlite::Connection;
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::service::{MODEL, Service, Setup, with};

/// Hot leads go to Ada, who has an hour to accept and two days to call.
pub(crate) const PLAYBOOK: &str = "\
playbook: 1
time_zone: Europe/Berlin
hours: {mon-fri: '09:00-17:00'}
owners:
  ada: {name: Ada Lovelace, email: ada@acme.example}
  bob: {email: bob@acme.example}
targets:
  sales-channel: {log: true}
hand_offs:
  - id: sales
    tier: hot
    leave: 10
    recycle_after: 7d
    assign: [account_owner, {round_robin: [ada, bob]}]
    task: {title: 'Call {lead.name}', due: 2d}
    sla: {accept: 1h, contact: 1d, remind: 30m, escalate: sales-channel}
    notify: [sales-channel, owner]
    text: '{lead.name} has {score}: {reasons} {link}'
";

/// A service with a playbook.
pub(crate) fn service(playbook: &str) -> (Service, TempDir) {
    with(&Setup { playbook: Some(playbook), ..Setup::default() })
}

/// Starts a service with a playbook on the store in a folder.
pub(crate) fn again(folder: &TempDir, playbook: &str, hands_off_present: bool) -> Service {
    let settings = Settings { hands_off_present, ..Setup::default().settings };
    Service::start(folder.path(), &Setup { playbook: Some(playbook), settings, ..Setup::default() })
}

/// A lead does what makes it hot.
pub(crate) fn demo(service: &Service, lead: &str) {
    service.post("/v1/track", &json!({"userId": lead, "event": "Demo Requested"}));
}

/// The messages of the outbox, with their targets.
pub(crate) fn messages(folder: &Path) -> Vec<(String, Json)> {
    let disk = Connection::open(folder.join("kelvin.db")).unwrap();
    let mut statement = disk.prepare("SELECT target, body FROM outbox ORDER BY seq").unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, String>(1)?))).unwrap();
    rows.map(|row| row.map(|(target, body)| (target, serde_json::from_str(&body).unwrap())).unwrap())
        .collect()
}

/// The ids of the messages of the outbox.
pub(crate) fn ids(folder: &Path) -> Vec<String> {
    messages(folder).into_iter().map(|(_, message)| message["id"].as_str().unwrap().to_owned()).collect()
}

/// The leads that were handed off, in that order, each with its owner.
pub(crate) fn handed_off(service: &Service) -> Vec<(String, Json)> {
    let answer = service.get("/api/v1/hand-offs").json();
    let latest_first = answer["hand_offs"].as_array().unwrap().iter().rev();
    latest_first.map(|line| (line["lead_id"].as_str().unwrap().to_owned(), line["owner"].clone())).collect()
}

#[test]
fn a_lead_that_enters_the_tier_goes_to_sales_once() {
    let (service, folder) = service(PLAYBOOK);
    service.post("/v1/identify", &json!({"userId": "eve", "traits": {"name": "Eve", "plan": "pro"}}));
    assert_eq!(handed_off(&service), []);
    demo(&service, "eve");
    demo(&service, "eve");
    demo(&service, "zoe");
    assert_eq!(handed_off(&service), [("eve".to_owned(), json!("ada")), ("zoe".to_owned(), json!("bob"))]);
    let first: Vec<_> = messages(folder.path()).into_iter().take(2).collect();
    let targets: Vec<_> = first.iter().map(|(target, _)| target.as_str()).collect();
    assert_eq!(targets, ["sales-channel", "owner:ada"]);
    let expect = json!({
        "id": "hand_off:1:sales-channel",
        "kind": "hand_off",
        "at": "2026-03-01T00:00:00Z",
        "title": "Eve goes to Ada Lovelace",
        "text": "Eve has 35: demo +30, pro +5 https://kelvin.example/leads/eve",
        "lead_id": "eve",
        "model": "small",
        "score": 35.0,
        "tier": "hot",
        "reasons": [{"rule": "demo", "points": 30.0}, {"rule": "pro", "points": 5.0}],
        "link": "https://kelvin.example/leads/eve",
        "owner": {"id": "ada", "name": "Ada Lovelace", "email": "ada@acme.example"},
        "playbook_id": "sales",
        "cause": "event:00000000000000000002",
        "task": {"id": "1", "title": "Call Eve", "due": "2026-03-04T08:00:00Z"},
    });
    assert_eq!(first[0].1, expect);
    let lead = service.get("/api/v1/leads/eve").json();
    assert_eq!((&lead["owner"], &lead["task"]["title"]), (&json!("ada"), &json!("Call Eve")));
}

#[test]
fn a_restart_hands_nobody_off_again_and_forgets_nobody() {
    let (service, folder) = service(PLAYBOOK);
    demo(&service, "eve");
    service.stop();
    let service = again(&folder, PLAYBOOK, false);
    demo(&service, "eve");
    demo(&service, "zoe");
    service.stop();
    let changed = MODEL.replace("points: 30", "points: 31");
    let setup = Setup { models: &[&changed], playbook: Some(PLAYBOOK), ..Setup::default() };
    let service = Service::start(folder.path(), &setup);
    demo(&service, "zoe");
    assert_eq!(service.score("zoe"), 62);
    assert_eq!(handed_off(&service), [("eve".to_owned(), json!("ada")), ("zoe".to_owned(), json!("bob"))]);
    let ids = ids(folder.path());
    assert_eq!(ids.len(), 4, "{ids:?}");
}

#[test]
fn who_becomes_hot_by_a_changed_model_is_handed_off_and_who_was_hot_is_not() {
    let (service, folder) = service(PLAYBOOK);
    demo(&service, "eve");
    service.post("/v1/page", &json!({"userId": "zoe", "properties": {"path": "/pricing"}}));
    service.stop();
    let changed = MODEL.replace("points: 10, decay: {expire: 1d}", "points: 40");
    let setup = Setup { models: &[&changed], playbook: Some(PLAYBOOK), ..Setup::default() };
    let service = Service::start(folder.path(), &setup);
    let leads: Vec<_> = handed_off(&service).into_iter().map(|(lead, _)| lead).collect();
    assert_eq!(leads, ["eve", "zoe"]);
}

#[test]
fn the_owner_of_an_account_gets_its_other_leads() {
    let (service, _folder) = service(PLAYBOOK);
    for lead in ["eve", "zoe", "max"] {
        service.post("/v1/group", &json!({"userId": lead, "groupId": "acme"}));
        demo(&service, lead);
    }
    service.post("/v1/group", &json!({"userId": "kim", "groupId": "globex", "traits": {"owner": "bob"}}));
    demo(&service, "kim");
    let owners: Vec<_> = handed_off(&service).into_iter().map(|(_, owner)| owner).collect();
    assert_eq!(owners, ["ada", "ada", "ada", "bob"]);
}

#[test]
fn a_tier_that_ended_while_nobody_looked_arms_the_lead_again() {
    let playbook = PLAYBOOK.replace("leave: 10", "leave: hot").replace("tier: hot", "tier: warm");
    let (service, folder) = service(&playbook.replace("leave: hot", "leave: warm"));
    let view = json!({"userId": "eve", "properties": {"path": "/pricing"}});
    service.post("/v1/page", &view);
    assert_eq!(handed_off(&service).len(), 1);
    service.stop();
    let service = again(&folder, &playbook.replace("leave: hot", "leave: warm"), false);
    service.set_clock("2026-03-05T00:00:00Z");
    service.post("/v1/page", &view);
    assert_eq!(handed_off(&service).len(), 2);
}
