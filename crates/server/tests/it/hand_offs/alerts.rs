//! Alerts: somebody is told of what scores and events come to.

use serde_json::{Value as Json, json};
use tempfile::TempDir;

use super::{PLAYBOOK, again, demo, messages, service};
use crate::service::{MODEL, Service, Setup, fresh};

/// A playbook with an alert alone.
fn playbook(alert: &str) -> String {
    let (before, _) = PLAYBOOK.split_once("hand_offs:").unwrap();
    format!("{before}alerts:\n  - {{id: news, notify: sales-channel, {alert}}}\n")
}

fn page(service: &Service, lead: &str, path: &str) {
    let view = json!({"userId": lead, "messageId": format!("{lead}{path}"), "properties": {"path": path}});
    service.post("/v1/page", &view);
}

/// The titles and texts of the messages so far.
fn told(folder: &TempDir) -> Vec<(String, String)> {
    let text = |message: &Json, key: &str| message[key].as_str().unwrap().to_owned();
    let messages = messages(folder.path()).into_iter();
    messages.map(|(_, message)| (text(&message, "title"), text(&message, "text"))).collect()
}

fn titles(folder: &TempDir) -> Vec<String> {
    told(folder).into_iter().map(|(title, _)| title).collect()
}

#[test]
fn a_lead_that_rises_is_told_of_once_within_the_time() {
    let (service, folder) = service(&playbook("score_up: 20, within: 1d"));
    page(&service, "eve", "/pricing");
    assert_eq!(titles(&folder), [""; 0]);
    demo(&service, "eve");
    demo(&service, "eve");
    assert_eq!(titles(&folder), ["eve rose by 40 to 40"]);
    service.set_clock("2026-03-03T00:00:00Z");
    service.wait_for("/api/v1/leads", |answer| answer.json()["leads"][0]["score"] == 60);
    demo(&service, "eve");
    assert_eq!(titles(&folder), ["eve rose by 40 to 40", "eve rose by 30 to 90"]);
    let alerts = service.get("/api/v1/alerts").json();
    assert_eq!((&alerts["alerts"][0]["alert"], &alerts["alerts"][0]["score"]), (&json!("news"), &json!(90)));
    assert_eq!(alerts["alerts"].as_array().unwrap().len(), 2);
}

#[test]
fn an_alert_tells_what_caused_it_and_so_do_its_messages() {
    let (service, folder) = service(&playbook("score_up: 20, within: 1d"));
    page(&service, "eve", "/pricing");
    demo(&service, "eve");
    let cause = format!("event:{}", service.log()[1]["messageId"].as_str().unwrap());
    assert_eq!(service.get("/api/v1/alerts").json()["alerts"][0]["cause"], cause);
    assert_eq!(messages(folder.path())[0].1["cause"], cause);
}

#[test]
fn a_model_that_changes_is_no_rise() {
    let (service, folder) = service(&playbook("score_up: 20, within: 1d"));
    page(&service, "eve", "/pricing");
    service.stop();
    let changed = MODEL.replace("points: 10, decay: {expire: 1d}", "points: 90");
    let playbook = playbook("score_up: 20, within: 1d");
    let setup = Setup { models: &[&changed], playbook: Some(&playbook), ..Setup::default() };
    let service = Service::start(folder.path(), &setup);
    assert_eq!(service.score("eve"), 90);
    assert_eq!(titles(&folder), [""; 0]);
}

#[test]
fn nor_is_a_model_that_leaves_the_lead_in_its_tier() {
    let rise = playbook("score_up: 10, within: 1d");
    let (service, folder) = service(&rise);
    page(&service, "eve", "/pricing");
    service.stop();
    let changed = MODEL.replace("points: 10, decay: {expire: 1d}", "points: 25");
    let setup = Setup { models: &[&changed], playbook: Some(&rise), ..Setup::default() };
    let service = Service::start(folder.path(), &setup);
    service.set_clock("2026-03-03T00:00:00Z");
    page(&service, "eve", "/about");
    assert_eq!(service.score("eve"), 25);
    assert_eq!(titles(&folder), ["eve rose by 10 to 10"]);
}

#[test]
fn an_event_is_told_of_a_lead_that_is_in_the_tier_then() {
    let alert =
        "event: page, if: 'event.path.startsWith(\"/docs\")', tier: hot, text: 'looks at {event.path}'";
    let (service, folder) = service(&playbook(alert));
    page(&service, "eve", "/docs/a");
    demo(&service, "eve");
    page(&service, "eve", "/docs/b");
    page(&service, "eve", "/docs/b");
    page(&service, "eve", "/blog");
    let old = json!({"userId": "eve", "timestamp": "2026-02-20", "properties": {"path": "/docs/old"}});
    service.post("/v1/page", &old);
    assert_eq!(told(&folder), [("eve: page".to_owned(), "looks at /docs/b".to_owned())]);
    let alert = service.get("/api/v1/alerts").json()["alerts"][0].clone();
    assert_eq!((&alert["event_id"], &alert["cause"]), (&json!("eve/docs/b"), &json!("event:eve/docs/b")));
}

#[test]
fn a_lead_that_enters_a_tier_from_below_is_told_of_each_time() {
    let (service, folder) = service(&playbook("tier: warm"));
    page(&service, "eve", "/pricing");
    demo(&service, "eve");
    assert_eq!(titles(&folder), ["eve reached `warm`"]);
    page(&service, "zoe", "/pricing");
    service.set_clock("2026-03-02T00:00:00Z");
    service.wait_for("/api/v1/leads?tier=none", |answer| answer.body.contains("zoe"));
    page(&service, "zoe", "/pricing/again");
    assert_eq!(titles(&folder), ["eve reached `warm`", "zoe reached `warm`", "zoe reached `warm`"]);
}

#[test]
fn leads_that_are_in_the_tier_of_a_new_alert_are_not_told_of() {
    let (service, folder) = fresh();
    demo(&service, "eve");
    service.stop();
    let service = again(&folder, &playbook("tier: warm"), false);
    demo(&service, "eve");
    demo(&service, "zoe");
    assert_eq!(titles(&folder), ["zoe reached `warm`"]);
    drop(service);
}

#[test]
fn a_lead_is_told_of_before_it_cools_and_again_when_an_event_has_put_that_off() {
    let (service, folder) = service(&playbook("cools_within: 6h, tier: warm"));
    page(&service, "eve", "/pricing");
    service.set_clock("2026-03-01T17:59:59Z");
    page(&service, "zoe", "/blog");
    assert_eq!(titles(&folder), [""; 0]);
    service.set_clock("2026-03-01T18:00:00Z");
    let first = "eve will leave `warm` on 2026-03-02T00:00:00Z if nothing happens";
    service.wait_for("/healthz", |_| titles(&folder) == [first]);
    assert_eq!(service.get("/api/v1/alerts").json()["alerts"][0]["cause"], "time");
    page(&service, "eve", "/blog");
    assert_eq!(titles(&folder), [first]);
    page(&service, "eve", "/pricing/more");
    service.set_clock("2026-03-02T13:00:00Z");
    let second = "eve will leave `warm` on 2026-03-02T18:00:00Z if nothing happens";
    service.wait_for("/healthz", |_| titles(&folder) == [first, second]);
}

#[test]
fn nobody_is_told_of_what_machines_do() {
    let (service, folder) = service(&playbook("event: Email Link Clicked, text: 'at {event.url}'"));
    let mail = |event: &str, second: u32, url: &str| {
        let properties = json!({"email_id": "mail", "url": url});
        let time = format!("2026-02-28T23:00:{second:02}Z");
        json!({"type": "track", "userId": "eve", "event": event, "timestamp": time, "properties": properties})
    };
    let mut crawled = mail("Email Link Clicked", 40, "/crawled");
    crawled["context"] = json!({"userAgent": "Googlebot/2.1 (+http://www.google.com/bot.html)"});
    let calls = [
        mail("Email Delivered", 0, ""),
        mail("Email Link Clicked", 1, "/scanned"),
        crawled,
        mail("Email Link Clicked", 50, "/read"),
    ];
    assert_eq!(service.post("/v1/batch", &json!({"batch": calls})).status, 200);
    let texts: Vec<_> = told(&folder).into_iter().map(|(_, text)| text).collect();
    assert_eq!(texts, ["at /read"]);
}
