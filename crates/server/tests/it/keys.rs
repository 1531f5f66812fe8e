//! Keys of programs: what each opens, and until when.

use serde_json::{Value as Json, json};

use crate::{
    client::Answer,
    service::{Service, Setup, fresh, with},
};

/// Makes a key; what is told of it, with its secret.
fn make(service: &Service, scope: &str) -> Json {
    let answer = service.post("/api/v1/keys", &json!({"name": format!("a {scope} key"), "scope": scope}));
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

fn asked(service: &Service, line: &str, key: &Json) -> Answer {
    let bearer = format!("Bearer {}", key["key"].as_str().unwrap());
    service.client().request(line, &[("authorization", &bearer)], b"{}").unwrap()
}

fn send(service: &Service, key: &Json) -> u16 {
    let body = json!({"userId": "ada", "event": "Demo Requested", "writeKey": key["key"]});
    service.post("/v1/track", &body).status
}

#[test]
fn a_key_opens_what_its_scope_says() {
    let (service, _folder) = fresh();
    let [write, read, admin] = ["write", "read", "admin"].map(|scope| make(&service, scope));
    let may = |line: &str| [&write, &read, &admin].map(|key| asked(&service, line, key).status);
    assert_eq!(may("GET /api/v1/leads"), [403, 200, 200]);
    assert_eq!(may("GET /api/v1/events"), [403, 200, 200]);
    assert_eq!(may("GET /api/v1/keys"), [403, 403, 200]);
    assert_eq!(may("GET /api/v1/audit"), [403, 403, 200]);
    assert_eq!(may("POST /api/v1/keys"), [403, 403, 400]);
    assert_eq!(may("GET /api/v1/me"), [200, 200, 200]);
    assert_eq!([&write, &read, &admin].map(|key| send(&service, key)), [200, 401, 401]);
}

#[test]
fn from_the_first_write_key_on_senders_have_to_show_one() {
    let (service, _folder) = fresh();
    assert_eq!(send(&service, &json!({})), 200);
    let key = make(&service, "write");
    assert_eq!(send(&service, &json!({})), 401);
    assert_eq!(send(&service, &key), 200);
}

#[test]
fn a_key_that_was_withdrawn_opens_nothing_from_then_on() {
    let (service, folder) = fresh();
    let [write, read] = ["write", "read"].map(|scope| make(&service, scope));
    for key in [&write, &read] {
        let line = format!("DELETE /api/v1/keys/{}", key["id"]);
        assert_eq!(service.client().request(&line, &[], &[]).unwrap().status, 200);
        assert_eq!(service.client().request(&line, &[], &[]).unwrap().status, 404);
    }
    let check = |service: &Service| {
        let answer = asked(service, "GET /api/v1/leads", &read);
        assert_eq!((answer.status, &answer.json()["code"]), (401, &json!("wrong-key")));
        let header = service.post("/v1/page", &json!({"userId": "ada", "writeKey": write["key"]}));
        assert_eq!(header.status, 200, "without any write key nobody is asked for one");
    };
    check(&service);
    service.stop();
    check(&Service::start(folder.path(), &Setup::default()));
}

#[test]
fn a_key_outlives_a_restart_and_stands_beside_that_of_the_command_line() {
    let (service, folder) = fresh();
    let key = make(&service, "write");
    service.stop();
    let service = Service::start(folder.path(), &Setup { write_key: Some("chosen"), ..Setup::default() });
    assert_eq!(send(&service, &key), 200);
    assert_eq!(send(&service, &json!({"key": "chosen"})), 200);
    assert_eq!(send(&service, &json!({"key": "other"})), 401);
}

#[test]
fn a_key_is_shown_once_and_kept_as_a_hash() {
    let (service, folder) = fresh();
    let key = make(&service, "read");
    let secret = key["key"].as_str().unwrap().to_owned();
    assert_eq!((secret.len(), &secret[..3]), (46, "kv_"));
    let listed = service.get("/api/v1/keys").json();
    let mut expect = key;
    expect.as_object_mut().unwrap().remove("key");
    assert_eq!(listed["keys"], json!([expect]));
    service.stop();
    let store = std::fs::read(folder.path().join("kelvin.db")).unwrap();
    assert!(!store.windows(secret.len()).any(|bytes| bytes == secret.as_bytes()));
}

#[test]
fn who_made_and_withdrew_keys_is_told() {
    let (service, _folder) = with(&Setup::default());
    let admin = make(&service, "admin");
    let line = format!("DELETE /api/v1/keys/{}", admin["id"]);
    asked(&service, &line, &admin);
    let audit = service.get("/api/v1/audit").json();
    let told = |place: usize| {
        let entry = &audit["audit"][place];
        ["who", "what", "subject", "before", "after"].map(|key| entry[key].clone())
    };
    let in_short = json!("admin: a admin key");
    let withdrawn =
        [json!("key 1 (a admin key)"), json!("key.withdraw"), json!("key 1"), in_short, Json::Null];
    assert_eq!(told(0), withdrawn);
    let in_short = json!("admin: a admin key");
    assert_eq!(told(1), [json!("this machine"), json!("key.make"), json!("key 1"), Json::Null, in_short]);
}

#[test]
fn a_key_needs_a_name_and_a_scope_that_there_is() {
    let (service, _folder) = fresh();
    let code = |body: Json| service.post("/api/v1/keys", &body).json()["code"].clone();
    assert_eq!(code(json!({"name": "x", "scope": "all"})), "unknown-scope");
    assert_eq!(code(json!({"name": " ", "scope": "read"})), "name-required");
    assert_eq!(code(json!({"name": "x"})), "bad-request");
}
