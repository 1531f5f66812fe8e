//! `kelvin experiment` on what a service dealt: asked of the service, and looked up in its store.

use kelvin_model::playbook::experiment::{Challenger, Experiment};
use serde_json::{Value as Json, json};

use super::process::Process;
use crate::run::Folder;

const PLAYBOOK: &str = "\
playbook: 1
time_zone: UTC
outcomes: [{id: signed, kind: won, event: Signed, value: event.amount, currency: EUR}]
experiments: [{id: demos, champion: old, challengers: {new: 50}}]
";

fn model(id: &str) -> String {
    format!(
        "kelvin: 1\nmodel: {id}\ndimensions: {{web: {{rules: [{{id: demo, event: Demo, points: 30}}]}}}}\n"
    )
}

/// Thirty leads of each arm; of those of the challenger more sign than of the champion's.
fn calls() -> Vec<Json> {
    let challengers = vec![Challenger { model: "new".to_owned(), share: 50 }];
    let (id, champion) = ("demos".to_owned(), "old".to_owned());
    let experiment = Experiment { id, champion, challengers, shadow: Vec::new() };
    let mut calls = Vec::new();
    for (model, signing) in [("old", 3), ("new", 25)] {
        let leads = (0..).map(|number| format!("lead-{number}"));
        for (place, lead) in leads.filter(|lead| experiment.arm(lead) == model).take(30).enumerate() {
            calls.push(json!({"type": "track", "event": "Seen", "userId": lead, "timestamp": "2020-01-01"}));
            if place < signing {
                let properties = json!({"amount": 100});
                calls.push(
                    json!({"type": "track", "event": "Signed", "userId": lead, "properties": properties}),
                );
            }
        }
    }
    calls
}

#[test]
fn an_experiment_in_service_stands_the_same_from_the_service_and_from_its_store() {
    let files = [("old.yaml", &*model("old")), ("new.yaml", &model("new")), ("playbook.yaml", PLAYBOOK)];
    let folder = Folder::new(&files);
    let service = Process::start(&folder, "-m old.yaml -m new.yaml --playbook playbook.yaml");
    let batch = json!({"batch": calls()}).to_string();
    assert_eq!(service.client().request("POST /v1/batch", &[], batch.as_bytes()).unwrap().status, 200);
    let run = |arguments: &str| {
        let run = folder.run(&format!("experiment {arguments}"));
        assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{}", run.out);
        run.out
    };
    let by_service = format!("--service http://{}", service.address());
    let (asked, looked_up) = (run(&by_service), run("demos --store kelvin.db --playbook playbook.yaml"));
    assert_eq!(asked, looked_up);
    let (_, table) = asked.split_once("; ").unwrap();
    assert_eq!(
        table,
        "outcome: won\n
arm  leads  converted                             worth   times the champion's       p
old     30          3   10.0 % (3.5 to 25.6)    300 EUR               champion
new     30         25  83.3 % (66.4 to 92.7)  2,500 EUR  8.33 (1.72 to 114.18)  0.0004

`new` converts better than `old`: decided\n"
    );
    let told: Json = serde_json::from_str(&run(&format!("{by_service} --format json --within 1d"))).unwrap();
    assert_eq!(told["challengers"][0]["against_champion"]["winner"], "challenger");
    assert_eq!(told["champion"]["values"], json!({"EUR": 300.0}));
    let nobody = run("demos --store kelvin.db --outcome opportunity");
    assert!(nobody.ends_with("`new` or `old`: not decided, as nobody has converted yet\n"), "{nobody}");
    // Without the playbook nothing tells that events are outcomes.
    let none: Json = serde_json::from_str(&run("--store kelvin.db --format json")).unwrap();
    assert_eq!(none["champion"]["conversions"], 0);
    let error = |arguments: &str| {
        let run = folder.run(&format!("experiment {arguments}"));
        (run.code, run.err)
    };
    let unknown = "error: there is no experiment `trial`\nhelp: name one: `demos`\n";
    assert_eq!(error("trial --store kelvin.db"), (Some(2), unknown.to_owned()));
    let no_kind = "error: `lead.won` is no kind of outcome\nhelp: a service knows outcomes by kind: `--outcome won`, the default\n";
    assert_eq!(error("--store kelvin.db --outcome lead.won"), (Some(2), no_kind.to_owned()));
    assert_eq!(error(&format!("trial {by_service}")), (Some(2), unknown.to_owned()));
}

#[test]
fn a_store_without_experiments_says_so() {
    let folder = Folder::new(&[("leads.csv", "lead_id,plan\nada,pro\n")]);
    assert_eq!(folder.run("import -q -l leads.csv").code, Some(0));
    let run = folder.run("experiment --store kelvin.db");
    let message = "error: no experiment is carried out\nhelp: a playbook says which: `experiments:`\n";
    assert_eq!((run.code, run.err.as_str()), (Some(2), message));
    let run = folder.run("experiment --store none.db");
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("none.db"), "{}", run.err);
}
