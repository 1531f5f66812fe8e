//! `cargo xtask test api`: schemathesis, which others publish, holds a real service to its OpenAPI document.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result};

use crate::{
    clients,
    service::Service,
    setup,
    shell::{cargo, program, root, run, target},
};

/// What must hold for every answer, whatever is asked.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
response_headers_conformance,response_schema_conformance,unsupported_method,allow_header_conformance";

/// A model with something of all: points that fade, an account, tiers.
const MODEL: &str = "\
kelvin: 1
model: small
dimensions:
  fit:
    rules:
      - {id: pro, if: lead.plan == 'pro', points: 5}
  web:
    rules:
      - {id: demo, event: Demo Requested, points: 30}
      - {id: pricing, event: page, if: event.path.startsWith('/pricing'), points: 10, decay: {expire: 1d}}
tiers:
  - {name: warm, from: 10}
  - {name: hot, from: 30}
";

/// Some events, so that lists and leads have something to tell.
const EVENTS: &str = r#"{"batch": [
  {"type": "identify", "userId": "ada", "messageId": "1", "traits": {"plan": "pro", "email": "ada@acme.example"}},
  {"type": "track", "userId": "ada", "anonymousId": "0", "messageId": "2", "event": "Demo Requested"},
  {"type": "page", "userId": "1", "messageId": "3", "properties": {"path": "/pricing"}}
]}"#;

/// Installs schemathesis if it is missing, builds the service, and runs the one against the other.
pub(crate) fn check() -> Result<()> {
    setup::package("python3", "python3", "for schemathesis")?;
    let python =
        clients::python(&clients::cache()?.join("api"), &root().join("clients/api/requirements.txt"))?;
    run(&mut cargo(&["build", "--quiet", "--package", "kelvin"])?)?;
    let folder = target()?.join("api");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("model.yaml"), MODEL)?;
    let service = Service::kelvin(&target()?.join("debug/kelvin"), &folder, "model.yaml", "kelvin.db")?;
    service.ask("POST /v1/batch", EVENTS)?;
    let made = service.ask("POST /api/v1/keys", r#"{"name": "schemathesis", "scope": "admin"}"#)?;
    let key = made.split("\"key\":\"").nth(1).and_then(|rest| rest.split('"').next());
    let bearer = format!("Authorization: Bearer {}", key.context("no key was made")?);
    let st = python.with_file_name("st");
    let run_of = |more: &[&str]| run(schemathesis(&st, &service.address).args(more).current_dir(&folder));
    // As long as nobody is invited, nobody is asked who they are. Whoever asks must not take its own key away.
    // What is told without end is no answer that could be looked at.
    run_of(&["--exclude-tag", "access", "--exclude-operation-id", "changes"])?;
    run_of(&["--include-tag", "access", "--exclude-operation-id", "withdrawKey", "--header", &bearer])
}

/// A run that asks the same each time, and is over in about a minute.
fn schemathesis(st: &Path, address: &str) -> Command {
    let bounds =
        ["--phases", "examples,coverage,fuzzing", "--max-examples", "15", "--seed", "1", "--no-shrink"];
    let shown = ["--warnings", "off", "--no-color", "--suppress-health-check", "all"];
    let mut command =
        program(st, &["run", &format!("http://{address}/api/v1/openapi.json"), "--checks", CHECKS]);
    command.args(bounds).args(shown);
    command
}
