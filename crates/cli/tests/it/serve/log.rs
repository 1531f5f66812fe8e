//! The log of the service: a line for each request, and nothing in it that a client wrote.

use serde_json::{Value as Json, json};

use crate::{
    run::{Folder, MODEL},
    serve::process::{Process, client::Client},
};

const KEY: (&str, &str) = ("authorization", "Basic c2VjcmV0Og==");

fn serve(arguments: &str) -> (Process, Folder) {
    let folder = Folder::new(&[("model.yaml", MODEL)]);
    (Process::start(&folder, &format!("-m model.yaml --write-key secret {arguments}")), folder)
}

/// The lines as JSON, without their times and durations, which must be there.
fn lines(log: &str) -> Vec<Json> {
    let line = |line: &str| {
        let mut line: Json = serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"));
        let object = line.as_object_mut().unwrap();
        assert!(object.remove("timestamp").unwrap().as_str().unwrap().ends_with('Z'));
        assert!(object.remove("duration_ms").is_none_or(|took| took.is_number()));
        line
    };
    log.lines().map(line).collect()
}

#[test]
fn a_request_is_one_line_under_the_id_that_its_client_is_told() {
    let (service, _folder) = serve("--log json");
    let mut client = service.client();
    let id = ("x-request-id", "7f3a");
    let event = br#"{"userId": "ada", "event": "Demo Requested"}"#;
    let sent = client.request("POST /v1/t", &[KEY, id], event).unwrap();
    assert_eq!((sent.status, sent.header("x-request-id")), (200, Some("7f3a")));
    let refused = client.request("POST /v1/t", &[("x-request-id", "7f3b")], event).unwrap();
    assert_eq!((refused.status, refused.json()["request_id"].clone()), (401, json!("7f3b")));
    let made = client.request("GET /api/v1/leads", &[], b"").unwrap();
    let made = made.header("x-request-id").unwrap();
    let line = |id: &str, method: &str, path: &str, status: u16| {
        json!({"level": "INFO", "message": "request", "request_id": id, "method": method, "path": path,
               "status": status})
    };
    let expect = [
        line("7f3a", "POST", "/v1/t", 200),
        line("7f3b", "POST", "/v1/t", 401),
        line(made, "GET", "/api/v1/leads", 200),
    ];
    assert_eq!(lines(&service.log()), expect);
}

#[test]
fn nothing_that_a_client_sends_gets_into_the_log() {
    let (service, _folder) = serve("--log json --log-level debug");
    let mut client = service.client();
    let lead = br#"{"userId": "ada@acme.example", "event": "Demo Requested", "writeKey": "secret"}"#;
    let mut status = |line: &str, headers: &[(&str, &str)], body: &[u8]| {
        client.request(line, headers, body).unwrap().status
    };
    assert_eq!(status("POST /v1/track", &[], lead), 200);
    assert_eq!(status("GET /api/v1/leads/ada@acme.example?at=2026-01-01", &[], b""), 200);
    assert_eq!(status("GET /ada@acme.example%0a%7B%22level%22", &[], b""), 404);
    assert_eq!(
        status("GET /readyz?key=secret", &[("x-request-id", "\"},{\"ada@acme.example\": \"")], b""),
        200
    );
    assert_eq!(
        status(
            "GET /readyz",
            &[("x-request-id", "\u{1b}[31mada@acme.example"), ("user-agent", "ada@acme.example")],
            b""
        ),
        400
    );
    let mut client = service.client();
    assert_eq!(client.request("ADA-AT-ACME /v1/track", &[KEY], b"").unwrap().status, 405);
    let log = service.log();
    for private in ["ada", "acme", "ADA", "secret", "c2VjcmV0", "level\\\"", "Demo"] {
        assert!(!log.contains(private), "{private} in {log}");
    }
    let paths: Vec<_> = lines(&log).iter().map(|line| line["path"].clone()).collect();
    assert!(paths.iter().all(Json::is_string), "{log}");
    assert!(paths.contains(&json!("/api/v1/leads/{id}")) && paths.contains(&json!("other")), "{log}");
}

#[test]
fn people_read_lines_and_choose_how_many() {
    let get = |arguments: &str| {
        let (service, _folder) = serve(arguments);
        service.client().request("GET /api/v1/leads", &[("x-request-id", "7f3a")], b"").unwrap();
        service.log()
    };
    let log = get("");
    assert!(
        log.contains(r#"INFO request request_id=7f3a method="GET" path="/api/v1/leads" status=200"#),
        "{log}"
    );
    assert!(!log.contains("readyz"), "{log}");
    assert!(get("--log-level debug").contains(r#"DEBUG request"#));
    assert_eq!(get("--log-level error"), "");
}

#[test]
fn messages_to_the_log_are_lines_of_it() {
    let playbook = "playbook: 1\ntime_zone: UTC\nowners: {eve: {email: eve@acme.example}}\n\
                    targets: {journal: {log: true}}\nhand_offs:\n  - {id: sales, tier: hot, assign: [{round_robin: [eve]}], task: {title: Call, due: 2d}, notify: [journal]}\n";
    let model = format!("{MODEL}tiers: [{{name: hot, from: 1}}]\n");
    let folder = Folder::new(&[("model.yaml", &model), ("playbook.yaml", playbook)]);
    let service = Process::start(&folder, "-m model.yaml --playbook playbook.yaml --log json");
    let mut client = service.client();
    let event = br#"{"userId": "ada", "event": "Demo Requested"}"#;
    assert_eq!(client.request("POST /v1/track", &[], event).unwrap().status, 200);
    let is_sent = |client: &mut Client| {
        client.request("GET /api/v1/outbox?state=delivered", &[], b"").unwrap().body.contains("journal")
    };
    while !is_sent(&mut client) {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let told = |line: &Json| line["message"].as_str().unwrap().starts_with("hand_off sales: ");
    assert!(lines(&service.log()).iter().any(told));
}

#[test]
fn a_log_that_nobody_reads_holds_up_nobody() {
    let (service, _folder) = serve("");
    let mut client = service.client();
    // Far more than fits into a pipe.
    for _ in 0..1000 {
        assert_eq!(client.request("GET /nowhere", &[], b"").unwrap().status, 404);
    }
    service.kill();
}
