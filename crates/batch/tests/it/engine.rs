//! The engine finds what a replay of each history finds, however it is run.

use kelvin_batch::Models;
use kelvin_kernel::{
    Instant,
    account::{MemberScore, account_events, account_of, account_score},
    program::Program,
    replay::Replay,
    score::Detail,
};

use crate::{
    generate::{Random, START, rows},
    support::{Found, How, PLAIN, Rows, histories, programs, run},
};

const EVERY_RULE: &str = r#"
kelvin: 1
model: every-rule
applies: lead.plan != "free" || lead.employees > 50
dimensions:
  fit:
    rules:
      - {id: size, value: lead.employees, bands: {1: 0, 50: 5, 250: 10}}
      - {id: plan, value: lead.plan, table: {pro: 10}, else: -5}
      - {id: known, if: has(lead.email), points: 3}
  web:
    range: [-20, 50]
    rules:
      - {id: pricing, event: page, if: 'event.path.startsWith("/pricing")', points: 15, decay: {half_life: 14d}, cap: 45}
      - {id: habit, event: page, if: 'event.path.startsWith("/pricing")', times: 2, within: 3d, points: 10}
      - {id: docs, event: page, if: 'event.path.startsWith("/docs")', points: 2, limit: {times: 2, per: 2d}, decay: {linear: 60d}}
      - {id: long, event: page, if: 'event.duration > 60', points: 1, decay: {steps: {7d: 0.75, 30d: 0.5}}}
      - {id: both, event: [page, form], if: 'event.duration > 30 && context.campaign == "spring"', points: 4}
      - {id: many, event: page, within: 9d, bands: {1: 2, 3: 8}}
  engagement:
    rules:
      - {id: assets, event: download, distinct: event.asset, points: 8, decay: {expire: 9d}}
      - {id: path, sequence: [{event: webinar}, {event: page, if: 'event.path == "/docs/a"'}, {event: page}], within: 9d, points: 30}
      - {id: stalled, event: trial, unless: {event: project}, within: 3d, points: -15}
      - {id: deal, event: quote, points: 'event.seats >= 100 ? 25 : 10'}
      - {id: quiet, inactive: 4d, points: -10, every: 2d, cap: 40}
      - {id: no-form, inactive: 5d, event: form, points: -1}
      - {id: spam, event: spam, disqualify: true, decay: {expire: 5d}}
tiers: [{name: nurture, from: 1}, {name: mql, from: 20, needs: {fit: 5}}]
grades: {of: fit, A: 10, B: 5}
"#;

/// Conditions on events that look at the lead as of then.
const LOOKS_AT_LEAD: &str = r#"
kelvin: 1
model: looks-at-lead
dimensions:
  engagement:
    rules:
      - {id: pro-page, event: page, if: 'lead.plan == "pro" && event.path.startsWith("/pricing")', points: 10}
      - {id: by-size, event: download, points: 'lead.employees > 50 ? 7 : 2'}
      - {id: quiet, inactive: 4d, points: -10}
"#;

/// A model that needs few events.
const SPARSE: &str = r#"
kelvin: 1
model: sparse
dimensions:
  engagement:
    rules:
      - {id: quote, event: quote, distinct: event.seats, points: 5}
"#;

const ACCOUNTS: &str = r#"
kelvin: 1
model: accounts
dimensions:
  web:
    rules:
      - {id: page, event: page, points: 10}
accounts:
  key: emailDomain(lead.email)
  combine: {top: 2}
  rules:
    - {id: committee, event: [download, webinar], people: 2, within: 5d, points: 40}
    - {id: wide, event: page, if: 'event.path.startsWith("/pricing")', points: 1}
    - {id: quiet, inactive: 6d, points: -3}
  tiers: [{name: target, from: 60}]
"#;

const DETAIL: Detail = Detail { until: false, reasons: true };

fn hows() -> Vec<How> {
    let spill = How { memory: 0, ..PLAIN };
    vec![
        PLAIN,
        How { partitions: 16, chunk: 7, ..PLAIN },
        How { partitions: 4, chunk: 10, backwards: true, ..spill },
        How { threads: 2, partitions: 8, chunk: 3, ..PLAIN },
        How { threads: 3, partitions: 2, chunk: 5, backwards: true, ..spill },
        How { threads: 2, partitions: 4, chunk: 9, memory: 2000, ..PLAIN },
    ]
}

/// What the kernel finds, history by history.
fn replayed(programs: &[Program], rows: &Rows, at: Instant, accounts: bool) -> Found {
    let models = Models::new(programs, accounts).unwrap();
    let (mut leads, mut of_accounts) = (Vec::new(), Vec::new());
    let histories = histories(rows);
    for (lead, history) in &histories {
        for (model, program) in programs.iter().enumerate() {
            let projected = project(&models, model, history);
            if let Some(score) = Replay::new(program, &projected, at).score(program, DETAIL) {
                leads.push((lead.clone(), model, score));
            }
        }
    }
    for (model, program) in programs.iter().enumerate().filter(|_| accounts) {
        let mut by_account = std::collections::BTreeMap::new();
        for history in histories.values() {
            let projected = project(&models, model, history);
            let replay = Replay::new(program, &projected, at);
            let Some(account) = account_of(program, &replay.subject()) else { continue };
            let score = replay.score(program, DETAIL);
            by_account.entry(account).or_insert_with(Vec::new).push((projected.clone(), score));
        }
        for (account, members) in by_account {
            let mut events = Vec::new();
            for (who, (history, _)) in members.iter().enumerate() {
                events.extend(account_events(program, history, who as u32, at));
            }
            let scores: Vec<_> =
                members.iter().map(|(_, score)| score.as_ref().map(MemberScore::from)).collect();
            if let Some(score) = account_score(program, &scores, &mut events, &[], at) {
                of_accounts.push((account, model, score));
            }
        }
    }
    of_accounts.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
    (leads, of_accounts)
}

/// A history in the slots of one of several models.
fn project(
    models: &Models<'_>,
    model: usize,
    history: &kelvin_kernel::history::History,
) -> kelvin_kernel::history::History {
    let places = models.places(model);
    let pick = |values: &[Option<kelvin_kernel::Value>], places: &[usize]| {
        places.iter().map(|place| values.get(*place).cloned().flatten()).collect::<Vec<_>>()
    };
    let mut projected = history.clone();
    projected.attributes = pick(&history.attributes, &places.lead);
    projected.account = pick(&history.account, &places.account);
    for event in &mut projected.events {
        event.name = places.name(event.name);
        event.properties = pick(&event.properties, &places.event).into();
        event.context = pick(&event.context, &places.context).into();
        let own = |slot: usize| places.lead.iter().position(|place| *place == slot);
        let traits = event.traits.iter().filter_map(|(slot, value)| Some((own(*slot)?, value.clone())));
        event.traits = traits.collect();
    }
    projected
}

fn check(models: &[&str], accounts: bool) {
    let programs = programs(models);
    for seed in 0..60 {
        let mut random = Random::new(seed);
        let ids = seed % 2 == 1;
        let wanted = Models::new(&programs, accounts).unwrap();
        let rows = rows(&mut random, &wanted, ids);
        let at = Instant::from_millis(START + random.below(500) as i64 * 3_600_000);
        let expect = replayed(&programs, &rows, at, accounts);
        for how in hows() {
            let found = run(&programs, &rows, at, accounts, how);
            assert_eq!(found, expect, "seed {seed}, {how:?}");
        }
    }
}

#[test]
fn every_rule_is_scored_as_in_a_replay() {
    check(&[EVERY_RULE], false);
}

#[test]
fn conditions_on_the_lead_are_tried_on_its_attributes_as_of_the_event() {
    check(&[LOOKS_AT_LEAD], false);
}

#[test]
fn several_models_are_scored_in_one_pass() {
    check(&[SPARSE, EVERY_RULE, LOOKS_AT_LEAD, SPARSE], false);
}

#[test]
fn a_lead_of_whom_nothing_matters_has_a_score() {
    check(&[SPARSE], false);
}

#[test]
fn accounts_are_scored_over_their_members() {
    check(&[ACCOUNTS], true);
    check(&[SPARSE, ACCOUNTS, LOOKS_AT_LEAD], true);
}
