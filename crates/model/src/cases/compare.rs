//! Compares an expected line with an actual one, and says each difference in a sentence.

use std::fmt;

use kelvin_kernel::Instant;
use serde_json::{Map, Value};

use super::{
    Line, Unmentioned,
    expect::{Expectations, Expected, Subject, instant},
};

/// Numbers that are no further apart are equal.
pub const TOLERANCE: f64 = 0.000_002;
/// So that numbers that are just the tolerance apart in decimals are equal too.
const SLACK: f64 = 1e-9;

/// A difference between what was expected and what is.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Whose line it is.
    pub subject: Subject,
    /// The id of the lead or account.
    pub id: String,
    /// The instant of the score.
    pub as_of: Instant,
    /// The expected line, from 1; `None` where there is none for the lead or account.
    pub line: Option<usize>,
    /// What differs: ``score``, ``rule `pricing-page` ``.
    pub what: String,
    /// What it is.
    pub actual: Side,
    /// What was expected.
    pub expected: Side,
}

/// One side of a difference.
#[derive(Debug, Clone, PartialEq)]
pub enum Side {
    /// Nothing.
    Nothing,
    /// Something: the expected line does not say what.
    Something,
    /// A value.
    Value(Value),
}

/// Appends the differences between the expected lines for one instant and the actual ones.
pub(super) fn compare(
    expected: &Expectations,
    as_of: Instant,
    actual: &[Line],
    unmentioned: Unmentioned,
    into: &mut Vec<Difference>,
) {
    let subject = expected.subject();
    let id = |line: &Line| match line.get(subject.id_key()) {
        Some(Value::String(id)) => id.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let now: Vec<&Expected> = expected.lines.iter().filter(|line| line.as_of == as_of).collect();
    for line in &now {
        let found = actual.iter().find(|actual| id(actual) == line.id);
        Comparison { subject, line, into }.run(found);
    }
    let unmentioned = actual.iter().filter(|_| unmentioned == Unmentioned::Unexpected && !now.is_empty());
    for line in unmentioned.filter(|line| !now.iter().any(|known| known.id == id(line))) {
        let actual = line.get("score").into();
        let (id, what) = (id(line), "score".to_owned());
        into.push(Difference { subject, id, as_of, line: None, what, actual, expected: Side::Nothing });
    }
}

/// The rules under `rules` that are expected to be worth nothing and that are not there.
pub(super) fn unknown_rules(
    expected: &Expectations,
    known: &dyn Fn(Subject, &str) -> bool,
) -> Vec<Difference> {
    let subject = expected.subject();
    let mut found = Vec::new();
    for line in &expected.lines {
        let rules = line.keys.get("rules").into_iter().flat_map(entries);
        for (rule, points) in rules.filter(|(rule, points)| is_nothing(points) && !known(subject, rule)) {
            let (actual, expected) = (Side::Nothing, Some(points).into());
            let what = format!("rule `{rule}`, which the model does not have,");
            Comparison { subject, line, into: &mut found }.differ(what, actual, expected);
        }
    }
    found
}

/// What also a rule that is not there is worth.
fn is_nothing(points: &Value) -> bool {
    points.as_f64().is_some_and(|points| points.abs() <= TOLERANCE + SLACK)
}

struct Comparison<'a> {
    subject: Subject,
    line: &'a Expected,
    into: &'a mut Vec<Difference>,
}

impl Comparison<'_> {
    fn run(&mut self, actual: Option<&Line>) {
        let keys = &self.line.keys;
        let wants_none = keys.get("score").is_some_and(Value::is_null);
        let Some(actual) = actual else {
            if !wants_none {
                self.differ("score".to_owned(), Side::Nothing, some(keys.get("score")));
            }
            return;
        };
        if wants_none {
            self.differ("score".to_owned(), actual.get("score").into(), Side::Nothing);
            return;
        }
        for (key, expected) in keys {
            let value = actual.get(key);
            match key.as_str() {
                "as_of" => {}
                "dimensions" => self.dimensions(value, expected),
                "reasons" => self.reasons(value, expected),
                "rules" => self.rules(actual.get("reasons"), expected),
                "disqualified" => self.differ_unless(
                    same_texts(value, expected),
                    "disqualified".to_owned(),
                    value,
                    Some(expected),
                ),
                key => self.value(key.to_owned(), value, Some(expected)),
            }
        }
    }

    fn dimensions(&mut self, actual: Option<&Value>, expected: &Value) {
        for (name, parts) in entries(expected) {
            for (part, expected) in entries(parts) {
                let value =
                    actual.and_then(|actual| actual.get(name)).and_then(|dimension| dimension.get(part));
                let what = if part == "sum" {
                    format!("sum of dimension `{name}`")
                } else {
                    format!("dimension `{name}`")
                };
                self.value(what, value, Some(expected));
            }
        }
    }

    /// The whole list: a rule that is not in it must be worth nothing.
    fn reasons(&mut self, actual: Option<&Value>, expected: &Value) {
        let (actual, expected) = (list(actual), list(Some(expected)));
        let before = self.into.len();
        for reason in expected {
            let rule = rule_of(reason);
            let Some(found) = actual.iter().find(|actual| rule_of(actual) == rule) else {
                self.differ(format!("rule `{rule}`"), Side::Nothing, some(reason.get("points")));
                continue;
            };
            for (key, expected) in entries(reason).filter(|(key, _)| *key != "rule") {
                let what = match key.as_str() {
                    "points" => format!("rule `{rule}`"),
                    "last" => format!("last award of rule `{rule}`"),
                    key => format!("{key} of rule `{rule}`"),
                };
                self.value(what, found.get(key), Some(expected));
            }
        }
        for reason in
            actual.iter().filter(|actual| !expected.iter().any(|known| rule_of(known) == rule_of(actual)))
        {
            self.differ(format!("rule `{}`", rule_of(reason)), some(reason.get("points")), Side::Nothing);
        }
        if self.into.len() == before && !same_order(actual, expected) {
            let order = |reasons: &[Value]| Side::Value(reasons.iter().map(rule_of).collect());
            self.differ("order of reasons".to_owned(), order(actual), order(expected));
        }
    }

    /// Only the rules named, by their points; 0 where a rule gives nothing.
    fn rules(&mut self, actual: Option<&Value>, expected: &Value) {
        for (rule, expected) in entries(expected) {
            let reason = list(actual).iter().find(|reason| rule_of(reason) == rule);
            let points = reason.and_then(|reason| reason.get("points"));
            let nothing = Value::from(0);
            self.value(format!("rule `{rule}`"), Some(points.unwrap_or(&nothing)), Some(expected));
        }
    }

    fn value(&mut self, what: String, actual: Option<&Value>, expected: Option<&Value>) {
        self.differ_unless(same(actual, expected), what, actual, expected);
    }

    fn differ_unless(&mut self, same: bool, what: String, actual: Option<&Value>, expected: Option<&Value>) {
        if !same {
            self.differ(what, actual.into(), expected.into());
        }
    }

    fn differ(&mut self, what: String, actual: Side, expected: Side) {
        self.into.push(Difference {
            subject: self.subject,
            id: self.line.id.clone(),
            as_of: self.line.as_of,
            line: Some(self.line.line),
            what,
            actual,
            expected,
        });
    }
}

fn same(actual: Option<&Value>, expected: Option<&Value>) -> bool {
    let (actual, expected) = (actual.unwrap_or(&Value::Null), expected.unwrap_or(&Value::Null));
    match (actual.as_f64(), expected.as_f64()) {
        (Some(a), Some(b)) => (a - b).abs() < TOLERANCE + SLACK,
        _ if actual == expected => true,
        _ => matches!((instant(actual), instant(expected)), (Some(a), Some(b)) if a == b),
    }
}

fn same_texts(actual: Option<&Value>, expected: &Value) -> bool {
    let texts = |value: &Value| {
        let mut texts: Vec<String> = list(Some(value)).iter().map(Value::to_string).collect();
        texts.sort_unstable();
        texts
    };
    actual.map_or_else(Vec::new, texts) == texts(expected)
}

/// Whether reasons come in the same order, up to rules that are worth the same within the tolerance.
fn same_order(actual: &[Value], expected: &[Value]) -> bool {
    let size = |reason: &Value| reason.get("points").and_then(Value::as_f64).unwrap_or_default().abs();
    let apart = |a: &Value, b: &Value| rule_of(a) != rule_of(b) && (size(a) - size(b)).abs() > TOLERANCE;
    let told = expected.iter().all(|reason| reason.get("points").is_some());
    !told || !actual.iter().zip(expected).any(|(a, b)| apart(a, b))
}

fn rule_of(reason: &Value) -> &str {
    reason.get("rule").and_then(Value::as_str).unwrap_or_default()
}

fn list(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { subject, id, as_of, what, .. } = self;
        write!(f, "{subject} `{id}` at {as_of}: {what} is {}, expected {}", self.actual, self.expected)
    }
}

impl From<Option<&Value>> for Side {
    fn from(value: Option<&Value>) -> Self {
        value.filter(|value| !value.is_null()).map_or(Self::Nothing, |value| Self::Value(value.clone()))
    }
}

/// A value that must be there, although an expected line may not say which.
fn some(value: Option<&Value>) -> Side {
    value.map_or(Side::Something, |value| Side::Value(value.clone()))
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("none"),
            Self::Something => f.write_str("some"),
            Self::Value(value) => f.write_str(&said(value)),
        }
    }
}

/// A value as a sentence says it.
fn said(value: &Value) -> String {
    match value {
        Value::String(text) => format!("`{text}`"),
        Value::Array(items) if items.is_empty() => "none".to_owned(),
        Value::Array(items) => items.iter().map(said).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}
