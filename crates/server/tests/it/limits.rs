//! How much is taken: of an event, of a request, packed and unpacked.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};
use kelvin_server::Limits;
use serde_json::{Value as Json, json};

use crate::service::{Service, Setup, fresh, with};

fn code(service: &Service, headers: &[(&str, &str)], body: &[u8]) -> (u16, String) {
    let answer = service.post_bytes("/v1/batch", headers, body);
    (answer.status, answer.json()["code"].as_str().unwrap_or_default().to_owned())
}

#[test]
fn an_event_has_at_most_32_kilobytes() {
    let (service, _folder) = fresh();
    let event = |size: usize| {
        let empty = json!({"userId": "ada", "event": ""}).to_string().len();
        json!({"userId": "ada", "event": "x".repeat(size - empty)})
    };
    assert_eq!(service.post("/v1/track", &event(32 << 10)).status, 200);
    let answer = service.post("/v1/track", &event((32 << 10) + 1));
    assert_eq!((answer.status, answer.json()["code"].clone()), (413, json!("event-too-large")));
    assert_eq!(answer.json()["detail"], "the event has 32769 bytes, at most 32768 fit");
    let kept = &service.get("/api/v1/rejected").json()["rejected"][0];
    assert_eq!((&kept["code"], kept["body"].as_str().unwrap().len()), (&json!("event-too-large"), 1024));
}

#[test]
fn a_request_has_at_most_500_kilobytes() {
    let (service, _folder) = fresh();
    let event = json!({"type": "page", "userId": "ada", "context": {"x": "x".repeat(1000)}});
    let body = |count| json!({"batch": vec![event.clone(); count]}).to_string();
    assert_eq!(code(&service, &[], body(480).as_bytes()).0, 200);
    assert_eq!(code(&service, &[], body(500).as_bytes()), (413, "request-too-large".to_owned()));
    assert_eq!(service.log().len(), 480);
    assert_eq!(service.get("/api/v1/rejected").json()["rejected"][0]["code"], "request-too-large");
}

#[test]
fn how_much_is_taken_can_be_set() {
    let limits = Limits { event_bytes: 200, batch_bytes: 1000, ..Limits::default() };
    let (service, _folder) = with(&Setup { limits, ..Setup::default() });
    let event = |size: usize| json!({"type": "page", "userId": "ada", "context": {"x": "x".repeat(size)}});
    let body = |event: Json, count: usize| json!({"batch": vec![event; count]}).to_string();
    assert_eq!(code(&service, &[], body(event(100), 6).as_bytes()).0, 200);
    assert_eq!(code(&service, &[], body(event(100), 7).as_bytes()), (413, "request-too-large".to_owned()));
    assert_eq!(service.post("/v1/page", &event(200)).json()["code"], "event-too-large");
}

#[test]
fn a_small_body_that_stands_for_a_huge_one_is_refused() {
    let (service, _folder) = fresh();
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(&vec![b' '; 8 << 20]).unwrap();
    let packed = packer.finish().unwrap();
    assert!(packed.len() < 200_000);
    let headers = [("content-encoding", "gzip")];
    assert_eq!(code(&service, &headers, &packed), (413, "request-too-large".to_owned()));
}

#[test]
fn what_is_nested_deeply_is_refused() {
    let (service, _folder) = fresh();
    let nested = |depth| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
    let page = |depth: usize| format!(r#"{{"userId": "ada", "context": {{"deep": {}}}}}"#, nested(depth - 1));
    let status = |depth| service.post_bytes("/v1/page", &[], page(depth).as_bytes()).status;
    assert_eq!((status(63), status(64), status(100_000)), (200, 400, 400));
}

#[test]
fn a_request_has_at_most_ten_thousand_events() {
    let (service, _folder) = fresh();
    let body =
        |count| format!(r#"{{"batch": [{}]}}"#, vec![r#"{"type":"page","userId":"ada"}"#; count].join(","));
    let answer = service.post_bytes("/v1/batch", &[], body(10_001).as_bytes());
    assert_eq!((answer.status, answer.json()["code"].clone()), (413, json!("too-many-events")));
    assert_eq!(answer.json()["detail"], "the batch has 10001 events: send at most 10000 at once");
    assert!(service.log().is_empty());
    assert_eq!(service.post_bytes("/v1/batch", &[], body(10_000).as_bytes()).json()["accepted"], 10_000);
}
