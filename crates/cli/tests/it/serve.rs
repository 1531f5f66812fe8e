//! `kelvin serve` as operators and clients meet it: a process, a socket, signals.

mod accounts;
mod crash;
mod cut;
mod experiments;
mod export;
mod faults;
mod import;
mod learning;
mod lines;
mod log;
mod outcomes;
mod packaging;
mod postgres;
pub(crate) mod process;
mod publish;
#[path = "../../../server/tests/it/receiver.rs"]
#[expect(dead_code, reason = "others receive mails, too")]
mod receiver;
mod same;

use process::Process;
use serde_json::json;

use crate::{
    run::{Folder, MODEL},
    serve::process::client::Client,
};

#[test]
fn a_service_that_is_asked_to_stop_stops() {
    let folder = Folder::new(&[("model.yaml", MODEL)]);
    for signal in ["TERM", "INT"] {
        let service = Process::start(&folder, "-m model.yaml");
        let mut client = service.client();
        let event = json!({"userId": "ada", "event": "Demo Requested"}).to_string();
        assert_eq!(client.request("POST /v1/track", &[], event.as_bytes()).unwrap().status, 200);
        service.signal(signal);
        assert_eq!(service.end(), Some(0), "{signal}");
    }
    assert_eq!(folder.names(), ["kelvin.db", "kelvin.db-lock", "model.yaml"]);
    let service = Process::start(&folder, "--models .");
    let lead = service.client().request("GET /api/v1/leads/ada", &[], b"").unwrap().json();
    assert_eq!(lead["scores"][0]["score"], 60);
}

#[test]
fn the_write_key_may_stand_in_the_environment() {
    let folder = Folder::new(&[("model.yaml", MODEL)]);
    let mut command = folder.command("serve -m model.yaml --listen 127.0.0.1:0");
    command.env("KELVIN_WRITE_KEY", "secret");
    let service = Process::spawn(command);
    let send = |headers: &[(&str, &str)]| -> u16 {
        let mut client: Client = service.client();
        client.request("POST /v1/page", headers, br#"{"userId": "ada"}"#).unwrap().status
    };
    assert_eq!(send(&[]), 401);
    assert_eq!(send(&[("authorization", "Basic c2VjcmV0Og==")]), 200);
}

#[test]
fn flags_may_stand_in_the_environment_and_win_over_it() {
    let folder = Folder::new(&[("model.yaml", MODEL)]);
    let serve = |flags: &str| {
        let mut command = folder.command(&format!("serve {flags}"));
        let variables = [
            ("MODELS", "model.yaml"),
            ("STORE", "leads.db"),
            ("LISTEN", "127.0.0.1:0"),
            ("ALLOW_ORIGIN", "https://a.example,https://b.example"),
            ("LOG", "json"),
        ];
        command.envs(variables.map(|(name, value)| (format!("KELVIN_{name}"), value)));
        Process::spawn(command)
    };
    let service = serve("");
    let preflight = |origin: &str| {
        let asked = [("origin", origin), ("access-control-request-method", "POST")];
        let answer = service.client().request("OPTIONS /v1/track", &asked, b"").unwrap();
        answer.header("access-control-allow-origin").is_some()
    };
    let origins = ["https://a.example", "https://b.example", "https://c.example"];
    assert_eq!(origins.map(preflight), [true, true, false]);
    assert!(folder.path("leads.db").exists() && service.log().starts_with('{'));
    let service = serve("--store others.db --log text --log-level off");
    assert!(folder.path("others.db").exists() && service.log().is_empty());
}

#[test]
fn what_cannot_be_served_is_told() {
    let folder = Folder::new(&[("model.yaml", MODEL), ("notes.db", &"no database at all ".repeat(100))]);
    let told = |line: &str| {
        let run = folder.run(&format!("serve {line}"));
        assert_eq!((run.code, run.out.as_str()), (Some(2), ""), "{line}");
        run.err
    };
    assert_eq!(told("-m nowhere.yaml"), "error: cannot read `nowhere.yaml`: no such file or directory\n");
    assert!(
        told("-m model.yaml --store notes.db --listen 127.0.0.1:0")
            .contains("cannot open the store `notes.db`")
    );
    assert!(told("-m model.yaml --listen nonsense").contains("cannot listen on `nonsense`"));
    assert_eq!(
        told("-m model.yaml --public-url javascript:alert(1)").lines().next(),
        Some(
            "error: invalid value 'javascript:alert(1)' for '--public-url <URL>': write one of the web, `https://kelvin.acme.example`"
        )
    );
    assert_eq!(
        told("-m model.yaml --store mysql://kelvin:sesame@db/kelvin"),
        "error: a store is no `mysql://`: write the path of a file, or `postgres://user:password@host:5432/database`\n"
    );
    assert!(!folder.path("kelvin.db").exists());
    let _first = Process::start(&folder, "-m model.yaml");
    let second = told("-m model.yaml --listen 127.0.0.1:0");
    assert_eq!(second, "error: the store `kelvin.db` is in use by another server\n");
}
