//! Who is let in: on a machine of one person, and where others can reach the service.

use serde_json::json;

use crate::service::{Service, Setup, fresh, with};

const MANUAL: &str = include_str!("../../../../docs/operate/access.md");

/// The requests of the manual, with what they ask for.
fn requests() -> Vec<(String, &'static str)> {
    let rows = MANUAL.lines().skip_while(|line| *line != "| request | asks for |").skip(2);
    let row = |line: &'static str| {
        let mut cells = line.trim_matches('|').split('|').map(str::trim);
        let request = cells
            .next()
            .unwrap()
            .trim_matches('`')
            .replace("{id}", "1")
            .replace("{void}", "1")
            .replace("{token}", "x");
        (request, cells.next().unwrap())
    };
    rows.take_while(|line| line.starts_with('|')).map(row).collect()
}

fn reachable() -> (Service, tempfile::TempDir) {
    let (service, folder) = with(&Setup { listen: "0.0.0.0:0", ..Setup::default() });
    assert_eq!(service.said().len(), 1, "how to come in");
    (service, folder)
}

fn code(service: &Service, line: &str, headers: &[(&str, &str)]) -> (u16, String) {
    let answer = service.client().request(line, headers, b"").unwrap();
    let code = if answer.status < 400 { String::new() } else { answer.json()["code"].to_string() };
    (answer.status, code.trim_matches('"').to_owned())
}

#[test]
fn where_others_can_reach_the_service_nobody_unknown_is_let_in() {
    let (service, _folder) = reachable();
    let requests = requests();
    assert!(requests.len() > 8);
    for (line, need) in requests {
        let (status, code) = code(&service, &line, &[]);
        match need {
            "nothing" => assert_ne!(status, 401, "{line}"),
            _ => assert_eq!((status, code.as_str()), (401, "not-logged-in"), "{line}"),
        }
    }
    assert_eq!(service.post("/v1/track", &json!({"userId": "ada", "event": "x"})).status, 401);
}

#[test]
fn a_machine_of_one_person_asks_nobody() {
    let (service, _folder) = fresh();
    for (line, _) in requests() {
        let (_, code) = code(&service, &line, &[]);
        assert!(!["not-logged-in", "not-allowed", "other-host"].contains(&code.as_str()), "{line}: {code}");
    }
    assert_eq!(service.post("/v1/track", &json!({"userId": "ada", "event": "x"})).status, 200);
    let me = json!({"name": "this machine", "may": ["read", "work", "arrange", "govern"]});
    assert_eq!(service.get("/api/v1/me").json(), me);
}

#[test]
fn an_open_service_answers_only_its_own_machine() {
    let (service, _folder) = fresh();
    let refused = (403, "other-host".to_owned());
    let host = |host| code(&service, "GET /api/v1/leads", &[("host", host)]);
    assert_eq!(host("evil.example"), refused);
    assert_eq!(host("localhost.evil.example:8080"), refused);
    let passed_on = [("x-forwarded-for", "192.0.2.1")];
    assert_eq!(code(&service, "GET /api/v1/leads", &passed_on), refused);
    assert_eq!(host("127.0.0.1:8080").0, 200);
}

#[test]
fn pages_of_other_sites_change_nothing() {
    let (service, _folder) = fresh();
    let line = "POST /api/v1/keys";
    let refused = (403, "other-site".to_owned());
    assert_eq!(code(&service, line, &[("origin", "https://evil.example")]), refused);
    assert_eq!(code(&service, line, &[("sec-fetch-site", "cross-site")]), refused);
    assert_eq!(code(&service, line, &[("origin", "http://localhost")]), (400, "bad-request".to_owned()));
    assert_eq!(service.get("/api/v1/keys").json()["keys"], json!([]));
}

#[test]
fn what_is_no_path_is_told_to_anybody() {
    let (service, _folder) = reachable();
    assert_eq!(code(&service, "GET /api/v1/nothing", &[]), (404, "no-such-path".to_owned()));
}
