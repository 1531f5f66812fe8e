//! Experiments: for some leads another model decides who goes to sales, and nobody goes twice for that.

use kelvin_model::playbook::experiment::{Challenger, Experiment};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use super::{demo, handed_off, tasks::move_on};
use crate::{
    service::{Service, Setup, with},
    simulations::simulated,
};

const WITHOUT: &str = "\
playbook: 1
time_zone: Etc/UTC
owners:
  ann: {email: ann@acme.example}
targets: {log: {log: true}}
hand_offs:
  - {id: sales, model: old, tier: hot, recycle_after: 7d, assign: ann}
alerts:
  - {id: reached, model: old, tier: hot, notify: log}
  - {id: rise, model: old, score_up: 20, within: 7d, notify: log}
";

const EXPERIMENT: &str = "experiments: [{id: trial, champion: old, challengers: {new: 50}}]\n";

/// A lead is hot by the model that a call names.
fn model(id: &str) -> String {
    format!(
        "kelvin: 1
model: {id}
dimensions:
  web:
    rules:
      - {{id: mark, event: Marked, if: event.by == '{id}' || event.by == 'both', points: 30}}
tiers: [{{name: hot, from: 30}}]
"
    )
}

fn during() -> String {
    format!("{WITHOUT}{EXPERIMENT}")
}

fn start(playbook: &str) -> (Service, TempDir) {
    let (old, new) = (model("old"), model("new"));
    with(&Setup { models: &[&old, &new], playbook: Some(playbook), ..Setup::default() })
}

fn again(folder: &TempDir, playbook: &str) -> Service {
    Service::start(folder.path(), &Setup { models: &[], playbook: Some(playbook), ..Setup::default() })
}

fn without_playbook(folder: &TempDir) -> Service {
    Service::start(folder.path(), &Setup::default())
}

/// The first leads, by a number, for which a model counts.
fn leads_of<const COUNT: usize>(model: &str) -> [String; COUNT] {
    let challengers = vec![Challenger { model: "new".to_owned(), share: 50 }];
    let (id, champion) = ("trial".to_owned(), "old".to_owned());
    let experiment = Experiment { id, champion, challengers, shadow: Vec::new() };
    let mut leads = (0..).map(|number| format!("lead-{number}")).filter(|lead| experiment.arm(lead) == model);
    std::array::from_fn(|_| leads.next().unwrap())
}

fn lead_of(model: &str) -> String {
    let [lead] = leads_of(model);
    lead
}

/// A lead does what makes it hot by a model, or by both.
fn mark(service: &Service, lead: &str, by: &str) {
    let call = json!({"userId": lead, "event": "Marked", "properties": {"by": by}});
    assert_eq!(service.post("/v1/track", &call).status, 200);
}

/// Who was handed off, each with the model that decided, in that order; there are so many.
fn decided(service: &Service, count: usize) -> Vec<(String, String)> {
    let path = "/api/v1/hand-offs";
    service.wait_for(path, |answer| answer.json()["hand_offs"].as_array().unwrap().len() >= count);
    let told = service.get(path).json();
    let text = |line: &Json, key: &str| line[key].as_str().unwrap().to_owned();
    let lines = told["hand_offs"].as_array().unwrap().iter().rev();
    lines.map(|line| (text(line, "lead_id"), text(line, "model"))).collect()
}

fn pair(lead: &str, model: &str) -> (String, String) {
    (lead.to_owned(), model.to_owned())
}

#[test]
fn a_challenger_decides_for_its_leads_and_the_champion_for_the_rest() {
    let (service, _folder) = start(&during());
    let (olds, news) = (lead_of("old"), lead_of("new"));
    for lead in [&olds, &news] {
        mark(&service, lead, "old");
    }
    assert_eq!(decided(&service, 1), [pair(&olds, "old")]);
    for lead in [&olds, &news] {
        mark(&service, lead, "new");
    }
    assert_eq!(decided(&service, 2), [pair(&olds, "old"), pair(&news, "new")]);
    let alerts = service.get("/api/v1/alerts").json();
    let told = alerts["alerts"].as_array().unwrap().iter();
    let told: Vec<_> =
        told.map(|line| (line["lead_id"].as_str().unwrap(), line["model"].as_str().unwrap())).collect();
    assert_eq!(told, [(&*news, "new"), (&*news, "new"), (&*olds, "old"), (&*olds, "old")]);
}

#[test]
fn an_experiment_tells_what_came_of_its_arms() {
    let (service, folder) = start(&during());
    let (olds, news) = (lead_of("old"), lead_of("new"));
    mark(&service, &olds, "new");
    mark(&service, &news, "both");
    let told = service.get("/api/v1/experiments").json();
    let arm = |model: &str, tier: &str, hand_offs: usize| json!({"model": model, "in_service": true, "share": 50, "leads": 1, "tiers": {tier: 1}, "hand_offs": hand_offs});
    let expect = json!({
        "id": "trial",
        "champion": "old",
        "since": "2026-03-01T00:00:00Z",
        "arms": [arm("old", "none", 0), arm("new", "hot", 1)],
        "shadow": [],
    });
    assert_eq!(told["experiments"], json!([expect]));
    for (lead, model) in [(&olds, "old"), (&news, "new")] {
        let told = service.get(&format!("/api/v1/leads/{lead}")).json();
        assert_eq!(told["experiments"], json!([{"id": "trial", "model": model}]));
    }
    let arm = |place: usize| {
        let listed = service.get("/api/v1/leads?model=old").json()["leads"][place].take();
        (listed["lead_id"].clone(), listed["experiments"][0]["model"].clone())
    };
    assert_eq!((arm(0), arm(1)), ((json!(news), json!("new")), (json!(olds), json!("old"))));
    service.stop();
    let service = without_playbook(&folder);
    assert_eq!(service.get("/api/v1/experiments").json(), json!({"experiments": []}));
    assert_eq!(service.get(&format!("/api/v1/leads/{news}")).json()["experiments"], json!([]));
}

#[test]
fn who_is_dealt_to_another_model_and_back_is_not_handed_off_again() {
    let (service, folder) = start(WITHOUT);
    let lead = lead_of("new");
    mark(&service, &lead, "old");
    service.stop();
    // By the challenger it is low, then by the champion hot again.
    let service = again(&folder, &during());
    demo(&service, &lead);
    service.stop();
    let service = again(&folder, WITHOUT);
    mark(&service, &lead, "both");
    service.stop();
    // By both it is hot.
    let service = again(&folder, &during());
    mark(&service, &lead, "new");
    assert_eq!(decided(&service, 1), [pair(&lead, "old")]);
}

#[test]
fn who_falls_and_rises_by_the_challenger_is_handed_off_by_it() {
    let (service, folder) = start(WITHOUT);
    let lead = lead_of("new");
    mark(&service, &lead, "old");
    service.stop();
    let service = again(&folder, &during());
    mark(&service, &lead, "new");
    assert_eq!(decided(&service, 2), [pair(&lead, "old"), pair(&lead, "new")]);
}

#[test]
fn who_is_hot_by_the_model_that_counts_now_alone_is_not_forgotten() {
    let (service, folder) = start(WITHOUT);
    let news = lead_of("new");
    mark(&service, &news, "new");
    assert_eq!(handed_off(&service), []);
    service.stop();
    let service = again(&folder, &during());
    assert_eq!(decided(&service, 1), [pair(&news, "new")]);
    // While the challenger decides, the champion's changes do nothing for the lead; when that has ended, they count.
    let visitor = (0..).map(|number| format!("more-{number}")).find(|lead| {
        mark(&service, lead, "old");
        let told = service.get(&format!("/api/v1/leads/{lead}")).json();
        told["experiments"][0]["model"] == "new"
    });
    let visitor = visitor.unwrap();
    let before = handed_off(&service).len();
    assert!(!handed_off(&service).iter().any(|(lead, _)| *lead == visitor));
    service.stop();
    let service = again(&folder, WITHOUT);
    let after = decided(&service, before + 1);
    assert_eq!((after.len(), after.last().unwrap()), (before + 1, &pair(&visitor, "old")));
    // Nobody is told of a tier or a rise that is the other model's doing.
    let alerts = service.get("/api/v1/alerts").json();
    let of_lead = alerts["alerts"].as_array().unwrap().iter().filter(|line| line["lead_id"] == *visitor);
    assert_eq!(of_lead.count(), 0);
}

#[test]
fn a_challenger_that_was_never_published_leaves_its_leads_to_the_champion() {
    let old = model("old");
    let (service, folder) = with(&Setup { models: &[&old], ..Setup::default() });
    service.stop();
    let service = again(&folder, &during());
    let told =
        "experiment `trial`: `new` is not in service, so `old` decides for its leads until it is published";
    assert_eq!(service.said(), [told]);
    let news = lead_of("new");
    mark(&service, &news, "both");
    assert_eq!(decided(&service, 1), [pair(&news, "old")]);
    // Nothing that counts for the champion.
    (0..10).for_each(|number| mark(&service, &format!("more-{number}"), "new"));
    service.post("/api/v1/models", &json!({"text": model("new")}));
    service.wait_for("/api/v1/experiments", |answer| {
        answer.json()["experiments"][0]["arms"][1]["leads"].as_u64() > Some(0)
    });
    let told = service.get("/api/v1/experiments").json();
    let count = told["experiments"][0]["arms"][1]["leads"].as_u64().unwrap();
    let count = usize::try_from(count).unwrap();
    // All of its leads are hot by it; the one that the champion handed off is with sales already.
    let decided = decided(&service, count);
    assert_eq!(decided.iter().filter(|(_, model)| model == "new").count(), count - 1);
    // Withdrawn, it leaves them to the champion again, and nobody goes twice.
    service.client().request("DELETE /api/v1/models/new", &[], &[]).unwrap();
    mark(&service, &news, "old");
    assert_eq!(handed_off(&service).len(), decided.len());
}

#[test]
fn nothing_follows_from_a_shadow() {
    let playbook = WITHOUT.replace("model: old, ", "");
    let shadow = "experiments: [{id: trial, champion: old, shadow: new}]\n";
    let (service, folder) = start(WITHOUT);
    service.stop();
    let service = again(&folder, &format!("{playbook}{shadow}"));
    mark(&service, "eve", "new");
    assert_eq!(handed_off(&service), []);
    assert_eq!(service.get("/api/v1/alerts").json()["alerts"], json!([]));
    mark(&service, "eve", "old");
    assert_eq!(decided(&service, 1), [pair("eve", "old")]);
    let told = service.get("/api/v1/experiments").json();
    let expect = json!([{"model": "new", "in_service": true, "leads": 1, "tiers": {"hot": 1}}]);
    assert_eq!(told["experiments"][0]["shadow"], expect);
}

/// A visitor who is judged by one model, and a user who is by another.
#[test]
fn who_is_dealt_anew_by_becoming_a_user_is_handed_off_once() {
    let (service, _folder) = start(&during());
    let (olds, news) = (lead_of("old"), lead_of("new"));
    let visit = |by: &str, visitor: &str| {
        let call = json!({"anonymousId": visitor, "event": "Marked", "properties": {"by": by}});
        service.post("/v1/track", &call);
    };
    // The visitor is low by the champion's challenger, the user hot by the champion.
    visit("old", &news);
    service.post("/v1/identify", &json!({"anonymousId": news, "userId": olds}));
    assert_eq!(decided(&service, 1), [pair(&olds, "old")]);
    mark(&service, &olds, "both");
    assert_eq!(decided(&service, 1).len(), 1);
}

#[test]
fn a_task_that_a_challenger_opened_is_given_back_when_it_stands_in_no_more() {
    let (service, folder) = start(&during());
    let lead = lead_of("new");
    mark(&service, &lead, "both");
    service.stop();
    let service = again(&folder, WITHOUT);
    assert_eq!(move_on(&service, 1, &json!({"state": "recycled"})).status, 200);
    service.set_clock("2026-03-09T00:00:00Z");
    assert_eq!(decided(&service, 2), [pair(&lead, "new"), pair(&lead, "old")]);
}

#[test]
fn nobody_is_forgotten_where_an_experiment_begins_or_ends_after_a_start_without_the_playbook() {
    let (service, folder) = start(WITHOUT);
    let ([early, late, low, last], olds) = (leads_of("new"), lead_of("old"));
    mark(&service, &early, "new");
    service.stop();
    let service = without_playbook(&folder);
    for (lead, by) in [(&late, "new"), (&low, "old"), (&olds, "old")] {
        mark(&service, lead, by);
    }
    service.stop();
    let service = again(&folder, &during());
    let mut first = decided(&service, 3);
    first.sort();
    let mut expect = [pair(&early, "new"), pair(&late, "new"), pair(&olds, "old")];
    expect.sort();
    assert_eq!(first, expect);
    // It entered by the champion alone, whose turn had passed when the hand-off was back.
    mark(&service, &low, "new");
    assert_eq!(decided(&service, 4)[3], pair(&low, "new"));
    assert_eq!(service.said(), ["hand-off `sales` is back: leads that entered `hot` or above meanwhile: 2"]);
    service.stop();
    let service = without_playbook(&folder);
    for lead in [&early, &last] {
        mark(&service, lead, "old");
    }
    service.stop();
    let service = again(&folder, WITHOUT);
    assert_eq!(decided(&service, 5)[4], pair(&last, "old"));
    for lead in [&early, &low, &last, &olds] {
        mark(&service, lead, "both");
    }
    assert_eq!(handed_off(&service).len(), 5);
}

#[test]
fn a_hand_off_begins_anew_for_a_model_that_was_a_challenger_meanwhile() {
    let of_new = WITHOUT.replace("model: old", "model: new");
    let (service, folder) = start(&of_new);
    let (olds, news) = (lead_of("old"), lead_of("new"));
    service.stop();
    let service = again(&folder, &during());
    for lead in [&olds, &news] {
        mark(&service, lead, "new");
    }
    assert_eq!(decided(&service, 1), [pair(&news, "new")]);
    service.stop();
    let service = again(&folder, &of_new);
    let told = "hand-off `sales` is new: leads in `hot` or above count as handed off already: 2 \
                (`--hand-off-present` at its first start hands them off)";
    assert_eq!(service.said(), [told]);
    for lead in [&olds, &news] {
        mark(&service, lead, "new");
    }
    assert_eq!(decided(&service, 1).len(), 1);
}

#[test]
fn whom_a_challenger_would_hand_off_once_it_serves_is_simulated() {
    let old = model("old");
    let (service, folder) = with(&Setup { models: &[&old], ..Setup::default() });
    service.stop();
    let service = again(&folder, &during());
    let leads: [String; 9] = leads_of("new");
    for (lead, by) in leads.iter().zip(["old", "new", "both"].iter().cycle()) {
        mark(&service, lead, by);
    }
    mark(&service, &lead_of("old"), "new");
    let before = handed_off(&service).len();
    let found = simulated(&service, &model("new"), 1);
    let first = found["hand_offs"]["first"].as_array().unwrap().iter();
    let foreseen: Vec<_> = first.map(|line| pair(line["lead_id"].as_str().unwrap(), "new")).collect();
    // Those whom the champion did not hand off already.
    assert_eq!((before, foreseen.len()), (6, 3));
    service.post("/api/v1/models", &json!({"text": model("new")}));
    assert_eq!(decided(&service, 9).split_off(before), foreseen);
    service.said();
}
