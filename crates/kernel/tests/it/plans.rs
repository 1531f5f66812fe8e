//! Random plans and histories: few event names and coarse times, so that rules fire and instants collide.

use kelvin_kernel::{
    Duration, Instant, Micropoints, Value,
    expr::{Expr, Node, Root},
    history::{Event, EventId, History},
    plan::{
        AccountPlan, Bands, Capture, CaptureId, Combine, Decay, Dimension, Effect, EventEffect, EventNames,
        EventRule, Field, Grades, Hit, Limit, Matcher, MatcherId, NameId, Plan, Purpose, Range, Rule,
        RuleKind, RuleSet, Schema, Tier, Usage, Weight,
    },
};
use proptest::{collection::vec, option, prelude::*, sample::select};

use super::predictors::{ATTRIBUTES, added, with_prediction};

const HOUR: i64 = 3_600_000;
const NAMES: [&str; 4] = ["page", "click", "demo", "trial"];

/// The instant from which events are counted in hours.
pub(crate) const START: i64 = 1_767_225_600_000;

/// An instant, in hours from the start.
pub(crate) fn hour(hours: i64) -> Instant {
    Instant::from_millis(START + hours * HOUR)
}

/// A duration of a few hours or days.
fn duration() -> impl Strategy<Value = Duration> {
    select(vec![1, 2, 5, 24, 48, 100, 720]).prop_map(|hours| Duration::from_millis(hours * HOUR))
}

fn points() -> impl Strategy<Value = f64> {
    select(vec![-25.0, -10.0, -1.5, 1.0, 3.0, 9.5, 15.0, 30.0])
}

/// Matchers: one for each name, then one for pairs of names. None has a condition.
fn matchers() -> Vec<Matcher> {
    let single = (1..=NAMES.len() as u16).map(|name| vec![NameId(name)]);
    let pairs = [vec![NameId(1), NameId(2)], vec![NameId(3), NameId(4), NameId(0)]];
    single.chain(pairs).map(|names| Matcher { names, condition: None }).collect()
}

/// For each matcher, what tells its events apart: their first property.
fn captures() -> Vec<Capture> {
    let of = |on| Capture { on, expr: Expr::new(Node::Field(Root::Event, 0)), purpose: Purpose::Distinct };
    (0..6).map(MatcherId).map(of).collect()
}

/// The capture that reads the events of a hit, if they are to be told apart.
fn distinct(hit: &Hit, wanted: bool) -> Option<CaptureId> {
    match hit {
        Hit::Each { event } | Hit::Times { event, .. } | Hit::Unless { event, .. } if wanted => {
            Some(CaptureId(event.0))
        }
        _ => None,
    }
}

fn matcher() -> impl Strategy<Value = MatcherId> {
    (0..6_u16).prop_map(MatcherId)
}

fn hit() -> impl Strategy<Value = Hit> {
    prop_oneof![
        matcher().prop_map(|event| Hit::Each { event }),
        (matcher(), 1..4_u32, option::of(duration())).prop_map(|(event, times, within)| Hit::Times {
            event,
            times,
            within
        }),
        (matcher(), matcher(), duration()).prop_map(|(event, unless, within)| Hit::Unless {
            event,
            unless,
            within
        }),
        (vec(matcher(), 2..4), option::of(duration()))
            .prop_map(|(steps, within)| Hit::Sequence { steps, within }),
    ]
}

fn decay() -> impl Strategy<Value = Decay> {
    prop_oneof![
        Just(Decay::None),
        duration().prop_map(Decay::HalfLife),
        duration().prop_map(Decay::Linear),
        duration().prop_map(Decay::Expire),
        (1..90_u32).prop_map(|days| Decay::Steps(vec![
            (Duration::from_days(days), 0.75),
            (Duration::from_days(2 * days), 1.25),
            (Duration::from_days(3 * days), 0.0),
        ])),
        duration().prop_map(|every| Decay::Lose { lose: 0.25, every }),
    ]
}

fn limit() -> impl Strategy<Value = Option<Limit>> {
    option::of((1..4_u32, option::of(duration())).prop_map(|(times, per)| Limit { times, per }))
}

fn event_rule() -> impl Strategy<Value = RuleKind> {
    let effect = prop_oneof![6 => points().prop_map(Some), 1 => Just(None)];
    (hit(), any::<bool>(), limit(), decay(), effect).prop_map(|(hit, wanted, limit, decay, points)| {
        let (effect, decay) = match (points, decay) {
            (Some(points), decay) => (EventEffect::Points(points), decay),
            (None, Decay::Expire(length)) => (EventEffect::Disqualify, Decay::Expire(length)),
            (None, _) => (EventEffect::Disqualify, Decay::None),
        };
        let distinct = distinct(&hit, wanted);
        RuleKind::Event(EventRule { hit, distinct, limit, decay, effect })
    })
}

fn rule_kind() -> impl Strategy<Value = RuleKind> {
    let bands = Bands(vec![(1.0, 2.0), (3.0, 8.0), (6.0, -4.0)]);
    prop_oneof![
        6 => event_rule(),
        1 => (matcher(), any::<bool>(), option::of(duration())).prop_map(move |(event, wanted, within)| {
            let distinct = distinct(&Hit::Each { event }, wanted);
            RuleKind::Count { event, distinct, within, bands: bands.clone() }
        }),
        1 => (duration(), option::of(matcher()), option::of(duration()), points()).prop_map(
            |(after, event, every, points)| RuleKind::Inactivity { after, event, every, effect: Effect::Points(points) }
        ),
    ]
}

fn range() -> impl Strategy<Value = Range> {
    prop_oneof![
        Just(Range::UNBOUNDED),
        Just(Range { min: Micropoints(0), max: Micropoints(60_000_000) }),
        Just(Range { min: Micropoints(-30_000_000), max: Micropoints(100_000_000) }),
    ]
}

fn dimension(place: usize) -> impl Strategy<Value = Dimension> {
    let weight = prop_oneof![
        3 => Just(Weight::Whole(1)), 1 => Just(Weight::Whole(-2)), 1 => Just(Weight::Real(0.3)),
    ];
    (range(), weight).prop_map(move |(range, weight)| Dimension {
        id: format!("d{place}").into(),
        range,
        weight,
    })
}

fn rules(dimensions: usize) -> impl Strategy<Value = Vec<Rule>> {
    let cap = option::of(select(vec![5.0, 20.0, 45.0]));
    let rule = (rule_kind(), 0..dimensions, cap);
    vec(rule, 1..8).prop_map(|rules| {
        let rule =
            |(place, (kind, dimension, cap))| Rule { id: format!("r{place}").into(), dimension, kind, cap };
        rules.into_iter().enumerate().map(rule).collect()
    })
}

fn set(rules: Vec<Rule>) -> RuleSet {
    RuleSet { matchers: matchers(), captures: captures(), rules, observations: Vec::new() }
}

/// A plan with any of the rule kinds that need no condition.
pub(crate) fn plan() -> impl Strategy<Value = Plan> {
    (dimension(0), dimension(1), range(), rules(2), rules(1), added()).prop_map(
        |(first, second, range, rules, own, added)| {
            let mut names = EventNames::default();
            NAMES.iter().for_each(|name| assert!(names.intern(name).is_some()));
            let mut schema = Schema::default();
            ATTRIBUTES.iter().for_each(|name| assert!(schema.lead.intern(name) > Schema::ACCOUNT_ID));
            schema.event.fields.push(Field { name: "asset".into(), usage: Usage::Unknown });
            let points = |points: i64| Micropoints(points * 1_000_000);
            let tier = |name: &str, from, needs| Tier { name: name.into(), from: points(from), needs };
            Plan {
                model: "random".into(),
                range,
                applies: None,
                schema,
                names,
                dimensions: vec![first, second],
                rules: with_prediction(added, set(rules), NAMES.len() as u16),
                grades: Some(Grades {
                    of: 0,
                    bounds: vec![("A".into(), points(20)), ("B".into(), points(0))],
                }),
                tiers: vec![
                    tier("nurture", 1, Vec::new()),
                    tier("mql", 15, Vec::new()),
                    tier("sql", 40, vec![(1, points(5))]),
                ],
                accounts: Some(AccountPlan {
                    key: None,
                    combine: Combine::Top(2),
                    range: Range::UNBOUNDED,
                    rules: RuleSet {
                        matchers: matchers(),
                        captures: captures(),
                        rules: own,
                        observations: Vec::new(),
                    },
                    tiers: vec![tier("target", 30, Vec::new())],
                }),
            }
        },
    )
}

/// A property of an event: values of which some are equal though they look different.
fn asset() -> impl Strategy<Value = Option<Value>> {
    let list = |item: Value| Value::list([item]);
    select(vec![
        None,
        Some(Value::Int(1)),
        Some(Value::Double(1.0)),
        Some(Value::Double(f64::NAN)),
        Some("1".into()),
        Some("a".into()),
        Some(list(Value::Int(1))),
        Some(list(Value::Double(1.0))),
    ])
}

/// Up to forty events over six days, some of them at one instant and some with the id of another.
pub(crate) fn history() -> impl Strategy<Value = History> {
    let event = (0..150_i64, 0..=NAMES.len() as u16 + 1, 0..60_u32, prop::bool::weighted(0.8), asset());
    let created = option::of(0..400_i64);
    let trial =
        option::of(select(vec!["2026-01-02", "2026-01-05T10:00:00Z", "unknown", "soon", "2026-03-01"]));
    (vec(event, 0..40), created, option::of(1..800_i64), trial).prop_map(
        |(events, created, employees, trial)| {
            let event = |(place, (at, name, id, on_the_hour, asset))| {
                let minutes = if on_the_hour { 0 } else { i64::from(id) * 60_000 };
                Event {
                    time: Instant::from_millis(hour(at).as_millis() + minutes),
                    id: match id {
                        0..40 => EventId::Text(format!("e{id}").into()),
                        _ => EventId::Position(place as u64),
                    },
                    name: if usize::from(name) > NAMES.len() { NameId::OTHER } else { NameId(name) },
                    properties: Box::new([asset]),
                    context: Box::default(),
                    traits: match place % 7 {
                        3 => Box::new([(2, Some(Value::Int(place as i64 * 20)))]),
                        _ => Box::default(),
                    },
                }
            };
            let created = created.map(|at| Value::Int(hour(at).as_millis()));
            History {
                attributes: vec![created, None, employees.map(Value::Int), trial.map(Value::from)],
                account: Vec::new(),
                events: events.into_iter().enumerate().map(event).collect(),
            }
        },
    )
}
