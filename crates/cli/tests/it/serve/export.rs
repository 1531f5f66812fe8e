//! What a store holds, as files: `kelvin score` over them gives the scores of the service.

use std::{collections::BTreeMap, fs};

use serde_json::{Value as Json, json};

use super::{
    lines,
    process::{Process, client::Client},
    same::live,
};
use crate::run::Folder;

fn objects(folder: &Folder, name: &str) -> Vec<Json> {
    folder.read(name).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn send(client: &mut Client, path: &str, body: &Json) {
    let answer =
        client.request(&format!("POST {path}"), &[], body.to_string().as_bytes()).expect("an answer");
    assert_eq!(answer.status, 200, "{}", answer.body);
}

#[test]
fn the_scores_of_exported_events_are_those_of_the_service() {
    let lines = lines::generated(21, 400);
    let folder = Folder::new(&[("model.yaml", lines::MODEL)]);
    let service = Process::start(&folder, "-m model.yaml");
    let mut client = service.client();
    send(&mut client, "/v1/batch", &json!({"batch": lines}));
    send(
        &mut client,
        "/api/v1/voids",
        &json!({"event": "Asset Downloaded", "from": "2026-01-08", "reason": "a test"}),
    );
    send(&mut client, "/api/v1/leads/ada/merge", &json!({"with": "bob"}));
    // While the service runs, and as of one moment.
    let instant = "2026-02-03T04:05:06.789Z";
    let run = folder.run(&format!("export --to out --as-of {instant}"));
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert!(
        run.err.contains("wrote 400 events to") || run.err.contains("events to `out/events.jsonl`"),
        "{}",
        run.err
    );
    let names = ["events", "hand-offs", "leads", "outcomes", "scores", "tasks", "tier-changes"];
    let expect = names.map(|name| format!("{name}.jsonl"));
    let mut found: Vec<_> = fs::read_dir(folder.path("out"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    found.sort();
    assert_eq!(found, expect);
    let score = "score -q -m model.yaml -e out/events.jsonl --explain --format jsonl";
    let run = folder.run(&format!("{score} --as-of {instant}"));
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    let scores: Vec<Json> = run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(objects(&folder, "out/scores.jsonl"), scores);
    for score in &scores {
        let lead = score["lead_id"].as_str().unwrap();
        assert_eq!(live(&mut client, lead, instant).as_ref(), Some(score));
    }
    let changes = objects(&folder, "out/tier-changes.jsonl");
    assert!(changes.iter().any(|change| change["to"] == "hot"), "{changes:?}");
    // What is imported elsewhere scores the same.
    let other =
        Folder::new(&[("model.yaml", lines::MODEL), ("events.jsonl", &folder.read("out/events.jsonl"))]);
    assert_eq!(other.run("import -q -e events.jsonl").code, Some(0));
    let service = Process::start(&other, "-m model.yaml");
    let mut client = service.client();
    for score in &scores {
        let lead = score["lead_id"].as_str().unwrap();
        assert_eq!(live(&mut client, lead, instant).as_ref(), Some(score));
    }
}

const MODEL: &str = "\
kelvin: 1
model: plain
dimensions:
  fit:
    rules:
      - {id: large, if: lead.employees > 100, points: 5}
      - {id: large-account, if: account.employees > 100, points: 7}
  web:
    rules:
      - {id: quote, event: Quote Requested, if: event.seats >= 10, points: 20}
      - {id: pricing, event: page, if: 'event.path.startsWith(\"/pricing\")', points: 10, decay: {half_life: 9d}}
      - {id: spring, event: page, if: 'context.campaign == \"spring\"', points: 1}
      - {id: quiet, inactive: 10d, points: -3}
tiers:
  - {name: warm, from: 10}
";

#[test]
fn tables_of_leads_and_events_score_as_the_service_does() {
    let folder = Folder::new(&[("model.yaml", MODEL)]);
    let service = Process::start(&folder, "-m model.yaml");
    let mut client = service.client();
    let call = |kind: &str, lead: &str, rest: Json| {
        let mut call = json!({"type": kind, "userId": lead, "timestamp": "2026-01-05T10:00:00Z"});
        call.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        call
    };
    let batch = json!({"batch": [
        call("identify", "ada", json!({"traits": {"employees": 250, "name": "Ada", "nested": {"a": [1]}}})),
        call("group", "ada", json!({"groupId": "acme", "traits": {"employees": 900}})),
        call("track", "ada", json!({"event": "Quote Requested", "properties": {"seats": 12, "note": "a, b"}})),
        call("page", "bob", json!({"properties": {"path": "/pricing", "note": "many"}, "context": {"campaign": "spring"}})),
        call("identify", "zoe", json!({"traits": {"employees": 7}})),
    ]});
    send(&mut client, "/v1/batch", &batch);
    folder.check("export -q --to out --format parquet --as-of 2026-02-01", 0, "", "");
    let run = folder.run("score -q -m model.yaml -l out/leads.parquet -e out/events.parquet --as-of 2026-02-01 --explain --format jsonl");
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    assert_eq!(run.out.lines().count(), 3);
    for line in run.out.lines() {
        let expect: Json = serde_json::from_str(line).unwrap();
        let lead = expect["lead_id"].as_str().unwrap();
        let live = live(&mut client, lead, "2026-02-01").expect("a score");
        assert_eq!(
            (&live["score"], &live["tier"], &live["until"]),
            (&expect["score"], &expect["tier"], &expect["until"]),
            "{lead}"
        );
        assert_eq!(live["reasons"], expect["reasons"], "{lead}");
    }
    // Those without rows have their columns all the same.
    for name in ["hand-offs", "tasks", "tier-changes", "scores"] {
        assert!(
            fs::read(folder.path(&format!("out/{name}.parquet"))).unwrap().starts_with(b"PAR1"),
            "{name}"
        );
    }
}

#[test]
fn leads_are_there_before_a_model_serves() {
    let leads = "lead_id,seats\nbob,7\nada,3\n";
    let folder = Folder::new(&[("leads.csv", leads)]);
    folder.check("import -q -l leads.csv", 0, "", "");
    let run = folder.run("export -q --to - --what leads");
    let expect = "{\"seats\":\"3\",\"lead_id\":\"ada\"}\n{\"seats\":\"7\",\"lead_id\":\"bob\"}\n";
    run.check(0, expect, "");
}

#[test]
fn one_file_holds_one_thing() {
    let folder = Folder::new(&[("model.yaml", MODEL)]);
    let service = Process::start(&folder, "-m model.yaml");
    let page = json!({"userId": "ada", "properties": {"path": "/pricing"}});
    send(&mut service.client(), "/v1/page", &page);
    let lines = |line: &str| -> BTreeMap<String, Json> {
        let run = folder.run(line);
        assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{line}");
        let line: Json = serde_json::from_str(run.out.lines().next().unwrap()).unwrap();
        line.as_object().unwrap().clone().into_iter().collect()
    };
    assert_eq!(lines("export -q --to -")["type"], "page");
    assert_eq!(lines("export -q --to - --what leads")["lead_id"], "ada");
    assert_eq!(lines("export -q --to - --what scores --as-of now+1d")["model"], "plain");
    let expect = "error: one file holds one thing: `--what` names several\nhelp: name a folder with `--to`\n";
    folder.check("export --to x.jsonl --what leads,scores", 2, "", expect);
    let run = folder.run("export --to x.jsonl --store gone.db");
    assert_eq!((run.code, folder.path("x.jsonl").exists()), (Some(2), false), "{}", run.err);
}
