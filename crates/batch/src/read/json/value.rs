//! Values from JSON text that a [`Walker`] has gone over, so that it is known to be sound and not too deep.
//!
//! [`Walker`]: super::walk::Walker

use std::borrow::Cow;

use kelvin_kernel::Value;

use super::walk::{Fault, Walker, has_escape};
use crate::read::cells::Cell;

/// A value as a cell of a column: null is an absent field.
pub(super) fn cell(raw: &str) -> Cell<'_> {
    match text(raw) {
        Some(Cow::Borrowed(text)) => Cell::Text(text),
        Some(Cow::Owned(text)) => Cell::Value(Value::String(text.into())),
        None => match value(raw) {
            None | Some(Value::Null) => Cell::Absent,
            Some(value) => Cell::Value(value),
        },
    }
}

/// What stands between the quotes of a text; `None` if it is no text.
#[inline]
pub(super) fn text(raw: &str) -> Option<Cow<'_, str>> {
    let inner = raw.strip_prefix('"')?.strip_suffix('"')?;
    Some(if has_escape(inner) { Cow::Owned(unescaped(inner)) } else { Cow::Borrowed(inner) })
}

/// The text that an escaped one stands for. Half of a surrogate pair becomes U+FFFD.
pub(super) fn unescaped(escaped: &str) -> String {
    let mut text = String::with_capacity(escaped.len());
    let mut rest = escaped;
    while let Some((plain, after)) = rest.split_once('\\') {
        text.push_str(plain);
        let mut characters = after.chars();
        match characters.next() {
            Some('u') => rest = unicode(after, &mut text),
            Some(character) => {
                text.push(match character {
                    'b' => '\u{8}',
                    'f' => '\u{c}',
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    other => other,
                });
                rest = characters.as_str();
            }
            None => rest = "",
        }
    }
    text.push_str(rest);
    text
}

/// Adds the character of `u0041…` to `text`; returns what follows.
fn unicode<'a>(after: &'a str, text: &mut String) -> &'a str {
    let unit = |at: usize| after.get(at..at + 4).and_then(|digits| u32::from_str_radix(digits, 16).ok());
    let first = unit(1).unwrap_or(0xFFFD);
    let second = if after.get(5..7) == Some("\\u") { unit(7) } else { None };
    let (code, length) = match (first, second) {
        (0xD800..=0xDBFF, Some(low @ 0xDC00..=0xDFFF)) => {
            (0x10000 + ((first - 0xD800) << 10) + (low - 0xDC00), 11)
        }
        _ => (first, 5),
    };
    text.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
    after.get(length..).unwrap_or("")
}

/// The value of any JSON text; `None` for a number too large for a double.
pub(super) fn value(raw: &str) -> Option<Value> {
    let mut walker = Walker::new(raw.as_bytes(), 0);
    parse(raw, &mut walker).ok().flatten()
}

fn parse(raw: &str, walker: &mut Walker<'_>) -> Result<Option<Value>, Fault> {
    let start = walker.at;
    Ok(match walker.peek() {
        Some(b'{') => Some(Value::map(entries(raw, walker)?)),
        Some(b'[') => Some(Value::list(items(raw, walker)?)),
        _ => {
            walker.value()?;
            scalar(&raw[start..walker.at])
        }
    })
}

fn scalar(raw: &str) -> Option<Value> {
    match raw {
        "null" => Some(Value::Null),
        "true" => Some(Value::Bool(true)),
        "false" => Some(Value::Bool(false)),
        _ => match text(raw) {
            Some(text) => Some(Value::String(text.into())),
            None => number(raw),
        },
    }
}

/// A whole number where the text is one and it fits, else a double.
fn number(raw: &str) -> Option<Value> {
    if let Ok(int) = raw.parse() {
        return Some(Value::Int(int));
    }
    if let Ok(uint) = raw.parse() {
        return Some(Value::Uint(uint));
    }
    raw.parse().ok().filter(|double: &f64| double.is_finite()).map(Value::Double)
}

fn items(raw: &str, walker: &mut Walker<'_>) -> Result<Vec<Value>, Fault> {
    let mut items = Vec::new();
    walker.take(b'[');
    walker.space();
    while !walker.take(b']') {
        items.push(parse(raw, walker)?.unwrap_or_default());
        walker.space();
        walker.take(b',');
        walker.space();
    }
    Ok(items)
}

/// The keys of an object with their values.
pub(super) fn members(raw: &str) -> Vec<(String, Value)> {
    entries(raw, &mut Walker::new(raw.as_bytes(), 0)).unwrap_or_default()
}

fn entries(raw: &str, walker: &mut Walker<'_>) -> Result<Vec<(String, Value)>, Fault> {
    let mut entries = Vec::new();
    walker.take(b'{');
    walker.space();
    while !walker.take(b'}') {
        let (start, end) = walker.key()?;
        let value = parse(raw, walker)?.unwrap_or_default();
        entries.push((unescaped(&raw[start..end]), value));
        walker.space();
        walker.take(b',');
        walker.space();
    }
    Ok(entries)
}
