//! Messages on their way to real receivers: all arrive, in order per lead, and what does not is told.

use std::{collections::BTreeMap, path::Path, thread, time::Duration};

use kelvin_connect::{Guard, Sink};
use kelvin_kernel::Instant;
use kelvin_server::Backoff;
use kelvin_store::{NewMessage, Writer};
use rusqlite::Connection;
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::{
    receiver::{Mail, Receiver, Reply, Request},
    service::{NOW, Service, Setup},
};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// Attempts that follow one another at once.
const AT_ONCE: Backoff = Backoff { first: Duration::ZERO, longest: Duration::from_secs(3600), attempts: 9 };

fn setup(sinks: &[(&str, Sink)]) -> Setup<'static> {
    let sinks = sinks.iter().map(|(name, sink)| ((*name).to_owned(), sink.clone())).collect();
    Setup { sinks, guard: Guard::Open, backoff: AT_ONCE, ..Setup::default() }
}

fn hook<T>(receiver: &Receiver<T>) -> Sink {
    Sink::webhook(&format!("http://{}/hook", receiver.address), Some(SECRET)).unwrap()
}

/// Puts messages into the outbox of a store that is not served: lane, target and number.
fn put(folder: &Path, messages: &[(&str, &str, usize)]) {
    let mut store = Writer::open(folder.join("kelvin.db")).unwrap();
    let put = store.change(|change| {
        for (lane, target, number) in messages {
            let id = format!("{lane}-{target}-{number}");
            let body = json!({
                "id": id, "kind": "alert", "at": NOW, "title": format!("{lane} is hot"), "lead_id": lane,
                "playbook_id": "heating", "score": 61.5, "reasons": [{"rule": "demo", "points": 60}],
            });
            let at = Instant::parse(NOW).unwrap();
            let body = body.to_string();
            change.enqueue(&NewMessage { id: &id, lane, target, kind: "alert", body: &body, at })?;
        }
        Ok::<_, kelvin_store::Error>(())
    });
    put.unwrap();
}

/// A service with messages in its outbox.
fn serving(setup: &Setup<'_>, messages: &[(&str, &str, usize)]) -> (Service, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), messages);
    (Service::start(folder.path(), setup), folder)
}

fn list(service: &Service, state: &str) -> Vec<Json> {
    let answer = service.get(&format!("/api/v1/outbox?limit=1000&state={state}")).json();
    answer["messages"].as_array().unwrap().clone()
}

/// Waits until so many messages are in a state.
fn wait_for(service: &Service, state: &str, count: usize) -> Vec<Json> {
    service.wait_for(&format!("/api/v1/outbox?limit=1000&state={state}"), |answer| {
        answer.json()["messages"].as_array().unwrap().len() == count
    });
    list(service, state)
}

/// The ids that were taken, by lead, in the order in which they came.
fn taken(came: &[Request]) -> BTreeMap<String, Vec<String>> {
    let mut taken: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for request in came.iter().filter(|request| matches!(request.reply, Reply::Status(200))) {
        let data = &request.json()["data"];
        let text = |key: &str| data[key].as_str().unwrap().to_owned();
        assert_eq!(request.header("webhook-id"), data["id"].as_str());
        taken.entry(text("lead_id")).or_default().push(text("id"));
    }
    taken
}

#[test]
fn all_messages_arrive_in_order_per_lead_though_the_receiver_has_a_bad_day() {
    let crm = Receiver::http(|count| match count % 9 {
        1 => Reply::Status(500),
        3 => Reply::Half,
        5 => Reply::Cut,
        _ if count == 7 => Reply::Hang,
        _ => Reply::Status(200),
    });
    let leads = ["ada", "bob", "eve", "joe", "sue", "tim"];
    let messages: Vec<_> = (0..8).flat_map(|number| leads.map(|lead| (lead, "crm", number))).collect();
    let (service, _folder) = serving(&setup(&[("crm", hook(&crm))]), &messages);
    wait_for(&service, "delivered", messages.len());
    let mut taken = taken(&crm.came());
    for lead in leads {
        let expect: Vec<_> = (0..8).map(|number| format!("{lead}-crm-{number}")).collect();
        // What took too long may have come twice.
        let came = taken.get_mut(lead).unwrap();
        came.dedup();
        assert_eq!(*came, expect);
    }
}

#[test]
fn a_target_that_hangs_holds_up_no_other() {
    let (hanging, fine) = (Receiver::http(|_| Reply::Hang), Receiver::http(|_| Reply::Status(200)));
    let leads = ["ada", "bob", "eve", "joe", "sue", "tim"];
    let both = leads.into_iter().flat_map(|lead| [(lead, "a-hanging", 0), (lead, "fine", 0)]);
    let setup = Setup {
        patience: Duration::from_secs(300),
        ..setup(&[("a-hanging", hook(&hanging)), ("fine", hook(&fine))])
    };
    let (service, _folder) = serving(&setup, &both.collect::<Vec<_>>());
    wait_for(&service, "delivered", leads.len());
    assert_eq!(list(&service, "pending").len(), leads.len());
}

#[test]
fn what_is_refused_for_good_is_listed_and_can_be_replayed() {
    let crm = Receiver::http(|count| Reply::Status(if count == 0 { 404 } else { 200 }));
    let setup = Setup { longest_sleep: Duration::from_secs(3600), ..setup(&[("crm", hook(&crm))]) };
    let (service, _folder) = serving(&setup, &[("ada", "crm", 0), ("ada", "crm", 1)]);
    wait_for(&service, "delivered", 1);
    let dead = list(&service, "dead");
    assert_eq!((&dead[0]["id"], &dead[0]["attempts"]), (&json!("ada-crm-0"), &json!(1)));
    assert_eq!(dead[0]["error"], "the answer was 404 Not Found");
    assert_eq!(dead[0]["message"]["title"], "ada is hot");
    let replay = |id: &str| service.post_bytes(&format!("/api/v1/outbox/{id}/replay"), &[], &[]);
    assert_eq!(replay("ada-crm-0").json()["state"], "pending");
    wait_for(&service, "delivered", 2);
    assert_eq!(taken(&crm.came())["ada"], ["ada-crm-1", "ada-crm-0"]);
    let problem = |id| (replay(id).status, replay(id).json()["code"].clone());
    assert_eq!(problem("ada-crm-0"), (409, json!("not-dead")));
    assert_eq!(problem("nobody"), (404, json!("unknown-message")));
    assert_eq!(service.get("/api/v1/outbox?state=lost").json()["code"], "bad-state");
}

#[test]
fn a_target_that_fails_on_and_on_is_given_up() {
    let crm = Receiver::http(|_| Reply::Status(503));
    let (service, _folder) =
        serving(&setup(&[("crm", hook(&crm))]), &[("ada", "crm", 0), ("ada", "gone", 0)]);
    let dead = wait_for(&service, "dead", 2);
    let errors: BTreeMap<_, _> =
        dead.iter().map(|message| (message["target"].as_str().unwrap(), &message["error"])).collect();
    assert_eq!(errors["crm"], "the answer was 503 Service Unavailable");
    assert_eq!(errors["gone"], "the playbook has no target `gone`");
    assert_eq!(crm.came().len(), AT_ONCE.attempts as usize);
}

#[test]
fn a_target_that_asks_for_it_is_left_alone_for_all_leads() {
    let crm = Receiver::http(|count| if count == 0 { Reply::After(120) } else { Reply::Status(200) });
    let messages = [("ada", "crm", 0), ("ada", "crm", 1)];
    let (service, _folder) = serving(&setup(&[("crm", hook(&crm))]), &messages);
    service.wait_for("/api/v1/outbox", |answer| answer.json()["messages"][0]["attempts"] == 1);
    assert_eq!(list(&service, "pending")[0]["due"], "2026-03-01T00:02:00Z");
    service.set_clock("2026-03-01T00:01:59Z");
    assert_eq!(crm.came().len(), 1);
    service.set_clock("2026-03-01T00:02:00Z");
    wait_for(&service, "delivered", 2);
}

#[test]
fn a_signature_is_that_of_what_was_sent() {
    let crm = Receiver::http(|_| Reply::Status(200));
    let (service, _folder) = serving(&setup(&[("crm", hook(&crm))]), &[("ada", "crm", 0)]);
    wait_for(&service, "delivered", 1);
    let request = &crm.came()[0];
    let seconds = Instant::parse(NOW).unwrap().as_millis() / 1000;
    assert_eq!(request.header("webhook-timestamp"), Some(seconds.to_string().as_str()));
    let signed = format!("ada-crm-0.{seconds}.{}", request.body);
    let signature = format!("v1,{}", hmac_sha256("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", &signed));
    assert_eq!(request.header("webhook-signature"), Some(signature.as_str()));
    assert_eq!(request.json()["type"], "alert");
}

#[test]
fn no_private_address_is_reached_unless_it_is_allowed() {
    let inside = Receiver::http(|_| Reply::Status(200));
    let port = inside.address.port();
    let to = |host: &str| Sink::webhook(&format!("http://{host}:{port}/"), None).unwrap();
    let hosts = ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"];
    let sinks: Vec<_> = hosts.iter().map(|host| (*host, to(host))).collect();
    let messages: Vec<_> = hosts.iter().map(|host| ("ada", *host, 0)).collect();
    let allowed = ["crm.example".to_owned()].into();
    let closed = Setup { guard: Guard::Public { allowed }, ..setup(&sinks) };
    let (service, _folder) = serving(&closed, &messages);
    for message in wait_for(&service, "dead", hosts.len()) {
        let error = message["error"].as_str().unwrap();
        assert!(error.contains("is not on the public internet: allow it with"), "{error}");
    }
    assert_eq!(inside.came().len(), 0);
    let allowed = ["localhost".to_owned()].into();
    let open = Setup { guard: Guard::Public { allowed }, ..setup(&[("localhost", to("localhost"))]) };
    let (service, _folder) = serving(&open, &[("ada", "localhost", 0)]);
    wait_for(&service, "delivered", 1);
}

#[test]
fn no_redirect_is_followed() {
    let inside = Receiver::http(|_| Reply::Status(200));
    let to = inside.address;
    let outside = Receiver::http(move |_| Reply::Redirect(to));
    let (service, _folder) = serving(&setup(&[("crm", hook(&outside))]), &[("ada", "crm", 0)]);
    let dead = wait_for(&service, "dead", 1);
    let expect = "the answer was 302 Found: redirects are not followed, give the address that it leads to";
    assert_eq!(dead[0]["error"], expect);
    assert_eq!(inside.came().len(), 0);
}

#[test]
fn who_watches_sees_what_waits_and_what_was_given_up() {
    let late = Receiver::http(|_| Reply::After(600));
    let gone = Receiver::http(|_| Reply::Status(400));
    let messages = [("ada", "late", 0), ("bob", "late", 0), ("ada", "gone", 0)];
    let (service, _folder) = serving(&setup(&[("late", hook(&late)), ("gone", hook(&gone))]), &messages);
    wait_for(&service, "dead", 1);
    service.set_clock("2026-03-01T00:01:59Z");
    let told = service.get("/metrics").body;
    for line in ["kelvin_outbox_pending 2", "kelvin_outbox_dead 1", "kelvin_outbox_oldest_seconds 119"] {
        assert!(told.lines().any(|told| told == line), "{line}");
    }
}

#[test]
fn slack_says_why_it_refuses_and_its_address_stays_secret() {
    let replies = [
        Reply::Word(404, "no_service"),
        Reply::Word(404, "no such thing as hunter2"),
        Reply::Word(200, "ok"),
    ];
    let slack = Receiver::http(move |count| replies[count.min(2)]);
    let sink = Sink::slack(&format!("http://{}/services/T0/B0/hunter2", slack.address)).unwrap();
    let messages = [("ada", "sales", 0), ("ada", "sales", 1), ("ada", "sales", 2)];
    let (service, _folder) = serving(&setup(&[("sales", sink)]), &messages);
    wait_for(&service, "delivered", 1);
    let dead = list(&service, "dead");
    let errors = [&dead[1]["error"], &dead[0]["error"]];
    assert_eq!(errors, ["the answer was 404 Not Found: `no_service`", "the answer was 404 Not Found"]);
    let blocks = slack.came()[2].json()["blocks"].clone();
    assert_eq!(blocks[0]["text"]["text"], "ada is hot");
    assert_eq!(blocks[2]["text"]["text"], "• demo +60");
}

#[test]
fn what_was_delivered_and_cannot_be_noted_is_not_repeated_meanwhile() {
    let crm = Receiver::http(|_| Reply::Status(200));
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), &[("ada", "crm", 0)]);
    let disk = Connection::open(folder.path().join("kelvin.db")).unwrap();
    let full =
        "CREATE TRIGGER full BEFORE UPDATE ON outbox BEGIN SELECT RAISE(ABORT, 'the disk is full'); END";
    disk.execute_batch(full).unwrap();
    let service = Service::start(folder.path(), &setup(&[("crm", hook(&crm))]));
    while service.said().is_empty() {
        thread::yield_now();
    }
    assert_eq!(list(&service, "pending").len(), 1);
    disk.execute_batch("DROP TRIGGER full").unwrap();
    wait_for(&service, "delivered", 1);
    assert_eq!(crm.came().len(), 1);
    service.said();
}

#[test]
fn mail_arrives_though_the_server_is_busy_and_rude() {
    let server = Receiver::<Mail>::smtp(|count| if count == 0 { "451 later" } else { "250 taken" });
    let smtp = format!("smtp://{}", server.address);
    let setup =
        Setup { smtp: Some(smtp), ..setup(&[("owner:ada", Sink::mail("ada@acme.example").unwrap())]) };
    let (service, _folder) = serving(&setup, &[("bob", "owner:ada", 0)]);
    wait_for(&service, "delivered", 1);
    let mails = server.came();
    assert_eq!(mails.len(), 1);
    assert!(mails[0].envelope[1].starts_with("RCPT TO:<ada@acme.example>"), "{:?}", mails[0].envelope);
    let text = &mails[0].text;
    for part in ["Subject: bob is hot\n", "Message-ID: <msg_", "demo +60", "<td>demo</td><td>+60</td>"] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[test]
fn what_was_under_way_at_a_stop_comes_again_with_the_same_id() {
    let crm = Receiver::http(|count| if count == 0 { Reply::Hang } else { Reply::Status(200) });
    let setup = setup(&[("crm", hook(&crm))]);
    let (service, folder) =
        serving(&Setup { patience: Duration::from_secs(60), ..setup }, &[("ada", "crm", 0)]);
    while crm.came().is_empty() {
        thread::yield_now();
    }
    service.stop();
    let setup = self::setup(&[("crm", hook(&crm))]);
    let service = Service::start(folder.path(), &setup);
    wait_for(&service, "delivered", 1);
    let ids: Vec<_> =
        crm.came().iter().map(|request| request.header("webhook-id").map(str::to_owned)).collect();
    assert_eq!(ids, vec![Some("ada-crm-0".to_owned()); 2]);
}

/// As the specification has it.
fn hmac_sha256(key: &str, text: &str) -> String {
    use base64::{Engine, prelude::BASE64_STANDARD};
    use hmac::{Hmac, KeyInit, Mac};
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(&BASE64_STANDARD.decode(key).unwrap()).unwrap();
    mac.update(text.as_bytes());
    BASE64_STANDARD.encode(mac.finalize().into_bytes())
}
