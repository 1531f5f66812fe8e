//! Segment calls to send: made of files, and made up.

use serde_json::{Map, Value as Json, json};

/// A model that looks at a call from all sides.
pub(crate) const MODEL: &str = r#"
kelvin: 1
model: all-sides
applies: has(lead.region) == false || lead.region != "test"
dimensions:
  fit:
    rules:
      - {id: senior, if: 'seniority(lead.title) in ["c_level", "vp", "director"]', points: 20}
      - {id: size, value: lead.employees, bands: {1: 1, 50: 5, 500: 15}}
      - {id: known, if: '"title" in lead', points: 2}
      - {id: fresh, if: daysSince(lead.created_at) < 30, points: 4}
      - {id: large-account, if: account.employees >= 100, points: 7}
      - {id: paying-account, if: account.plan == "paid" && size(account) > 1, points: 3}
      - {id: unsubscribed, if: lead.unsubscribed == true, disqualify: true}
  web:
    rules:
      - {id: pricing, event: page, if: 'event.path.startsWith("/pricing")', points: 15, decay: {half_life: 14d}, cap: 45}
      - {id: named-page, event: [page, screen], if: 'event.name == "Docs" || event.category == "Docs"', points: 1}
      - {id: rich, event: [page, Asset Downloaded], if: size(event) > 2, points: 2, decay: {linear: 20d}}
      - {id: assets, event: Asset Downloaded, distinct: event.asset, limit: {times: 3, per: 30d}, points: 10}
      - {id: campaign, event: page, if: 'context.campaign.name == "spring"', points: 6, decay: {expire: 9d}}
      - {id: habit, event: page, times: 3, within: 7d, points: 10}
      - {id: quote, event: Quote Requested, points: 'event.seats >= 100 ? 25 : 10'}
      - {id: pro-page, event: page, if: 'lead.plan == "pro"', points: 3}
      - {id: big-account-page, event: page, if: account.employees >= 100, points: 2}
      - id: path
        sequence: [{event: Asset Downloaded}, {event: page}]
        within: 5d
        points: 8
      - {id: stalled, event: Trial Started, unless: {event: Project Created}, within: 7d, points: -15}
      - {id: joined, event: group, points: 1}
      - {id: quiet, inactive: 10d, points: -3, every: 10d, cap: 12}
tiers:
  - {name: warm, from: 20}
  - {name: hot, from: 50, needs: {fit: 10}}
grades: {of: fit, A: 20, B: 5, C: 0}
"#;

/// Leads and events of files as the calls that would have brought them.
pub(crate) fn from_files(leads: &[Json], events: &[Json]) -> Vec<Json> {
    let lead = |(number, lead): (usize, &Json)| {
        json!({"type": "identify", "userId": lead["lead_id"], "messageId": format!("lead-{number}"),
            "timestamp": "2000-01-01T00:00:00Z", "traits": without(lead, &["lead_id"])})
    };
    let event = |event: &Json| {
        let name = event["event"].as_str().unwrap_or_default();
        let mut call = json!({"userId": event["lead_id"], "timestamp": event["time"]});
        for (key, of) in [("id", "messageId"), ("context", "context")] {
            if let Some(value) = event.get(key) {
                call[of] = value.clone();
            }
        }
        let own = without(event, &["lead_id", "time", "event", "id", "context", "traits"]);
        match name {
            "identify" => (call["type"], call["traits"]) = (json!(name), event["traits"].clone()),
            "page" | "screen" => (call["type"], call["properties"]) = (json!(name), own),
            name => {
                (call["type"], call["properties"]) = (json!("track"), own);
                call["event"] = json!(name);
            }
        }
        call
    };
    leads.iter().enumerate().map(lead).chain(events.iter().map(event)).collect()
}

fn without(object: &Json, keys: &[&str]) -> Json {
    let mut object = object.as_object().cloned().unwrap_or_default();
    object.retain(|key, _| !keys.contains(&key.as_str()));
    Json::Object(object)
}

/// Calls of every kind as clients in the wild send them: late, twice, with gaps and of odd types.
pub(crate) fn generated(seed: u64, count: usize) -> Vec<Json> {
    let mut dice = Dice(seed);
    (0..count).map(|number| call(&mut dice, number)).collect()
}

fn call(dice: &mut Dice, number: usize) -> Json {
    let kind = dice.of(&["track", "track", "page", "page", "page", "screen", "identify", "group", "alias"]);
    let mut call = json!({"type": kind, "timestamp": dice.time()});
    let lead = dice.of(&["ada", "bob", "eve", "zoë/ü 1"]);
    match dice.roll(6) {
        0 => call["userId"] = json!(7),
        1 => (call["userId"], call["anonymousId"]) = (Json::Null, json!("visitor")),
        _ => call["userId"] = json!(lead),
    }
    match dice.roll(5) {
        // Of a `group` call that comes twice with other traits, files take what the second says of the account.
        _ if kind == "group" => call["messageId"] = json!(format!("group-{number}")),
        0 => {}
        1 => call["messageId"] = json!(number.saturating_sub(dice.roll(20))),
        _ => call["messageId"] = json!(format!("id-{}", number.saturating_sub(dice.roll(3)))),
    }
    if dice.roll(2) == 0 {
        let campaign = dice.of(&["spring", "autumn"]);
        call["context"] = json!({"campaign": {"name": campaign}, "ip": "192.0.2.1"});
    }
    match kind {
        "track" => {
            call["event"] = json!(dice.of(&[
                "Asset Downloaded",
                "Quote Requested",
                "Trial Started",
                "Project Created",
                "Something Else"
            ]));
            call["properties"] = properties(dice);
        }
        "page" | "screen" => {
            if dice.roll(3) > 0 {
                call["properties"] = properties(dice);
            }
            for key in ["name", "category"] {
                if dice.roll(3) == 0 {
                    call[key] = dice.value(&[json!("Docs"), json!("Home"), Json::Null]);
                }
            }
        }
        "identify" => call["traits"] = traits(dice),
        "group" => {
            call["groupId"] =
                dice.value(&[json!("acme"), json!("acme"), json!(12), json!("globex"), Json::Null]);
            call["traits"] = traits(dice);
        }
        _ => {}
    }
    call
}

fn properties(dice: &mut Dice) -> Json {
    some(
        dice,
        &[
            ("path", &[json!("/pricing"), json!("/pricing/enterprise"), json!("/"), json!(7)]),
            ("asset", &[json!("roi"), json!("roi"), json!(1), json!(1.0), json!(["a", null]), Json::Null]),
            ("seats", &[json!(5), json!(100), json!(250.5), json!("100"), Json::Null]),
            ("name", &[json!("Docs"), Json::Null]),
            ("category", &[json!("Docs"), json!({"a": null})]),
        ],
    )
}

fn traits(dice: &mut Dice) -> Json {
    some(
        dice,
        &[
            (
                "title",
                &[json!("VP Marketing"), json!("Chief Executive Officer"), json!("Student"), Json::Null],
            ),
            (
                "employees",
                &[json!(0), json!(120), json!(99.5), json!(18_446_744_073_709_551_615_u64), json!("120")],
            ),
            ("plan", &[json!("pro"), json!("paid"), json!("free"), Json::Null]),
            (
                "created_at",
                &[
                    json!("2026-01-10"),
                    json!(" 2026-01-25T10:00:00+02:00 "),
                    json!(1_768_000_000_000_i64),
                    json!("1768000000000.0"),
                    json!("2026-01-10 10:00"),
                    json!(" "),
                    json!("long ago"),
                    Json::Null,
                ],
            ),
            ("region", &[json!("eu"), json!("eu"), json!("eu"), json!("test")]),
            ("unsubscribed", &[json!(false), json!(false), json!(true), json!("true")]),
            ("account_id", &[json!("acme"), json!("globex"), json!(12)]),
        ],
    )
}

/// Some of these keys, each with one of its values.
fn some(dice: &mut Dice, keys: &[(&str, &[Json])]) -> Json {
    let mut object = Map::new();
    for (key, values) in keys {
        if dice.roll(3) > 0 {
            object.insert((*key).to_owned(), dice.value(values));
        }
    }
    Json::Object(object)
}

/// Seeded chance.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    /// A number below `sides`.
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }

    fn of<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[self.roll(texts.len())]
    }

    fn value(&mut self, values: &[Json]) -> Json {
        values[self.roll(values.len())].clone()
    }

    /// An instant of the first weeks of 2026, in one of many forms; many are the same.
    fn time(&mut self) -> Json {
        let (day, hour) = (1 + self.roll(28), self.roll(24));
        match self.roll(5) {
            0 => json!(format!("2026-01-{day:02}")),
            1 => json!(format!("2026-01-{day:02}T{hour:02}:00:00.1239+01:00")),
            2 => json!(1_767_225_600_000_i64 + (day * 86_400_000 + hour * 3_600_000) as i64),
            _ => json!(format!("2026-01-{day:02}T{hour:02}:00:00Z")),
        }
    }
}
