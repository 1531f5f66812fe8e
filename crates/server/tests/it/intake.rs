//! What comes in: each call, packed and plain, alone and in batches, once and again.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};
use serde_json::{Value as Json, json};

use crate::service::{NOW, Service, fresh};

/// Sends one call and returns what the log then holds.
fn kept(service: &Service, path: &str, body: Json) -> Json {
    let answer = service.post(path, &body);
    let expect = json!({"success": true, "accepted": 1, "duplicates": 0, "rejected": []});
    assert_eq!((answer.status, answer.json()), (200, expect), "{path}");
    service.log().pop().unwrap()
}

#[test]
fn each_call_becomes_an_event() {
    let (service, _folder) = fresh();
    for path in ["identify", "track", "page", "screen", "group", "alias"] {
        for path in [path, &path[..1]] {
            let body = json!({"userId": "ada", "event": "Demo Requested", "messageId": format!("id-{path}")});
            let line = kept(&service, &format!("/v1/{path}"), body);
            let kind = line["type"].as_str().unwrap();
            assert!(kind.starts_with(path), "{path}: {line}");
            assert_eq!((&line["userId"], &line["timestamp"]), (&json!("ada"), &json!(NOW)));
        }
    }
    assert_eq!(service.log().len(), 12);
    assert_eq!(service.score("ada"), 60);
}

#[test]
fn an_event_is_kept_as_it_was_sent() {
    let (service, _folder) = fresh();
    let sent = json!({"anonymousId": "x-1", "event": "Ünïcode 🦀", "properties": {"deep": [1, {"a": 1.5}], "no": null},
        "context": {"ip": "192.0.2.1"}, "integrations": {"All": true}});
    let line = kept(&service, "/v1/track", sent.clone());
    for (key, value) in sent.as_object().unwrap() {
        assert_eq!(&line[key], value);
    }
    assert_eq!((&line["seq"], &line["messageId"]), (&json!(1), &json!("00000000000000000001")));
}

#[test]
fn a_batch_takes_what_it_can_and_tells_the_rest() {
    let (service, _folder) = fresh();
    let batch = json!({"context": {"library": "test"}, "batch": [
        {"type": "track", "userId": "ada", "event": "Demo Requested", "messageId": "a"},
        {"type": "track", "userId": "ada", "messageId": "b"},
        7,
        {"type": "page", "userId": "ada", "properties": {"path": "/pricing"}, "messageId": "c", "context": {}},
        {"type": "page", "userId": "ada", "messageId": "a"},
    ]});
    let answer = service.post("/v1/batch", &batch);
    let rejected = json!([
        {"index": 1, "code": "missing-event", "reason": "`event` is missing"},
        {"index": 2, "code": "no-object", "reason": "an event is a JSON object"},
    ]);
    let expect = json!({"success": true, "accepted": 2, "duplicates": 1, "rejected": rejected});
    assert_eq!((answer.status, answer.json()), (200, expect));
    let log = service.log();
    assert_eq!((&log[0]["context"], &log[1]["context"]), (&json!({"library": "test"}), &json!({})));
    assert_eq!(service.score("ada"), 40);
    let kept = service.get("/api/v1/rejected").json();
    assert_eq!(kept["rejected"][1]["code"], "missing-event");
    assert_eq!(
        kept["rejected"][1]["body"],
        r#"{"type":"track","userId":"ada","messageId":"b","context":{"library":"test"}}"#
    );
    assert_eq!(
        (&kept["rejected"][0]["body"], &kept["rejected"][0]["received_at"]),
        (&json!("7"), &json!(NOW))
    );
}

#[test]
fn a_batch_of_which_nothing_can_be_used_is_a_bad_request() {
    let (service, _folder) = fresh();
    let answer = service.post("/v1/batch", &json!({"batch": [{"type": "page"}]}));
    assert_eq!(answer.status, 400);
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    let expect = json!({"type": "about:blank", "title": "Bad Request", "status": 400, "code": "all-rejected",
        "detail": "none of the 1 events can be used", "request_id": answer.header("x-request-id"), "rejected": [
            {"index": 0, "code": "missing-user", "reason": "`userId` and `anonymousId` are missing"}]});
    assert_eq!(answer.json(), expect);
    assert_eq!(service.get("/api/v1/rejected").json()["rejected"].as_array().unwrap().len(), 1);
    assert_eq!(service.post("/v1/batch", &json!({"batch": []})).status, 200);
    assert_eq!(service.post("/v1/batch", &json!([])).json()["code"], "no-batch");
    let undated = json!({"sentAt": "soon", "batch": [], "writeKey": "secret"});
    assert_eq!(service.post("/v1/batch", &undated).json()["code"], "bad-time");
    let kept = service.get("/api/v1/rejected").json();
    assert_eq!(kept["rejected"][0]["body"], r#"{"sentAt":"soon","batch":[]}"#);
}

#[test]
fn a_text_that_was_cut_costs_no_batch() {
    let (service, _folder) = fresh();
    let batch = br#"{"batch": [{"type": "track", "userId": "ada", "event": "Demo Requested", "properties": {"t": "\ud83e"}}]}"#;
    assert_eq!(service.post_bytes("/v1/batch", &[], batch).status, 200);
    assert_eq!(service.log()[0]["properties"]["t"], "\u{fffd}");
}

#[test]
fn an_id_that_cannot_be_read_is_nobody_s() {
    let (service, _folder) = fresh();
    let call = |keys: &str| format!(r#"{{"type": "track", "event": "Demo Requested", {keys}}}"#);
    let calls = [
        r#""userId": "\ud800""#,
        r#""userId": "ada", "messageId": "cut \udd80""#,
        r#""anonymousId": "\ufffd""#,
        r#""userId": "ada", "messageId": "whole \ud83e\udd80""#,
    ];
    let batch = format!(r#"{{"batch": [{}]}}"#, calls.map(call).join(","));
    let answer = service.post_bytes("/v1/batch", &[], batch.as_bytes());
    let refused = |index, key, id| {
        let reason = format!("`{key}` holds a character that cannot be read: `{id}`");
        json!({"index": index, "code": "bad-id", "reason": reason})
    };
    let rejected = [
        refused(0, "userId", "\u{fffd}"),
        refused(1, "messageId", "cut \u{fffd}"),
        refused(2, "anonymousId", "\u{fffd}"),
    ];
    let expect = json!({"success": true, "accepted": 1, "duplicates": 0, "rejected": rejected});
    assert_eq!((answer.status, answer.json()), (200, expect));
    let kept = service.get("/api/v1/rejected").json();
    assert_eq!(kept["rejected"].as_array().unwrap().len(), 3);
    assert_eq!(kept["rejected"][2]["reason"], rejected[0]["reason"]);
    assert_eq!(service.log()[0]["messageId"], "whole 🦀");
}

#[test]
fn addresses_that_cannot_be_read_join_nobody() {
    let (service, _folder) = fresh();
    for (user, half) in [("ada", r"\ud800"), ("bob", r"\ud801")] {
        let body = format!(r#"{{"userId": "{user}", "traits": {{"email": "x{half}@acme.example"}}}}"#);
        assert_eq!(service.post_bytes("/v1/identify", &[], body.as_bytes()).status, 200);
        let ids = service.get(&format!("/api/v1/leads/{user}")).json()["ids"].clone();
        assert_eq!(ids.as_array().unwrap().len(), 1, "{ids}");
    }
}

#[test]
fn an_event_that_is_not_utf_8_costs_itself_alone() {
    let (service, _folder) = fresh();
    let event = |city: &[u8]| {
        let (before, after): (&[u8], &[u8]) = (
            br#"{"type": "track", "userId": "ada", "event": "Demo Requested", "properties": {"city": ""#,
            br#""}}"#,
        );
        [before, city, after].concat()
    };
    let batch =
        [br#"{"batch": ["#, &*event(b"M\xfcnchen"), b",", &event("München".as_bytes()), b"]}"].concat();
    let answer = service.post_bytes("/v1/batch", &[], &batch).json();
    let rejected = json!([{"index": 0, "code": "bad-json", "reason": "the event is not UTF-8"}]);
    assert_eq!((&answer["accepted"], &answer["rejected"]), (&json!(1), &rejected));
    assert_eq!(service.log()[0]["properties"]["city"], "München");
    let alone = service.post_bytes("/v1/track", &[], &event(b"M\xfcnchen"));
    let detail = "the body is no JSON: invalid utf-8 sequence of 1 bytes from index 87";
    assert_eq!((alone.status, &alone.json()["detail"]), (400, &json!(detail)));
    let kept = service.get("/api/v1/rejected").json();
    assert_eq!(
        (&kept["rejected"][0]["reason"], &kept["rejected"][0]["code"]),
        (&json!(detail), &json!("bad-json"))
    );
    assert!(kept["rejected"][1]["body"].as_str().unwrap().contains("M\u{fffd}nchen"), "{kept}");
}

#[test]
fn what_must_have_keys_is_an_object() {
    let (service, _folder) = fresh();
    let event = |more: Json| {
        let mut event = json!({"type": "identify", "userId": "ada"});
        event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        event
    };
    let batch = json!({"context": "web", "batch": [
        event(json!({"context": {}, "traits": ["plan", "pro"]})),
        event(json!({"context": {}, "properties": "none"})),
        event(json!({"context": 7})),
        event(json!({})),
        // As libraries send what is empty: absent, null, or the list that PHP makes of it.
        event(json!({"context": null, "traits": null})),
        event(json!({"context": [], "traits": [], "properties": []})),
    ]});
    let answer = service.post("/v1/batch", &batch).json();
    let refused = |index, reason: &str| json!({"index": index, "code": "no-object", "reason": reason});
    let rejected = json!([
        refused(0, r#"`traits` is no JSON object: `["plan","pro"]`"#),
        refused(1, r#"`properties` is no JSON object: `"none"`"#),
        refused(2, "`context` is no JSON object: `7`"),
        refused(3, r#"`context` is no JSON object: `"web"`"#),
    ]);
    assert_eq!((&answer["accepted"], &answer["rejected"]), (&json!(2), &rejected));
    assert_eq!(service.get("/api/v1/rejected").json()["rejected"][3]["reason"], rejected[0]["reason"]);
}

#[test]
fn a_packed_body_is_unpacked() {
    let (service, _folder) = fresh();
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(br#"{"userId": "ada", "event": "Demo Requested"}"#).unwrap();
    let packed = packer.finish().unwrap();
    let send =
        |encoding, body: &[u8]| service.post_bytes("/v1/track", &[("content-encoding", encoding)], body);
    assert_eq!(send("gzip", &packed).status, 200);
    assert_eq!(send("gzip", &packed[..packed.len() / 2]).json()["code"], "bad-gzip");
    assert_eq!(send("br", &packed).json()["code"], "unknown-encoding");
    assert_eq!(service.log().len(), 1);
}

#[test]
fn an_event_that_comes_again_changes_nothing() {
    let (service, _folder) = fresh();
    let event = |user: &str| json!({"userId": user, "event": "Demo Requested", "messageId": "once"});
    assert_eq!(service.post("/v1/track", &event("ada")).json()["accepted"], 1);
    service.set_clock("2030-01-01");
    for user in ["ada", "bob"] {
        let answer = service.post("/v1/track", &event(user)).json();
        assert_eq!((&answer["accepted"], &answer["duplicates"]), (&json!(0), &json!(1)));
    }
    assert_eq!((service.log().len(), service.score("ada")), (1, json!(30)));
    assert_eq!(service.get("/api/v1/leads/bob").status, 404);
}

#[test]
fn a_client_whose_clock_is_wrong_is_corrected() {
    let (service, _folder) = fresh();
    let path = |body: Json| kept(&service, "/v1/page", body)["timestamp"].clone();
    let wrong =
        json!({"userId": "ada", "timestamp": "2001-01-01T00:00:00Z", "sentAt": "2001-01-01T00:05:00Z"});
    assert_eq!(path(wrong), "2026-02-28T23:55:00Z");
    assert_eq!(path(json!({"userId": "ada", "timestamp": "2026-01-01T00:00:00Z"})), "2026-01-01T00:00:00Z");
    let batch = json!({"sentAt": "2001-01-01T00:05:00Z", "batch": [
        {"type": "page", "userId": "ada", "originalTimestamp": "2001-01-01T00:04:59Z"}]});
    assert_eq!(service.post("/v1/batch", &batch).status, 200);
    assert_eq!(service.log().pop().unwrap()["timestamp"], "2026-02-28T23:59:59Z");
}

#[test]
fn late_events_and_attributes_count_in_the_order_of_their_times() {
    let (service, _folder) = fresh();
    let identify = |plan: &str, at: &str| {
        service.post(
            "/v1/identify",
            &json!({"userId": "ada", "timestamp": at, "traits": {"plan": plan, "at": at}}),
        )
    };
    identify("pro", "2026-02-02T00:00:00Z");
    identify("free", "2026-02-01T00:00:00Z");
    assert_eq!(service.score("ada"), 5);
    let lead = |at: &str| service.get(&format!("/api/v1/leads/ada?at={at}")).json();
    assert_eq!(
        lead("2026-02-01T12:00:00Z")["attributes"],
        json!({"at": "2026-02-01T00:00:00Z", "plan": "free"})
    );
    assert_eq!(lead("2026-02-01T12:00:00Z")["scores"][0]["score"], 0);
    assert_eq!(lead("2026-02-03")["attributes"]["plan"], "pro");
    assert_eq!(lead("2025-01-01")["attributes"], json!({}));
}

#[test]
fn what_a_group_call_says_of_an_account_counts_for_all_its_leads() {
    let (service, _folder) = fresh();
    let group = |user: &str, traits: Json| {
        service.post("/v1/group", &json!({"userId": user, "groupId": "acme", "traits": traits}))
    };
    group("ada", json!({}));
    assert_eq!(service.score("ada"), 0);
    group("bob", json!({"employees": 250}));
    assert_eq!((service.score("ada"), service.score("bob")), (json!(7), json!(7)));
}

#[test]
fn what_is_no_call_is_told() {
    let (service, _folder) = fresh();
    let code = |path: &str, body: &[u8]| {
        let answer = service.post_bytes(path, &[], body);
        (answer.status, answer.json()["code"].as_str().unwrap().to_owned())
    };
    assert_eq!(code("/v1/track", b"{"), (400, "bad-json".to_owned()));
    assert_eq!(code("/v1/track", b"[]"), (400, "no-object".to_owned()));
    assert_eq!(code("/v1/track", br#"{"userId": "ada"}"#), (400, "missing-event".to_owned()));
    assert_eq!(code("/v1/page", br#"{"userId": ["ada"]}"#), (400, "bad-id".to_owned()));
    assert_eq!(code("/v1/shout", b"{}"), (404, "no-such-path".to_owned()));
    assert_eq!(service.get("/v1/track").status, 405);
    assert_eq!(service.log().len(), 0);
    let kept = service.get("/api/v1/rejected?limit=2").json();
    assert_eq!((&kept["rejected"][0]["code"], &kept["next"]), (&json!("bad-id"), &json!(3)));
    let rest = service.get("/api/v1/rejected?after=3").json();
    assert_eq!(rest["rejected"].as_array().unwrap().len(), 2);
    assert_eq!(rest["rejected"][1]["body"], "{");
}

#[test]
fn an_id_that_is_an_empty_text_is_none() {
    let (service, _folder) = fresh();
    let demo = |user: &str, anonymous: &str| {
        let body = json!({"userId": user, "anonymousId": anonymous, "event": "Demo Requested"});
        service.post("/v1/track", &body).status
    };
    assert_eq!((demo("", "rs1"), demo("", "")), (200, 400));
    assert_eq!(service.score("rs1"), 30);
}

#[test]
fn what_a_call_says_of_lead_ids_of_files_does_not_move_its_event() {
    let (service, _folder) = fresh();
    let body = json!({"userId": "ada", "event": "Demo Requested", "lead_id": "00Q"});
    assert_eq!(service.post("/v1/track", &body).status, 200);
    let line = &service.log()[0];
    assert_eq!((&line["userId"], line.get("lead_id")), (&json!("ada"), None));
}

#[test]
fn an_event_ahead_of_the_clock_counts_when_its_time_comes() {
    let (service, _folder) = fresh();
    service.set_clock("2026-02-01T00:00:00Z");
    let body = json!({"userId": "ada", "event": "Demo Requested", "timestamp": "2026-02-01T00:00:30Z"});
    assert_eq!(service.post("/v1/track", &body).status, 200);
    assert_eq!(service.get("/api/v1/leads").json()["leads"][0]["score"], 0);
    service.set_clock("2026-02-01T00:00:31Z");
    service.wait_for("/api/v1/leads", |answer| answer.json()["leads"][0]["score"] == 30);
}

#[test]
fn what_is_no_json_costs_its_event_alone() {
    let (service, _folder) = fresh();
    let event = |id: &str, value: &str| {
        format!(
            r#"{{"type": "track", "userId": "ada", "event": "Demo Requested", "messageId": "{id}", "properties": {{"x": {value}}}}}"#
        )
    };
    let batch = format!(
        r#"{{"sentAt": "{NOW}", "batch": [{}, {}, {}, {}]}}"#,
        event("a", "1"),
        event("b", "NaN"),
        event("c", "1e400"),
        event("d", "2")
    );
    let answer = service.post_bytes("/v1/batch", &[], batch.as_bytes());
    let (told, rejected) = (answer.json(), &answer.json()["rejected"]);
    assert_eq!((answer.status, &told["accepted"]), (200, &json!(2)), "{told}");
    let codes: Vec<_> =
        rejected.as_array().unwrap().iter().map(|one| (&one["index"], &one["code"])).collect();
    assert_eq!(codes, [(&json!(1), &json!("bad-json")), (&json!(2), &json!("bad-json"))]);
    let reason = rejected[1]["reason"].as_str().unwrap();
    assert!(reason.starts_with("the event is no JSON: number out of range"), "{reason}");
    let kept = service.get("/api/v1/rejected").json();
    assert!(kept["rejected"][1]["body"].as_str().unwrap().contains("NaN"), "{kept}");
    assert_eq!(service.log().len(), 2);
    let alone = service.post_bytes("/v1/track", &[], event("e", "NaN").as_bytes());
    assert_eq!((alone.status, alone.json()["code"].clone()), (400, json!("bad-json")));
}
