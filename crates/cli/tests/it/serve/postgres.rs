//! `kelvin serve` on PostgreSQL: the scores of `kelvin score`, also after it was killed.

use std::fs;

use serde_json::json;

use super::{
    lines,
    process::{Process, client::Client},
    same::{leads, live, scores, send, write_trained},
};
use crate::{cluster::cluster, prediction, run::Folder};

#[test]
fn the_live_score_is_that_of_kelvin_score_also_after_a_kill() {
    check(lines::MODEL, 11);
}

#[test]
fn the_live_score_is_that_of_kelvin_score_for_what_a_trained_model_foretells() {
    check(prediction::MODEL, 12);
}

/// Sends some lines, kills the service, sends the others to a new one, and compares every lead with what the batch makes of the log.
fn check(model: &str, seed: u64) {
    let lines = lines::generated(seed, 300);
    let folder = Folder::new(&[("model.yaml", model)]);
    write_trained(&folder);
    let serve = format!("-m model.yaml --store {}", cluster().database().url);
    let (first, second) = lines.split_at(150);
    let service = Process::start(&folder, &serve);
    send(&mut service.client(), "first", first);
    let before = log(&mut service.client());
    service.kill();

    let service = Process::start(&folder, &serve);
    let mut client = service.client();
    assert_eq!(log(&mut client), before);
    send(&mut client, "second", second);
    fs::write(folder.path("events.jsonl"), log(&mut client)).unwrap();
    for instant in ["2026-01-20T00:00:00Z", "2026-06-01"] {
        let expect = scores(&folder, instant);
        for lead in leads(&lines) {
            assert_eq!(live(&mut client, &lead, instant).as_ref(), expect.get(&lead), "{lead} at {instant}");
        }
    }
}

fn log(client: &mut Client) -> String {
    client.request("GET /api/v1/events?limit=10000", &[], b"").unwrap().body
}

#[test]
fn a_second_server_on_one_database_waits_and_no_message_shows_the_password() {
    let folder = Folder::new(&[("model.yaml", lines::MODEL)]);
    let database = cluster().database();
    let serve = format!("-m model.yaml --store {}", database.url);
    let first = Process::start(&folder, &serve);
    let second = standby(&folder, &serve);
    let told = |path: &str| second.client().request(path, &[], b"{}").unwrap();
    assert_eq!(told("GET /healthz").status, 200);
    let refused = told("POST /v1/track");
    assert_eq!((refused.status, refused.header("retry-after")), (503, Some("5")));
    let copied = folder.run(&format!("backup --store {} copy.db", database.url));
    assert!(copied.err.contains("is no file: copy it with PostgreSQL's own means"), "{}", copied.err);
    first.kill();
    second.get_ready();
    let log = second.log();
    assert!(log.contains(&format!("/{}`: waiting until that ends", database.name)), "{log}");
    assert!(log.contains("the other server has gone: taking its place"), "{log}");
    assert!(!format!("{log}{}", copied.err).contains("sesame"));
}

#[test]
fn a_server_that_waits_stops_when_it_is_asked_to() {
    let folder = Folder::new(&[("model.yaml", lines::MODEL)]);
    let serve = format!("-m model.yaml --store {}", cluster().database().url);
    let _first = Process::start(&folder, &serve);
    let second = standby(&folder, &serve);
    second.signal("TERM");
    assert_eq!(second.end(), Some(0));
}

/// Starts a server where there is one already.
fn standby(folder: &Folder, serve: &str) -> Process {
    let service = Process::begin(folder.command(&format!("serve --listen 127.0.0.1:0 {serve}")));
    let ready = service.client().request("GET /readyz", &[], b"").unwrap();
    assert_eq!((ready.status, &ready.json()["code"]), (503, &json!("standby")));
    service
}
