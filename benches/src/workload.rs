//! Leads and events for the counts: the same in every run.

use kelvin_kernel::{
    Instant, Value,
    history::{Event, EventId},
    plan::{Fields, Plan},
};

/// After all events.
pub(crate) const END: Instant = Instant::from_millis(1_772_323_200_000); // 2026-03-01

const LEADS: u64 = 40;
const EVENTS: u64 = 100;
const HOUR_MS: u64 = 3_600_000;

/// Leads with their events.
#[derive(Clone)]
pub(crate) struct Workload {
    pub(crate) leads: Vec<Lead>,
}

/// A lead's attributes by slot, and its events in event order.
#[derive(Clone)]
pub(crate) struct Lead {
    pub(crate) attributes: Vec<Option<Value>>,
    pub(crate) events: Vec<Event>,
}

const COUNTRIES: &[&str] = &["US", "DE", "BR", "FR", "IN"];
const INDUSTRIES: &[&str] = &["Software", "Finance", "Retail"];
const PATHS: &[&str] =
    &["/", "/pricing", "/pricing/enterprise", "/docs/api", "/docs/start", "/blog/a", "/about"];
/// Three of five events are pages, as on a real site.
const NAMES: &[&str] = &[
    "page",
    "page",
    "page",
    "page",
    "page",
    "page",
    "Email Opened",
    "Asset Downloaded",
    "Quote Requested",
    "Trial Started",
];

impl Workload {
    pub(crate) fn new(plan: &Plan) -> Self {
        let mut random = Random(1);
        Self { leads: (0..LEADS).map(|_| Lead::new(plan, &mut random)).collect() }
    }
}

impl Lead {
    fn new(plan: &Plan, random: &mut Random) -> Self {
        let attributes = row(&plan.schema.lead, |name| match name {
            "country" => Some(random.pick(COUNTRIES).into()),
            "industry" => Some(random.pick(INDUSTRIES).into()),
            "employees" => Some(Value::Int(random.below(3_000) as i64)),
            _ => None,
        });
        let events = (0..EVENTS).map(|number| event(plan, number, random)).collect();
        Self { attributes: attributes.into(), events }
    }
}

/// The events of a lead lie some hours apart, the last ones close to the end.
fn event(plan: &Plan, number: u64, random: &mut Random) -> Event {
    let before = (EVENTS - number) * 20 * HOUR_MS - random.below(10 * HOUR_MS);
    let name = random.pick(NAMES);
    let page = name == "page";
    let properties = row(&plan.schema.event, |field| match field {
        "path" if page => Some(random.pick(PATHS).into()),
        "seconds" if page => Some(Value::Int(random.below(300) as i64)),
        "asset" if name == "Asset Downloaded" => Some(Value::Int(random.below(12) as i64)),
        "seats" if name == "Quote Requested" => Some(Value::Int(random.below(200) as i64)),
        _ => None,
    });
    Event {
        time: Instant::from_millis(END.as_millis() - before as i64),
        id: EventId::Position(number),
        name: plan.names.id(name),
        properties,
        context: Box::default(),
        traits: Box::default(),
    }
}

fn row(fields: &Fields, value: impl FnMut(&str) -> Option<Value>) -> Box<[Option<Value>]> {
    fields.fields.iter().map(|field| &*field.name).map(value).collect()
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % limit
    }

    fn pick(&mut self, of: &[&'static str]) -> &'static str {
        of[self.below(of.len() as u64) as usize]
    }
}
