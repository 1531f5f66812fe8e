//! Any order of arrival ends in the same leads and the same scores.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use crate::service::{Service, fresh};

/// Seeded chance.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }

    pub(crate) fn of<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[self.roll(texts.len())]
    }

    fn shuffled<T>(&mut self, mut items: Vec<T>) -> Vec<T> {
        for place in (1..items.len()).rev() {
            items.swap(place, self.roll(place + 1));
        }
        items
    }
}

const USERS: [&str; 7] = ["ada", "bob", "eve", "joe", "kim", "mia", "zoe"];
const COOKIES: [&str; 9] = ["c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "ada"];
const EMAILS: [&str; 4] = ["a@acme.example", "b@acme.example", "c@gmail.com", "info@acme.example"];

/// Calls that name ids in all ways, on few people, so that much is linked and much must not be.
fn history(dice: &mut Dice, count: usize) -> Vec<Json> {
    (0..count).map(|number| call(dice, number)).collect()
}

fn call(dice: &mut Dice, number: usize) -> Json {
    let kind = dice.of(&["track", "track", "track", "page", "identify", "alias"]);
    let time = format!("2026-02-{:02}T00:00:00Z", 1 + dice.roll(20));
    let mut call = json!({"type": kind, "messageId": format!("m-{number}"), "timestamp": time});
    match dice.roll(5) {
        0 | 1 => call["userId"] = json!(dice.of(&USERS)),
        2 | 3 => call["anonymousId"] = json!(dice.of(&COOKIES)),
        _ => {
            call["userId"] = json!(dice.of(&USERS));
            call["anonymousId"] = json!(dice.of(&COOKIES));
        }
    }
    match kind {
        "track" => call["event"] = json!("Demo Requested"),
        "page" => call["properties"] = json!({"path": "/pricing"}),
        "identify" => call["traits"] = json!({"plan": dice.of(&["pro", "free"])}),
        _ if dice.roll(3) == 0 => {
            let other = [USERS.as_slice(), COOKIES.as_slice()][dice.roll(2)];
            call["previousId"] = json!(dice.of(other));
        }
        _ => {}
    }
    match dice.roll(16) {
        0 => call["context"] = json!({"traits": {"email": dice.of(&EMAILS)}}),
        1 => call["context"] = json!({"externalIds": [{"type": "crm", "id": dice.of(&["1", "2", "3"])}]}),
        _ => {}
    }
    call
}

/// Sends calls in batches of odd sizes, some of them twice.
fn send(service: &Service, dice: &mut Dice, calls: &[Json]) {
    let mut rest = calls;
    while !rest.is_empty() {
        let (batch, after) = rest.split_at((1 + dice.roll(9)).min(rest.len()));
        for _ in 0..=usize::from(dice.roll(6) == 0) {
            let answer = service.post("/v1/batch", &json!({"batch": batch}));
            assert_eq!((answer.status, &answer.json()["rejected"]), (200, &json!([])));
        }
        rest = after;
    }
}

/// Every lead with its ids, attributes and scores at several instants, and what the list says of it.
fn seen(service: &Service) -> BTreeMap<String, Json> {
    let list = service.get("/api/v1/leads?limit=1000").json();
    let lead = |line: &Json| {
        let id = line["lead_id"].as_str().unwrap();
        let at = |at: &str| service.get(&format!("/api/v1/leads/{id}?at={at}")).json();
        (id.to_owned(), json!([line, at("2026-03-01"), at("2026-02-10T12:00:00Z")]))
    };
    list["leads"].as_array().unwrap().iter().map(lead).collect()
}

/// The same calls, each with the lead as its user from the start, and nothing that links.
fn resolved(service: &Service) -> Vec<Json> {
    let lines = service.log().into_iter().map(|mut line| {
        let lead =
            if line["userId"].is_null() { line["anonymousId"].clone() } else { line["userId"].clone() };
        let call = line.as_object_mut().unwrap();
        call.retain(|key, _| !["anonymousId", "previousId", "context", "profile"].contains(&key.as_str()));
        call.insert("userId".to_owned(), lead);
        line
    });
    lines.collect()
}

fn scores(seen: &BTreeMap<String, Json>) -> BTreeMap<&str, [&Json; 3]> {
    seen.iter()
        .map(|(id, lead)| (id.as_str(), [&lead[0]["score"], &lead[1]["scores"], &lead[2]["scores"]]))
        .collect()
}

/// Merges two leads by hand and takes them apart again; what is seen after each.
fn by_hand(service: &Service) -> [BTreeMap<String, Json>; 2] {
    let hands = [("merge", json!({"with": "zoe"})), ("split", json!({"id": "zoe"}))];
    hands.map(|(hand, body)| {
        assert_eq!(service.post(&format!("/api/v1/leads/kim/{hand}"), &body).status, 200);
        seen(service)
    })
}

#[test]
fn any_order_of_arrival_ends_in_the_same_leads() {
    let mut leads = 0;
    for seed in 1..=6 {
        let mut dice = Dice(seed);
        let calls = history(&mut dice, 60);
        let (first, _folder) = fresh();
        send(&first, &mut dice, &calls);
        let expect = seen(&first);
        let resolved = resolved(&first);
        let merged = by_hand(&first);
        let were_two = merged[0] != expect;
        assert!(!were_two || merged[1] == expect, "seed {seed}: a merge was not undone");
        for _ in 0..2 {
            let (service, _folder) = fresh();
            let calls = dice.shuffled(calls.clone());
            send(&service, &mut dice, &calls);
            assert_eq!(seen(&service), expect, "seed {seed}");
            assert_eq!(by_hand(&service), merged, "seed {seed}, by hand");
        }
        let (service, _folder) = fresh();
        send(&service, &mut dice, &resolved);
        let told = seen(&service);
        assert_eq!(scores(&told), scores(&expect), "seed {seed}, with the right ids from the start");
        leads += expect.len();
    }
    assert!(leads > 20, "only {leads} leads: too much is joined");
}
