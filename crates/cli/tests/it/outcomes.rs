//! What became of leads, told by the outcomes of a playbook.

use serde_json::{Value as Json, json};

use crate::run::Folder;

const PLAYBOOK: &str = "\
playbook: 1
time_zone: Europe/Berlin
owners: {anna: {email: anna@example.com, if: lead.plan == 'pro'}}
outcomes:
  - {id: signed, kind: won, event: [Deal Won, Contract Signed], if: '!has(lead.is_test)', value: event.amount}
  - {id: renewed, kind: won, event: Renewed, value: 500}
  - {id: lost, kind: lost, event: Deal Lost}
";

const EVENTS: &str = r#"{"lead_id": "ada", "id": "1", "time": "2026-01-01", "event": "page", "path": "/"}
{"lead_id": "ada", "id": "2", "time": "2026-01-20", "event": "Deal Won", "amount": "1200.5"}
{"lead_id": "ada", "id": "3", "time": "2026-01-20", "event": "Renewed"}
{"lead_id": "ada", "id": "4", "time": "2026-01-25", "event": "Deal Won", "amount": 7}
{"lead_id": "ben", "id": "5", "time": "2026-01-01", "event": "page", "path": "/"}
{"lead_id": "ben", "id": "6", "time": "2026-01-18", "event": "Renewed"}
{"lead_id": "cleo", "id": "7", "time": "2026-01-01", "event": "page", "path": "/"}
{"lead_id": "cleo", "id": "8", "time": "2026-01-19", "event": "Contract Signed", "amount": 40}
{"lead_id": "dan", "id": "9", "time": "2026-01-01", "event": "page", "path": "/"}
{"lead_id": "dan", "id": "10", "time": "2026-06-01", "event": "Deal Lost"}
"#;

const LEADS: &str = "lead_id,plan,is_test\nada,pro,\nben,free,\ncleo,pro,yes\ndan,free,\n";

fn folder() -> Folder {
    Folder::new(&[("playbook.yaml", PLAYBOOK), ("events.jsonl", EVENTS), ("leads.csv", LEADS)])
}

/// Of each lead at its first moment: whether the outcome came, when, and what it was worth.
fn outcomes(folder: &Folder, outcome: &str) -> Json {
    let run = folder.run(&format!(
        "features -q -f jsonl -l leads.csv -e events.jsonl --every 0d --horizon 30d {outcome}"
    ));
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    let row = |line: &str| -> Json { serde_json::from_str(line).expect("JSON") };
    let told = |row: Json| json!([row["lead_id"], row["outcome"], row["outcome_at"], row["value"]]);
    run.out.lines().map(row).map(told).collect()
}

#[test]
fn an_outcome_of_a_playbook_is_found_by_its_id() {
    let signed = json!([
        ["ada", 1, "2026-01-20T00:00:00Z", 1200.5],
        ["ben", 0, null, null],
        // A test was no customer.
        ["cleo", 0, null, null],
        ["dan", 0, null, null]
    ]);
    assert_eq!(outcomes(&folder(), "--playbook playbook.yaml --outcome signed"), signed);
}

#[test]
fn outcomes_of_one_kind_are_one_outcome_and_the_first_counts() {
    let won = json!([
        ["ada", 1, "2026-01-20T00:00:00Z", 1200.5],
        ["ben", 1, "2026-01-18T00:00:00Z", 500.0],
        ["cleo", 0, null, null],
        ["dan", 0, null, null]
    ]);
    assert_eq!(outcomes(&folder(), "--playbook playbook.yaml --outcome won"), won);
}

#[test]
fn what_tells_the_outcome_is_no_feature_and_the_rest_of_the_playbook_takes_nothing_away() {
    let run = folder()
        .run("features -q -f jsonl -l leads.csv -e events.jsonl --playbook playbook.yaml --outcome won");
    let row: Json = serde_json::from_str(run.out.lines().next().expect("a row")).expect("JSON");
    let names: Vec<&String> = row.as_object().expect("an object").keys().collect();
    let has = |part: &str| names.iter().any(|name| name.contains(part));
    assert_eq!(
        ["lead.plan", "Deal Lost", "is_test", "Deal Won", "Renewed"].map(has),
        [true, true, false, false, false]
    );
}

#[test]
fn a_learning_command_takes_an_outcome_of_a_playbook() {
    let model =
        "kelvin: 1\nmodel: m\ndimensions: {fit: {rules: [{id: pro, if: lead.plan == 'pro', points: 1}]}}\n";
    let folder = folder();
    folder.write("model.yaml", model);
    let run = folder.run(
        "evaluate -m model.yaml -l leads.csv -e events.jsonl --every 0d --horizon 30d --playbook playbook.yaml --outcome won -f json",
    );
    let report: Json = serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("JSON: {}", run.err));
    assert_eq!(report["about"], "leads.csv, events.jsonl; outcome: `won` of the playbook within 30d");
}

#[test]
fn an_outcome_that_is_not_there_is_told_with_those_that_are() {
    let folder = folder();
    folder.write("none.yaml", "playbook: 1\ntime_zone: UTC\n");
    let several = "\
error: `playbook.yaml` defines several outcomes
help: name one of them with --outcome: `signed`, `renewed`, `lost`
";
    let unknown = "\
error: `playbook.yaml` defines no outcome `one`
help: there is `signed`, `renewed`, `lost`
";
    let none = "\
error: `none.yaml` defines no outcome
help: add one: `outcomes: [{id: won, kind: won, event: Deal Won}]`
";
    let no_events = "\
error: the outcomes of a playbook are found in events, and there are none
help: give them with --events, or a condition on leads: `--outcome 'lead.converted == true'`
";
    let run = |options: &str| folder.run(&format!("suggest -l leads.csv {options}"));
    run("-e events.jsonl --playbook playbook.yaml").check(2, "", several);
    run("-e events.jsonl --playbook playbook.yaml --outcome one").check(2, "", unknown);
    run("-e events.jsonl --playbook none.yaml --outcome won").check(2, "", none);
    run("--playbook playbook.yaml --outcome won").check(2, "", no_events);
}

#[test]
fn the_only_outcome_of_a_playbook_goes_by_its_id() {
    let playbook =
        "playbook: 1\ntime_zone: UTC\noutcomes: [{id: signed, kind: won, event: [Deal Won, Renewed]}]\n";
    let folder = Folder::new(&[("playbook.yaml", playbook), ("events.jsonl", EVENTS)]);
    let about = |outcome: &str| {
        let command = format!("features -e events.jsonl --horizon 30d --playbook playbook.yaml {outcome}");
        folder.run(&command).err.lines().find(|line| line.contains("; outcome: ")).map(str::to_owned)
    };
    assert_eq!(about(""), about("--outcome signed"));
    assert!(about("").is_some_and(|about| about.contains("`signed` of the playbook")), "{:?}", about(""));
}

#[test]
fn outcomes_that_were_told_tell_of_leads_without_events_too() {
    let outcomes = "lead_id,kind,at,value\nada,won,2026-01-20,7\nben,lost,2026-01-21,\n";
    let folder = Folder::new(&[("leads.csv", LEADS), ("outcomes.csv", outcomes)]);
    let command = "features -q -l leads.csv --outcomes outcomes.csv --outcome won --until 2026-02-01";
    let run = folder.run(command);
    let rows: Vec<String> =
        run.out.lines().map(|line| line.split(',').take(5).collect::<Vec<_>>().join(",")).collect();
    let expect = [
        "lead_id,at,outcome,outcome_at,value",
        "ada,,1,2026-01-20T00:00:00Z,7.0",
        "ben,,0,,",
        "cleo,,0,,",
        "dan,,0,,",
    ];
    assert_eq!(rows, expect, "{}", run.err);
}
