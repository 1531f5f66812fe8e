//! `format`: text with clauses like `%s` and `%.2f` filled in from a list.

use super::{Called, EvalError, Run, Value, convert::exponent};

/// The most digits after the point that a clause may ask for.
const MAX_PRECISION: usize = 100;

/// The text as it grows; every piece is charged for before it is added.
struct Out<'a> {
    text: String,
    run: &'a Run<'a>,
}

impl Out<'_> {
    fn push(&mut self, piece: &str) -> Result<(), EvalError> {
        self.run.budget.charge_made(piece.len())?;
        self.text.push_str(piece);
        Ok(())
    }
}

pub(super) fn call(args: &[&Value], run: &Run<'_>) -> Called {
    let [Value::String(pattern), Value::List(values)] = args else { return Err(EvalError) };
    let mut values = values.iter();
    let mut out = Out { text: String::new(), run };
    let mut rest = &**pattern;
    while let Some(at) = rest.find('%') {
        out.push(&rest[..at])?;
        let (precision, clause, after) = clause(&rest[at + 1..]).ok_or(EvalError)?;
        match clause {
            '%' => out.push("%")?,
            _ => fill(clause, precision, values.next().ok_or(EvalError)?, &mut out)?,
        }
        rest = after;
    }
    out.push(rest)?;
    Ok(Value::from(out.text))
}

/// The precision and the letter of a clause, and what follows it.
fn clause(text: &str) -> Option<(Option<usize>, char, &str)> {
    let (precision, rest) = match text.strip_prefix('.') {
        Some(rest) => {
            let end = rest.find(|c: char| !c.is_ascii_digit())?;
            let precision = rest[..end].parse().ok().filter(|digits| *digits <= MAX_PRECISION)?;
            (Some(precision), &rest[end..])
        }
        None => (None, text),
    };
    let mut characters = rest.chars();
    let letter = characters.next()?;
    Some((precision, letter, characters.as_str()))
}

fn fill(clause: char, precision: Option<usize>, value: &Value, out: &mut Out<'_>) -> Result<(), EvalError> {
    let digits = precision.unwrap_or(6);
    let text = match (clause, value) {
        ('s', value) => return plain(value, out),
        ('d', Value::Int(_) | Value::Uint(_) | Value::Double(_)) => return plain(value, out),
        ('f', value) => match value.as_f64().ok_or(EvalError)? {
            number if number.is_finite() => format!("{number:.digits$}"),
            number => not_finite(number).to_owned(),
        },
        ('e', value) => match value.as_f64().ok_or(EvalError)? {
            number if number.is_finite() => exponent(&format!("{number:.digits$e}")),
            number => not_finite(number).to_owned(),
        },
        ('b', Value::Bool(value)) => u8::from(*value).to_string(),
        ('b', value) => integer(value, |size| format!("{size:b}"))?,
        ('o', value) => integer(value, |size| format!("{size:o}"))?,
        ('x', value) => hexadecimal(value, out.run)?,
        ('X', value) => hexadecimal(value, out.run)?.to_uppercase(),
        _ => return Err(EvalError),
    };
    out.push(&text)
}

fn integer(value: &Value, digits: impl Fn(u64) -> String) -> Result<String, EvalError> {
    match value {
        Value::Int(number) if *number < 0 => Ok(format!("-{}", digits(number.unsigned_abs()))),
        Value::Int(number) => Ok(digits(number.unsigned_abs())),
        Value::Uint(number) => Ok(digits(*number)),
        _ => Err(EvalError),
    }
}

fn hexadecimal(value: &Value, run: &Run<'_>) -> Result<String, EvalError> {
    let bytes = match value {
        Value::String(text) => text.as_bytes(),
        Value::Bytes(bytes) => bytes,
        number => return integer(number, |size| format!("{size:x}")),
    };
    run.budget.charge_made(bytes.len())?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// A value as `%s` has it.
fn plain(value: &Value, out: &mut Out<'_>) -> Result<(), EvalError> {
    match value {
        Value::Null => out.push("null"),
        Value::Bool(value) => out.push(if *value { "true" } else { "false" }),
        Value::Int(number) => out.push(&number.to_string()),
        Value::Uint(number) => out.push(&number.to_string()),
        Value::Double(number) if number.is_finite() => out.push(&number.to_string()),
        Value::Double(number) => out.push(not_finite(*number)),
        Value::String(text) => out.push(text),
        Value::Bytes(bytes) => out.push(std::str::from_utf8(bytes).map_err(|_| EvalError)?),
        Value::Timestamp(at) => out.push(&at.to_string()),
        Value::Duration(span) => out.push(&span.to_string()),
        Value::Type(kind) => out.push(kind.name()),
        Value::List(items) => {
            out.push("[")?;
            for (place, item) in items.iter().enumerate() {
                out.push(if place == 0 { "" } else { ", " })?;
                plain(item, out)?;
            }
            out.push("]")
        }
        Value::Map(map) => {
            let mut entries = Vec::with_capacity(map.len());
            for (key, value) in map.entries() {
                let mut entry = Out { text: String::new(), run: out.run };
                plain(&key.value(), &mut entry)?;
                let key = entry.text.clone();
                entry.push(": ")?;
                plain(value, &mut entry)?;
                entries.push((key, entry.text));
            }
            // By key alone: `: ` would put a key behind those that go on with a smaller character.
            entries.sort_by(|(a, _), (b, _)| a.cmp(b));
            let entries: Vec<String> = entries.into_iter().map(|(_, entry)| entry).collect();
            out.push("{")?;
            out.push(&entries.join(", "))?;
            out.push("}")
        }
        Value::Optional(_) => Err(EvalError),
    }
}

fn not_finite(number: f64) -> &'static str {
    if number.is_nan() {
        "NaN"
    } else if number > 0.0 {
        "Infinity"
    } else {
        "-Infinity"
    }
}
