//! Canonical bytes of a value, to tell distinct values apart.

use super::{
    Key, Value,
    codec::{put_varint, tag},
};

impl Value {
    /// Bytes that are the same for two values exactly when the values are equal in CEL: `1`, `1u` and
    /// `1.0` have the same. (`NaN`, which equals nothing, has the bytes of `NaN`.)
    pub fn canonical_key(&self) -> Box<[u8]> {
        let mut key = Vec::new();
        self.put_key(&mut key);
        key.into()
    }

    /// Whether [`canonical_key`](Self::canonical_key) is the same for both, found out without making it.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        let is_nan = |value: &Self| matches!(value, Self::Double(number) if number.is_nan());
        self == other || is_nan(self) && is_nan(other)
    }

    fn put_key(&self, out: &mut Vec<u8>) {
        match self {
            Self::Int(number) => whole(i128::from(*number), out),
            Self::Uint(number) => whole(i128::from(*number), out),
            Self::Double(number) => match self.whole() {
                Some(number) => whole(number, out),
                None => {
                    let number = if number.is_nan() { f64::NAN } else { *number };
                    out.push(tag::DOUBLE);
                    out.extend_from_slice(&number.to_le_bytes());
                }
            },
            Self::List(items) => {
                out.push(tag::LIST);
                put_varint(items.len() as u128, out);
                items.iter().for_each(|item| item.put_key(out));
            }
            Self::Map(map) => {
                out.push(tag::MAP);
                put_varint(map.len() as u128, out);
                for (key, value) in map.entries() {
                    match key {
                        Key::String(text) => Self::put_text(text, out),
                        other => other.value().put_key(out),
                    }
                    value.put_key(out);
                }
            }
            Self::Optional(Some(value)) => {
                out.push(tag::SOME);
                value.put_key(out);
            }
            scalar => scalar.encode(out),
        }
    }
}

fn whole(number: i128, out: &mut Vec<u8>) {
    out.push(tag::INT);
    put_varint(((number << 1) ^ (number >> 127)) as u128, out);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_the_same_key_exactly_when_they_are_equal() {
        let samples = [
            Value::Null,
            Value::Bool(false),
            Value::Bool(true),
            Value::Int(0),
            Value::Double(-0.0),
            Value::Int(1),
            Value::Uint(1),
            Value::Double(1.0),
            Value::Double(1.5),
            Value::Int(-1),
            Value::Int(i64::MAX),
            Value::Double(9_223_372_036_854_775_808.0),
            Value::Uint(9_223_372_036_854_775_808),
            Value::Uint(u64::MAX),
            Value::Double(18_446_744_073_709_551_616.0),
            Value::Double(f64::INFINITY),
            Value::from("1"),
            Value::from(""),
            Value::Bytes(b"1".as_slice().into()),
            Value::list([]),
            Value::list([Value::Int(1), Value::from("a")]),
            Value::list([Value::Double(1.0), Value::from("a")]),
            Value::list([Value::list([Value::Int(1)]), Value::from("a")]),
            Value::map([("a", Value::Int(1))]),
            Value::map([("a", Value::Uint(1))]),
            Value::map([("a", Value::Int(2))]),
            Value::Optional(None),
            Value::Optional(Some(Value::Int(1).into())),
            Value::Optional(Some(Value::Double(1.0).into())),
            Value::Type(crate::value::Type::Int),
        ];
        for a in &samples {
            for b in &samples {
                assert_eq!(a.canonical_key() == b.canonical_key(), a == b, "{a:?} {b:?}");
            }
        }
    }
}
