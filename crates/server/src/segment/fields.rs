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

use super::{Call, Kind, Part, read::parse};

impl Call {
    /// The event that a plan sees; `schema` is the plan's, with the fields that are read as times.
    pub(crate) fn event(&self, program: &Program, schema: &Schema, id: EventId) -> Event {
        Event {
            time: self.time,
            id,
            name: program.plan().names.id(&self.name),
            properties: self.properties(&schema.event),
            context: self.context(&schema.context),
            traits: self.traits(schema),
        }
    }

    /// The properties, by slot. A page's `name` and `category` may stand beside them.
    fn properties(&self, fields: &Fields) -> Box<[Option<Value>]> {
        if self.has_none() {
            let nothing = Json::Object(Map::new());
            return values(fields, |name, usage| (name == Field::WHOLE).then(|| value(&nothing, usage))?);
        }
        let properties = self.part("properties");
        values(fields, |name, usage| match (self.kind, name) {
            (_, Field::WHOLE) => value(&Json::Object(self.all_properties()), usage),
            (Kind::Page | Kind::Screen, "name" | "category") => {
                let own = properties.and_then(|properties| properties.get(name));
                own.filter(|own| !own.is_null()).or_else(|| self.part(name))?.value(usage)
            }
            _ => properties?.get(name)?.value(usage),
        })
    }

    fn context(&self, fields: &Fields) -> Box<[Option<Value>]> {
        let context = if fields.fields.is_empty() { None } else { self.part("context") };
        values(fields, |name, usage| match name {
            Field::WHOLE => context?.value(usage),
            name => context?.get(name)?.value(usage),
        })
    }

    /// Whether it is a call without properties.
    fn has_none(&self) -> bool {
        matches!(self.kind, Kind::Identify | Kind::Group | Kind::Alias)
    }

    /// All properties.
    pub(crate) fn all_properties(&self) -> Map<String, Json> {
        if self.has_none() {
            return Map::new();
        }
        let beside = ["name", "category"].into_iter().filter(|_| self.kind != Kind::Track);
        let beside = beside.filter_map(|key| Some((key.to_owned(), self.part(key)?.json())));
        let beside = beside.filter(|(_, value)| !value.is_null());
        beside.chain(self.object("properties").into_iter().flatten()).collect()
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
        let traits = if self.kind == Kind::Identify { self.part("traits") } else { None };
        let Some(traits) = traits else {
            return Box::default();
        };
        let given = |name: &str| if name == Field::WHOLE { Some(traits) } else { traits.get(name) };
        slots().filter_map(|(slot, field)| Some((slot, given(&field.name)?.value(field.usage)))).collect()
    }
}

/// The values of some fields, by slot.
fn values(fields: &Fields, given: impl Fn(&str, Usage) -> Option<Value>) -> Box<[Option<Value>]> {
    fields.fields.iter().map(|field| given(&field.name, field.usage)).collect()
}

impl Part<'_> {
    /// The value of a field that it is.
    fn value(self, usage: Usage) -> Option<Value> {
        match (self.as_str(), usage) {
            (Some(text), Usage::Time) => time(&text),
            (Some(text), _) => Some(Value::String((*text).into())),
            (None, usage) => value(&self.json(), usage),
        }
    }
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
