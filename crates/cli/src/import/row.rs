//! A row as a call.

use std::hash::Hasher;

use kelvin_batch::read::{Column, EventChunk, Kind, LeadChunk};
use kelvin_kernel::{Instant, Value, plan::Field};
use serde_json::{Map, Value as Json, json};
use siphasher::sip::SipHasher13;

use super::layout::Layout;
use crate::inputs::aside;

/// The calls of Segment's that are not named by their event.
const CALLS: [&str; 6] = ["track", "page", "screen", "identify", "group", "alias"];

/// Since when the attributes of a leads file hold, which are those of ever: before what anybody has events of. 2000-01-01.
const EVER: Instant = Instant::from_millis(946_684_800_000);

type Object = Map<String, Json>;

/// Calls that have no properties.
const BARE: [&str; 3] = ["identify", "group", "alias"];

/// Calls of which a name and a category may stand beside the properties.
const NAMED: [&str; 2] = ["page", "screen"];

/// The row of an event.
struct EventRow<'c> {
    layout: &'c Layout,
    chunk: &'c EventChunk,
    row: usize,
}

/// An event's row as a call; `file` tells apart rows without ids.
pub(crate) fn event_call(layout: &Layout, file: &str, chunk: &EventChunk, row: usize) -> Json {
    let event = EventRow { layout, chunk, row };
    let kind = event.kind();
    let mut call = event.what(kind.is_some(), &event.name(kind.as_deref()));
    call.extend(event.ids(kind.is_some()));
    let context = object(&chunk.context, &layout.wanted.schema.context.fields, row);
    if !context.is_empty() {
        call.insert("context".to_owned(), Json::Object(context));
    }
    call.insert("timestamp".to_owned(), json!(Instant::from_millis(chunk.times[row]).to_string()));
    let given = chunk.ids.as_ref().and_then(|ids| ids.get(row)).map(str::to_owned);
    let id = given.unwrap_or_else(|| derived(file, chunk.position(row), &call));
    call.insert("messageId".to_owned(), json!(id));
    Json::Object(call)
}

impl EventRow<'_> {
    fn aside(&self, column: &str) -> Option<Value> {
        self.chunk.properties.get(self.layout.aside(column)?)?.value(self.row)
    }

    /// Which of Segment's calls the row is, if it is one.
    fn kind(&self) -> Option<String> {
        let is_ours = self.aside("lead_id").is_some();
        let is_named = ["userId", "anonymousId"].iter().any(|id| self.aside(id).is_some());
        let kind = self.aside("type")?.as_name()?;
        Some(kind).filter(|kind| is_named && !is_ours && CALLS.contains(&kind.as_str()))
    }

    /// The event's name: of a call but `track` its kind.
    fn name(&self, kind: Option<&str>) -> String {
        match kind.filter(|kind| *kind != "track") {
            Some(kind) => kind.to_owned(),
            None => self.aside("event").and_then(|name| name.as_name()).unwrap_or_default(),
        }
    }

    /// What kind of call the row comes to be, with what goes with that.
    fn what(&self, is_call: bool, name: &str) -> Object {
        let mut properties =
            object(&self.chunk.properties, &self.layout.wanted.schema.event.fields, self.row);
        let traits = self.aside("traits").filter(|traits| matches!(traits, Value::Map(_)));
        let is_identify = name == "identify" && (traits.is_some() || properties.is_empty());
        let mut call = Object::new();
        if is_identify || is_call && BARE.contains(&name) {
            call.insert("type".to_owned(), json!(name));
            call.extend(traits.map(|traits| ("traits".to_owned(), as_json(&traits))));
            return call;
        }
        if NAMED.contains(&name) {
            call.insert("type".to_owned(), json!(name));
        } else {
            call.insert("type".to_owned(), json!("track"));
            call.insert("event".to_owned(), json!(name));
        }
        if is_call && NAMED.contains(&name) {
            self.add_names(&mut properties);
        }
        call.insert("properties".to_owned(), Json::Object(properties));
        call
    }

    /// What a page is called may stand beside its properties, and does where they say nothing of it.
    fn add_names(&self, properties: &mut Object) {
        for key in ["name", "category"] {
            if properties.get(key).is_none_or(Json::is_null) {
                properties.extend(self.aside(key).map(|value| (key.to_owned(), as_json(&value))));
            }
        }
    }

    /// Whose the row is. A column that is mapped tells it also of calls.
    fn ids(&self, is_call: bool) -> Object {
        let is_mapped = self.layout.mapping.column(Kind::Events, "lead_id").is_some();
        let ids = ["userId", "anonymousId", "previousId", "groupId"].into_iter().filter(|_| is_call);
        let given = ids.filter_map(|id| Some((id.to_owned(), as_json(&self.aside(id)?))));
        let mut ids: Object = given.collect();
        if is_mapped || !is_call {
            ids.insert("userId".to_owned(), json!(self.chunk.lead_ids.text(self.row)));
        }
        ids
    }
}

/// A lead's row as calls: what is known of it, and of its account.
pub(crate) fn lead_call(layout: &Layout, file: &str, chunk: &LeadChunk, row: usize) -> Vec<Json> {
    let schema = &layout.wanted.schema;
    let lead = chunk.lead_ids.text(row);
    let traits = object(&chunk.attributes, &schema.lead.fields, row);
    let account = object(&chunk.account, &schema.account.fields, row);
    let named = || traits.get("account_id").filter(|id| !id.is_null()).cloned();
    let found = || layout.account(chunk, row, EVER).map(Json::from);
    let group = if account.is_empty() { None } else { named().or_else(found) };
    let mut calls = vec![("identify", traits, None)];
    calls.extend(group.map(|group| ("group", account, Some(group))));
    let made = |(kind, traits, group): (&str, Object, Option<Json>)| {
        let mut call = Object::new();
        call.insert("type".to_owned(), json!(kind));
        call.insert("userId".to_owned(), json!(lead));
        call.insert("timestamp".to_owned(), json!(EVER.to_string()));
        call.insert("traits".to_owned(), Json::Object(traits));
        call.extend(group.map(|group| ("groupId".to_owned(), group)));
        let id = derived(file, chunk.first + row as u64, &call);
        call.insert("messageId".to_owned(), json!(id));
        Json::Object(call)
    };
    calls.into_iter().map(made).collect()
}

/// An id that a row without one has each time that its file is read. Rows of one time stay in the order of the file.
fn derived(file: &str, position: u64, call: &Object) -> String {
    let mut hasher = SipHasher13::new();
    hasher.write(file.as_bytes());
    hasher.write_u8(0);
    hasher.write(Json::Object(call.clone()).to_string().as_bytes());
    format!("{position:020}-{:016x}", hasher.finish())
}

/// The fields of a row: all of them, and those in their types that the models read otherwise than as text.
pub(super) fn object(columns: &[Column], fields: &[Field], row: usize) -> Object {
    let mut object = Object::new();
    for (column, field) in columns.iter().zip(fields).filter(|(_, field)| aside(field).is_none()) {
        match column.value(row) {
            Some(Value::Map(map)) if *field.name == *Field::WHOLE => {
                let entries = map
                    .entries()
                    .iter()
                    .filter_map(|(key, value)| Some((key.value().as_name()?, as_json(value))));
                object.extend(entries);
            }
            Some(value) => {
                object.insert(field.name.to_string(), as_json(&value));
            }
            None => {}
        }
    }
    object
}

/// A value as JSON has it; instants as text, as the models read them.
fn as_json(value: &Value) -> Json {
    match value {
        Value::Bool(truth) => json!(truth),
        Value::Int(number) => json!(number),
        Value::Uint(number) => json!(number),
        Value::Double(number) => json!(number),
        Value::String(text) => json!(&**text),
        Value::List(items) => items.iter().map(as_json).collect(),
        Value::Map(map) => {
            let entries = map.entries().iter();
            entries.filter_map(|(key, value)| Some((key.value().as_name()?, as_json(value)))).collect()
        }
        Value::Timestamp(at) => json!(at.instant().to_string()),
        Value::Null | Value::Bytes(_) | Value::Duration(_) | Value::Type(_) | Value::Optional(_) => {
            Json::Null
        }
    }
}
