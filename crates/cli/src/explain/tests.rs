//! Explanations of a lead of a small plan, as people and programs see them.

use kelvin_kernel::{
    Duration, Instant, Micropoints,
    history::{Event, EventId, History},
    plan::{
        Decay, Dimension, Effect, EventEffect, EventNames, EventRule, Hit, Matcher, MatcherId, NameId, Plan,
        Range, Rule, RuleKind, RuleSet, Schema, Tier, Weight,
    },
    program::Program,
    value::Value,
};

use super::{Explanation, json, ledger, phrases::Phrases};
use crate::terminal::Terminal;

const DAY: i64 = 86_400_000;

fn plan() -> Plan {
    let mut names = EventNames::default();
    let mut matcher =
        |name: &str| Matcher { names: names.intern(name).into_iter().collect(), condition: None };
    let matchers = vec![matcher("demo"), matcher("visit")];
    let event = |event: u16, times: u32, points: f64, decay| {
        let event = MatcherId(event);
        let hit = if times == 1 { Hit::Each { event } } else { Hit::Times { event, times, within: None } };
        RuleKind::Event(EventRule {
            hit,
            distinct: None,
            limit: None,
            decay,
            effect: EventEffect::Points(points),
        })
    };
    let quiet = RuleKind::Inactivity {
        after: Duration::from_days(30),
        event: None,
        every: None,
        effect: Effect::Points(-20.0),
    };
    let rule = |id: &str, kind, cap| Rule { id: id.into(), dimension: 0, kind, cap };
    let half_life = Decay::HalfLife(Duration::from_days(30));
    let tier = |name: &str, from: i64| Tier {
        name: name.into(),
        from: Micropoints(from * 1_000_000),
        needs: vec![],
    };
    Plan {
        model: "small".into(),
        range: Range { min: Micropoints(0), max: Micropoints(100_000_000) },
        applies: None,
        schema: Schema::default(),
        rules: RuleSet {
            observations: Vec::new(),
            matchers,
            captures: vec![],
            rules: vec![
                rule("demo", event(0, 1, 30.0, half_life), None),
                rule("habit", event(1, 3, 10.0, Decay::None), Some(15.0)),
                rule("quiet", quiet, None),
            ],
        },
        names,
        dimensions: vec![Dimension { id: "web".into(), range: Range::UNBOUNDED, weight: Weight::Whole(1) }],
        grades: None,
        tiers: vec![tier("mql", 20), tier("sql", 50)],
        accounts: None,
    }
}

/// So many events of a name, one every hour from `day` on.
fn events(name: NameId, day: i64, number: i64) -> Vec<Event> {
    let event = |nth: i64| Event {
        time: Instant::from_millis(day * DAY + nth * 3_600_000),
        id: EventId::Text(format!("{}-{day}-{nth}", name.0).into()),
        name,
        properties: Box::new([]),
        context: Box::new([]),
        traits: Box::new([]),
    };
    (0..number).map(event).collect()
}

fn history(plan: &Plan) -> History {
    let (demo, visit) = (plan.names.id("demo"), plan.names.id("visit"));
    History { events: [events(demo, 20_000, 1), events(visit, 20_010, 6)].concat(), ..History::default() }
}

fn page(at: i64, full: bool) -> String {
    let plan = plan();
    let history = history(&plan);
    let program = Program::new(plan);
    let terminal = Terminal { interactive: true, width: 72, colour: false, unicode: true };
    let at = Instant::from_millis(at);
    let phrases = Phrases::default();
    let explanation =
        Explanation::new((&program, &phrases), ("l\x1b1", &history), at, ledger::samples(&terminal)).unwrap();
    ledger::Page { explanation: &explanation, terminal: &terminal, full }.render()
}

#[test]
fn an_explanation_shows_awards_caps_curve_and_ways_up() {
    let text = page(20_030 * DAY, false);
    assert_eq!(
        text,
        "\
l�1  small  2024-11-03T00:00:00Z

score 30   mql
no tier from 2024-11-13T05:00:00Z on (in 10d5h), if nothing else happens

web  30
  demo   +15  1 award
      2024-10-04T00:00:00Z  30d ago  +30  × 0.5000  = 15
  habit  +15  2 awards
      2024-10-14T05:00:00Z  19d19h ago  +10
      2024-10-14T02:00:00Z  19d22h ago  +10
      cut from 20 by its cap of 15

nothing from quiet

50 ┤┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄╎┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄ sql
   │                    ╎
   │               ⢸⠢⢄  ╎
   │             ⢀ ⢸  ⠑⠢⢄⡀
   │             ⢸⠑⠜    ╎⠈⡆
20 ┤┄┄┄┄┄┄┄┄┄┄┄┄┄⢸┄┄┄┄┄┄╎┄⡇┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄ mql
   │             ⢸      ╎ ⡇
   │             ⢸      ╎ ⢇⣀
 0 │⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⡸      ╎   ⠉⠑⠒⠤⠤⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀
    2024-08-05      2024-11-03    2025-02-01

the least that would make it sql now:
  60  sql (+30)  1x demo
"
    );
}

#[test]
fn a_lead_that_went_quiet_is_lifted_by_any_event() {
    let text = page(20_045 * DAY, false);
    assert_eq!(
        text,
        "\
l�1  small  2024-11-18T00:00:00Z

score 5.606602   no tier
no other tier within 366 days, if nothing else happens

web  5.606602
  demo   +10.606602  1 award
      2024-10-04T00:00:00Z  45d ago  +30  × 0.3536  = 10.606602
  habit         +15  2 awards
      2024-10-14T05:00:00Z  34d19h ago  +10
      2024-10-14T02:00:00Z  34d22h ago  +10
      cut from 20 by its cap of 15
  quiet         -20  nothing since 2024-10-14T05:00:00Z, 34d19h ago

50 ┤┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄╎┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄ sql
   │                    ╎
   │            ⢰⠢⡀     ╎
   │          ⣄ ⢸ ⠈⠑⠢⣀  ╎
   │          ⡇⠑⠜     ⠉⡆╎
20 ┤┄┄┄┄┄┄┄┄┄┄⡇┄┄┄┄┄┄┄┄⡇╎┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄ mql
   │          ⡇        ⡇╎
   │          ⡇        ⢇⡀
 0 │⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⠇         ⠈⠉⠒⠒⠤⠤⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀
    2024-08-20      2024-11-18    2025-02-16

the least that would make it mql now:
  25.61  mql (+20)  any event
  55.61  sql (+50)  1x demo
"
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "the whole object is compared")]
fn an_explanation_is_an_object_for_other_programs() {
    let plan = plan();
    let history = history(&plan);
    let program = Program::new(plan);
    let at = Instant::from_millis(20_030 * DAY);
    let phrases = Phrases::default();
    let explanation = Explanation::new((&program, &phrases), ("l1", &history), at, 3).unwrap();
    let text = serde_json::to_string_pretty(&json::object(&explanation)).unwrap();
    assert_eq!(
        text,
        r#"{
  "lead_id": "l1",
  "model": "small",
  "as_of": "2024-11-03T00:00:00Z",
  "score": 30,
  "tier": "mql",
  "grade": null,
  "disqualified": [],
  "until": "2024-11-13T05:00:00Z",
  "then": null,
  "dimensions": {
    "web": {
      "sum": 30,
      "value": 30,
      "rules": [
        {
          "rule": "demo",
          "points": 15,
          "uncapped": 15,
          "disqualifies": false,
          "awards": [
            {
              "time": "2024-10-04T00:00:00Z",
              "points": 30,
              "factor": 0.5,
              "worth": 15
            }
          ]
        },
        {
          "rule": "habit",
          "points": 15,
          "uncapped": 20,
          "disqualifies": false,
          "awards": [
            {
              "time": "2024-10-14T02:00:00Z",
              "points": 10,
              "factor": 1.0,
              "worth": 10
            },
            {
              "time": "2024-10-14T05:00:00Z",
              "points": 10,
              "factor": 1.0,
              "worth": 10
            }
          ]
        },
        {
          "rule": "quiet",
          "points": 0,
          "uncapped": 0,
          "disqualifies": false,
          "silent_since": "2024-10-14T05:00:00Z"
        }
      ]
    }
  },
  "curve": [
    {
      "at": "2024-08-05T00:00:00Z",
      "score": 0,
      "tier": null
    },
    {
      "at": "2024-11-03T00:00:00Z",
      "score": 30,
      "tier": "mql"
    },
    {
      "at": "2025-02-01T00:00:00Z",
      "score": 0,
      "tier": null
    }
  ],
  "actions": [
    {
      "steps": [
        {
          "times": 1,
          "event": [
            "demo"
          ],
          "rule": "demo"
        }
      ],
      "score": 60,
      "tier": "sql"
    }
  ]
}"#
    );
}

#[test]
fn ways_up_are_told_in_the_models_own_words() {
    let yaml = "\
kelvin: 1
model: words
dimensions:
  fit:
    rules:
      - {id: boss, if: 'lead.title == \"CEO\"', points: 20}
      - {id: size, value: lead.employees, bands: {1: 0, 50: 5, 500: 15}}
      - {id: industry, value: lead.industry, table: {Software: 10, Finance: 20}, else: -5}
      - {id: rival, if: 'lead.email == \"x\"', disqualify: true}
  web:
    range: [0, 40]
    rules:
      - {id: pricing, event: page, if: 'event.path.startsWith(\"/pricing\")', points: 5}
      - {id: assets, event: Asset Downloaded, distinct: event.asset, points: 10}
      - id: path
        sequence: [{event: Webinar Attended}, {event: page, if: 'event.path == \"/buy\"'}]
        within: 14d
        points: 30
      - {id: big, event: Quote, points: 'event.seats >= 100 ? 25 : 10'}
      - {id: visits, event: page, within: 30d, bands: {1: 1, 3: 10}}
tiers:
  - {name: mql, from: 20}
  - {name: sql, from: 60, needs: {fit: 20}}
";
    let loaded = kelvin_model::load("m.yaml", yaml);
    assert_eq!(loaded.render(false), "");
    let plan = loaded.plan.unwrap();
    let webinar = events(plan.names.id("Webinar Attended"), 20_000, 1);
    let mut history = History { events: webinar, ..History::default() };
    history.attributes.resize(plan.schema.lead.fields.len(), None);
    history.attributes[plan.schema.lead.slot("industry").unwrap()] = Some(Value::String("Retail".into()));
    let phrases = Phrases::new(&loaded.model);
    let program = Program::new(plan);
    let terminal = Terminal { interactive: true, width: 100, colour: false, unicode: true };
    let at = Instant::from_millis(20_001 * DAY);
    let explanation = Explanation::new((&program, &phrases), ("l1", &history), at, 40).unwrap();
    let text = ledger::Page { explanation: &explanation, terminal: &terminal, full: false }.render();
    assert_eq!(
        text,
        r#"l1  words  2024-10-05T00:00:00Z

score -5   no tier
no other tier within 366 days, if nothing else happens

fit  -5
  industry  -5  lead.industry is "Retail"

web  0

nothing from boss, size, rival, pricing, assets, path, big, visits

60 ┤┄┄┄┄┄┄┄┄┄┄╎┄┄┄┄┄┄┄┄┄ sql
   │          ╎
   │          ╎
   │          ╎
   │          ╎
20 ┤┄┄┄┄┄┄┄┄┄┄╎┄┄┄┄┄┄┄┄┄ mql
   │          ╎
   │          ╎
-5 │⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀
    2024-07-07 2024-10-05 2025-01-03

the least that would make it mql now:
  20  mql (+25)  lead.industry is "Finance"
  26  mql (+31)  1x page if event.path == "/buy"
  20  mql (+25)  lead.title == "CEO", lead.employees at least 50
  20  mql (+25)  lead.employees at least 500, 1x Asset Downloaded, event.asset not seen before
  20  mql (+25)  lead.industry is "Software", 1x Asset Downloaded, event.asset not seen before
"#
    );
}
