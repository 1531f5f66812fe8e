//! What was kept long enough goes, and the score is that of the history that is left.

use kelvin_kernel::Duration;
use kelvin_server::Retention;
use serde_json::{Value as Json, json};

use crate::service::{MODEL, Service, Setup, with};

/// Keeps events for thirty days.
fn setup() -> Setup<'static> {
    let retention = Retention { events: Some(Duration::from_days(30)), ..Retention::default() };
    Setup { retention, ..Setup::default() }
}

fn at(time: &str, mut call: Json) -> Json {
    call["timestamp"] = json!(time);
    call
}

fn demo(lead: &str, time: &str) -> Json {
    at(
        time,
        json!({"type": "track", "userId": lead, "event": "Demo Requested", "messageId": format!("{lead} {time}")}),
    )
}

/// Lets a day pass, and waits until so many events are left.
fn wait_for(service: &Service, now: &str, events: usize) {
    service.set_clock(now);
    service.wait_for("/api/v1/events?limit=10000", |answer| answer.body.lines().count() == events);
}

#[test]
fn points_go_with_the_events_that_were_kept_long_enough() {
    let (service, _folder) = with(&setup());
    let batch = json!({"batch": [
        demo("ada", "2026-02-01"), demo("ada", "2026-02-20"), demo("ada", "2026-02-10"), demo("bob", "2026-02-25"),
    ]});
    assert_eq!(service.post("/v1/batch", &batch).json()["accepted"], 4);
    assert_eq!((service.score("ada"), service.score("bob")), (json!(90), json!(30)));
    wait_for(&service, "2026-03-05T00:00:00Z", 3);
    assert_eq!((service.score("ada"), service.score("bob")), (json!(60), json!(30)));
    // What is sent again is known, though it is gone.
    let again = service.post("/v1/batch", &batch).json();
    assert_eq!((&again["accepted"], &again["duplicates"]), (&json!(0), &json!(4)));
    // Those behind the one that went are still found.
    assert_eq!(service.post("/v1/track", &demo("ada", "2026-03-04")).status, 200);
    assert_eq!(service.score("ada"), 90);
    wait_for(&service, "2026-03-20T00:00:00Z", 3);
    assert_eq!(service.score("ada"), 60);
}

#[test]
fn what_still_holds_of_a_lead_that_is_heard_of_stays() {
    let (service, _folder) = with(&setup());
    let identify = |id: &str, time, traits: Json| {
        at(time, json!({"type": "identify", "userId": "ada", "messageId": id, "traits": traits}))
    };
    let batch = json!({"batch": [
        identify("a", "2026-01-01", json!({"plan": "free"})),
        identify("b", "2026-01-02", json!({"plan": "pro"})),
        identify("c", "2026-01-03", json!({"city": "Turin"})),
        demo("ada", "2026-01-04"),
        demo("ada", "2026-02-25"),
    ]});
    service.post("/v1/batch", &batch);
    wait_for(&service, "2026-03-05T00:00:00Z", 3);
    let ids: Vec<Json> = service.log().iter().map(|line| line["messageId"].clone()).collect();
    assert_eq!(ids, ["b", "c", "ada 2026-02-25"]);
    let lead = service.get("/api/v1/leads/ada").json();
    assert_eq!(lead["attributes"], json!({"city": "Turin", "plan": "pro"}));
    assert_eq!(service.score("ada"), 35);
    assert_eq!(service.get("/api/v1/leads/ada?at=2026-01-01T12:00:00Z").json()["attributes"], json!({}));
}

#[test]
fn a_lead_of_which_nothing_is_left_is_forgotten() {
    let (service, folder) = with(&setup());
    let identify = json!({"type": "identify", "userId": "ada", "anonymousId": "cookie", "traits": {"email": "ada@acme.example"}});
    service.post("/v1/batch", &json!({"batch": [at("2026-01-01", identify), demo("ada", "2026-01-02")]}));
    assert_eq!(service.get("/api/v1/leads/cookie").json()["lead_id"], "ada");
    // It has only just been told of what is long past.
    wait_for(&service, "2026-03-05T00:00:00Z", 1);
    let attributes = service.get("/api/v1/leads/cookie").json()["attributes"].clone();
    assert_eq!(attributes, json!({"email": "ada@acme.example"}));
    service.set_clock("2026-04-05T00:00:00Z");
    service.post("/v1/track", &demo("bob", "2026-04-05"));
    wait_for(&service, "2026-04-05T00:00:00Z", 1);
    service.wait_for("/api/v1/leads/ada", |answer| answer.status == 404);
    for id in ["ada", "cookie", "ada@acme.example"] {
        assert_eq!(service.get(&format!("/api/v1/leads/{id}")).status, 404, "{id}");
    }
    let leads = service.get("/api/v1/leads").json();
    assert_eq!(leads["leads"].as_array().unwrap().len(), 1, "{leads}");
    service.stop();
    let service = Service::start_at(folder.path(), &setup(), "2026-04-05T00:00:00Z");
    assert_eq!((service.score("bob"), service.log().len()), (json!(30), 1));
}

#[test]
fn scores_are_those_of_a_service_that_knows_only_what_is_left() {
    let (service, _folder) = with(&setup());
    let leads = ["ada", "bob", "eve"];
    let mut batch = Vec::new();
    for number in 0..120 {
        let (lead, day) = (leads[number % 3], 1 + (number * 7) % 28);
        let time = format!("2026-02-{day:02}T{:02}:00:00Z", number % 24);
        batch.push(match number % 4 {
            0 => demo(lead, &time),
            1 => at(&time, json!({"type": "page", "userId": lead, "properties": {"path": "/pricing"}})),
            2 => {
                let plan = ["pro", "free"][(number / 4) % 2];
                at(&time, json!({"type": "identify", "userId": lead, "traits": {"plan": plan}}))
            }
            _ => {
                let traits = json!({"employees": 50 + number});
                at(&time, json!({"type": "group", "userId": lead, "groupId": "acme", "traits": traits}))
            }
        });
    }
    service.post("/v1/batch", &json!({"batch": batch}));
    let before = service.log().len();
    service.set_clock("2026-03-16T00:00:00Z");
    service.wait_for("/api/v1/events?limit=10000", |answer| {
        let old = |line: &&str| line.contains("\"timestamp\":\"2026-02-0") && line.contains("track");
        answer.body.lines().filter(old).count() == 0
    });
    let left = service.log();
    assert!(left.len() < before && left.len() > 20, "{} of {before}", left.len());
    let (fresh, _other) = with(&Setup { models: &[MODEL], ..Setup::default() });
    fresh.set_clock("2026-03-16T00:00:00Z");
    assert_eq!(fresh.post("/v1/batch", &json!({"batch": left})).status, 200);
    for lead in leads {
        for instant in ["2026-02-18T00:00:00Z", "2026-02-28T12:00:00Z", "2026-03-16T00:00:00Z"] {
            let path = format!("/api/v1/leads/{lead}?at={instant}");
            let scores = |service: &Service| service.get(&path).json()["scores"].clone();
            assert_eq!(scores(&service), scores(&fresh), "{lead} at {instant}");
        }
    }
}

#[test]
fn of_what_could_not_be_used_the_latest_is_kept() {
    let retention = Retention { most_rejected: 3, ..Retention::default() };
    let (service, _folder) = with(&Setup { retention, ..Setup::default() });
    for number in 0..5 {
        service.post("/v1/track", &json!({"userId": "ada", "number": number}));
    }
    let rejected = service.get("/api/v1/rejected").json();
    let bodies: Vec<&str> =
        rejected["rejected"].as_array().unwrap().iter().map(|one| one["body"].as_str().unwrap()).collect();
    let expect = [4, 3, 2].map(|number| json!({"userId": "ada", "number": number}).to_string());
    assert_eq!(bodies, expect);
    let metrics = service.get("/metrics").body;
    assert!(metrics.contains("\nkelvin_rejected_dropped_total 2\n"), "{metrics}");
}

#[test]
fn what_was_rejected_and_who_changed_what_go_in_their_time() {
    let days = |days| Some(Duration::from_days(days));
    let retention = Retention { rejected: days(7), audit: days(60), ..Retention::default() };
    let (service, _folder) = with(&Setup { retention, ..Setup::default() });
    service.post("/v1/track", &json!({"userId": "ada"}));
    service.post("/v1/page", &json!({"userId": "ada"}));
    service.post("/api/v1/voids", &json!({"lead": "ada", "reason": "a test"}));
    let count = |path: &str, list: &str| service.get(path).json()[list].as_array().unwrap().len();
    let deeds = count("/api/v1/audit", "audit");
    assert!(deeds > 0);
    service.set_clock("2026-03-09T00:00:00Z");
    service.wait_for("/api/v1/rejected", |answer| answer.json()["rejected"] == json!([]));
    assert_eq!(count("/api/v1/audit", "audit"), deeds);
    service.set_clock("2026-05-09T00:00:00Z");
    service.wait_for("/api/v1/audit", |answer| answer.json()["audit"] == json!([]));
}
