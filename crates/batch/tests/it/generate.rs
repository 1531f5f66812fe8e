//! Rows made from a seed.

use kelvin_batch::Models;
use kelvin_kernel::{
    Value,
    plan::{Field, NameId},
};

use crate::support::{EventRow, LeadRow, Rows};

/// A small generator of numbers, the same for ever.
#[derive(Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % end.max(1) as u64) as usize
    }

    /// True once in `times`.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

const HOUR: i64 = 3_600_000;
/// 2026-01-01T00:00:00Z
pub(crate) const START: i64 = 1_767_225_600_000;

/// Leads and events for what `models` want. `ids` tells whether events have ids of their own (some of them twice).
pub(crate) fn rows(random: &mut Random, models: &Models<'_>, ids: bool) -> Rows {
    let leads = 1 + random.below(12);
    let mut rows = Rows::default();
    for _ in 0..random.below(leads * 2) {
        rows.leads.push(LeadRow {
            lead: format!("l{}", random.below(leads)),
            attributes: values(random, &models.wanted().schema.lead.fields),
            account: models.wanted().schema.account.fields.iter().map(|_| None).collect(),
        });
    }
    for _ in 0..random.below(120) {
        rows.events.push(event(random, models, leads + 2, ids));
    }
    rows
}

fn event(random: &mut Random, models: &Models<'_>, leads: usize, ids: bool) -> EventRow {
    let schema = &models.wanted().schema;
    let names = models.wanted().names.iter().count();
    let name = match random.below(names + 1) {
        place if place == names => NameId::OTHER,
        place => NameId(place as u16),
    };
    let mut writes = Vec::new();
    if name == NameId::IDENTIFY {
        let all = values(random, &schema.lead.fields);
        writes.extend(all.into_iter().enumerate().filter(|_| random.once_in(2)));
    }
    EventRow {
        lead: format!("l{}", random.below(leads)),
        // Many events share an instant.
        time: START + random.below(60) as i64 * 7 * HOUR,
        name,
        id: (ids && !random.once_in(5)).then(|| format!("e{}", random.below(200))),
        properties: values(random, &schema.event.fields),
        context: values(random, &schema.context.fields),
        writes,
    }
}

fn values(random: &mut Random, fields: &[Field]) -> Vec<Option<Value>> {
    fields.iter().map(|field| value(random, &field.name)).collect()
}

fn value(random: &mut Random, name: &str) -> Option<Value> {
    if random.once_in(4) {
        return None;
    }
    Some(match name {
        "created_at" => Value::Int(START + random.below(90) as i64 * HOUR),
        "account_id" => Value::from(random.pick(&["acme", "globex", "initech"])),
        "path" => Value::from(random.pick(&["/", "/pricing", "/pricing/x", "/docs/a", "/blog", "/careers"])),
        "asset" => Value::from(random.pick(&["ebook", "guide", "roi"])),
        "email" => Value::from(random.pick(&["a@acme.example", "b@gmail.com", "c@globex.example", "d"])),
        "plan" => Value::from(random.pick(&["free", "pro"])),
        "campaign" => Value::from(random.pick(&["spring", "brand"])),
        "duration" | "employees" | "seats" => match random.below(8) {
            0 => Value::from("many"),
            1 => Value::Double(99.5),
            _ => Value::Int([1, 30, 60, 100, 121, 500][random.below(6)]),
        },
        _ => Value::Bool(random.once_in(2)),
    })
}
