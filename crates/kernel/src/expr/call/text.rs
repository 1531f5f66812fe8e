//! Functions of text. Positions count characters, not bytes.

use regex::RegexBuilder;

use super::{Called, EvalError, Function, Run, Value, int};

pub(super) fn call(function: Function, args: &[&Value], run: &Run<'_>) -> Called {
    if let [Value::String(text), ..] = args {
        run.budget.charge_read(text.len())?;
    }
    match (function, args) {
        (Function::Contains, [Value::String(text), Value::String(part)]) => truth(text.contains(&**part)),
        (Function::StartsWith, [Value::String(text), Value::String(part)]) => {
            truth(text.starts_with(&**part))
        }
        (Function::EndsWith, [Value::String(text), Value::String(part)]) => truth(text.ends_with(&**part)),
        (Function::Matches, [Value::String(text), Value::String(pattern)]) => matches(text, pattern, run),
        (Function::CharAt, [Value::String(text), Value::Int(at)]) => {
            let start = offset(text, *at)?;
            made(run, text[start..].chars().take(1).collect())
        }
        (Function::IndexOf, [Value::String(text), Value::String(part), rest @ ..]) => {
            index_of(text, part, rest)
        }
        (Function::LastIndexOf, [Value::String(text), Value::String(part), rest @ ..]) => {
            last_index_of(text, part, rest)
        }
        (Function::LowerAscii, [Value::String(text)]) => made(run, text.to_ascii_lowercase()),
        (Function::UpperAscii, [Value::String(text)]) => made(run, text.to_ascii_uppercase()),
        (Function::Trim, [Value::String(text)]) => made(run, text.trim().to_owned()),
        (Function::Reverse, [Value::String(text)]) => made(run, text.chars().rev().collect()),
        (Function::Quote, [Value::String(text)]) => made(run, quote(text)),
        (Function::Join, [Value::List(items), rest @ ..]) => join(items, rest, run),
        (Function::Replace, [Value::String(text), Value::String(old), Value::String(new), rest @ ..]) => {
            replace(text, old, new, rest, run)
        }
        (Function::Split, [Value::String(text), Value::String(separator), rest @ ..]) => {
            split(text, separator, rest, run)
        }
        (Function::Substring, [Value::String(text), Value::Int(start), rest @ ..]) => {
            substring(text, *start, rest, run)
        }
        _ => Err(EvalError),
    }
}

fn truth(value: bool) -> Called {
    Ok(Value::Bool(value))
}

fn made(run: &Run<'_>, text: String) -> Called {
    run.budget.charge_made(text.len())?;
    Ok(Value::from(text))
}

/// Looks for a pattern that is not a constant: it is compiled each time, and charged for.
fn matches(text: &str, pattern: &str, run: &Run<'_>) -> Called {
    run.budget.charge(5_000 + pattern.len() as u64)?;
    let pattern = RegexBuilder::new(pattern).size_limit(1 << 18).build().map_err(|_| EvalError)?;
    truth(pattern.is_match(text))
}

/// The byte at which the character at a position begins; the end is a position too.
fn offset(text: &str, position: i64) -> Result<usize, EvalError> {
    let position = usize::try_from(position).map_err(|_| EvalError)?;
    let starts = text.char_indices().map(|(start, _)| start).chain([text.len()]);
    starts.into_iter().nth(position).ok_or(EvalError)
}

/// The position of the character that begins at a byte, or -1.
fn position(text: &str, start: Option<usize>) -> Called {
    start.map_or(Ok(Value::Int(-1)), |start| int(text[..start].chars().count()))
}

fn index_of(text: &str, part: &str, rest: &[&Value]) -> Called {
    let from = match rest {
        [] => 0,
        [Value::Int(from)] => offset(text, *from)?,
        _ => return Err(EvalError),
    };
    position(text, text[from..].find(part).map(|start| start + from))
}

fn last_index_of(text: &str, part: &str, rest: &[&Value]) -> Called {
    let last = match rest {
        [] => text.len(),
        [Value::Int(last)] => offset(text, *last)?,
        _ => return Err(EvalError),
    };
    // What begins at the last position at the latest ends here at the latest.
    let end = text.floor_char_boundary(last.saturating_add(part.len()));
    position(text, text[..end].rfind(part))
}

fn join(items: &[Value], rest: &[&Value], run: &Run<'_>) -> Called {
    let separator = match rest {
        [] => "",
        [Value::String(separator)] => separator,
        _ => return Err(EvalError),
    };
    let mut joined = String::new();
    for (place, item) in items.iter().enumerate() {
        let text = item.as_str().ok_or(EvalError)?;
        let separator = if place == 0 { "" } else { separator };
        run.budget.charge_made(separator.len() + text.len())?;
        joined.push_str(separator);
        joined.push_str(text);
    }
    Ok(Value::from(joined))
}

fn replace(text: &str, old: &str, new: &str, rest: &[&Value], run: &Run<'_>) -> Called {
    let limit = limit(rest)?;
    let hits = text.matches(old).take(limit).count();
    run.budget.charge_made(text.len().saturating_add(hits.saturating_mul(new.len())))?;
    Ok(Value::from(text.replacen(old, new, limit)))
}

/// How many times at most: an optional last argument, where a negative number stands for any number.
fn limit(rest: &[&Value]) -> Result<usize, EvalError> {
    match rest {
        [] => Ok(usize::MAX),
        [Value::Int(limit)] => Ok(usize::try_from(*limit).unwrap_or(usize::MAX)),
        _ => Err(EvalError),
    }
}

fn split(text: &str, separator: &str, rest: &[&Value], run: &Run<'_>) -> Called {
    let limit = limit(rest)?;
    run.budget.charge_made(text.len())?;
    let parts: Vec<&str> = match separator {
        _ if limit == 0 => Vec::new(),
        // Between characters, and not also before the first and after the last.
        "" => {
            let mut starts: Vec<usize> = text.char_indices().map(|(start, _)| start).take(limit).collect();
            starts.push(text.len());
            starts.windows(2).map(|ends| &text[ends[0]..ends[1]]).collect()
        }
        _ => text.splitn(limit, separator).collect(),
    };
    run.budget.charge(parts.len() as u64)?;
    Ok(Value::list(parts.into_iter().map(Value::from)))
}

fn substring(text: &str, start: i64, rest: &[&Value], run: &Run<'_>) -> Called {
    let start = offset(text, start)?;
    let end = match rest {
        [] => text.len(),
        [Value::Int(end)] => offset(text, *end)?,
        _ => return Err(EvalError),
    };
    made(run, text.get(start..end).ok_or(EvalError)?.to_owned())
}

fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '\u{7}' => quoted.push_str("\\a"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{c}' => quoted.push_str("\\f"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\u{b}' => quoted.push_str("\\v"),
            '\\' => quoted.push_str("\\\\"),
            '"' => quoted.push_str("\\\""),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}
