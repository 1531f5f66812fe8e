//! Rows of files as outcomes: what `POST /api/v1/outcomes` takes.

use kelvin_batch::read::{LeadChunk, Wanted};
use kelvin_kernel::plan::{Field, Usage};
use serde_json::{Map, Value as Json, json};

use super::row::object;

/// The columns of an outcome beside its lead, and how their cells are read. A row with a definition is told by an event.
const COLUMNS: [(&str, Usage); 9] = [
    ("id", Usage::Text),
    ("kind", Usage::Text),
    ("at", Usage::Time),
    ("value", Usage::Number),
    ("currency", Usage::Text),
    ("reason", Usage::Text),
    ("deal", Usage::Text),
    ("source", Usage::Text),
    (DEFINITION, Usage::Text),
];

const DEFINITION: &str = "definition";

/// What readers look for.
pub(crate) fn wanted() -> Wanted {
    let mut wanted = Wanted::default();
    let fields = COLUMNS.map(|(name, usage)| Field { name: name.into(), usage });
    wanted.schema.lead.fields = fields.into_iter().collect();
    wanted
}

/// A row as an outcome; `None` where an event tells it, which comes with the events.
pub(crate) fn outcome(wanted: &Wanted, chunk: &LeadChunk, row: usize) -> Option<Json> {
    let mut told = object(&chunk.attributes, &wanted.schema.lead.fields, row);
    if told.remove(DEFINITION).is_some_and(|definition| !definition.is_null()) {
        return None;
    }
    told.insert("lead".to_owned(), json!(chunk.lead_ids.text(row)));
    Some(Json::Object(texts(told)))
}

/// The same with numbers as texts but for the value: the id of a deal may look like one.
fn texts(told: Map<String, Json>) -> Map<String, Json> {
    let text = |(key, value): (String, Json)| match value {
        Json::Number(number) if key != "value" => (key, Json::String(number.to_string())),
        value => (key, value),
    };
    told.into_iter().map(text).collect()
}
