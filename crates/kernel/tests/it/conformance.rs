//! The shared conformance cases, through the reference, a replay, and incremental state in several orders.
//!
//! The cases are read here by a reader of their own, as slow and plain as the reference.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use kelvin_kernel::{
    Instant, Micropoints, Value,
    account::{MemberScore, account_events, account_of, account_score},
    history::{Event, EventId, History},
    plan::{Fields, Plan, RuleSet, Schema},
    program::Program,
    reference,
    replay::Replay,
    score::{AccountScore, Detail, Reason, Score, Standing},
    state::State,
};
use serde_json::{Map, Value as Json};

use crate::shared::shared;

const REASONS: Detail = Detail { until: false, reasons: true };
const TOLERANCE: f64 = 0.000_002;

#[test]
fn every_shared_case_comes_out_the_same_from_each_engine() {
    let Some(shared) = shared() else { return };
    let mut cases: Vec<PathBuf> =
        fs::read_dir(shared.join("conformance")).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.retain(|path| path.is_dir());
    cases.sort();
    assert!(!cases.is_empty(), "the shared folder holds no cases");
    let wrong: Vec<String> = cases.iter().flat_map(|case| check(case)).collect();
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong[..wrong.len().min(20)].join("\n"));
}

fn check(folder: &Path) -> Vec<String> {
    let text = fs::read_to_string(folder.join("model.yaml")).unwrap();
    let program = Program::new(kelvin_model::load("model.yaml", &text).plan.expect("a plan"));
    let histories = histories(program.plan(), folder);
    let mut wrong = Vec::new();
    for (at, expected) in by_instant(lines(folder, "expected.jsonl")) {
        let mut differ = |engine: &str, lead: &str, got: Option<Score>| {
            let expect = expected.iter().find(|line| line["lead_id"] == *lead);
            if let Some(why) = difference(&program, got, expect) {
                wrong.push(format!("{} {engine} at {at}, {lead}: {why}", folder.display()));
            }
        };
        for (lead, history) in &histories {
            differ("reference", lead, reference::score(program.plan(), history, at));
            differ("replay", lead, Replay::new(&program, history, at).score(&program, REASONS));
            for order in [Order::AsIs, Order::Backwards, Order::Interleaved] {
                let mut state = state(&program, history, order);
                differ("state", lead, state.score(&program, at, REASONS));
            }
        }
    }
    if folder.join("expected-accounts.jsonl").exists() {
        wrong.extend(check_accounts(folder, &program, &histories));
    }
    wrong
}

#[derive(Debug, Clone, Copy)]
enum Order {
    AsIs,
    Backwards,
    Interleaved,
}

/// The state after the events in another order of arrival, each of them twice.
fn state(program: &Program, history: &History, order: Order) -> State {
    let mut seen = std::collections::BTreeSet::new();
    let mut events: Vec<Event> =
        history.events.iter().filter(|event| seen.insert(event.id.clone())).cloned().collect();
    match order {
        Order::AsIs => {}
        Order::Backwards => events.reverse(),
        Order::Interleaved => {
            let (even, odd): (Vec<_>, Vec<_>) =
                events.into_iter().enumerate().partition(|(place, _)| place % 2 == 0);
            events = odd.into_iter().chain(even).map(|(_, event)| event).collect();
        }
    }
    let mut state = State::new(history.attributes.clone(), history.account.clone());
    for event in &events {
        state.apply(program, event.clone());
        state.apply(program, event.clone());
    }
    state
}

fn check_accounts(folder: &Path, program: &Program, histories: &BTreeMap<String, History>) -> Vec<String> {
    let mut wrong = Vec::new();
    for (at, expected) in by_instant(lines(folder, "expected-accounts.jsonl")) {
        let mut members: BTreeMap<String, Vec<&History>> = BTreeMap::new();
        for history in histories.values() {
            let replay = Replay::new(program, history, at);
            if let Some(account) = account_of(program, &replay.subject()) {
                members.entry(account).or_default().push(history);
            }
        }
        assert_eq!(members.len(), expected.len(), "{} at {at}: accounts", folder.display());
        for line in &expected {
            let id = line["account_id"].as_str().unwrap();
            let members = &members[id];
            let reference = reference::account_score(program.plan(), members, &[], at).unwrap();
            let mut events = Vec::new();
            let mut scores = Vec::new();
            for (who, history) in members.iter().enumerate() {
                events.extend(account_events(program, history, who as u32, at));
                let score = Replay::new(program, history, at).score(program, Detail::default());
                scores.push(score.as_ref().map(MemberScore::from));
            }
            let folded = account_score(program, &scores, &mut events, &[], at).unwrap();
            for (engine, got) in [("reference", reference), ("fold", folded)] {
                if let Some(why) = account_difference(program, &got, line) {
                    wrong.push(format!("{} {engine} at {at}, account {id}: {why}", folder.display()));
                }
            }
        }
    }
    wrong
}

fn account_difference(program: &Program, got: &AccountScore, line: &Json) -> Option<String> {
    let accounts = program.plan().accounts.as_ref().unwrap();
    let tier = got.tier.map(|tier| &*accounts.tiers[tier].name);
    let same = near(got.score, &line["score"])
        && tier == line["tier"].as_str()
        && line["members"] == got.members
        && same_reasons(&accounts.rules, &got.reasons, &line["reasons"]);
    (!same).then(|| format!("got {got:?}, expected {line}"))
}

fn difference(program: &Program, got: Option<Score>, expect: Option<&Json>) -> Option<String> {
    let plan = program.plan();
    let same = match (&got, expect) {
        (None, None) => true,
        (Some(score), Some(line)) => {
            let tier = match score.standing {
                Standing::None => None,
                Standing::Tier(tier) => Some(&*plan.tiers[tier].name),
                Standing::Disqualified => Some("disqualified"),
            };
            let grade =
                plan.grades.as_ref().map(|grades| score.grade.map_or("F", |place| &*grades.bounds[place].0));
            let disqualified: Vec<&str> =
                score.disqualified.iter().map(|rule| &*plan.rules.rules[*rule].id).collect();
            near(score.score, &line["score"])
                && tier == line["tier"].as_str()
                && grade == line["grade"].as_str()
                && line["disqualified"] == Json::from(disqualified)
                && plan.dimensions.iter().zip(&score.dimensions).all(|(dimension, got)| {
                    let expect = &line["dimensions"][&*dimension.id];
                    near(got.sum, &expect["sum"]) && near(got.value, &expect["value"])
                })
                && same_reasons(&plan.rules, &score.reasons, &line["reasons"])
        }
        _ => false,
    };
    (!same).then(|| format!("got {got:?}, expected {expect:?}"))
}

fn same_reasons(rules: &RuleSet, got: &[Reason], expect: &Json) -> bool {
    let expect = expect.as_array().unwrap();
    // Rules of almost equal points may stand in another order.
    got.len() == expect.len()
        && got.iter().all(|reason| {
            let line = expect.iter().find(|line| line["rule"] == *rules.rules[reason.rule].id);
            line.is_some_and(|line| {
                near(reason.points, &line["points"])
                    && line["awards"] == reason.awards
                    && reason.last.map(|last| last.to_string()).as_deref() == line["last"].as_str()
            })
        })
}

fn near(got: Micropoints, expect: &Json) -> bool {
    expect.as_f64().is_some_and(|expect| (got.as_points() - expect).abs() <= TOLERANCE)
}

fn lines(folder: &Path, file: &str) -> Vec<Json> {
    let text = fs::read_to_string(folder.join(file)).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn by_instant(lines: Vec<Json>) -> BTreeMap<Instant, Vec<Json>> {
    let mut by_instant: BTreeMap<Instant, Vec<Json>> = BTreeMap::new();
    for line in lines {
        by_instant.entry(instant(&line["as_of"])).or_default().push(line);
    }
    by_instant
}

fn instant(json: &Json) -> Instant {
    match json {
        Json::String(text) => Instant::parse(text).unwrap(),
        number => Instant::from_millis(number.as_i64().unwrap()),
    }
}

fn histories(plan: &Plan, folder: &Path) -> BTreeMap<String, History> {
    let mut histories: BTreeMap<String, History> = BTreeMap::new();
    let Schema { lead, event, context, .. } = &plan.schema;
    for line in lines(folder, "leads.jsonl") {
        let id = line["lead_id"].as_str().unwrap().to_owned();
        histories.entry(id).or_default().attributes = slots(lead, line.as_object().unwrap()).into_vec();
    }
    for (place, line) in lines(folder, "events.jsonl").into_iter().enumerate() {
        let history = histories.entry(line["lead_id"].as_str().unwrap().to_owned()).or_default();
        let empty = Map::new();
        let traits = line.get("traits").and_then(Json::as_object).unwrap_or(&empty);
        let id = line.get("id").map(|id| EventId::Text(id.as_str().unwrap().into()));
        history.events.push(Event {
            time: instant(&line["time"]),
            id: id.unwrap_or(EventId::Position(place as u64)),
            name: plan.names.id(line["event"].as_str().unwrap()),
            properties: slots(event, line.as_object().unwrap()),
            context: slots(context, line.get("context").and_then(Json::as_object).unwrap_or(&empty)),
            traits: traits.iter().filter_map(|(key, json)| Some((lead.slot(key)?, value(json)))).collect(),
        });
    }
    histories
}

fn slots(fields: &Fields, object: &Map<String, Json>) -> Box<[Option<Value>]> {
    fields.fields.iter().map(|field| object.get(&*field.name).and_then(value)).collect()
}

fn value(json: &Json) -> Option<Value> {
    Some(match json {
        Json::Null => return None,
        Json::Bool(bool) => Value::Bool(*bool),
        Json::Number(number) => {
            number.as_i64().map_or_else(|| Value::Double(number.as_f64().unwrap()), Value::Int)
        }
        Json::String(text) => Value::from(&**text),
        Json::Array(items) => Value::list(items.iter().map(|item| value(item).unwrap_or(Value::Null))),
        Json::Object(entries) => {
            Value::map(entries.iter().map(|(key, json)| (&**key, value(json).unwrap_or(Value::Null))))
        }
    })
}
