//! The live score is the score of `kelvin score` over the same lines at the same instant.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    thread,
    time::Duration,
};

use serde_json::{Value as Json, json};

use super::{
    lines::{self, Dice},
    process::{Process, client::Client},
};
use crate::{conformance::shared_cases, prediction, run::Folder};

/// Sends lines to a service in batches, and compares every lead at every instant with what the batch makes of them.
fn check(name: &str, model: &str, lines: &[Json], instants: &[String]) {
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let folder = Folder::new(&[("model.yaml", model), ("events.jsonl", &text)]);
    write_trained(&folder);
    let service = Process::start(&folder, "-m model.yaml");
    let mut client = service.client();
    send(&mut client, name, lines);
    for instant in instants {
        let expect = scores(&folder, instant);
        for lead in leads(lines) {
            assert_eq!(
                live(&mut client, &lead, instant).as_ref(),
                expect.get(&lead),
                "{name}: {lead} at {instant}"
            );
        }
    }
}

/// The files of a trained model beside a model that uses one.
pub(super) fn write_trained(folder: &Folder) {
    folder.write("trained.json", &prediction::trained(1.0));
}

/// Sends lines to a service, asks it for more, and compares every lead at every instant with what the batch makes of
/// the log. How many ids belong to a lead that goes by another.
fn check_log(name: &str, model: &str, lines: &[Json], asked: &[(&str, Json)], instants: &[String]) -> usize {
    let folder = Folder::new(&[("model.yaml", model)]);
    let service = Process::start(&folder, "-m model.yaml");
    let mut client = service.client();
    send(&mut client, name, lines);
    for (path, body) in asked {
        let answer = client.request(&format!("POST {path}"), &[], body.to_string().as_bytes());
        let answer = answer.expect("an answer");
        assert_eq!(answer.status, 200, "{name}: {path}: {}", answer.body);
    }
    let log = client.request("GET /api/v1/events?limit=10000", &[], b"").expect("an answer").body;
    fs::write(folder.path("events.jsonl"), log).expect("a file");
    let ids = lines.iter().flat_map(|line| [&line["userId"], &line["anonymousId"]]).filter_map(Json::as_str);
    let ids: BTreeSet<&str> = ids.collect();
    let mut joined = BTreeSet::new();
    for instant in instants {
        let expect = scores(&folder, instant);
        for id in &ids {
            let live = live(&mut client, id, instant);
            let lead = live.as_ref().and_then(|live| live["lead_id"].as_str()).unwrap_or(id);
            assert_eq!(live.as_ref(), expect.get(lead), "{name}: {id} at {instant}");
            if lead != *id {
                joined.insert(*id);
            }
        }
    }
    joined.len()
}

/// Batches of several sizes: what comes together is folded together.
pub(super) fn send(client: &mut Client, name: &str, lines: &[Json]) {
    let mut rest = lines;
    for size in [1, 2, 7, 90].into_iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (batch, after) = rest.split_at(size.min(rest.len()));
        let answer = client.request("POST /v1/batch", &[], json!({"batch": batch}).to_string().as_bytes());
        let answer = answer.expect("an answer");
        assert_eq!((answer.status, &answer.json()["rejected"]), (200, &json!([])), "{name}: {}", answer.body);
        rest = after;
    }
}

/// The score that a service gives the lead of an id.
pub(super) fn live(client: &mut Client, id: &str, instant: &str) -> Option<Json> {
    let path = format!("GET /api/v1/leads/{}?at={instant}", encoded(id));
    let mut answer = client.request(&path, &[], b"").expect("an answer");
    while answer.status == 503 {
        // The first scores of a model are being made.
        thread::sleep(Duration::from_millis(20));
        answer = client.request(&path, &[], b"").expect("an answer");
    }
    answer.json()["scores"].get(0).cloned()
}

/// What `kelvin score` gives, by lead.
pub(super) fn scores(folder: &Folder, instant: &str) -> BTreeMap<String, Json> {
    let line = format!("score -q -m model.yaml -e events.jsonl --as-of {instant} --explain --format jsonl");
    let run = folder.run(&line);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    let line = |line: &str| -> (String, Json) {
        let score: Json = serde_json::from_str(line).expect("a line of JSON");
        (score["lead_id"].as_str().expect("an id").to_owned(), score)
    };
    run.out.lines().map(line).collect()
}

pub(super) fn leads(lines: &[Json]) -> Vec<String> {
    let lead = |line: &Json| match &line["userId"] {
        Json::Null => line["anonymousId"].as_str().expect("an id").to_owned(),
        Json::String(id) => id.clone(),
        number => number.to_string(),
    };
    let mut leads: Vec<_> = lines.iter().map(lead).collect();
    leads.sort();
    leads.dedup();
    leads
}

/// An id as a part of a path.
fn encoded(id: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    id.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[test]
fn the_live_score_is_that_of_kelvin_score_in_every_conformance_case() {
    let Some(cases) = shared_cases() else { return };
    let mut folders: Vec<_> = fs::read_dir(cases).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|path| path.join("model.yaml").exists());
    folders.sort();
    assert!(folders.len() > 50, "only {} cases", folders.len());
    thread::scope(|scope| {
        for folders in folders.chunks(folders.len().div_ceil(4)) {
            scope.spawn(|| folders.iter().for_each(|case| check_case(case)));
        }
    });
}

fn check_case(case: &Path) {
    let read = |name: &str| fs::read_to_string(case.join(name)).unwrap();
    let objects = |name: &str| -> Vec<Json> {
        read(name).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let lines = lines::from_files(&objects("leads.jsonl"), &objects("events.jsonl"));
    let expected = objects("expected.jsonl");
    let mut instants: Vec<_> =
        expected.iter().map(|line| line["as_of"].as_str().unwrap().to_owned()).collect();
    instants.sort();
    instants.dedup();
    // Some of the leads share an address: then they are one live, and two in files.
    check_log(&name(case), &read("model.yaml"), &lines, &[], &instants);
}

fn name(case: &Path) -> String {
    case.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

#[test]
fn the_live_score_is_that_of_kelvin_score_for_generated_lines() {
    let instants = ["2026-01-20T00:00:00Z", "2026-02-03T04:05:06.789Z", "2026-06-01"].map(str::to_owned);
    for seed in 1..=6 {
        check(&format!("seed {seed}"), lines::MODEL, &lines::generated(seed, 300), &instants);
    }
}

#[test]
fn the_live_score_is_that_of_kelvin_score_for_what_a_trained_model_foretells() {
    let instants = ["2026-01-20T00:00:00Z", "2026-02-03T04:05:06.789Z", "2026-06-01"].map(str::to_owned);
    for seed in 21..=23 {
        check(&format!("seed {seed}"), prediction::MODEL, &lines::generated(seed, 300), &instants);
    }
}

#[test]
fn the_live_score_is_that_of_kelvin_score_for_people_with_several_ids_and_events_that_do_not_count() {
    let instants = ["2026-01-20T00:00:00Z", "2026-06-01"].map(str::to_owned);
    let asked = [
        ("/api/v1/voids", json!({"event": "Asset Downloaded", "from": "2026-01-08", "reason": "a test"})),
        ("/api/v1/voids", json!({"lead": "eve", "to": "2026-01-12", "reason": "not her"})),
        ("/api/v1/leads/ada/merge", json!({"with": "bob"})),
    ];
    for seed in 7..=10 {
        let mut lines = lines::generated(seed, 300);
        let mut dice = Dice(seed);
        for line in &mut lines {
            if dice.roll(3) == 0 {
                line["anonymousId"] = json!(format!("cookie-{}", dice.roll(12)));
            }
            if dice.roll(9) == 0 {
                line["context"] = json!({"userAgent": "Googlebot/2.1 (+http://www.google.com/bot.html)"});
            }
            if dice.roll(3) == 0 {
                line["userId"] = Json::Null;
                line["anonymousId"] = json!(format!("cookie-{}", dice.roll(12)));
            }
        }
        let joined = check_log(&format!("seed {seed}"), lines::MODEL, &lines, &asked, &instants);
        assert!(joined > 3, "seed {seed}: only {joined} ids were joined");
    }
}
