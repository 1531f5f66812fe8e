//! What became of leads, from files into the store and out of it again.

use serde_json::{Value as Json, json};

use super::process::Process;
use crate::run::{Folder, MODEL};

const PLAYBOOK: &str = "\
playbook: 1
time_zone: UTC
outcomes:
  - {id: signed, kind: won, event: Signed, value: event.amount, currency: EUR}
";

const DEALS: &str = "\
Deal,lead_id,Stage,Closed,value,currency,reason
17,ada,won,2026-02-01,1200.50,EUR,
18,bob,lost,2026-02-02T10:00:00Z,,,\"too dear, they say\"
19,eve,Closed Won,2026-02-03,,,
";

const SIGNED: &str = "lead_id,time,event,id,amount\nzoe,2026-02-04,Signed,e1,99\n";

const IMPORT: &str = "import --outcomes deals.csv --map id=Deal,kind=Stage,at=Closed --assume-utc";

fn objects(text: &str) -> Vec<Json> {
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[test]
fn outcomes_of_a_file_are_taken_once_and_come_out_with_those_of_events() {
    let folder = Folder::new(&[
        ("model.yaml", MODEL),
        ("playbook.yaml", PLAYBOOK),
        ("deals.csv", DEALS),
        ("signed.csv", SIGNED),
    ]);
    let run = |arguments: &str| {
        let run = folder.run(arguments);
        (run.code, run.out, run.err)
    };
    let refused = "rejected: deals.csv: outcome \"19\": `Closed Won` is no kind: kinds are `won`, `lost`, \
                   `opportunity` or of lower case, digits and `-`\n";
    let expect = |told: &str| (Some(1), String::new(), format!("{refused}{told}\n"));
    assert_eq!(run(IMPORT), expect("imported 0 events, 2 outcomes"));
    assert_eq!(run(IMPORT), expect("imported 0 events, 0 outcomes, 2 known already"));
    assert_eq!(run("import -q -e signed.csv").0, Some(0));
    let (code, out, err) = run("export -q --to - --what outcomes --playbook playbook.yaml");
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let found = objects(&out);
    let in_short = |key: &str| -> Vec<Json> { found.iter().map(|one| one[key].clone()).collect() };
    assert_eq!(in_short("id"), [json!("17"), json!("18"), json!("signed:e1")]);
    assert_eq!(in_short("value"), [json!(1200.5), Json::Null, json!(99)]);
    assert_eq!(in_short("reason"), [Json::Null, json!("too dear, they say"), Json::Null]);
    assert_eq!(
        in_short("at"),
        [json!("2026-02-01T00:00:00Z"), json!("2026-02-02T10:00:00Z"), json!("2026-02-04T00:00:00Z")]
    );
    // What came out goes in elsewhere; what events tell stays with the events.
    let elsewhere = Folder::new(&[("model.yaml", MODEL), ("outcomes.jsonl", &out)]);
    let again = elsewhere.run("import --outcomes outcomes.jsonl");
    assert_eq!((again.code, again.err.as_str()), (Some(0), "imported 0 events, 2 outcomes\n"));
    let service = Process::start(&elsewhere, "-m model.yaml");
    let listed = service.client().request("GET /api/v1/leads/bob/outcomes", &[], b"").unwrap().json();
    assert_eq!(listed["outcomes"], json!([found[1]]));
}
