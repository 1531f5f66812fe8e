//! What browsers are told: whose pages may send events, and that none may read.

use serde_json::json;

use crate::{
    client::Answer,
    service::{Service, Setup, with},
};

const SHOP: (&str, &str) = ("origin", "https://shop.example");
const EVENT: &[u8] = br#"{"userId": "ada", "event": "Demo Requested"}"#;

/// What a browser asks before a page may send what is no simple request.
fn preflight(service: &Service, path: &str, origin: (&str, &str), headers: &str) -> Answer {
    let asked =
        [origin, ("access-control-request-method", "POST"), ("access-control-request-headers", headers)];
    service.client().request(&format!("OPTIONS {path}"), &asked, b"").unwrap()
}

fn allowed(answer: &Answer) -> Option<&str> {
    answer.header("access-control-allow-origin")
}

#[test]
fn a_page_may_send_what_sdks_send() {
    let (service, _folder) = with(&Setup { write_key: Some("secret"), ..Setup::default() });
    // RudderStack's SDK shows the key and the visitor in headers; others send JSON, or text without asking.
    let asked = "anonymousid,authorization,content-type";
    for path in ["/v1/track", "/v1/t", "/v1/batch", "/v1/identify"] {
        let answer = preflight(&service, path, SHOP, asked);
        assert_eq!((answer.status, allowed(&answer)), (200, Some(SHOP.1)), "{path}");
        assert_eq!(answer.header("access-control-allow-headers"), Some(asked));
        assert!(answer.header("access-control-allow-methods").unwrap().contains("POST"));
        // `sendBeacon` sends with credentials, which no star allows.
        assert_eq!(answer.header("access-control-allow-credentials"), Some("true"));
        assert!(answer.header("vary").unwrap().contains("origin"));
    }
    let send = |headers: &[(&str, &str)], body: &[u8]| {
        let answer = service.post_bytes("/v1/track", headers, body);
        (answer.status, allowed(&answer).map(str::to_owned))
    };
    let read = Some(SHOP.1.to_owned());
    let key = ("authorization", "Basic c2VjcmV0Og==");
    assert_eq!(send(&[SHOP, key, ("content-type", "application/json")], EVENT), (200, read.clone()));
    let with_key = br#"{"writeKey": "secret", "userId": "ada", "event": "Demo Requested"}"#;
    assert_eq!(send(&[SHOP, ("content-type", "text/plain")], with_key), (200, read.clone()));
    assert_eq!(send(&[SHOP], EVENT), (401, read));
}

#[test]
fn only_pages_of_allowed_origins_may_send() {
    let origins = "https://shop.example https://www.shop.example";
    let (service, _folder) = with(&Setup { origins, ..Setup::default() });
    let evil = ("origin", "https://evil.example");
    assert_eq!(allowed(&preflight(&service, "/v1/track", SHOP, "content-type")), Some(SHOP.1));
    assert_eq!(allowed(&preflight(&service, "/v1/track", evil, "content-type")), None);
    assert_eq!(service.post_bytes("/v1/track", &[SHOP], EVENT).status, 200);
    // A simple request comes without a question.
    let refused = service.post_bytes("/v1/track", &[evil, ("content-type", "text/plain")], EVENT);
    assert_eq!((refused.status, refused.json()["code"].clone()), (403, json!("origin-not-allowed")));
    assert_eq!((allowed(&refused), service.log().len()), (None, 1));
    // Programs have no origin.
    assert_eq!(service.post_bytes("/v1/track", &[], EVENT).status, 200);
}

#[test]
fn no_page_may_read_what_is_known() {
    let (service, _folder) = with(&Setup { write_key: Some("secret"), ..Setup::default() });
    for path in ["/api/v1/leads", "/api/v1/events", "/readyz"] {
        assert_eq!(allowed(&preflight(&service, path, SHOP, "content-type")), None, "{path}");
        let answer = service.client().request(&format!("GET {path}"), &[SHOP], b"").unwrap();
        assert_eq!((answer.status, allowed(&answer)), (200, None), "{path}");
    }
}
