//! What is there after the service has stopped, and with a model that has changed.

use std::{
    sync::{Arc, atomic::AtomicI64},
    thread,
};

use kelvin_server::Error;
use serde_json::json;

use crate::{
    client::Client,
    service::{MODEL, Said, Service, Setup, open, with},
};

#[test]
fn a_stop_loses_nothing() {
    let (service, folder) = with(&Setup::default());
    let send = |mut client: Client, sender: usize| {
        let mut acknowledged = Vec::new();
        for count in 0.. {
            let id = format!("{sender}-{count}");
            let body =
                json!({"userId": format!("lead-{sender}"), "event": "Demo Requested", "messageId": id});
            match client.request("POST /v1/track", &[], body.to_string().as_bytes()) {
                Ok(answer) if answer.status == 200 => acknowledged.push(id),
                _ => break,
            }
        }
        acknowledged
    };
    let senders: Vec<_> = (0..4)
        .map(|sender| {
            let client = service.client();
            thread::spawn(move || send(client, sender))
        })
        .collect();
    service.wait_for("/api/v1/leads/lead-3", |answer| answer.status == 200);
    service.stop();
    assert!(!folder.path().join("kelvin.db-wal").exists(), "a store that is stopped is one file");
    let acknowledged: Vec<_> = senders.into_iter().map(|sender| sender.join().unwrap()).collect();
    let service = Service::start(folder.path(), &Setup::default());
    let log = service.log();
    for (sender, ids) in acknowledged.iter().enumerate() {
        let of_sender = log.iter().filter(|line| line["userId"] == format!("lead-{sender}"));
        let kept: Vec<_> = of_sender.map(|line| line["messageId"].as_str().unwrap()).collect();
        // A request that was under way may be kept without an answer.
        assert!(kept.starts_with(&ids.iter().map(String::as_str).collect::<Vec<_>>()));
        assert_eq!(service.score(&format!("lead-{sender}")), 30 * kept.len());
    }
}

#[test]
fn a_model_that_has_changed_scores_the_whole_log_again() {
    let (service, folder) = with(&Setup::default());
    for lead in ["ada", "bob"] {
        service.post("/v1/track", &json!({"userId": lead, "event": "Demo Requested", "messageId": lead}));
        service.post("/v1/track", &json!({"userId": lead, "event": "Call Answered"}));
    }
    service.stop();
    let changed = MODEL
        .replace("points: 30", "points: 33")
        .replace("Demo Requested", "[Demo Requested, Call Answered]");
    let service = Service::start(folder.path(), &Setup { models: &[&changed], ..Setup::default() });
    service.wait_for("/api/v1/leads", |answer| answer.json()["leads"][0]["score"] == 66);
    assert_eq!((service.score("ada"), service.score("bob")), (json!(66), json!(66)));
    let again = json!({"userId": "ada", "event": "Demo Requested", "messageId": "ada"});
    assert_eq!(service.post("/v1/track", &again).json()["duplicates"], 1);
    service.post("/v1/track", &json!({"userId": "ada", "event": "Demo Requested"}));
    assert_eq!(service.score("ada"), 99);
    service.stop();
    let renamed = MODEL.replace("model: small", "model: renamed");
    let service = Service::start(folder.path(), &Setup { models: &[&renamed], ..Setup::default() });
    service.wait_for("/api/v1/leads?model=renamed", |answer| answer.status == 200);
    assert_eq!(service.get("/api/v1/leads?model=renamed").json()["leads"][0]["score"], 60);
    assert_eq!(service.get("/api/v1/leads?model=small").json()["leads"][0]["score"], 99);
}

#[test]
fn a_store_is_served_once() {
    let (_service, folder) = with(&Setup::default());
    let second = open(folder.path(), &Setup::default(), &Arc::new(AtomicI64::new(0)), &Said::default());
    assert!(matches!(second.err(), Some(Error::Store(kelvin_store::Error::InUse { .. }))));
}
