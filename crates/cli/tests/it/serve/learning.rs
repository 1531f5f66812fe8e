//! What learns from a store learns what it would from the files that are exported of it.

use serde_json::{Value as Json, json};

use super::process::Process;
use crate::run::Folder;

const MODEL: &str = "\
kelvin: 1
model: small
dimensions:
  fit: {rules: [{id: pro, if: lead.plan == 'pro', points: 10}]}
  web: {rules: [{id: demo, event: Demo Requested, points: 30}, {id: page, event: page, points: 5, limit: 3}]}
tiers: [{name: warm, from: 15}, {name: hot, from: 40}]
";

const PLAYBOOK: &str = "\
playbook: 1
time_zone: UTC
outcomes: [{id: bought, kind: won, event: Deal Won, value: event.amount}]
";

/// Some come as visitors and become users; who asks for a demo buys more often.
fn calls() -> Vec<Json> {
    let mut calls = Vec::new();
    for number in 0..160_u64 {
        let (user, visitor) = (format!("user-{number}"), format!("visitor-{number}"));
        let day = |add: u64| format!("2026-01-{:02}T{:02}:00:00Z", 1 + number % 10 + add, number % 24);
        let mut call = |kind: &str, place: u64, more: Json| {
            let mut call =
                json!({"type": kind, "timestamp": day(place), "messageId": format!("{number}-{place}")});
            call.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            calls.push(call);
        };
        let page = json!({"path": if number.is_multiple_of(4) { "/pricing" } else { "/" }, "url": "https://acme.example/?utm_source=mail"});
        call("page", 0, json!({"anonymousId": visitor, "properties": page}));
        let side = if number % 3 == 1 { "a" } else { "b" };
        call(
            "identify",
            0,
            json!({"anonymousId": visitor, "messageId": format!("side-{number}"), "traits": {"side": side}}),
        );
        let plan = if number.is_multiple_of(3) { "pro" } else { "free" };
        call("identify", 1, json!({"userId": user, "anonymousId": visitor, "traits": {"plan": plan}}));
        let asks = number.is_multiple_of(2);
        if asks {
            call("track", 2, json!({"userId": user, "event": "Demo Requested"}));
        }
        if number.is_multiple_of(7) || (asks && number % 5 < 3) {
            call(
                "track",
                15,
                json!({"userId": user, "event": "Deal Won", "properties": {"amount": 100 + number}}),
            );
        }
    }
    calls.push(json!({"type": "track", "event": "Late", "userId": "user-1", "timestamp": "2026-06-01T00:00:00Z", "messageId": "late"}));
    calls.push(json!({"type": "track", "event": "A Test", "userId": "user-2", "timestamp": "2026-01-04T00:00:00Z", "messageId": "test"}));
    calls
}

#[test]
fn a_command_on_a_store_gives_what_it_gives_on_the_files_exported_from_it() {
    let folder = Folder::new(&[
        ("model.yaml", MODEL),
        ("playbook.yaml", PLAYBOOK),
        ("other.yaml", &MODEL.replace("points: 30", "points: 20")),
    ]);
    let service = Process::start(&folder, "-m model.yaml");
    let mut client = service.client();
    let batch = json!({"batch": calls()}).to_string();
    assert_eq!(client.request("POST /v1/batch", &[], batch.as_bytes()).unwrap().status, 200);
    let void = json!({"ids": ["test"], "reason": "a test"}).to_string();
    let json_type = [("content-type", "application/json")];
    assert_eq!(client.request("POST /api/v1/voids", &json_type, void.as_bytes()).unwrap().status, 200);
    // The store is read beside the service.
    assert_eq!(folder.run("export -q --to events.jsonl").code, Some(0));
    let learnt = "--outcome-event 'Deal Won' --outcome-value event.amount --after 3d --horizon 60d";
    let commands = [
        format!("evaluate -m model.yaml {learnt} --format json"),
        format!("compare model.yaml other.yaml {learnt} --format json"),
        format!("features {learnt} -f jsonl -q"),
        format!("suggest {learnt}"),
        format!("thresholds -m model.yaml {learnt} --capacity 3/week --format json"),
        format!("train {learnt} --out trained.json"),
        "predict --model trained.json -f csv".to_owned(),
        format!("drift {learnt} --since 2026-01-10 --format json"),
        "attribute --won 'Deal Won' --value event.amount --format json".to_owned(),
        format!("experiment --arm side {learnt}"),
    ];
    for command in commands {
        let run = |source: &str| {
            // A model that is there would be kept where a new one is no better.
            if command.starts_with("train") {
                drop(std::fs::remove_file(folder.path("trained.json")));
            }
            folder.run(&format!("{command} {source}"))
        };
        let (of_file, of_store) = (run("-e events.jsonl"), run("--store kelvin.db"));
        let named = |text: &str| text.replace("kelvin.db", "events.jsonl");
        assert!(of_file.code < Some(2), "{command}: {}", of_file.err);
        assert_eq!(
            (of_store.code, named(&of_store.out), named(&of_store.err)),
            (of_file.code, of_file.out, of_file.err),
            "{command}"
        );
    }
    // What was told is learnt from beside what events tell.
    let deals = calls().iter().filter(|call| call["event"] == "Deal Won").count() as f64;
    let told =
        |lead: &str, at: &str| json!({"id": lead, "lead": lead, "kind": "won", "at": at, "value": 7.5});
    let told =
        json!([told("visitor-1", "2026-02-01"), told("user-3", "2026-02-02"), told("nobody", "2026-02-03")]);
    assert_eq!(
        client.request("POST /api/v1/outcomes", &json_type, told.to_string().as_bytes()).unwrap().status,
        200
    );
    let export = "export -q --to outcomes.jsonl --what outcomes --playbook playbook.yaml";
    assert_eq!(folder.run(export).code, Some(0));
    let run =
        |source: &str| folder.run(&format!("features --outcome won --after 3d --every 0d -f jsonl {source}"));
    let of_file = run("-e events.jsonl --outcomes outcomes.jsonl");
    let of_store = run("--store kelvin.db --playbook playbook.yaml");
    assert_eq!((of_store.code, &of_store.out), (Some(0), &of_file.out), "{}", of_store.err);
    assert_eq!(of_store.err.replace("kelvin.db", "events.jsonl"), of_file.err);
    let note = "1 lead had the outcome of which nothing else is known: nothing is learnt from them";
    assert!(of_file.err.contains(note), "{}", of_file.err);
    let rows: Vec<Json> = of_file.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let fate = |lead: &str| {
        let row = rows.iter().find(|row| row["lead_id"] == lead).unwrap();
        json!([row["outcome"], row["outcome_at"], row["value"]])
    };
    assert_eq!(fate("user-1"), json!([1, "2026-02-01T00:00:00Z", 7.5]));
    assert_eq!(fate("user-0"), json!([1, "2026-01-16T00:00:00Z", 100.0]));
    assert_eq!(fate("user-9"), json!([0, null, null]));
    let run = |source: &str| folder.run(&format!("attribute --outcome won --format json {source}"));
    let of_file = run("-e events.jsonl --outcomes outcomes.jsonl");
    let of_store = run("--store kelvin.db --playbook playbook.yaml");
    assert_eq!((of_store.code, &of_store.out, &of_store.err), (Some(0), &of_file.out, &of_file.err));
    let told: Json = serde_json::from_str(&of_file.out).unwrap();
    assert_eq!(told["conversions"], json!(deals + 3.0), "{told:#}");
    let told: Json = serde_json::from_str(&run("--store kelvin.db").out).unwrap();
    assert_eq!((&told["conversions"], &told["value"]), (&json!(3.0), &json!(22.5)), "{told:#}");
    folder.write("undated.csv", "lead_id,kind,at\nuser-1,won,2026-02-01\nuser-3,won,some day\n");
    let undated = folder.run("features --outcome won -f jsonl -e events.jsonl --outcomes undated.csv");
    assert_eq!(undated.code, Some(1), "{}", undated.err);
    let told = "rejected: undated.csv: 1 outcome without a time in `at`\n";
    assert!(undated.err.starts_with(told), "{}", undated.err);
    // Visitors are users by then, and what is void never was.
    let features = folder.run(&format!("features {learnt} --every 0d -f jsonl -q --store kelvin.db"));
    let rows: Vec<Json> = features.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows.len(), 160);
    assert!(rows.iter().all(|row| row["lead_id"].as_str().unwrap().starts_with("user-")), "{}", features.out);
    assert!(!features.out.contains("A Test"), "{}", features.out);
}

#[test]
fn a_store_that_is_not_there_or_holds_nothing_is_told() {
    let folder = Folder::new(&[("model.yaml", MODEL)]);
    let learnt = "evaluate -m model.yaml --outcome-event 'Deal Won'";
    let missing = folder.run(&format!("{learnt} --store none.db"));
    assert_eq!((missing.code, missing.err.contains("none.db")), (Some(2), true), "{}", missing.err);
    drop(Process::start(&folder, "-m model.yaml"));
    let empty = folder.run(&format!("{learnt} --store kelvin.db"));
    assert_eq!(
        (empty.code, empty.err.starts_with("error: there are no examples\n")),
        (Some(2), true),
        "{}",
        empty.err
    );
    let both = folder.run(&format!("{learnt} --store kelvin.db -e events.jsonl"));
    assert_eq!((both.code, both.err.contains("cannot be used with")), (Some(2), true), "{}", both.err);
}
