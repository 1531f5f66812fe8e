//! Simulations: what is told beforehand of hand-offs and alerts is what publishing then does, one by one.

use std::collections::BTreeMap;

use kelvin_kernel::Instant;
use kelvin_server::Settings;
use rusqlite::Connection;
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::{
    arrival::Dice,
    hand_offs::{self, demo, messages},
    service::{MODEL, NOW, Service, Setup, fresh, with},
};

const PLAYBOOK: &str = "\
playbook: 1
time_zone: Europe/Berlin
owners:
  ada: {email: ada@acme.example, capacity: 4, if: lead.country == 'DE'}
  bob: {email: bob@acme.example, capacity: 9, weight: 2}
  eve: {email: eve@acme.example, capacity: 5}
targets: {log: {log: true}}
hand_offs:
  - id: sales
    model: main
    tier: hot
    leave: 15
    again_after: 2d
    recycle_after: 1d
    assign: [account_owner, {round_robin: [ada, bob, eve]}]
    notify: [log, owner]
  - id: early
    model: main
    tier: warm
    if: lead.country != 'FR'
    assign: [{if: lead.country == 'DE', to: ada}, {round_robin: [bob, eve]}]
alerts:
  - {id: reached, model: main, tier: hot, notify: [log, owner]}
  - {id: cools, model: main, cools_within: 10d, tier: warm, notify: log}
  - {id: rise, model: main, score_up: 10, within: 7d, notify: log}
  - {id: visit, model: main, event: Visited, tier: hot, notify: log}
";

const EXPERIMENT: &str = "experiments: [{id: trial, champion: main, challengers: {other: 40}}]\n";

const LEADS: usize = 24;

/// A model whose points and tiers are up to chance.
fn model(id: &str, dice: &mut Dice) -> String {
    let [visit, read, pro] =
        [[5, 10, 20, 30], [1, 5, 10, 15], [1, 3, 10, 20]].map(|points| points[dice.roll(4)]);
    let (warm, hot) = ([10, 20][dice.roll(2)], [30, 45, 60][dice.roll(3)]);
    // By a number that is another each time it is another version, even of the same points.
    let version = dice.roll(1 << 30);
    format!(
        "\
kelvin: 1
model: {id}
title: Version {version}
dimensions:
  fit:
    rules:
      - {{id: pro, if: lead.plan == 'pro', points: {pro}}}
      - {{id: large, if: account.employees >= 100, points: 5}}
  web:
    rules:
      - {{id: visit, event: Visited, points: {visit}, cap: 60}}
      - {{id: read, event: Read, points: {read}, decay: {{expire: 12d}}}}
tiers:
  - {{name: warm, from: {warm}}}
  - {{name: hot, from: {hot}}}
"
    )
}

/// A service and what happens to it by chance.
struct Base {
    service: Service,
    folder: TempDir,
    dice: Dice,
    models: &'static [&'static str],
    days: u32,
    sent: usize,
}

impl Base {
    fn new(seed: u64, models: &'static [&'static str], playbook: &str) -> Self {
        let mut dice = Dice(seed);
        let texts: Vec<_> = models.iter().map(|id| model(id, &mut dice)).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let (service, folder) = with(&Setup { models: &texts, playbook: Some(playbook), ..Setup::default() });
        Self { service, folder, dice, models, days: 1, sent: 0 }
    }

    fn now(&self) -> String {
        format!("2026-03-{:02}T00:00:00Z", self.days)
    }

    /// A day later, every lead does something, and some tasks are moved on.
    fn live(&mut self) {
        self.days += 1;
        self.service.set_clock(&self.now());
        let mut calls = Vec::new();
        for lead in (0..LEADS).chain(0..LEADS / 2) {
            calls.push(self.call(lead));
        }
        assert_eq!(self.service.post("/v1/batch", &json!({ "batch": calls })).status, 200);
        for task in 1..=10 {
            let state = self.dice.of(&["accepted", "done", "recycled"]);
            let (path, body) = (format!("/api/v1/tasks/{task}"), json!({ "state": state }));
            let headers = [("content-type", "application/json")];
            let moved = self.service.post_bytes(&path, &headers, body.to_string().as_bytes());
            assert!([200, 404, 409].contains(&moved.status), "{moved:?}");
        }
    }

    fn call(&mut self, lead: usize) -> Json {
        self.sent += 1;
        let mut call = json!({"userId": format!("lead-{lead:02}"), "messageId": format!("m-{}", self.sent)});
        match self.dice.roll(6) {
            0 => {
                call["type"] = json!("identify");
                let country = self.dice.of(&["DE", "FR", "US"]);
                call["traits"] = json!({"country": country, "plan": self.dice.of(&["pro", "free"])});
            }
            1 => {
                call["type"] = json!("group");
                call["groupId"] = json!(self.dice.of(&["acme", "globex", "initech"]));
                let employees = [50, 200][self.dice.roll(2)];
                call["traits"] = json!({ "employees": employees });
            }
            _ => {
                call["type"] = json!("track");
                call["event"] = json!(self.dice.of(&["Visited", "Read", "Other"]));
            }
        }
        call
    }

    /// Waits until nothing is left to be done at this instant.
    fn settle(&self) {
        let is_settled = |model: &Json| model["coming"].is_null() && model["settled"] == true;
        self.service.wait_for("/api/v1/models", |answer| {
            answer.json()["models"].as_array().unwrap().iter().all(is_settled)
        });
        let disk = Connection::open(self.folder.path().join("kelvin.db")).unwrap();
        let now = Instant::parse(&self.now()).unwrap().as_millis();
        let due = || {
            let sql = "SELECT count(*) FROM timers WHERE at <= ?";
            disk.query_row(sql, [now], |row| row.get::<_, i64>(0)).unwrap()
        };
        self.service.wait_for("/readyz", |_| due() == 0);
    }

    fn list(&self, what: &str, key: &str) -> Vec<Json> {
        let mut told = self.service.get(&format!("/api/v1/{what}?limit=1000")).json()[key].take();
        let mut list = std::mem::take(told.as_array_mut().unwrap());
        list.reverse();
        list
    }

    /// A version is simulated, then published; what was told must be what came. How many hand-offs and alerts that were.
    fn check(&mut self, number: usize) -> (usize, usize) {
        self.settle();
        let text = model(self.models[self.dice.roll(self.models.len())], &mut self.dice);
        let (hand_offs, alerts) =
            (self.list("hand-offs", "hand_offs").len(), self.list("alerts", "alerts").len());
        let found = simulated(&self.service, &text, number);
        assert_eq!(self.list("hand-offs", "hand_offs").len(), hand_offs);
        self.service.post("/api/v1/models", &json!({ "text": text }));
        self.settle();
        let came = self.list("hand-offs", "hand_offs").split_off(hand_offs);
        let came: Vec<_> = came.iter().map(|line| seen(line, "hand_off", line["owner"].clone())).collect();
        assert_eq!(foreseen(&found, "hand_offs", "hand_off"), came, "{text}");
        let told = messages(self.folder.path());
        let owner = |seq: &Json| {
            let id = format!("alert:{seq}:log");
            let message = told.iter().find(|(_, message)| message["id"] == id.as_str());
            message.unwrap().1["owner"]["id"].clone()
        };
        let alerts = self.list("alerts", "alerts").split_off(alerts);
        let alerts: Vec<_> = alerts.iter().map(|line| seen(line, "alert", owner(&line["id"]))).collect();
        assert_eq!(foreseen(&found, "alerts", "alert"), alerts, "{text}");
        let mut by_owner: BTreeMap<String, u64> = BTreeMap::new();
        for [_, _, owner, ..] in &came {
            *by_owner.entry(owner.as_str().unwrap_or("nobody").to_owned()).or_default() += 1;
        }
        let of = |owner: &str| by_owner.get(owner).copied().unwrap_or_default();
        for owner in found["owners"].as_array().unwrap() {
            assert_eq!(owner["would_get"], of(owner["owner"].as_str().unwrap()));
        }
        assert_eq!(found["unassigned"], of("nobody"));
        (came.len(), alerts.len())
    }
}

/// What a simulation of a version finds, the so-manieth of a service.
pub(crate) fn simulated(service: &Service, text: &str, number: usize) -> Json {
    let begun = service.post("/api/v1/simulations", &json!({ "text": text }));
    assert_eq!((begun.status, &begun.json()["simulation"]), (202, &json!(number)));
    let path = format!("/api/v1/simulations/{number}");
    service.wait_for(&path, |answer| answer.json()["status"] != "running");
    let found = service.get(&path).json();
    assert_eq!(found["status"], "done", "{found}");
    found
}

/// Which rule, lead, owner, tier and score.
fn seen(line: &Json, rule: &str, owner: Json) -> [Json; 5] {
    let tier = line.get("to").unwrap_or(&line["tier"]);
    [line[rule].clone(), line["lead_id"].clone(), owner, tier.clone(), line["score"].clone()]
}

fn foreseen(found: &Json, what: &str, rule: &str) -> Vec<[Json; 5]> {
    let list = found[what]["first"].as_array().unwrap();
    assert_eq!(found[what]["total"], list.len());
    let of = |id: &str| list.iter().filter(|line| line[rule] == id).count();
    for (id, count) in found[what]["by_rule"].as_object().unwrap() {
        assert_eq!(*count, of(id));
    }
    list.iter().map(|line| seen(line, rule, line["owner"].clone())).collect()
}

/// Some versions on each of some bases, with life between them.
fn check(seeds: std::ops::Range<u64>, models: &'static [&'static str], playbook: &str) {
    let (mut hand_offs, mut alerts) = (0, 0);
    for seed in seeds {
        let mut base = Base::new(seed, models, playbook);
        for number in 1..=5 {
            (0..3).for_each(|_| base.live());
            let (gone, told) = base.check(number);
            (hand_offs, alerts) = (hand_offs + gone, alerts + told);
        }
    }
    assert!(hand_offs > 20 && alerts > 20, "{hand_offs} {alerts}");
}

#[test]
fn publishing_hands_off_and_tells_what_was_simulated() {
    check(0..8, &["main"], PLAYBOOK);
}

#[test]
fn it_does_so_while_an_experiment_runs() {
    check(100..106, &["main", "other"], &format!("{PLAYBOOK}{EXPERIMENT}"));
}

#[test]
fn a_simulation_tells_who_would_go_to_whom_and_what_owners_have() {
    let (service, _folder) =
        hand_offs::service(&hand_offs::PLAYBOOK.replace("bob: {", "bob: {capacity: 3, "));
    demo(&service, "amy");
    for lead in ["kim", "zoe"] {
        let page = json!({"userId": lead, "properties": {"path": "/pricing"}});
        service.post("/v1/page", &page);
    }
    let version = MODEL.replace("points: 10, decay: {expire: 1d}", "points: 35");
    let found = simulated(&service, &version, 1);
    let one = |lead: &str, owner: &str| json!({"hand_off": "sales", "lead_id": lead, "owner": owner, "from": "warm", "to": "hot", "score": 35});
    let hand_offs =
        json!({"total": 2, "by_rule": {"sales": 2}, "first": [one("kim", "bob"), one("zoe", "ada")]});
    assert_eq!((&found["as_of"], &found["hand_offs"]), (&json!(NOW), &hand_offs));
    let owner = |owner: &str, had: u64, capacity: Json| json!({"owner": owner, "open": had, "this_week": had, "would_get": 1, "capacity": capacity});
    let owners = json!([owner("ada", 1, Json::Null), owner("bob", 0, json!(3))]);
    assert_eq!((&found["owners"], &found["unassigned"]), (&owners, &json!(0)));
    assert_eq!(found["alerts"], json!({"total": 0, "by_rule": {}, "first": []}));
    assert_eq!(hand_offs::handed_off(&service).len(), 1);
}

#[test]
fn a_simulation_without_a_playbook_speaks_of_no_hand_offs() {
    let (service, _folder) = fresh();
    demo(&service, "amy");
    let found = simulated(&service, &MODEL.replace("points: 30", "points: 3"), 1);
    assert_eq!((found.get("hand_offs"), found.get("owners")), (None, None));
}

#[test]
fn a_simulation_of_a_first_version_tells_of_leads_that_are_handed_off_at_once() {
    let settings = Settings { hands_off_present: true, ..Setup::default().settings };
    let playbook = Some(hand_offs::PLAYBOOK);
    let (service, _folder) = with(&Setup { models: &[], playbook, settings, ..Setup::default() });
    ["kim", "amy", "zoe"].iter().for_each(|lead| demo(&service, lead));
    let found = simulated(&service, MODEL, 1);
    service.post("/api/v1/models", &json!({ "text": MODEL }));
    service.wait_for("/api/v1/hand-offs", |answer| answer.json()["hand_offs"].as_array().unwrap().len() == 3);
    let first = found["hand_offs"]["first"].as_array().unwrap().iter();
    let foreseen = first.map(|line| (line["lead_id"].as_str().unwrap().to_owned(), line["owner"].clone()));
    assert_eq!(foreseen.collect::<Vec<_>>(), hand_offs::handed_off(&service));
    service.said();
}

#[test]
fn a_simulation_of_a_first_version_tells_nobody_who_counts_as_handed_off() {
    let playbook = Some(hand_offs::PLAYBOOK);
    let (service, _folder) = with(&Setup { models: &[], playbook, ..Setup::default() });
    demo(&service, "amy");
    assert_eq!(simulated(&service, MODEL, 1)["hand_offs"]["total"], 0);
    service.said();
}
