//! Where an event tells of the visit that it belongs to: in its properties, else in Segment's context.

use kelvin_kernel::{
    Value,
    plan::{Schema, Usage},
};
use kelvin_learn::attribution::Origin;

/// What a page tells of where its visit came from.
const TOLD: [&str; 11] = [
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_content",
    "gclid",
    "msclkid",
    "fbclid",
    "li_fat_id",
    "ttclid",
    "url",
    "referrer",
];

/// Where Segment's context tells the same: the object, its key, and what it stands for.
const IN_CONTEXT: [(&str, &str, &str); 6] = [
    ("campaign", "source", "utm_source"),
    ("campaign", "medium", "utm_medium"),
    ("campaign", "name", "utm_campaign"),
    ("campaign", "content", "utm_content"),
    ("page", "url", "url"),
    ("page", "referrer", "referrer"),
];

/// Wants all that an origin is made of.
pub(crate) fn want(schema: &mut Schema) {
    for name in TOLD {
        let slot = schema.event.intern(name);
        schema.event.note(slot, Usage::Text);
    }
    for object in ["campaign", "page"] {
        schema.context.intern(object);
    }
}

/// The origin that an event tells, whose values lie in the slots of `schema`.
pub(crate) fn origin(schema: &Schema, event: &[Option<Value>], context: &[Option<Value>]) -> Option<Origin> {
    let property = |name: &str| event.get(schema.event.slot(name)?)?.as_ref()?.as_name();
    let within = |name: &str| {
        let (object, key, _) = IN_CONTEXT.iter().find(|(.., stands_for)| *stands_for == name)?;
        match context.get(schema.context.slot(object)?)?.as_ref()? {
            Value::Map(map) => map.get(key)?.as_name(),
            _ => None,
        }
    };
    Origin::of(|name| property(name).filter(|text| !text.is_empty()).or_else(|| within(name)))
}
