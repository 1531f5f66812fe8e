//! `kelvin schema`: the language as a JSON Schema (2020-12), derived from the grammar, for editors.

use serde_json::{Map, Value, json};

use crate::{
    grammar::{Document, KINDS, Key, Keys, Kind, Rest, Section, Takes, WEEKDAYS},
    syntax::{self, Content, Literal, Node},
};

/// The JSON Schema of a kind of file.
pub fn schema(of: &Document) -> Value {
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": of.schema_title,
        "description": of.about,
        "$ref": format!("#/$defs/{}", of.root.name),
    });
    let sections = of.sections.iter().map(|section| (section.name.to_owned(), self::section(section)));
    schema["$defs"] = Value::Object(sections.collect());
    schema
}

fn section(section: &Section) -> Value {
    let properties: Map<String, Value> =
        section.keys.iter().map(|key| (key.name.to_owned(), property(key))).collect();
    let required: Vec<&str> = section.keys.iter().filter(|key| key.required).map(|key| key.name).collect();
    let mut schema = json!({ "type": "object", "properties": properties, "required": required });
    match &section.rest {
        Some(rest) => {
            schema["additionalProperties"] = takes(rest.takes);
            schema["propertyNames"] = names(rest.keys);
        }
        None => schema["additionalProperties"] = json!(false),
    }
    if section.name == "dimension" {
        schema["oneOf"] = json!([
            { "required": ["rules"], "properties": { "predict": false, "points": false } },
            { "required": ["predict", "points"], "properties": { "rules": false } },
        ]);
    }
    if section.name.ends_with("rule") {
        // The messages of editors are best for what is said of one key; so each kind is a rule of its own.
        schema["anyOf"] = marks().map(|mark| json!({ "required": [mark] })).collect();
        schema["allOf"] = kinds(section);
    }
    schema
}

fn property(key: &Key) -> Value {
    let mut schema = takes(&key.takes);
    schema["description"] = json!(key.doc);
    if let Some(example) = syntax::parse(key.example).root {
        schema["examples"] = json!([to_json(&example)]);
    }
    schema
}

fn takes(takes: &Takes) -> Value {
    match takes {
        Takes::Version => json!({ "const": 1 }),
        Takes::Id(_) => json!({ "type": "string", "pattern": "^[a-z0-9-]+$" }),
        Takes::Name => json!({ "type": ["string", "number", "boolean"], "pattern": "\\S" }),
        Takes::Choice(words) => json!({ "enum": words }),
        Takes::Condition => json!({ "type": ["string", "boolean"] }),
        Takes::Expression => json!({ "type": ["string", "number", "boolean"] }),
        Takes::Points => json!({ "type": ["number", "string"] }),
        Takes::Number(least, most) => json!({ "type": "number", "minimum": least, "maximum": most }),
        Takes::Whole(least) => json!({ "type": "integer", "minimum": least, "maximum": 1_000_000 }),
        Takes::True => json!({ "const": true }),
        Takes::Duration => {
            json!({ "type": "string", "pattern": format!("^(0+{UNIT})*0*[1-9][0-9]*{UNIT}([0-9]+{UNIT})*$") })
        }
        Takes::Range => {
            json!({ "type": "array", "items": { "type": "number" }, "minItems": 2, "maxItems": 2 })
        }
        Takes::Events => {
            let name = self::takes(&Takes::Name);
            json!({ "anyOf": [name, { "type": "array", "items": name, "minItems": 1 }] })
        }
        Takes::Literals => json!({ "type": "array", "items": { "type": ["string", "number", "boolean"] } }),
        Takes::Map(Rest { keys, takes }) => {
            json!({ "type": "object", "propertyNames": names(*keys), "additionalProperties": self::takes(takes) })
        }
        Takes::Score => json!({ "type": ["number", "string"] }),
        Takes::Owner => self::takes(&Takes::Name),
        Takes::Form(form) => json!({ "type": "string", "pattern": form.pattern }),
        Takes::OneOrMore(one) => {
            let one = self::takes(one);
            json!({ "anyOf": [one, { "type": "array", "items": one }] })
        }
        Takes::List(item) => json!({ "type": "array", "items": self::takes(item) }),
        Takes::Section(section) => reference(section),
        Takes::Either(forms) => json!({ "oneOf": forms.iter().map(self::takes).collect::<Vec<_>>() }),
    }
}

/// The units of durations.
const UNIT: &str = "[wdhms]";

fn names(keys: Keys) -> Value {
    match keys {
        Keys::Name(_) => json!({ "pattern": "\\S" }),
        Keys::Identifier(_) => json!({ "pattern": "^[A-Za-z_][A-Za-z0-9_]*$" }),
        Keys::Number => json!({ "pattern": "^[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?$" }),
        Keys::Duration => json!({ "pattern": format!("^([0-9]+{UNIT})+$") }),
        Keys::Literal => json!(true),
        Keys::Id(_) => json!({ "pattern": "^[a-z0-9-]+$" }),
        Keys::Days => {
            let day = WEEKDAYS.join("|");
            json!({ "pattern": format!("^({day})(-({day}))?$") })
        }
    }
}

fn reference(section: &Section) -> Value {
    json!({ "$ref": format!("#/$defs/{}", section.name) })
}

fn marks() -> impl Iterator<Item = &'static str> {
    KINDS.iter().flat_map(|kind| kind.marks.iter().copied())
}

/// For each kind of rule, what follows from a rule being of that kind; and what follows from `disqualify`.
fn kinds(section: &Section) -> Value {
    let each = KINDS.iter().enumerate().map(|(place, kind)| {
        json!({ "if": is_of_kind(&KINDS[..place], kind), "then": consequences(section, kind) })
    });
    let disqualify = json!({
        "if": { "required": ["disqualify"] },
        "then": { "properties": { "cap": false, "every": false, "decay": { "required": ["expire"] } } },
    });
    each.chain([disqualify]).collect()
}

/// The rule has a mark of the kind, and none of those that claim it before.
fn is_of_kind(before: &[Kind], kind: &Kind) -> Value {
    let has_one = |kinds: &[Kind]| -> Value {
        let marks = kinds.iter().flat_map(|kind| kind.marks);
        json!({ "anyOf": marks.map(|mark| json!({ "required": [mark] })).collect::<Vec<_>>() })
    };
    let own = has_one(std::slice::from_ref(kind));
    if before.is_empty() { own } else { json!({ "allOf": [own, { "not": has_one(before) }] }) }
}

fn consequences(section: &Section, kind: &Kind) -> Value {
    let others = section.keys.iter().filter(|key| !kind.allows(key.name));
    let refused: Map<String, Value> = others.map(|key| (key.name.to_owned(), json!(false))).collect();
    let mut then = json!({ "title": kind.title, "required": kind.needs, "properties": refused });
    if kind.has_worth {
        then["oneOf"] = json!([{ "required": ["points"] }, { "required": ["disqualify"] }]);
    }
    if kind.allows("table") {
        then["oneOf"] = json!([{ "required": ["bands"] }, { "required": ["table"] }]);
        then["dependentRequired"] = json!({ "else": ["table"] });
    }
    then
}

/// A YAML value as JSON, as editors see it.
fn to_json(node: &Node) -> Value {
    match &node.content {
        Content::Scalar(scalar) => match scalar.literal() {
            Literal::Null => Value::Null,
            Literal::Bool(value) => json!(value),
            Literal::Int(value) => json!(value),
            Literal::Float(value) => json!(value),
            Literal::Text(text) => json!(text),
        },
        Content::List(items) => items.iter().map(to_json).collect(),
        Content::Map(entries) => {
            let key = |node: &Node| node.text().unwrap_or_default().to_owned();
            Value::Object(entries.iter().map(|entry| (key(&entry.key), to_json(&entry.value))).collect())
        }
        Content::Hole => Value::Null,
    }
}

#[cfg(test)]
mod tests;
