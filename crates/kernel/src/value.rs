//! Values of attributes, properties and expressions: the value universe of CEL.

mod civil;
mod codec;
mod compare;
mod duration;
mod key;
mod map;
mod timestamp;

use std::sync::Arc;

pub use civil::Civil;
pub use codec::DecodeError;
pub use compare::Incomparable;
pub use duration::Span;
pub use map::{Key, Map};
pub use timestamp::Timestamp;
pub(crate) use timestamp::offset;

use crate::instant::Instant;

/// A CEL value. Cloning is cheap: whatever may be long is shared.
#[derive(Debug, Clone, Default)]
pub enum Value {
    /// `null`
    #[default]
    Null,
    /// `bool`
    Bool(bool),
    /// `int`
    Int(i64),
    /// `uint`
    Uint(u64),
    /// `double`
    Double(f64),
    /// `string`
    String(Arc<str>),
    /// `bytes`
    Bytes(Arc<[u8]>),
    /// `list`
    List(Arc<[Value]>),
    /// `map`
    Map(Map),
    /// `google.protobuf.Timestamp`
    Timestamp(Timestamp),
    /// `google.protobuf.Duration`
    Duration(Span),
    /// `type`
    Type(Type),
    /// `optional_type`: a value, or none.
    Optional(Option<Arc<Value>>),
}

/// The type of a value, itself a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Type {
    /// `null_type`
    Null,
    /// `bool`
    Bool,
    /// `int`
    Int,
    /// `uint`
    Uint,
    /// `double`
    Double,
    /// `string`
    String,
    /// `bytes`
    Bytes,
    /// `list`
    List,
    /// `map`
    Map,
    /// `google.protobuf.Timestamp`
    Timestamp,
    /// `google.protobuf.Duration`
    Duration,
    /// `type`
    Type,
    /// `optional_type`
    Optional,
}

impl Value {
    /// How deep lists and maps from outside may be nested; readers refuse or cut what is deeper.
    pub const MAX_DEPTH: usize = 64;

    /// A list.
    pub fn list(items: impl IntoIterator<Item = Value>) -> Self {
        Self::List(items.into_iter().collect())
    }

    /// A map with text keys; of two equal keys the later counts.
    pub fn map<K: Into<Arc<str>>>(entries: impl IntoIterator<Item = (K, Value)>) -> Self {
        Self::Map(Map::new(entries.into_iter().map(|(key, value)| (Key::String(key.into()), value))))
    }

    /// The type.
    pub fn type_of(&self) -> Type {
        match self {
            Self::Null => Type::Null,
            Self::Bool(_) => Type::Bool,
            Self::Int(_) => Type::Int,
            Self::Uint(_) => Type::Uint,
            Self::Double(_) => Type::Double,
            Self::String(_) => Type::String,
            Self::Bytes(_) => Type::Bytes,
            Self::List(_) => Type::List,
            Self::Map(_) => Type::Map,
            Self::Timestamp(_) => Type::Timestamp,
            Self::Duration(_) => Type::Duration,
            Self::Type(_) => Type::Type,
            Self::Optional(_) => Type::Optional,
        }
    }

    /// The text, if it is text.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The number as a floating-point number, if it is a number of any of the three types.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Int(number) => Some(*number as f64),
            Self::Uint(number) => Some(*number as f64),
            Self::Double(number) => Some(*number),
            _ => None,
        }
    }

    /// The number, of any of the three types, if it is finite.
    pub fn number(&self) -> Option<f64> {
        self.as_f64().filter(|number| number.is_finite())
    }

    /// The value as the name of something: its text, or a whole number's digits.
    pub fn as_name(&self) -> Option<String> {
        match self {
            Self::String(text) => Some(text.to_string()),
            number => number.whole().map(|number| number.to_string()),
        }
    }

    /// The instant that the value tells: a timestamp, RFC 3339 text, a bare date (midnight UTC), or epoch
    /// milliseconds as a whole number or its digits. `None` if it is none of these.
    pub fn as_instant(&self) -> Option<Instant> {
        match self {
            Self::Timestamp(at) => Some(at.instant()),
            Self::String(text) => Instant::parse(text).ok(),
            Self::Int(millis) => Some(Instant::from_millis(*millis)).filter(|at| at.as_millis() == *millis),
            _ => None,
        }
    }
}

impl Type {
    /// All types; a type's place is its code in [`Value::encode`].
    pub const ALL: [Self; 13] = [
        Self::Null,
        Self::Bool,
        Self::Int,
        Self::Uint,
        Self::Double,
        Self::String,
        Self::Bytes,
        Self::List,
        Self::Map,
        Self::Timestamp,
        Self::Duration,
        Self::Type,
        Self::Optional,
    ];

    /// The name, as `string(type(x))` has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Null => "null_type",
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Uint => "uint",
            Self::Double => "double",
            Self::String => "string",
            Self::Bytes => "bytes",
            Self::List => "list",
            Self::Map => "map",
            Self::Timestamp => "google.protobuf.Timestamp",
            Self::Duration => "google.protobuf.Duration",
            Self::Type => "type",
            Self::Optional => "optional_type",
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<u64> for Value {
    fn from(value: u64) -> Self {
        Self::Uint(value)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Double(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::String(value.into())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::String(value.into())
    }
}

impl From<Arc<str>> for Value {
    fn from(value: Arc<str>) -> Self {
        Self::String(value)
    }
}

impl From<Vec<Value>> for Value {
    fn from(value: Vec<Value>) -> Self {
        Self::List(value.into())
    }
}

impl From<Timestamp> for Value {
    fn from(value: Timestamp) -> Self {
        Self::Timestamp(value)
    }
}

impl From<Instant> for Value {
    fn from(value: Instant) -> Self {
        Self::Timestamp(Timestamp::saturating(value))
    }
}

impl From<Span> for Value {
    fn from(value: Span) -> Self {
        Self::Duration(value)
    }
}

#[cfg(test)]
mod tests {
    use super::Value;

    #[test]
    fn a_number_of_any_type_counts_as_what_it_is() {
        let half = 2f64.powi(63);
        for (value, number) in [
            (Value::Int(-3), Some(-3.0)),
            (Value::Int(i64::MAX), Some(half)),
            (Value::Uint(1 << 63), Some(half)),
            (Value::Uint(u64::MAX), Some(2.0 * half)),
            (Value::Double(2.5), Some(2.5)),
            (Value::Double(f64::INFINITY), None),
            (Value::from("3"), None),
        ] {
            assert_eq!(value.number(), number, "{value:?}");
        }
    }
}
