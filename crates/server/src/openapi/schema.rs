//! The shapes of values, as JSON Schema.

use serde_json::{Map, Value as Json, json};

/// A text.
pub(super) fn text() -> Json {
    json!({"type": "string"})
}

/// One of some texts.
pub(super) fn one_of(texts: &[&str]) -> Json {
    json!({"type": "string", "enum": texts})
}

/// An instant, as text.
pub(super) fn instant() -> Json {
    json!({"type": "string", "format": "date-time"})
}

/// A number.
pub(super) fn number() -> Json {
    json!({"type": "number"})
}

/// A whole number from 0 on.
pub(super) fn count() -> Json {
    json!({"type": "integer", "minimum": 0})
}

/// True or false.
pub(super) fn flag() -> Json {
    json!({"type": "boolean"})
}

/// A list.
pub(super) fn list(of: Json) -> Json {
    json!({"type": "array", "items": of})
}

/// An object of which all keys are there.
pub(super) fn object(properties: Json) -> Json {
    let required: Vec<_> = properties.as_object().into_iter().flat_map(Map::keys).collect();
    json!({"type": "object", "required": required, "properties": properties})
}

/// An object with keys that may be absent, too.
pub(super) fn with(mut object: Json, optional: Json) -> Json {
    if let (Some(properties), Json::Object(optional)) = (object["properties"].as_object_mut(), optional) {
        properties.extend(optional);
    }
    object
}

/// An object with more keys that are always there.
pub(super) fn plus(object: Json, more: Json) -> Json {
    let required = more.as_object().into_iter().flat_map(Map::keys).cloned().map(Json::String);
    let required: Vec<_> = required.collect();
    let mut object = with(object, more);
    if let Some(known) = object["required"].as_array_mut() {
        known.extend(required);
    }
    object
}

/// An object that takes no other keys: what is unknown or misspelt is told.
pub(super) fn strict(mut object: Json) -> Json {
    object["additionalProperties"] = json!(false);
    object
}

/// An object with any keys, their values alike.
pub(super) fn map(of: Json) -> Json {
    json!({"type": "object", "additionalProperties": of})
}

/// Any JSON at all.
pub(super) fn anything() -> Json {
    json!({})
}

/// A value that may be null.
pub(super) fn or_null(schema: Json) -> Json {
    json!({"anyOf": [schema, {"type": "null"}]})
}

/// The shape of a name.
pub(super) fn named(name: &str) -> Json {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

/// A page of a list; `next` is the `after` of the next page.
pub(super) fn page(key: &str, of: Json, next: Json) -> Json {
    object(json!({key: list(of), "next": or_null(next)}))
}
