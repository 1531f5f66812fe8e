//! Who may send: by Basic auth, or by a key in the body.

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value as Json, json};

use crate::service::{Setup, with};

#[test]
fn only_who_has_the_write_key_may_send() {
    let (service, _folder) = with(&Setup { write_key: Some("secret"), ..Setup::default() });
    let status = |header: Option<&str>, key: Option<&str>| {
        let header = header.map(|header| ("authorization", header));
        let mut body = json!({"userId": "ada", "event": "Demo Requested"});
        if let Some(key) = key {
            body["writeKey"] = json!(key);
        }
        let headers: Vec<_> = header.into_iter().collect();
        service.post_bytes("/v1/track", &headers, body.to_string().as_bytes()).status
    };
    let basic = |user: &str| format!("Basic {}", BASE64_STANDARD.encode(user));
    assert_eq!(status(Some(&basic("secret:")), None), 200);
    assert_eq!(status(Some(&basic("secret")), None), 200);
    assert_eq!(status(None, Some("secret")), 200);
    assert_eq!(status(None, None), 401);
    assert_eq!(status(None, Some("secret2")), 401);
    assert_eq!(status(Some(&basic("wrong:")), Some("secret")), 401);
    assert_eq!(status(Some("Bearer secret"), None), 401);
    assert_eq!(status(Some("Basic ???"), None), 401);
    assert_eq!(service.log().len(), 3);
    assert!(service.log().iter().all(|line| line.get("writeKey").is_none()));
}

#[test]
fn a_batch_holds_the_key_beside_its_events() {
    let (service, _folder) = with(&Setup { write_key: Some("secret"), ..Setup::default() });
    let batch = |key: &str| json!({"writeKey": key, "batch": [{"type": "page", "userId": "ada"}]});
    assert_eq!(service.post("/v1/batch", &batch("secret")).status, 200);
    assert_eq!(service.post("/v1/batch", &batch("")).status, 401);
}

#[test]
fn who_may_not_send_leaves_no_trace() {
    let (service, _folder) = with(&Setup { write_key: Some("secret"), ..Setup::default() });
    let answer = service.post_bytes("/v1/track", &[], b"{");
    assert_eq!(answer.status, 401);
    assert_eq!(answer.header("www-authenticate"), Some("Basic realm=\"kelvin\""));
    assert_eq!(answer.json()["code"], "wrong-write-key");
    service.post("/v1/track", &json!({"userId": 1.5, "x": "y".repeat(600_000)}));
    assert_eq!(service.get("/api/v1/rejected").json()["rejected"], Json::Array(Vec::new()));
}
