//! Events that do not count: by hand, and because a machine made them.

use serde_json::{Value as Json, json};

use crate::{
    people::leads,
    service::{Service, Setup, fresh},
};

const BOT: &str = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
const BROWSER: &str =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

/// A model in which every click in a mail counts.
const CLICKS: &str = "\
kelvin: 1
model: clicks
dimensions:
  mail:
    rules:
      - {id: click, event: Email Link Clicked, points: 1}
";

fn demo(id: &str, lead: &str, time: &str) -> Json {
    json!({"type": "track", "event": "Demo Requested", "messageId": id, "userId": lead, "timestamp": time})
}

fn send(service: &Service, calls: &[Json]) {
    let answer = service.post("/v1/batch", &json!({"batch": calls}));
    assert_eq!((answer.status, &answer.json()["rejected"]), (200, &json!([])), "{answer:?}");
}

/// Asks for something, which is done.
fn ask(service: &Service, path: &str, body: &Json) -> Json {
    let answer = service.post(path, body);
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

#[test]
fn points_of_a_voided_event_vanish_from_now_and_from_history() {
    let (service, _folder) = fresh();
    let identify = json!({"type": "identify", "userId": "ada", "messageId": "plan", "traits": {"plan": "pro"},
        "timestamp": "2026-01-03"});
    send(&service, &[demo("a", "ada", "2026-01-01"), demo("b", "ada", "2026-01-02"), identify]);
    let past = |service: &Service| -> Json {
        service.get("/api/v1/leads/ada?at=2026-01-05").json()["scores"][0]["score"].clone()
    };
    assert_eq!((service.score("ada"), past(&service)), (json!(65), json!(65)));
    let made = ask(&service, "/api/v1/voids", &json!({"ids": ["a", "plan"], "reason": "a test"}));
    assert_eq!(made, json!({"void": 1, "events": 2, "hand_offs": [], "complete": true}));
    assert_eq!((service.score("ada"), past(&service)), (json!(30), json!(30)));
    assert_eq!(leads(&service), [("ada".to_owned(), json!(30))]);
    assert_eq!(service.get("/api/v1/leads/ada").json()["attributes"], json!({}));
    let ids = |path: &str| -> Vec<Json> {
        let lines = service.get(path).body;
        lines.lines().map(|line| serde_json::from_str::<Json>(line).unwrap()["messageId"].clone()).collect()
    };
    assert_eq!(ids("/api/v1/events"), ["b"]);
    assert_eq!(ids("/api/v1/events?voided=true"), ["a", "b", "plan"]);
    let lines = service.get("/api/v1/events?voided=true&limit=1");
    assert_eq!(lines.json()["voided"], json!([{"void": 1, "cause": "by-hand", "reason": "a test"}]));
    assert_eq!(
        ask(&service, "/api/v1/voids/1/lift", &json!({"ids": ["plan"]})),
        json!({"void": 1, "events": 1})
    );
    assert_eq!((service.score("ada"), past(&service)), (json!(35), json!(35)));
    assert_eq!(ask(&service, "/api/v1/voids/1/lift", &json!({})), json!({"void": 1, "events": 1}));
    assert_eq!((service.score("ada"), past(&service)), (json!(65), json!(65)));
    assert_eq!(service.get("/api/v1/leads/ada").json()["attributes"], json!({"plan": "pro"}));
}

#[test]
fn events_are_voided_by_what_they_are() {
    let (service, _folder) = fresh();
    let page = json!({"type": "page", "userId": "ada", "anonymousId": "cookie", "messageId": "p"});
    send(
        &service,
        &[
            demo("a", "ada", "2026-01-01"),
            demo("b", "cookie", "2026-01-02"),
            demo("c", "ada", "2026-01-03"),
            demo("d", "bob", "2026-01-02"),
            page,
        ],
    );
    let filter = json!({"lead": "ada", "event": "Demo Requested", "from": "2026-01-02", "to": "2026-01-03",
        "reason": "a load test"});
    assert_eq!(ask(&service, "/api/v1/voids", &filter)["events"], 0);
    let filter =
        json!({"event": "Demo Requested", "from": "2026-01-02", "to": "2026-01-03", "reason": "a load test"});
    assert_eq!(ask(&service, "/api/v1/voids", &filter)["events"], 2);
    assert_eq!(leads(&service), [("ada".to_owned(), json!(60))]);
    assert_eq!(service.get("/api/v1/leads/bob").json()["code"], "unknown-lead");
    let listed = service.get("/api/v1/voids?limit=1").json();
    let expect = json!({"void": 2, "at": "2026-03-01T00:00:00Z", "cause": "by-hand", "reason": "a load test", "events": 2,
        "asked": {"event": "Demo Requested", "from": "2026-01-02", "to": "2026-01-03"}});
    assert_eq!((&listed["voids"], &listed["next"]), (&json!([expect]), &json!(2)));
}

#[test]
fn events_are_voided_by_a_condition_on_them_and_their_lead() {
    let (service, _folder) = fresh();
    let plan = json!({"type": "identify", "userId": "ada", "messageId": "plan", "traits": {"plan": "pro"},
        "timestamp": "2026-01-02"});
    let test = |id: &str, lead: &str, time: &str| {
        let mut call = demo(id, lead, time);
        call["properties"] = json!({"test": true});
        call
    };
    send(
        &service,
        &[
            plan,
            demo("a", "ada", "2026-01-03"),
            test("b", "ada", "2026-01-01"),
            test("c", "ada", "2026-01-03"),
            test("d", "bob", "2026-01-03"),
        ],
    );
    let voided = |condition: &str| {
        let filter = json!({"event": "Demo Requested", "if": condition, "reason": "a load test"});
        ask(&service, "/api/v1/voids", &filter)["events"].clone()
    };
    assert_eq!(voided("event.test && lead.plan == 'pro'"), 1);
    assert_eq!(
        service.get("/api/v1/voids").json()["voids"][0]["asked"]["if"],
        "event.test && lead.plan == 'pro'"
    );
    assert_eq!(leads(&service), [("ada".to_owned(), json!(65)), ("bob".to_owned(), json!(30))]);
    assert_eq!(voided("event.test"), 3);
    assert_eq!(leads(&service), [("ada".to_owned(), json!(35))]);
    let wrong = service.post("/api/v1/voids", &json!({"if": "evnt.test", "reason": "a test"})).json();
    let expect = "`if`: unknown variable `evnt`: did you mean `event`?";
    assert_eq!((&wrong["code"], &wrong["detail"]), (&json!("bad-condition"), &json!(expect)));
}

#[test]
fn what_cannot_be_voided_is_told() {
    let (service, _folder) = fresh();
    send(&service, &[json!({"type": "page", "userId": "ada"})]);
    let told = |path: &str, body: Json| {
        let answer = service.post(path, &body);
        (answer.status, answer.json()["code"].as_str().unwrap_or_default().to_owned())
    };
    let of = |status, code: &str| (status, code.to_owned());
    assert_eq!(told("/api/v1/voids", json!({"ids": ["nothing"]})), of(404, "unknown-event"));
    assert_eq!(told("/api/v1/voids", json!({"ids": ["00000000000000000001"]})), of(200, ""));
    assert_eq!(told("/api/v1/voids", json!({"reason": "all"})), of(400, "bad-request"));
    assert_eq!(told("/api/v1/voids", json!({"ids": [], "lead": "ada"})), of(400, "bad-request"));
    assert_eq!(told("/api/v1/voids", json!({"lead": "bob"})), of(404, "unknown-lead"));
    assert_eq!(told("/api/v1/voids", json!({"from": "soon"})), of(400, "bad-time"));
    assert_eq!(told("/api/v1/voids/7/lift", json!({})), of(404, "unknown-void"));
    assert_eq!(told("/api/v1/voids/x/lift", json!({})), of(400, "bad-path"));
}

#[test]
fn what_a_bot_does_never_scores_and_stays_in_the_log() {
    let (service, folder) = fresh();
    let with = |id: &str, agent: &str| {
        let mut call = demo(id, "ada", "2026-01-01");
        call["context"] = json!({"userAgent": agent});
        call
    };
    send(&service, &[with("bot", BOT), with("person", BROWSER)]);
    assert_eq!((service.score("ada"), service.log().len()), (json!(30), 1));
    let all = service.get("/api/v1/events?voided=true");
    assert_eq!(all.body.lines().count(), 2);
    service.stop();
    let other = crate::service::MODEL.replace("points: 30", "points: 20");
    let service = Service::start(folder.path(), &Setup { models: &[&other], ..Setup::default() });
    assert_eq!(service.score("ada"), 20);
    ask(&service, "/api/v1/voids/1/lift", &json!({"ids": ["bot"]}));
    send(&service, &[with("bot", BOT)]);
    assert_eq!((service.score("ada"), service.log().len()), (json!(40), 2));
}

/// What happened to a mail, by the second after the delivery.
fn mail(event: &str, id: usize, second: usize, link: Option<&str>) -> Json {
    json!({"type": "track", "event": event, "userId": "ada", "messageId": format!("m-{id}"),
        "timestamp": format!("2026-02-01T00:00:{second:02}Z"),
        "properties": {"email_id": "spring", "link_url": link}})
}

#[test]
fn a_scanner_of_mails_is_found_in_whatever_order_its_clicks_come() {
    let clicked = |id, second, link| mail("Email Link Clicked", id, second, Some(link));
    let calls = [
        mail("Email Delivered", 0, 0, None),
        clicked(1, 2, "a"),
        clicked(2, 20, "a"),
        clicked(3, 30, "a"),
        clicked(4, 31, "b"),
        clicked(5, 32, "c"),
        clicked(6, 50, "b"),
    ];
    for turn in 0..calls.len() {
        let (service, _folder) = crate::service::with(&Setup { models: &[CLICKS], ..Setup::default() });
        let mut calls = calls.clone();
        calls.rotate_left(turn);
        if turn % 2 == 1 {
            calls.reverse();
        }
        calls.iter().for_each(|call| send(&service, std::slice::from_ref(call)));
        assert_eq!(service.score("ada"), 2, "turn {turn}");
        let voids = service.get("/api/v1/voids").json()["voids"].clone();
        let mut causes: Vec<_> = voids.as_array().unwrap().iter().map(|void| void["cause"].clone()).collect();
        causes.sort_by_key(Json::to_string);
        assert_eq!(causes, ["mail-haste", "mail-many-links"]);
    }
}
