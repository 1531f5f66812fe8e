//! What leads did, in short: the event's name, the page, and where the visit came from, each by its number.

use kelvin_batch::read::Places;
use kelvin_kernel::{
    Instant, Value,
    plan::{Schema, Usage},
};
use kelvin_learn::{MISSING, features::Touch};

use super::{
    interned::Interned,
    layout::{Layout, pick},
};
use crate::{inputs::want_aside, origins};

/// Properties that tell which page was seen, the first that an event has.
const PAGES: [&str; 2] = ["path", "url"];

/// Properties that tell where a visit came from, if its page and campaign do not.
const SOURCES: [&str; 2] = ["source", "channel"];

/// What the numbers in touches stand for, and where in events it is found.
pub(super) struct Touches {
    pub(super) names: Interned,
    pub(super) sources: Interned,
    pages: Interned,
    schema: Schema,
    places: Places,
    /// The columns that tell an event's name.
    event: usize,
    call: usize,
}

impl Touches {
    /// The fields that touches are made of.
    pub(super) fn schema() -> Schema {
        let mut schema = Schema::default();
        for name in PAGES.iter().chain(&SOURCES) {
            let slot = schema.event.intern(name);
            schema.event.note(slot, Usage::Text);
        }
        origins::want(&mut schema);
        schema
    }

    /// None yet; the fields lie at `places` of the layout.
    pub(super) fn new(layout: &mut Layout<'_>, places: Places) -> Self {
        let mut aside =
            |column| want_aside(&mut layout.wanted.schema.event, &mut layout.options.mapping, column);
        let (event, call) = (aside("event"), aside("type"));
        Self {
            names: Interned::default(),
            sources: Interned::default(),
            pages: Interned::default(),
            schema: Self::schema(),
            places,
            event,
            call,
        }
    }

    /// What an event comes to, by its properties and its context as they were read.
    pub(super) fn touch(&mut self, at: Instant, [properties, context]: &[Vec<Option<Value>>; 2]) -> Touch {
        // A call has its kind for a name, unless it names its event.
        let names = [self.event, self.call];
        let name = names.into_iter().find_map(|slot| text(properties, slot)).unwrap_or_default();
        let [properties, context] =
            [pick(properties, &self.places.event), pick(context, &self.places.context)];
        let first =
            |names: &[&str]| names.iter().find_map(|name| text(&properties, self.schema.event.slot(name)?));
        let page = first(&PAGES).or_else(|| within(&self.schema, &context, ["page", "path"]));
        let origin = origins::origin(&self.schema, &properties, &context).map(|origin| origin.source);
        let source = origin.filter(|source| !source.is_empty()).or_else(|| first(&SOURCES));
        Touch {
            at,
            event: self.names.place(&name),
            page: page.map_or(MISSING, |page| self.pages.place(&page)),
            source: source.map_or(MISSING, |source| self.sources.place(&source)),
        }
    }
}

fn text(values: &[Option<Value>], slot: usize) -> Option<String> {
    values.get(slot)?.as_ref()?.as_name().filter(|text| !text.is_empty())
}

/// What stands in a map of the context.
fn within(schema: &Schema, context: &[Option<Value>], [outer, inner]: [&str; 2]) -> Option<String> {
    match context.get(schema.context.slot(outer)?)? {
        Some(Value::Map(map)) => map.get(inner)?.as_name(),
        _ => None,
    }
}
