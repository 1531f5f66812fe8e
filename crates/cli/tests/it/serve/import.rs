//! History from files: as if it had come over HTTP, and as `kelvin score` reads it.

use serde_json::{Value as Json, json};

use super::{
    lines,
    process::Process,
    same::{leads, live, scores},
};
use crate::run::Folder;

const TYPED: &str = "\
kelvin: 1
model: typed
dimensions:
  fit:
    rules:
      - {id: large, if: lead.employees > 100, points: 5}
      - {id: zip, if: 'lead.zip == \"02139\"', points: 3}
      - {id: fresh, if: daysSince(lead.signed_up) < 30, points: 2}
  web:
    rules:
      - {id: quote, event: Quote Requested, if: event.seats >= 10, points: 20}
      - {id: early, event: page, if: lead.employees > 100, points: 1}
      - id: path
        sequence: [{event: page}, {event: Quote Requested}]
        within: 5d
        points: 8
tiers:
  - {name: hot, from: 20}
";

const LEADS: &str =
    "Email,employees,zip,signed_up\nada,250,02139,2026-02-20\nbob,9,2139,2020-01-01\nzoe,,,\n";

const EVENTS: &str = "\
lead_id,time,event,seats
ada,2026-02-20T10:00:00Z,page,
ada,2026-02-20T10:00:00Z,Quote Requested,12
bob,2026-02-21,Quote Requested,9
bob,2026-02-21,Quote Requested,9
eve,2026-02-22,page,
eve,2026-02-22,page,
";

fn typed() -> Folder {
    Folder::new(&[("typed.yaml", TYPED), ("leads.csv", LEADS), ("events.csv", EVENTS)])
}

/// Compares the live score of every lead with that of `kelvin score`.
fn compare(folder: &Folder, files: &str) {
    let service = Process::start(folder, "-m typed.yaml");
    let mut client = service.client();
    for instant in ["2026-02-20T10:00:00Z", "2026-02-21T12:00:00Z", "2026-03-01T00:00:00Z"] {
        let run =
            folder.run(&format!("score -q -m typed.yaml {files} --as-of {instant} --explain --format jsonl"));
        assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
        for line in run.out.lines() {
            let expect: Json = serde_json::from_str(line).unwrap();
            let lead = expect["lead_id"].as_str().unwrap();
            assert_eq!(live(&mut client, lead, instant).as_ref(), Some(&expect), "{lead} at {instant}");
        }
    }
}

#[test]
fn what_is_imported_scores_as_the_files_do() {
    let instants = ["2026-01-20T00:00:00Z", "2026-02-03T04:05:06.789Z", "2026-06-01"];
    for seed in 11..=13 {
        let lines = lines::generated(seed, 300);
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        let folder = Folder::new(&[("model.yaml", lines::MODEL), ("events.jsonl", &text)]);
        let run = folder.run("import -q -e events.jsonl");
        assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "seed {seed}");
        let service = Process::start(&folder, "-m model.yaml");
        let mut client = service.client();
        for instant in instants {
            let expect = scores(&folder, instant);
            for lead in leads(&lines) {
                let live = live(&mut client, &lead, instant);
                assert_eq!(live.as_ref(), expect.get(&lead), "seed {seed}: {lead} at {instant}");
            }
        }
    }
}

#[test]
fn cells_are_read_as_the_models_use_them() {
    let folder = typed();
    let files = "-l leads.csv -e events.csv --map leads:lead_id=Email";
    let run = folder.run(&format!("import -m typed.yaml {files}"));
    run.check(0, "", "imported 9 events\n");
    compare(&folder, files);
    // Once a model serves, its word is enough.
    folder.write("more.csv", "lead_id,time,event,seats\nzoe,2026-02-23,Quote Requested,30\n");
    folder.check("import -e more.csv", 0, "", "imported 1 event\n");
    compare(&folder, &format!("{files} -e more.csv"));
}

#[test]
fn what_is_known_of_an_account_comes_along_though_the_row_does_not_name_it() {
    let model = "\
kelvin: 1
model: by-domain
dimensions:
  fit:
    rules:
      - {id: gold, if: account.plan == \"gold\", points: 3}
accounts: {key: emailDomain(lead.email), combine: sum}
";
    let leads = "lead_id,email,account.plan\nada,ada@acme.example,gold\nbob,bob@gmail.com,gold\nzoe,,gold\n";
    let folder = Folder::new(&[("model.yaml", model), ("leads.csv", leads)]);
    // One account: free mail gives none.
    folder.check("import -m model.yaml -l leads.csv", 0, "", "imported 4 events\n");
    let service = Process::start(&folder, "-m model.yaml");
    let live = live(&mut service.client(), "ada", "2026-03-01T00:00:00Z").unwrap();
    let run = folder.run("score -q -m model.yaml -l leads.csv --as-of 2026-03-01 --format jsonl");
    let expect: Json = serde_json::from_str(run.out.lines().next().unwrap()).unwrap();
    assert_eq!((&live["score"], &live["score"]), (&json!(3), &expect["score"]));
}

#[test]
fn an_import_that_broke_off_is_run_again() {
    let folder = typed();
    let import = "import -m typed.yaml -l leads.csv -e events.csv --map leads:lead_id=Email";
    let begun: String = EVENTS.lines().take(4).map(|line| format!("{line}\n")).collect();
    folder.write("events.csv", &begun);
    folder.check(import, 0, "", "imported 6 events\n");
    folder.write("events.csv", EVENTS);
    folder.check(import, 0, "", "imported 3 events, 6 known already\n");
    folder.check(import, 0, "", "imported 0 events, 9 known already\n");
    compare(&folder, "-l leads.csv -e events.csv --map leads:lead_id=Email");
}

#[test]
fn rows_that_cannot_be_used_are_told_and_the_rest_is_there() {
    let long = "x".repeat(40_000);
    let text = format!(
        "lead_id,time,event,note\nada,soon,page,\nada,2026-02-20,page,{long}\nada,2026-02-20,page,\n"
    );
    let folder = Folder::new(&[("events.csv", &text)]);
    let run = folder.run("import -e events.csv");
    let expect =
        "rejected: events.csv:2: `time` `soon` is no time: expected RFC 3339, a date or epoch milliseconds\n";
    assert!(run.err.starts_with(&expect[..40]), "{}", run.err);
    assert!(
        run.err.contains("rejected: events.csv: \"ada\" at \"2026-02-20T00:00:00Z\": the event has 40"),
        "{}",
        run.err
    );
    assert!(run.err.ends_with("imported 1 event\n"), "{}", run.err);
    assert_eq!(run.code, Some(1));
    assert_eq!(folder.run("import --strict -e events.csv").code, Some(2));
}

const PLAYBOOK: &str = "\
playbook: 1
time_zone: UTC
owners:
  ada: {email: ada@acme.example}
hand_offs:
  - {id: sales, tier: hot, assign: ada}
";

fn hand_offs(folder: &Folder) -> Vec<String> {
    let service = Process::start(folder, "-m typed.yaml --playbook playbook.yaml");
    let mut client = service.client();
    // Whoever is looked at again is handed off now, or never.
    let quote = |lead: &str| {
        let properties = json!({"seats": 50});
        json!({"type": "track", "userId": lead, "event": "Quote Requested", "properties": properties, "messageId": lead})
    };
    let batch = json!({"batch": [quote("ada"), quote("new")]});
    client.request("POST /v1/batch", &[], batch.to_string().as_bytes()).unwrap();
    let told = client.request("GET /api/v1/hand-offs", &[], b"").unwrap().json();
    let mut leads: Vec<String> = told["hand_offs"]
        .as_array()
        .unwrap_or_else(|| panic!("{told}"))
        .iter()
        .map(|one| one["lead_id"].as_str().unwrap_or_else(|| panic!("{told}")).to_owned())
        .collect();
    leads.sort();
    leads
}

#[test]
fn nobody_is_told_of_what_is_past_unless_asked_to() {
    let folder = typed();
    folder.write("playbook.yaml", PLAYBOOK);
    drop(Process::start(&folder, "-m typed.yaml --playbook playbook.yaml"));
    folder.check("import -q -e events.csv", 0, "", "");
    assert_eq!(hand_offs(&folder), ["new"]);
    let folder = typed();
    folder.write("playbook.yaml", PLAYBOOK);
    drop(Process::start(&folder, "-m typed.yaml --playbook playbook.yaml"));
    folder.check("import -q -e events.csv --act --playbook playbook.yaml", 0, "", "");
    assert_eq!(hand_offs(&folder), ["ada", "new"]);
}
