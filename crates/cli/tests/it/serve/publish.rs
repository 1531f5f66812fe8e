//! `kelvin publish` and `kelvin rollback` against a service that runs.

use serde_json::{Value as Json, json};

use super::process::Process;
use crate::{prediction, run::Folder};

const MODEL: &str = "\
kelvin: 1
model: small
dimensions:
  web:
    rules:
      - {id: demo, event: Demo Requested, points: 30}
tiers:
  - {name: hot, from: 30}
";

fn with_demo(arguments: &str, folder: &Folder) -> Process {
    let service = Process::start(folder, arguments);
    let demo =
        json!({"userId": "ada", "event": "Demo Requested", "timestamp": "2026-01-01", "messageId": "1"});
    let body = demo.to_string();
    assert_eq!(service.client().request("POST /v1/track", &[], body.as_bytes()).unwrap().status, 200);
    service
}

fn score(service: &Process) -> Json {
    let lead = service.client().request("GET /api/v1/leads/ada", &[], b"").unwrap().json();
    lead["scores"][0]["score"].clone()
}

#[test]
fn a_model_is_published_and_taken_back_from_the_command_line() {
    let folder =
        Folder::new(&[("model.yaml", MODEL), ("new.yaml", &MODEL.replace("points: 30", "points: 40"))]);
    let service = with_demo("-m model.yaml", &folder);
    let to = format!("http://{}", service.address());
    let published = folder.run(&format!("publish new.yaml --service {to} --note more --author ada"));
    let diff = folder.run("diff model.yaml new.yaml").out;
    assert_eq!(published.out, format!("{diff}version 2 of `small` serves\n"));
    assert_eq!((published.code, score(&service)), (Some(0), json!(40)));
    folder.check(&format!("publish new.yaml --service {to}"), 0, "version 2 of `small` serves already\n", "");
    // Whoever still takes version 1 for the one that serves changes nothing.
    let help = "help: look what it changed with `kelvin diff`, and name that version\n";
    let expect = format!("error: version 2 of `small` serves, and not version 1\n{help}");
    for command in ["publish model.yaml", "rollback small"] {
        folder.check(&format!("{command} --if-version 1 --service {to}"), 2, "", &expect);
    }
    let back = folder.run(&format!("rollback small --if-version 2 --service {to}"));
    assert!(back.out.ends_with("version 1 of `small` serves\n"), "{}", back.out);
    assert_eq!((back.code, score(&service)), (Some(0), json!(30)));
    folder.check(
        &format!("rollback large --service {to}"),
        2,
        "",
        "error: the service answered 404: no model is called `large`\n",
    );
}

#[test]
fn a_version_keeps_the_trained_model_that_it_was_published_with() {
    let folder =
        Folder::new(&[("model.yaml", prediction::MODEL), ("trained.json", &prediction::trained(1.0))]);
    let service = with_demo("-m model.yaml", &folder);
    let to = format!("http://{}", service.address());
    let first = score(&service);
    // Trained models are larger than other requests may be.
    let padded = prediction::trained(2.0)
        .replace("\"data\":\"leads.csv\"", &format!("\"data\":\"{}\"", "x".repeat(600_000)));
    folder.write("trained.json", &prediction::resealed(&padded));
    let simulated = folder.run(&format!("simulate model.yaml --service {to}"));
    assert_eq!(simulated.code, Some(0), "{}", simulated.err);
    let published = folder.run(&format!("publish model.yaml --service {to}"));
    assert!(
        published.out.ends_with("version 2 of `foretold` serves\n"),
        "{}{}",
        published.out,
        published.err
    );
    let second = score(&service);
    assert_ne!(first, second);
    std::fs::remove_file(folder.path("trained.json")).unwrap();
    assert_eq!(folder.run(&format!("rollback foretold --service {to}")).code, Some(0));
    assert_eq!(score(&service), first);
}

#[test]
fn a_model_that_is_wrong_is_told_as_by_check() {
    let folder = Folder::new(&[("wrong.yaml", &MODEL.replace("points", "pionts"))]);
    let published = folder.run("publish wrong.yaml");
    assert!(published.err.contains(&folder.run("check wrong.yaml").out.lines().next().unwrap().to_owned()));
    assert!(published.err.ends_with("error: `wrong.yaml` has 1 error\n"), "{}", published.err);
    assert_eq!(published.code, Some(2));
}

#[test]
fn a_key_that_opens_nothing_is_told() {
    let folder = Folder::new(&[("model.yaml", MODEL)]);
    let service = Process::start(&folder, "-m model.yaml");
    let told =
        folder.run(&format!("publish model.yaml --service http://{} --key kv_wrong", service.address()));
    let help = "help: give an admin key in KELVIN_KEY; `kelvin key create` makes one\n";
    assert!(
        told.err.starts_with("error: the service answered 401: ") && told.err.ends_with(help),
        "{}",
        told.err
    );
}

#[test]
fn a_service_that_is_not_there_is_told() {
    let folder = Folder::new(&[("model.yaml", MODEL)]);
    let told = folder.run("publish model.yaml --service http://127.0.0.1:1").err;
    let expect = "error: cannot ask `http://127.0.0.1:1`: connection refused\nhelp: is `kelvin serve` running there?\n";
    assert_eq!(told, expect);
}

#[test]
fn a_file_that_changed_is_published_at_the_next_start() {
    let folder = Folder::new(&[("model.yaml", MODEL)]);
    with_demo("-m model.yaml", &folder).kill();
    folder.write("model.yaml", &MODEL.replace("points: 30", "points: 50"));
    let service = Process::start(&folder, "--models .");
    let model = || service.client().request("GET /api/v1/models/small", &[], b"").unwrap().json();
    while !model()["coming"].is_null() {}
    assert_eq!(model()["serving"]["note"], "from `./model.yaml` at start");
    assert_eq!(score(&service), 50);
}

const PLAYBOOK: &str = "\
playbook: 1
time_zone: Etc/UTC
owners:
  ann: {email: ann@acme.example}
hand_offs:
  - {id: sales, model: small, tier: hot, assign: ann}
";

#[test]
fn a_playbook_is_checked_beside_the_models_that_were_published() {
    let folder =
        Folder::new(&[("model.yaml", MODEL), ("playbook.yaml", &PLAYBOOK.replace("tier: hot", "tier: hto"))]);
    with_demo("-m model.yaml", &folder).kill();
    let told = folder.run("serve --listen 127.0.0.1:0 --playbook playbook.yaml");
    let error = "error[unknown-tier]: the model `small` has no tier `hto`";
    assert!(told.err.starts_with(error), "{}", told.err);
    assert_eq!(told.code, Some(2));
    folder.write("playbook.yaml", PLAYBOOK);
    let service = Process::start(&folder, "--playbook playbook.yaml");
    assert_eq!(score(&service), 30);
}

#[test]
fn a_simulation_tells_what_would_follow() {
    let low = MODEL.replace("points: 30", "points: 3");
    let folder = Folder::new(&[("low.yaml", &low), ("model.yaml", MODEL), ("playbook.yaml", PLAYBOOK)]);
    let service = with_demo("-m low.yaml --playbook playbook.yaml", &folder);
    let expect = "\
1 of 1 leads would change their tier
        1  no tier → hot
        1  would enter `hot`

1 hand-off would follow
  hand-off  lead  owner  tier           score
  sales     ada   ann    no tier → hot     30

0 alerts would follow

  owner  open  this week  would get  capacity
  ann       0          0          1         -
";
    folder.check(&format!("simulate model.yaml --service http://{}", service.address()), 0, expect, "");
    assert_eq!(score(&service), 3);
}
