//! What the kernel's parts cost on one core: folding, scoring, `until`. Run it with `cargo bench -p kelvin-kernel`.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a bench prints times"
)]

use std::{hint::black_box, time::Instant as Clock};

use kelvin_kernel::{
    Duration, Instant, Micropoints,
    expr::Env,
    ledger::Ledger,
    plan::{
        Bands, Decay, Dimension, Effect, EventEffect, EventNames, EventRule, Hit, Limit, Matcher, MatcherId,
        NameId, Plan, Range, Rule, RuleKind, RuleSet, Schema, Tier, Weight,
    },
    program::Program,
    score::{Detail, score},
    sighting::Sighting,
    worth::Subject,
};

const LEADS: usize = 20_000;
const EVENTS_PER_LEAD: usize = 20;
const AT: i64 = 1_767_225_600_000;

fn days(days: u32) -> Duration {
    Duration::from_days(days)
}

fn rule(place: usize, dimension: usize, kind: RuleKind, cap: f64) -> Rule {
    Rule { id: format!("r{place}").into(), dimension, kind, cap: (cap > 0.0).then_some(cap) }
}

fn each(event: u16, points: f64, decay: Decay, limit: Option<Limit>) -> RuleKind {
    let effect = EventEffect::Points(points);
    RuleKind::Event(EventRule {
        hit: Hit::Each { event: MatcherId(event) },
        distinct: None,
        limit,
        decay,
        effect,
    })
}

fn hit(hit: Hit, points: f64, decay: Decay) -> RuleKind {
    RuleKind::Event(EventRule {
        hit,
        distinct: None,
        limit: None,
        decay,
        effect: EventEffect::Points(points),
    })
}

/// A plan of the usual kinds of rules, over twelve kinds of events.
fn plan() -> Plan {
    let mut names = EventNames::default();
    let mut matchers = Vec::new();
    for name in 0..12 {
        let id = names.intern(&format!("event {name}")).expect("there is room");
        matchers.push(Matcher { names: vec![id], condition: None });
    }
    let daily = |times| Some(Limit { times, per: Some(days(1)) });
    let steps = Decay::Steps(vec![(days(7), 0.75), (days(30), 0.5), (days(90), 0.0)]);
    let sequence =
        Hit::Sequence { steps: vec![MatcherId(9), MatcherId(5), MatcherId(0)], within: Some(days(14)) };
    let habit = Hit::Times { event: MatcherId(0), times: 3, within: Some(days(7)) };
    let stalled = Hit::Unless { event: MatcherId(10), unless: MatcherId(11), within: days(7) };
    let quiet = RuleKind::Inactivity {
        after: days(45),
        event: None,
        every: Some(days(30)),
        effect: Effect::Points(-10.0),
    };
    let count = RuleKind::Count {
        event: MatcherId(1),
        distinct: None,
        within: Some(days(30)),
        bands: Bands(vec![(1.0, 2.0), (3.0, 8.0)]),
    };
    let kinds = [
        (0, each(0, 15.0, Decay::HalfLife(days(14)), None), 45.0),
        (0, hit(habit, 10.0, Decay::Expire(days(60))), 0.0),
        (0, each(1, 2.0, Decay::Linear(days(60)), daily(3)), 20.0),
        (0, each(2, 1.0, Decay::HalfLife(days(30)), None), 10.0),
        (0, each(3, -10.0, Decay::Expire(days(90)), None), 20.0),
        (0, each(4, 1.0, steps, None), 10.0),
        (0, count, 0.0),
        (1, each(6, 30.0, Decay::HalfLife(days(30)), None), 0.0),
        (1, each(7, 1.0, Decay::HalfLife(days(14)), daily(1)), 5.0),
        (1, each(8, 3.0, Decay::HalfLife(days(14)), None), 15.0),
        (1, each(9, 12.0, Decay::HalfLife(days(45)), None), 30.0),
        (1, hit(sequence, 30.0, Decay::HalfLife(days(30))), 30.0),
        (1, hit(stalled, -15.0, Decay::None), 30.0),
        (1, quiet, 40.0),
    ];
    let rules = kinds
        .into_iter()
        .enumerate()
        .map(|(place, (dimension, kind, cap))| rule(place, dimension, kind, cap));
    let points = |points: i64| Micropoints(points * 1_000_000);
    let range = |min, max| Range { min: points(min), max: points(max) };
    let dimension =
        |id: &str, min, max| Dimension { id: id.into(), range: range(min, max), weight: Weight::Whole(1) };
    let tier = |name: &str, from| Tier { name: name.into(), from: points(from), needs: Vec::new() };
    Plan {
        model: "bench".into(),
        range: range(0, 100),
        applies: None,
        schema: Schema::default(),
        names,
        dimensions: vec![dimension("web", -20, 50), dimension("engagement", -50, 60)],
        rules: RuleSet { matchers, captures: Vec::new(), rules: rules.collect(), observations: Vec::new() },
        grades: None,
        tiers: vec![tier("nurture", 1), tier("mql", 50), tier("sql", 75)],
        accounts: None,
    }
}

/// Events of each lead in order, from a small generator: kinds and times over the year before.
fn histories(program: &Program) -> Vec<Vec<(Instant, Sighting)>> {
    let rules = program.lead_rules();
    let sightings: Vec<Sighting> =
        (0..13).map(|name| Sighting::of(rules, NameId(name), &Env::default())).collect();
    let mut state = 7_u64;
    let mut next = |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    let mut history = || {
        let mut times: Vec<i64> = (0..EVENTS_PER_LEAD).map(|_| AT - next(365 * 86_400_000) as i64).collect();
        times.sort_unstable();
        times
            .into_iter()
            .map(|time| (Instant::from_millis(time), sightings[next(13) as usize].clone()))
            .collect()
    };
    (0..LEADS).map(|_| history()).collect()
}

fn timed(what: &str, per: usize, mut run: impl FnMut()) {
    run();
    let start = Clock::now();
    run();
    println!("{what:<28} {:>9.1} ns", start.elapsed().as_nanos() as f64 / per as f64);
}

fn main() {
    let program = Program::new(plan());
    let rules = program.lead_rules();
    let histories = histories(&program);
    let at = Instant::from_millis(AT);
    let mut ledger = Ledger::new(rules);
    timed("apply, per event", LEADS * EVENTS_PER_LEAD, || {
        for history in &histories {
            ledger.clear();
            for (time, sighting) in history {
                ledger.apply(rules, *time, 0, sighting);
            }
            black_box(&ledger);
        }
    });
    let fold = |history: &Vec<(Instant, Sighting)>| {
        let mut ledger = Ledger::new(rules);
        history.iter().for_each(|(time, sighting)| ledger.apply(rules, *time, 0, sighting));
        ledger.settle(rules, at);
        ledger
    };
    let ledgers: Vec<Ledger> = histories.iter().map(fold).collect();
    let details = [
        ("score, per lead", Detail::default()),
        ("with reasons", Detail { reasons: true, until: false }),
        ("with until", Detail { reasons: false, until: true }),
    ];
    for (what, detail) in details {
        timed(what, LEADS, || {
            for ledger in &ledgers {
                let subject = Subject { ledger, lead: &[], account: &[], at };
                black_box(score(&program, &subject, detail));
            }
        });
    }
    let standing = |ledger: &Ledger| {
        let subject = Subject { ledger, lead: &[], account: &[], at };
        score(&program, &subject, Detail { until: true, reasons: false })
    };
    let scores: Vec<_> = ledgers.iter().filter_map(standing).collect();
    let changing = scores.iter().filter(|score| score.until.is_some()).count();
    println!("{:<28} {:>9.1} %", "leads with an until", 100.0 * changing as f64 / LEADS as f64);
}
