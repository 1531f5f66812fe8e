//! Reads expected lines, and refuses those that would silently compare nothing.

use std::fmt;

use kelvin_kernel::Instant;
use serde_json::Value;

use super::Line;

/// Whose lines they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// Leads: `expected.jsonl`.
    Lead,
    /// Accounts: `expected-accounts.jsonl`.
    Account,
}

/// Expected lines.
#[derive(Debug, Clone)]
pub struct Expectations {
    subject: Subject,
    pub(super) lines: Vec<Expected>,
}

/// What one lead or account must be worth at an instant. Keys that are absent are not compared.
#[derive(Debug, Clone)]
pub(super) struct Expected {
    /// The place in the text, from 1.
    pub(super) line: usize,
    pub(super) id: String,
    pub(super) as_of: Instant,
    pub(super) keys: Line,
}

/// A line that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadLine {
    /// The place in the text, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
    /// What may help.
    pub help: Option<String>,
}

impl Subject {
    /// The key that holds the id.
    pub(super) fn id_key(self) -> &'static str {
        match self {
            Self::Lead => "lead_id",
            Self::Account => "account_id",
        }
    }

    /// The keys that a line may have beside the id, with what they take.
    fn keys(self) -> &'static [(&'static str, Takes)] {
        match self {
            Self::Lead => &[
                ("model", Takes::Text),
                ("as_of", Takes::Instant),
                ("score", Takes::NumberOrNull),
                ("tier", Takes::TextOrNull),
                ("grade", Takes::TextOrNull),
                ("disqualified", Takes::Texts),
                ("until", Takes::InstantOrNull),
                ("dimensions", Takes::Map(&[("sum", Takes::Number), ("value", Takes::Number)])),
                ("reasons", Takes::Reasons),
                ("rules", Takes::Numbers),
            ],
            Self::Account => &[
                ("model", Takes::Text),
                ("as_of", Takes::Instant),
                ("score", Takes::NumberOrNull),
                ("tier", Takes::TextOrNull),
                ("members", Takes::Number),
                ("reasons", Takes::Reasons),
                ("rules", Takes::Numbers),
            ],
        }
    }
}

/// What a key of an expected line takes.
#[derive(Debug, Clone, Copy)]
enum Takes {
    Text,
    TextOrNull,
    Texts,
    Number,
    NumberOrNull,
    Instant,
    InstantOrNull,
    /// Numbers by name.
    Numbers,
    /// Objects with these keys, by name.
    Map(&'static [(&'static str, Takes)]),
    /// A list of objects, each with its `rule`.
    Reasons,
}

const REASON: &[(&str, Takes)] = &[
    ("rule", Takes::Text),
    ("dimension", Takes::Text),
    ("points", Takes::Number),
    ("awards", Takes::Number),
    ("last", Takes::Instant),
];

impl Expectations {
    /// The expected lines in a text of JSON Lines; blank lines are skipped. `as_of` is for lines that do
    /// not say when.
    ///
    /// # Errors
    /// All lines that cannot be used.
    pub fn parse(text: &str, subject: Subject, as_of: Option<Instant>) -> Result<Self, Vec<BadLine>> {
        let (mut lines, mut bad) = (Vec::new(), Vec::new());
        for (place, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            match expected(line, subject, as_of) {
                Ok((id, as_of, keys)) => lines.push(Expected { line: place + 1, id, as_of, keys }),
                Err((message, help)) => bad.push(BadLine { line: place + 1, message, help }),
            }
        }
        if bad.is_empty() { Ok(Self { subject, lines }) } else { Err(bad) }
    }

    /// Whose lines they are.
    pub fn subject(&self) -> Subject {
        self.subject
    }

    /// The instants that they speak of, ascending.
    pub fn instants(&self) -> Vec<Instant> {
        let mut instants: Vec<Instant> = self.lines.iter().map(|line| line.as_of).collect();
        instants.sort_unstable();
        instants.dedup();
        instants
    }

    /// The number of lines.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether nothing is expected.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }
}

type Problem = (String, Option<String>);

/// The object on a line.
pub(super) fn object(line: &str) -> Result<Line, String> {
    match serde_json::from_str(line) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err("not a JSON object".to_owned()),
        Err(error) => Err(format!("not JSON: column {}", error.column())),
    }
}

fn expected(
    line: &str,
    subject: Subject,
    as_of: Option<Instant>,
) -> Result<(String, Instant, Line), Problem> {
    let mut keys = object(line).map_err(|message| (message, None))?;
    let id = match keys.shift_remove(subject.id_key()) {
        Some(Value::String(id)) => id,
        Some(Value::Number(id)) => id.to_string(),
        _ => return Err((format!("no `{}`", subject.id_key()), None)),
    };
    check_keys("", &keys, subject.keys())?;
    check_expects(&keys, subject)?;
    let as_of = keys.get("as_of").and_then(instant).or(as_of);
    let when = || "write the instant to score at: \"as_of\": \"2026-01-31T00:00:00Z\"".to_owned();
    let as_of = as_of.ok_or_else(|| ("no `as_of`".to_owned(), Some(when())))?;
    Ok((id, as_of, keys))
}

/// Refuses a line that says which score is meant, and not what it must be.
fn check_expects(keys: &Line, subject: Subject) -> Result<(), Problem> {
    let says_what = |key: &str| key != "as_of";
    let is_empty = |value: &Value| value.as_object().is_some_and(Line::is_empty);
    if keys.iter().any(|(key, value)| says_what(key) && !is_empty(value)) {
        return Ok(());
    }
    let known: Vec<&str> = subject.keys().iter().map(|(key, _)| *key).filter(|key| says_what(key)).collect();
    Err(("nothing is expected".to_owned(), Some(format!("write what must come out: {}", known.join(", ")))))
}

/// The instant that a JSON value says.
pub(super) fn instant(value: &Value) -> Option<Instant> {
    match value {
        Value::String(text) => Instant::parse(text).ok(),
        Value::Number(number) => number.as_i64().map(Instant::from_millis),
        _ => None,
    }
}

fn check_keys(within: &str, object: &Line, known: &[(&str, Takes)]) -> Result<(), Problem> {
    for (key, value) in object {
        let Some((_, takes)) = known.iter().find(|(name, _)| name == key) else {
            let near = known
                .iter()
                .map(|(name, _)| *name)
                .filter(|name| strsim::damerau_levenshtein(name, key) <= 2);
            let near = near.min_by_key(|name| strsim::damerau_levenshtein(name, key));
            let help = near.map_or_else(
                || {
                    format!(
                        "known keys: {}",
                        known.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
                    )
                },
                |near| format!("did you mean `{near}`?"),
            );
            return Err((format!("unknown key `{within}{key}`"), Some(help)));
        };
        check_value(&format!("{within}{key}"), value, *takes)?;
    }
    Ok(())
}

fn check_value(name: &str, value: &Value, takes: Takes) -> Result<(), Problem> {
    let must =
        |fits: bool, what: &str| if fits { Ok(()) } else { Err((format!("`{name}` must be {what}"), None)) };
    match takes {
        Takes::Text => must(value.is_string(), "text"),
        Takes::TextOrNull => must(value.is_string() || value.is_null(), "text or null"),
        Takes::Texts => {
            must(value.as_array().is_some_and(|items| items.iter().all(Value::is_string)), "a list of texts")
        }
        Takes::Number => must(value.is_number(), "a number"),
        Takes::NumberOrNull => must(value.is_number() || value.is_null(), "a number or null"),
        Takes::Instant => must(instant(value).is_some(), "an instant, as in 2026-01-31T00:00:00Z"),
        Takes::InstantOrNull => must(value.is_null() || instant(value).is_some(), "an instant or null"),
        Takes::Numbers => {
            let numbers = |object: &Line| object.values().all(Value::is_number);
            must(value.as_object().is_some_and(numbers), "an object of numbers")
        }
        Takes::Map(keys) => {
            let object = value.as_object();
            must(object.is_some_and(|object| object.values().all(Value::is_object)), "an object of objects")?;
            for (key, inner) in object.into_iter().flatten() {
                check_keys(&format!("{name}.{key}."), inner.as_object().unwrap_or(&Line::new()), keys)?;
            }
            Ok(())
        }
        Takes::Reasons => {
            let named = |item: &Value| item.get("rule").is_some_and(Value::is_string);
            must(
                value.as_array().is_some_and(|items| items.iter().all(named)),
                "a list of objects that have a `rule`",
            )?;
            for item in value.as_array().into_iter().flatten() {
                check_keys(&format!("{name}."), item.as_object().unwrap_or(&Line::new()), REASON)?;
            }
            Ok(())
        }
    }
}

impl fmt::Display for BadLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)?;
        self.help.iter().try_for_each(|help| write!(f, "\nhelp: {help}"))
    }
}

impl std::error::Error for BadLine {}
