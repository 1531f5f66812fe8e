//! Values as compact, self-describing bytes, for stored state and spilled rows.

use std::sync::Arc;

use super::{Key, Map, Span, Timestamp, Type, Value};

/// Bytes that are not a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DecodeError;

/// How deep decoded lists and maps may be nested: [`Value::MAX_DEPTH`] from outside and what an expression adds.
const MAX_DEPTH: usize = 256;

/// Nothing is reserved beyond this many items before they are there.
const MAX_RESERVED: usize = 256;

/// The first byte of each value. They are written to disk: never renumber.
pub(super) mod tag {
    pub(crate) const NULL: u8 = 0;
    pub(crate) const FALSE: u8 = 1;
    pub(crate) const TRUE: u8 = 2;
    pub(crate) const INT: u8 = 3;
    pub(crate) const UINT: u8 = 4;
    pub(crate) const DOUBLE: u8 = 5;
    pub(crate) const STRING: u8 = 6;
    pub(crate) const BYTES: u8 = 7;
    pub(crate) const LIST: u8 = 8;
    pub(crate) const MAP: u8 = 9;
    pub(crate) const TIMESTAMP: u8 = 10;
    pub(crate) const DURATION: u8 = 11;
    pub(crate) const TYPE: u8 = 12;
    pub(crate) const NONE: u8 = 13;
    pub(crate) const SOME: u8 = 14;
}

impl Value {
    /// Appends the value's bytes. What is nested deeper than [`Value::decode`] reads becomes `null`.
    pub fn encode(&self, out: &mut Vec<u8>) {
        self.encode_at(0, out);
    }

    /// Takes one value off the front of `bytes`. Never panics, and reserves no more than the bytes justify.
    pub fn decode(bytes: &mut &[u8]) -> Result<Self, DecodeError> {
        decode_at(0, bytes)
    }

    fn encode_at(&self, depth: usize, out: &mut Vec<u8>) {
        match self {
            Self::Null => out.push(tag::NULL),
            Self::Bool(false) => out.push(tag::FALSE),
            Self::Bool(true) => out.push(tag::TRUE),
            Self::Int(number) => {
                out.push(tag::INT);
                put_varint(u128::from(zigzag(*number)), out);
            }
            Self::Uint(number) => {
                out.push(tag::UINT);
                put_varint(u128::from(*number), out);
            }
            Self::Double(number) => {
                out.push(tag::DOUBLE);
                out.extend_from_slice(&number.to_le_bytes());
            }
            Self::String(text) => Self::put_text(text, out),
            Self::Bytes(bytes) => put_bytes(tag::BYTES, bytes, out),
            Self::Timestamp(at) => put_time(tag::TIMESTAMP, at.seconds(), at.nanos(), out),
            Self::Duration(span) => {
                let (seconds, nanos) = span.parts();
                put_time(tag::DURATION, seconds, nanos, out);
            }
            Self::Type(kind) => out.extend([tag::TYPE, *kind as u8]),
            Self::Optional(None) => out.push(tag::NONE),
            _ if depth >= MAX_DEPTH => out.push(tag::NULL),
            Self::Optional(Some(value)) => {
                out.push(tag::SOME);
                value.encode_at(depth + 1, out);
            }
            Self::List(items) => {
                out.push(tag::LIST);
                put_varint(items.len() as u128, out);
                items.iter().for_each(|item| item.encode_at(depth + 1, out));
            }
            Self::Map(map) => {
                out.push(tag::MAP);
                put_varint(map.len() as u128, out);
                for (key, value) in map.entries() {
                    key.value().encode_at(depth + 1, out);
                    value.encode_at(depth + 1, out);
                }
            }
        }
    }

    pub(super) fn put_text(text: &str, out: &mut Vec<u8>) {
        put_bytes(tag::STRING, text.as_bytes(), out);
    }
}

fn decode_at(depth: usize, bytes: &mut &[u8]) -> Result<Value, DecodeError> {
    let value = match take_byte(bytes)? {
        tag::NULL => Value::Null,
        tag::FALSE => Value::Bool(false),
        tag::TRUE => Value::Bool(true),
        tag::INT => Value::Int(take_int(bytes)?),
        tag::UINT => Value::Uint(take_varint(bytes)?),
        tag::DOUBLE => {
            let (number, rest) = bytes.split_first_chunk().ok_or(DecodeError)?;
            *bytes = rest;
            Value::Double(f64::from_le_bytes(*number))
        }
        tag::STRING => {
            Value::String(std::str::from_utf8(take_bytes(bytes)?).map_err(|_| DecodeError)?.into())
        }
        tag::BYTES => Value::Bytes(take_bytes(bytes)?.into()),
        tag::TIMESTAMP => {
            let (seconds, nanos) = take_time(bytes)?;
            Value::Timestamp(Timestamp::new(seconds, nanos).ok_or(DecodeError)?)
        }
        tag::DURATION => {
            let (seconds, nanos) = take_time(bytes)?;
            Value::Duration(Span::new(seconds, i64::from(nanos)).ok_or(DecodeError)?)
        }
        tag::TYPE => Value::Type(*Type::ALL.get(usize::from(take_byte(bytes)?)).ok_or(DecodeError)?),
        tag::NONE => Value::Optional(None),
        _ if depth >= MAX_DEPTH => return Err(DecodeError),
        tag::SOME => Value::Optional(Some(Arc::new(decode_at(depth + 1, bytes)?))),
        tag::LIST => {
            let count = take_varint(bytes)?;
            let mut items = Vec::with_capacity(count.min(MAX_RESERVED as u64) as usize);
            for _ in 0..count {
                items.push(decode_at(depth + 1, bytes)?);
            }
            Value::List(items.into())
        }
        tag::MAP => {
            let count = take_varint(bytes)?;
            let mut entries = Vec::with_capacity(count.min(MAX_RESERVED as u64) as usize);
            for _ in 0..count {
                let key = match decode_at(MAX_DEPTH, bytes)? {
                    Value::Bool(key) => Key::Bool(key),
                    Value::Int(key) => Key::Int(key),
                    Value::Uint(key) => Key::Uint(key),
                    Value::String(key) => Key::String(key),
                    _ => return Err(DecodeError),
                };
                entries.push((key, decode_at(depth + 1, bytes)?));
            }
            Value::Map(Map::unique(entries).ok_or(DecodeError)?)
        }
        _ => return Err(DecodeError),
    };
    Ok(value)
}

/// Appends an unsigned number, seven bits a byte, least first.
pub(super) fn put_varint(mut number: u128, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn put_bytes(tag: u8, bytes: &[u8], out: &mut Vec<u8>) {
    out.push(tag);
    put_varint(bytes.len() as u128, out);
    out.extend_from_slice(bytes);
}

fn put_time(tag: u8, seconds: i64, nanos: u32, out: &mut Vec<u8>) {
    out.push(tag);
    put_varint(u128::from(zigzag(seconds)), out);
    put_varint(u128::from(nanos), out);
}

fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)) as u64
}

fn take_byte(bytes: &mut &[u8]) -> Result<u8, DecodeError> {
    let (first, rest) = bytes.split_first().ok_or(DecodeError)?;
    *bytes = rest;
    Ok(*first)
}

fn take_varint(bytes: &mut &[u8]) -> Result<u64, DecodeError> {
    let mut number = 0u64;
    for shift in (0..64).step_by(7) {
        let byte = take_byte(bytes)?;
        let bits = u64::from(byte & 0x7f);
        // The tenth byte has room for one bit only.
        if shift == 63 && bits > 1 {
            return Err(DecodeError);
        }
        number |= bits << shift;
        if byte < 0x80 {
            return Ok(number);
        }
    }
    Err(DecodeError)
}

fn take_int(bytes: &mut &[u8]) -> Result<i64, DecodeError> {
    let number = take_varint(bytes)?;
    Ok((number >> 1) as i64 ^ -((number & 1) as i64))
}

fn take_bytes<'a>(bytes: &mut &'a [u8]) -> Result<&'a [u8], DecodeError> {
    let length = usize::try_from(take_varint(bytes)?).map_err(|_| DecodeError)?;
    let (taken, rest) = bytes.split_at_checked(length).ok_or(DecodeError)?;
    *bytes = rest;
    Ok(taken)
}

fn take_time(bytes: &mut &[u8]) -> Result<(i64, u32), DecodeError> {
    let seconds = take_int(bytes)?;
    let nanos = u32::try_from(take_varint(bytes)?).map_err(|_| DecodeError)?;
    Ok((seconds, nanos))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes_of(value: &Value) -> Vec<u8> {
        let mut out = Vec::new();
        value.encode(&mut out);
        out
    }

    #[test]
    fn a_value_comes_back_as_it_was() {
        let time = Timestamp::new(-5, 7).map(Value::Timestamp).unwrap_or_default();
        let span = Span::new(-5, -7).map(Value::Duration).unwrap_or_default();
        let samples = [
            Value::Null,
            Value::Bool(true),
            Value::Int(i64::MIN),
            Value::Int(-1),
            Value::Uint(u64::MAX),
            Value::Double(-0.0),
            Value::Double(f64::NAN),
            Value::from("Zürich"),
            Value::Bytes([0, 255].as_slice().into()),
            time,
            span,
            Value::Type(Type::Optional),
            Value::Optional(None),
            Value::Optional(Some(Arc::new(Value::from("x")))),
        ];
        let map = Map::new([(Key::Bool(true), Value::Null), (Key::Uint(7), Value::list(samples.clone()))]);
        for value in samples.into_iter().chain([Value::Map(map)]) {
            let bytes = bytes_of(&value);
            let mut rest = bytes.as_slice();
            let back = Value::decode(&mut rest);
            assert_eq!(format!("{back:?}"), format!("{:?}", Ok::<_, DecodeError>(value)));
            assert!(rest.is_empty());
        }
    }

    #[test]
    fn short_text_costs_two_bytes_more_than_itself() {
        assert_eq!(bytes_of(&Value::from("page")).len(), 6);
    }

    #[test]
    fn broken_bytes_are_refused() {
        let check = |bytes: &[u8]| assert_eq!(Value::decode(&mut &*bytes), Err(DecodeError), "{bytes:?}");
        check(&[]);
        check(&[99]);
        check(&[tag::STRING, 5, b'a']);
        check(&[tag::STRING, 1, 0xff]);
        check(&[tag::STRING, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]);
        check(&[tag::UINT, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2]);
        check(&[tag::LIST, 0xff, 0xff, 0xff, 0xff, 0x7f]);
        check(&[tag::MAP, 1, tag::NULL, tag::NULL]);
        check(&[tag::MAP, 2, tag::TRUE, tag::NULL, tag::TRUE, tag::NULL]);
        check(&[tag::TIMESTAMP, 0, 0x80, 0x94, 0xeb, 0xdc, 0x03]);
        check(&[tag::TYPE, 13]);
        check(&[tag::LIST, 1].repeat(100_000));
    }

    #[test]
    fn nesting_beyond_what_is_read_is_written_as_null() {
        let deep = (0..1_000).fold(Value::Int(1), |inner, _| Value::list([inner]));
        assert!(Value::decode(&mut bytes_of(&deep).as_slice()).is_ok());
    }
}
