//! Accounts of the live service are at every instant those of `kelvin score --accounts` over its log.

use serde_json::{Value as Json, json};

use super::{lines, process::Process};
use crate::run::Folder;

const ACCOUNTS: &str = "\
accounts:
  combine: {top: 2}
  rules:
    - {id: crowd, event: page, people: 2, within: 9d, points: 7}
  tiers: [{name: target, from: 20}]
";

/// What `kelvin score` gives accounts.
fn expected(folder: &Folder, instant: &str) -> Vec<Json> {
    let score = "score -q -m model.yaml -e log.jsonl --accounts --format jsonl";
    let run = folder.run(&format!("{score} --as-of {instant}"));
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    let lines = run.out.lines().map(|line| serde_json::from_str::<Json>(line).unwrap());
    lines.filter(|line| line["lead_id"].is_null()).collect()
}

#[test]
fn accounts_have_their_members_and_scores_whatever_came_first() {
    for (seed, size) in [(31, 300), (32, 300), (33, 7)] {
        let folder = Folder::new(&[("model.yaml", &format!("{}{ACCOUNTS}", lines::MODEL))]);
        let service = Process::start(&folder, "-m model.yaml");
        let mut client = service.client();
        for batch in lines::generated(seed, 300).chunks(size) {
            let body = json!({ "batch": batch }).to_string();
            assert_eq!(client.request("POST /v1/batch", &[], body.as_bytes()).unwrap().status, 200);
        }
        let log = client.request("GET /api/v1/events?limit=10000", &[], b"").unwrap().body;
        folder.write("log.jsonl", &log);
        let mut compared = 0;
        for instant in
            ["2026-01-05T00:00:00Z", "2026-01-12T07:00:00Z", "2026-01-20T00:00:00Z", "2026-03-01T00:00:00Z"]
        {
            for account in expected(&folder, instant) {
                let path =
                    format!("GET /api/v1/accounts/{}?at={instant}", account["account_id"].as_str().unwrap());
                let live = client.request(&path, &[], b"").unwrap().json();
                for key in ["score", "tier", "members"] {
                    assert_eq!(live[key], account[key], "seed {seed}: {key} of {path}");
                }
                compared += 1;
            }
        }
        assert!(compared > 5, "seed {seed}: only {compared} accounts");
    }
}
