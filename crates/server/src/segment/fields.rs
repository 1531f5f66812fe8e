//! What a model sees of a call: an event in the slots of its plan.

use kelvin_kernel::{
    Value,
    history::{Event, EventId},
    instant::InstantError,
    plan::{Field, Fields, Schema, Usage},
    program::Program,
    value::Timestamp,
};
use serde_json::{Map, Value as Json};

use super::{Call, Kind, read::parse};

impl Call {
    /// The event that a plan sees; `schema` is the plan's, with the fields that are read as times.
    pub(crate) fn event(&self, program: &Program, schema: &Schema, id: EventId) -> Event {
        Event {
            time: self.time,
            id,
            name: program.plan().names.id(&self.name),
            properties: values(&schema.event, |name| self.property(name)),
            context: values(&schema.context, |name| match name {
                Field::WHOLE => self.body.get("context").cloned(),
                name => self.body.get("context")?.get(name).cloned(),
            }),
            traits: self.traits(schema),
        }
    }

    /// A property. A page's `name` and `category` may stand beside the properties.
    pub(crate) fn property(&self, name: &str) -> Option<Json> {
        let properties = || self.object("properties");
        match (self.kind, name) {
            (Kind::Identify | Kind::Group | Kind::Alias, Field::WHOLE) => Some(Json::Object(Map::new())),
            (Kind::Identify | Kind::Group | Kind::Alias, _) => None,
            (_, Field::WHOLE) => Some(Json::Object(self.all_properties())),
            (Kind::Page | Kind::Screen, "name" | "category") => {
                let own = properties().and_then(|properties| properties.get(name));
                own.filter(|own| !own.is_null()).or_else(|| self.body.get(name)).cloned()
            }
            _ => properties()?.get(name).cloned(),
        }
    }

    fn all_properties(&self) -> Map<String, Json> {
        let beside = ["name", "category"].into_iter().filter(|_| self.kind != Kind::Track);
        let beside = beside.filter_map(|key| Some((key.to_owned(), self.body.get(key)?.clone())));
        let beside = beside.filter(|(_, value)| !value.is_null());
        let own = self.object("properties").into_iter().flatten();
        beside.chain(own.map(|(key, value)| (key.clone(), value.clone()))).collect()
    }

    /// The attributes of the lead that the call writes.
    fn traits(&self, schema: &Schema) -> Box<[(usize, Option<Value>)]> {
        let slots = || schema.lead.fields.iter().enumerate();
        if let Some(account) = self.group() {
            let account = Some(Value::String(account.into()));
            let is_account = |field: &Field| &*field.name == "account_id";
            return slots()
                .filter(|(_, field)| is_account(field))
                .map(|(slot, _)| (slot, account.clone()))
                .collect();
        }
        let traits = if self.kind == Kind::Identify { self.body.get("traits") } else { None };
        let Some(traits) = traits else {
            return Box::default();
        };
        let given = |name: &str| if name == Field::WHOLE { Some(traits) } else { traits.get(name) };
        slots().filter_map(|(slot, field)| Some((slot, value(given(&field.name)?, field.usage)))).collect()
    }
}

/// The values of some fields, by slot.
fn values(fields: &Fields, given: impl Fn(&str) -> Option<Json>) -> Box<[Option<Value>]> {
    fields.fields.iter().map(|field| value(&given(&field.name)?, field.usage)).collect()
}

/// The value of a field; `None` for null, which is an absent field.
pub(crate) fn value(given: &Json, usage: Usage) -> Option<Value> {
    match (given, usage) {
        (Json::Null, _) => None,
        (Json::String(text), Usage::Time) => time(text),
        (given, _) => Some(converted(given)),
    }
}

/// The text of a field that is taken for a time, in a form that every function reads.
fn time(text: &str) -> Option<Value> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return None;
    }
    if Timestamp::parse(trimmed).is_some() {
        return Some(Value::String(trimmed.into()));
    }
    Some(match parse(trimmed) {
        Ok(instant) => Value::String(instant.to_string().into()),
        Err(InstantError::NoOffset | InstantError::NoSuchTime | InstantError::Unreadable) => {
            Value::String(text.into())
        }
    })
}

fn converted(given: &Json) -> Value {
    match given {
        Json::Null => Value::Null,
        Json::Bool(truth) => Value::Bool(*truth),
        Json::String(text) => Value::String(text.as_str().into()),
        Json::Array(items) => Value::list(items.iter().map(converted)),
        Json::Object(entries) => {
            Value::map(entries.iter().map(|(key, value)| (key.as_str(), converted(value))))
        }
        Json::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(int), _) => Value::Int(int),
            (None, Some(uint)) => Value::Uint(uint),
            (None, None) => Value::Double(number.as_f64().unwrap_or_default()),
        },
    }
}
