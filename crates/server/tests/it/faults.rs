//! What clients are told when the store fails, and what is kept then.

use std::thread;

use kelvin_store::{Change, Holding, Writer};
use rusqlite::Connection;
use serde_json::json;

use crate::service::{Service, Setup, fresh};

#[test]
fn a_store_that_fails_takes_nothing_and_recovers() {
    let (service, folder) = fresh();
    let disk = Connection::open(folder.path().join("kelvin.db")).unwrap();
    let full = "CREATE TRIGGER full BEFORE INSERT ON recent_holdings WHEN instr(new.entries, x'626f62') BEGIN
                SELECT RAISE(ABORT, 'the disk is full'); END";
    disk.execute_batch(full).unwrap();
    let demo =
        |lead: &str| json!({"type": "track", "userId": lead, "event": "Demo Requested", "messageId": lead});
    let batch = json!({"batch": [demo("ada"), demo("bob")]});
    let answer = service.post("/v1/batch", &batch);
    assert_eq!((answer.status, answer.header("retry-after")), (503, Some("5")));
    assert_eq!(answer.json()["code"], "store-failed");
    assert_eq!(service.said(), ["error: events could not be kept: the store failed: the disk is full"]);
    assert!(service.log().is_empty());
    assert_eq!(service.get("/api/v1/leads/ada").status, 404);
    // Who comes alone is not held up.
    assert_eq!(service.post("/v1/track", &demo("eve")).status, 200);
    disk.execute_batch("DROP TRIGGER full").unwrap();
    let again = service.post("/v1/batch", &batch).json();
    assert_eq!((&again["accepted"], &again["duplicates"]), (&json!(2), &json!(0)));
    assert_eq!((service.log().len(), service.score("bob")), (3, json!(30)));
}

#[test]
fn what_cannot_be_kept_holds_up_nobody_beside_it() {
    let (service, folder) = fresh();
    let disk = Connection::open(folder.path().join("kelvin.db")).unwrap();
    let bad = "CREATE TRIGGER bad BEFORE INSERT ON events WHEN new.lead = 'bad' BEGIN SELECT RAISE(ABORT, 'bad'); END";
    disk.execute_batch(bad).unwrap();
    let send = |lead: &'static str| {
        let mut client = service.client();
        let body = json!({"userId": lead, "event": "Demo Requested"}).to_string();
        move || -> Vec<u16> {
            let mut status = || client.request("POST /v1/track", &[], body.as_bytes()).unwrap().status;
            (0..25).map(|_| status()).collect()
        }
    };
    let senders: Vec<_> = ["ada", "bad", "bob", "eve"].map(|lead| (lead, thread::spawn(send(lead)))).into();
    for (lead, sender) in senders {
        assert_eq!(sender.join().unwrap(), [if lead == "bad" { 503 } else { 200 }; 25], "{lead}");
    }
    assert_eq!((service.log().len(), service.said().len()), (75, 25));
}

#[test]
fn a_state_that_is_damaged_is_made_again_from_the_log() {
    let (service, folder) = fresh();
    let demo = || service.post("/v1/track", &json!({"userId": "ada", "event": "Demo Requested"}));
    demo();
    demo();
    service.stop();
    let path = folder.path().join("kelvin.db");
    let damaged = |held: Holding| Holding { state: [1, 2].into(), ..held };
    let damage = |change: &mut dyn Change| {
        let (model, held) = held(change)?;
        change.hold(&model, "ada", Some(damaged(held)))
    };
    Writer::open(&path).unwrap().change(damage).unwrap();
    let service = Service::start(folder.path(), &Setup::default());
    let demo = || service.post("/v1/track", &json!({"userId": "ada", "event": "Demo Requested"}));
    assert_eq!(service.score("ada"), 60);
    assert_eq!(demo().status, 200);
    assert_eq!(service.score("ada"), 90);
    service.stop();
    let (_, mended) = Writer::open(&path).unwrap().change(|change| held(change)).unwrap();
    assert!(mended.state.len() > 2);
}

/// What the one model holds of a lead, and under which name.
fn held(view: &dyn Change) -> Result<(String, Holding), kelvin_store::Error> {
    let (model, _) = view.models()?.remove(0);
    let held = view.holding(&model, "ada")?.expect("a lead that is known");
    Ok((model, held))
}
