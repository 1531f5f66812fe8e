//! Whatever happens to leads, playbooks and versions, in whatever order: a lead goes to sales once for each time that it enters.

mod expected;

use std::collections::{BTreeMap, BTreeSet};

use kelvin_model::playbook::experiment::{Challenger, Experiment};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use self::expected::{Cause, Expected, Seen};
use crate::{
    arrival::Dice,
    service::{Service, Setup, with},
};

const USERS: [&str; 3] = ["ada", "bob", "eve"];
const VISITORS: [&str; 4] = ["v1", "v2", "v3", "v4"];

/// A lead is hot from thirty points on; `points` is what a visit is worth.
fn model(id: &str, points: u32) -> String {
    format!(
        "\
kelvin: 1
model: {id}
dimensions:
  web:
    rules:
      - {{id: visit, event: Visited, points: {points}}}
tiers:
  - {{name: hot, from: 30}}
"
    )
}

fn playbook(leave: i64, experiment: Option<&Experiment>) -> String {
    let experiments = experiment.map_or_else(String::new, |experiment| {
        let (id, share) = (&experiment.id, experiment.share("other"));
        format!("experiments: [{{id: {id}, champion: small, challengers: {{other: {share}}}}}]\n")
    });
    format!(
        "\
playbook: 1
time_zone: Etc/UTC
owners:
  ann: {{email: ann@acme.example}}
hand_offs:
  - {{id: sales, model: small, tier: hot, leave: {leave}, assign: ann}}
{experiments}"
    )
}

/// For some of a hundred leads, another model stands in.
fn experiment(id: &str, share: u32) -> Experiment {
    Experiment {
        id: id.to_owned(),
        champion: "small".to_owned(),
        challengers: vec![Challenger { model: "other".to_owned(), share }],
        shadow: Vec::new(),
    }
}

/// A service and what was done with it.
struct World {
    /// `None` between a stop and a start.
    service: Option<Service>,
    folder: TempDir,
    seed: u64,
    dice: Dice,
    leave: i64,
    /// The models that are published.
    models: &'static [&'static str],
    experiment: Option<Experiment>,
    sent: usize,
    versions: u32,
    voids: Vec<u64>,
}

impl World {
    fn new(seed: u64, leave: i64, models: &'static [&'static str]) -> Self {
        let texts: Vec<_> = models.iter().map(|id| model(id, 10)).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let playbook = playbook(leave, None);
        let (service, folder) =
            with(&Setup { models: &texts, playbook: Some(&playbook), ..Setup::default() });
        Self {
            service: Some(service),
            folder,
            seed,
            dice: Dice(seed),
            leave,
            models,
            experiment: None,
            sent: 0,
            versions: 1,
            voids: Vec::new(),
        }
    }

    fn service(&self) -> &Service {
        self.service.as_ref().unwrap()
    }

    /// What is known of each id: its lead, and that lead's ids and score.
    fn leads(&self) -> BTreeMap<String, Seen> {
        let mut leads = BTreeMap::new();
        for id in USERS.iter().chain(&VISITORS) {
            if leads.values().any(|seen: &Seen| seen.ids.contains(*id)) {
                continue;
            }
            let answer = self.service().get(&format!("/api/v1/leads/{id}"));
            if answer.status == 200 {
                let told = answer.json();
                leads.insert(told["lead_id"].as_str().unwrap().to_owned(), seen(&told));
            }
        }
        leads
    }

    /// How often each lead was handed off.
    fn handed_off(&self) -> BTreeMap<String, usize> {
        let mut times = BTreeMap::new();
        for line in self.service().get("/api/v1/hand-offs?limit=1000").json()["hand_offs"].as_array().unwrap()
        {
            *times.entry(line["lead_id"].as_str().unwrap().to_owned()).or_default() += 1;
        }
        times
    }

    fn post(&self, path: &str, body: &Json) -> Json {
        let answer = self.service().post(path, body);
        assert!([200, 202, 409].contains(&answer.status), "{path} {body}: {answer:?}");
        answer.json()
    }

    /// Something happens; what it is, and why scores change.
    fn step(&mut self, kinds: usize) -> (String, Cause) {
        match self.dice.roll(kinds) {
            0..=7 => self.visit(),
            8 => self.identify(),
            9 => self.merge(),
            10 | 11 => self.publish(),
            12 => self.restart(),
            13 => self.split(),
            14 => self.void(),
            15 => self.lift(),
            17.. => {
                let experiments = [
                    None,
                    Some(experiment("one", 50)),
                    Some(experiment("one", 90)),
                    Some(experiment("two", 50)),
                ];
                self.experiment = experiments[self.dice.roll(4)].clone();
                self.restart()
            }
            16 => {
                self.leave = [5, 15, 25][self.dice.roll(3)];
                self.restart()
            }
        }
    }

    /// A visit by one id or two. A visitor belongs to whom an earlier day names: that changes as calls come.
    fn visit(&mut self) -> (String, Cause) {
        let (visitor, user) = (self.dice.of(&VISITORS), self.dice.of(&USERS));
        let mut call = json!({"type": "track", "event": "Visited"});
        let ways = [(true, false), (false, true), (true, true)];
        let (names_user, names_visitor) = ways[self.dice.roll(ways.len())];
        if names_user {
            call["userId"] = json!(user);
        }
        if names_visitor {
            call["anonymousId"] = json!(visitor);
        }
        self.send(call, if names_user { user } else { visitor })
    }

    fn identify(&mut self) -> (String, Cause) {
        let (visitor, user) = (self.dice.of(&VISITORS), self.dice.of(&USERS));
        self.send(json!({"type": "identify", "anonymousId": visitor, "userId": user}), user)
    }

    fn send(&mut self, mut call: Json, id: &str) -> (String, Cause) {
        self.sent += 1;
        call["timestamp"] = json!(format!("2026-02-{:02}T00:00:00Z", 1 + self.dice.roll(28)));
        call["messageId"] = json!(format!("m-{}", self.sent));
        self.post("/v1/batch", &json!({"batch": [call]}));
        (call.to_string(), Cause::Event { id: id.to_owned() })
    }

    fn merge(&mut self) -> (String, Cause) {
        let (one, other) = (self.dice.of(&USERS), self.dice.of(&VISITORS));
        let answer = self.service().post(&format!("/api/v1/leads/{one}/merge"), &json!({"with": other}));
        (format!("merge {one} {other}: {}", answer.status), Cause::History)
    }

    fn split(&mut self) -> (String, Cause) {
        let ids = [USERS.as_slice(), VISITORS.as_slice()][self.dice.roll(2)];
        let id = self.dice.of(ids);
        let answer = self.service().post(&format!("/api/v1/leads/{id}/split"), &json!({"id": id}));
        (format!("split {id}: {}", answer.status), Cause::History)
    }

    fn void(&mut self) -> (String, Cause) {
        if self.sent == 0 {
            return ("nothing to void".to_owned(), Cause::History);
        }
        let id = format!("m-{}", 1 + self.dice.roll(self.sent));
        let made = self.post("/api/v1/voids", &json!({"ids": [id], "reason": "a test"}));
        self.voids.push(made["void"].as_u64().unwrap());
        (format!("void {id}"), Cause::History)
    }

    fn lift(&mut self) -> (String, Cause) {
        if !self.voids.is_empty() {
            let place = self.dice.roll(self.voids.len());
            let void = self.voids.swap_remove(place);
            self.post(&format!("/api/v1/voids/{void}/lift"), &json!({}));
        }
        ("lift".to_owned(), Cause::History)
    }

    fn publish(&mut self) -> (String, Cause) {
        self.versions += 1;
        let points = [1, 5, 10, 20, 30][self.dice.roll(5)];
        let id = self.models[self.versions as usize % self.models.len()];
        // A comment makes it another version even of the same points.
        let text = format!("{}# {}\n", model(id, points), self.versions);
        let answer = self.post("/api/v1/models", &json!({"text": text, "author": "ann", "note": ""}));
        (format!("publish `{id}` of {points} points: {}", answer["status"]), Cause::Model)
    }

    fn restart(&mut self) -> (String, Cause) {
        self.service.take().unwrap().stop();
        let playbook = playbook(self.leave, self.experiment.as_ref());
        let setup = Setup { models: &[], playbook: Some(&playbook), ..Setup::default() };
        self.service = Some(Service::start(self.folder.path(), &setup));
        let share = self.experiment.as_ref().map(|experiment| (&experiment.id, experiment.share("other")));
        (format!("restart with `leave: {}` and {share:?}", self.leave), Cause::Model)
    }

    /// Waits until nothing is left to be done of versions.
    fn settle(&self) {
        self.service().wait_for("/api/v1/models", |answer| {
            let is_settled = |model: &Json| model["coming"].is_null() && model["settled"] == true;
            answer.json()["models"].as_array().unwrap().iter().all(is_settled)
        });
    }
}

fn seen(told: &Json) -> Seen {
    let ids =
        told["ids"].as_array().unwrap().iter().map(|id| id["id"].as_str().unwrap().to_owned()).collect();
    let score = |line: &Json| (line["model"].as_str().unwrap().to_owned(), line["score"].as_i64().unwrap());
    Seen { ids, scores: told["scores"].as_array().unwrap().iter().map(score).collect() }
}

#[test]
fn a_lead_goes_to_sales_once_for_each_time_that_it_enters() {
    for seed in 0..4 {
        check(World::new(seed, 5, &["small"]), 17);
    }
}

#[test]
fn it_does_while_experiments_begin_and_change_and_end() {
    for seed in 0..2 {
        check(World::new(200 + seed, 5, &["small", "other"]), 20);
    }
}

/// Sixty steps of some kinds, and after each one who was handed off.
fn check(mut world: World, kinds: usize) {
    let mut expected = Expected::default();
    let mut told = Vec::new();
    for _ in 0..60 {
        let (step, cause) = world.step(kinds);
        if matches!(cause, Cause::Model) {
            world.settle();
        }
        told.push(step);
        expected.take_in(&world.leads(), &cause, (world.leave, world.experiment.as_ref()));
        let times: usize = expected.handed_off.values().sum();
        // Who was dealt to a model by which it is hot is looked at a moment after the start.
        world.service().wait_for("/api/v1/hand-offs?limit=1000", |answer| {
            answer.json()["hand_offs"].as_array().unwrap().len() >= times
        });
        assert_eq!(world.handed_off(), expected.handed_off, "seed {}: {told:#?}", world.seed);
    }
}

#[test]
fn whatever_overlaps_no_lead_that_is_hot_is_forgotten_and_none_comes_twice() {
    for seed in 0..4 {
        let mut world = World::new(100 + seed, 0, &["small"]);
        let mut told = Vec::new();
        for _ in 0..8 {
            for _ in 0..8 {
                told.push(world.step(13).0);
            }
            world.settle();
            let (leads, times) = (world.leads(), world.handed_off());
            let is_hot = |seen: &Seen| seen.score("small").is_some_and(|score| score >= 30);
            let hot: BTreeSet<_> =
                leads.iter().filter(|(_, seen)| is_hot(seen)).map(|(lead, _)| lead).collect();
            let forgotten: Vec<_> = hot.iter().filter(|lead| !times.contains_key(**lead)).collect();
            assert!(forgotten.is_empty(), "seed {seed}: {forgotten:?} are forgotten: {told:#?}");
            // Who was several leads may have been handed off as each of them.
            let all: usize = times.values().sum();
            assert!(all <= USERS.len() + VISITORS.len(), "seed {seed}: {times:?} are too many: {told:#?}");
        }
    }
}
