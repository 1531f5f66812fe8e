//! `/kelvin.js` and the settings of analytics.js on the wire; what they do in a browser is seen in `clients`.

use serde_json::json;

use crate::service::{Service, fresh};

/// The largest tracker that a page should have to load, packed.
const LARGEST: usize = 3 << 10;

fn script(service: &Service, headers: &[(&str, &str)]) -> crate::client::Answer {
    service.client().request("GET /kelvin.js", headers, b"").unwrap()
}

#[test]
fn the_tracker_is_small() {
    let (service, _folder) = fresh();
    let answer = script(&service, &[("accept-encoding", "br, gzip")]);
    assert_eq!((answer.status, answer.header("content-encoding")), (200, Some("gzip")));
    let length: usize = answer.header("content-length").unwrap().parse().unwrap();
    assert!(length <= LARGEST, "{length} bytes, at most {LARGEST} fit");
}

#[test]
fn a_browser_that_has_the_tracker_does_not_load_it_again() {
    let (service, _folder) = fresh();
    let answer = script(&service, &[]);
    assert_eq!(answer.header("content-encoding"), None);
    assert_eq!(answer.header("content-type"), Some("text/javascript; charset=utf-8"));
    assert!(answer.header("cache-control").unwrap().contains("max-age=3600"));
    let tag = answer.header("etag").unwrap();
    let again = script(&service, &[("if-none-match", tag)]);
    assert_eq!((again.status, again.body.as_str(), again.header("etag")), (304, "", Some(tag)));
    assert_eq!(script(&service, &[("if-none-match", "W/\"0\"")]).status, 200);
}

#[test]
fn analytics_js_is_sent_back_to_where_it_asked() {
    let (service, _folder) = fresh();
    let asked = |headers: &[(&str, &str)]| {
        service.client().request("GET /v1/projects/key/settings", headers, b"").unwrap()
    };
    let answer = asked(&[]);
    assert_eq!((answer.status, answer.header("cache-control")), (200, Some("no-store")));
    let expect = |host: &str, protocol: &str| json!({"apiKey": "key", "apiHost": host, "protocol": protocol});
    assert_eq!(answer.json()["integrations"]["Segment.io"], expect("localhost/v1", "http"));
    let proxied = asked(&[("x-forwarded-proto", "https"), ("x-forwarded-host", "k.example")]);
    assert_eq!(proxied.json()["integrations"]["Segment.io"], expect("k.example/v1", "https"));
    let strange = asked(&[("x-forwarded-host", "<script>")]);
    assert_eq!((strange.status, strange.json()["code"].clone()), (400, json!("bad-host")));
}
