//! The conformance cases of the CEL specification that concern Kelvin's part of the language.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a failed test panics")]

use std::collections::BTreeMap;

use kelvin_kernel::{
    Value,
    expr::Env,
    plan::{Schema, Usage},
    value::{Key, Map, Span, Type},
};
use kelvin_model::cel::{Roots, Scope, compile_expr};
use serde_json::Value as Json;

use crate::{
    library::{self, PANIC, evaluate},
    shared::shared,
};

/// What is not supported, each with why: file, section, a part of the expression (`docs/language/cel-support.md`).
const UNSUPPORTED: &[(&str, &str, &str, &str)] = &[
    ("", "", "TestAllTypes", "protobuf messages"),
    ("", "", "google.protobuf.", "protobuf messages"),
    ("basic", "variables", "", "an unknown variable is told when the model is checked"),
    ("basic", "functions", "", "an unknown function is told when the model is checked"),
    ("parse", "receiver_function_names", "", "an unknown function is told when the model is checked"),
    (
        "parse",
        "bytes_literals",
        "b''' ? ",
        "the expected bytes hold a backslash that the expression does not",
    ),
];

#[test]
fn the_cases_of_the_specification_that_concern_kelvin_pass() {
    let Some(cases) = cases() else { return };
    let (mut passed, mut unsupported, mut failed) = (0, vec![0; UNSUPPORTED.len()], Vec::new());
    for case in &cases {
        match (case.run(), case.unsupported()) {
            (_, Some(place)) => unsupported[place] += 1,
            (Ok(()), None) => passed += 1,
            (Err(why), None) => failed.push(format!("{case}: {why}")),
        }
    }
    println!("{passed} of {} pass, unsupported are {unsupported:?}", cases.len());
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert!(unsupported.iter().all(|count| *count > 0), "listed without need: {unsupported:?}");
}

/// How far the library's own interpreter comes: the numbers of `docs/decisions/0002-own-cel-evaluator.md`.
#[test]
fn kelvin_and_the_library_pass_as_many_cases_as_is_told() {
    let Some(cases) = cases() else { return };
    let passed = |cases: &[&Case]| {
        let kelvin = cases.iter().filter(|case| case.run().is_ok()).count();
        let library = cases.iter().filter(|case| case.run_by_library().is_ok()).count();
        [cases.len(), kelvin, library]
    };
    let concerning: Vec<&Case> = cases.iter().filter(|case| case.unsupported().is_none()).collect();
    assert_eq!(passed(&concerning), [673, 673, 672], "of the cases that concern Kelvin");
    assert_eq!(passed(&cases.iter().collect::<Vec<_>>()), [750, 675, 687], "of all cases");
}

/// A case of the specification.
struct Case {
    file: String,
    section: String,
    name: String,
    expr: String,
    expect: Option<Json>,
    bindings: BTreeMap<String, Json>,
    /// Whether the case is to be run without checking types first.
    unchecked: bool,
}

impl std::fmt::Display for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}/{} `{}`", self.file, self.section, self.name, self.expr)
    }
}

fn cases() -> Option<Vec<Case>> {
    let text = std::fs::read_to_string(shared()?.join("data/cel/conformance.jsonl")).unwrap();
    let text_of = |json: &Json, key: &str| json[key].as_str().unwrap_or_default().to_owned();
    let case = |line: &str| {
        let json: Json = serde_json::from_str(line).unwrap();
        let bindings = json["bindings"].as_object().into_iter().flatten();
        Case {
            file: text_of(&json, "file"),
            section: text_of(&json, "section"),
            name: text_of(&json, "name"),
            expr: text_of(&json, "expr"),
            expect: json.get("value").cloned(),
            bindings: bindings.map(|(name, value)| (name.clone(), value["value"].clone())).collect(),
            unchecked: json["disable_check"].as_bool().unwrap_or_default(),
        }
    };
    Some(text.lines().map(case).collect())
}

impl Case {
    /// Why the case is not supported, by place in [`UNSUPPORTED`], if it is not.
    fn unsupported(&self) -> Option<usize> {
        UNSUPPORTED.iter().position(|(file, section, part, _)| {
            (self.file == *file || file.is_empty())
                && (self.section == *section || section.is_empty())
                && self.expr.contains(part)
        })
    }

    /// Runs the case with and, unless it says otherwise, also with checks of types.
    fn run(&self) -> Result<(), String> {
        self.run_with(false)?;
        if self.unchecked { Ok(()) } else { self.run_with(true) }
    }

    /// Runs the case with the library's own interpreter, which checks no types.
    fn run_by_library(&self) -> Result<(), String> {
        let variables = self.bindings.iter().map(|(name, value)| (name.clone(), value_of(value)));
        let outcome = evaluate(&self.expr, &[variables.collect()]).remove(0);
        match (&self.expect, outcome) {
            (None, Err(why)) if why != PANIC => Ok(()),
            (Some(expect), Ok(value)) if library::same(&value_of(expect), &value) => Ok(()),
            (expect, outcome) => Err(format!("expected {expect:?}, got {outcome:?}")),
        }
    }

    fn run_with(&self, checks_types: bool) -> Result<(), String> {
        let mut schema = Schema::default();
        let lists = BTreeMap::new();
        let mut scope = Scope::new(Roots::STANDING, &lists, &mut schema);
        scope.checks_types = checks_types;
        let (expr, lead) = self.bound();
        let compiled = compile_expr(&expr, &mut scope, Usage::Unknown);
        let outcome = match &compiled {
            Ok(expr) => {
                let slots: Vec<_> =
                    schema.lead.fields.iter().map(|field| lead.get(&*field.name).cloned()).collect();
                expr.value(&Env { lead: &slots, ..Env::default() }).map_err(|_| "an error".to_owned())
            }
            Err(problems) => Err(problems.iter().map(|problem| problem.message.clone()).collect()),
        };
        match (&self.expect, outcome) {
            (None, Err(_)) => Ok(()),
            (Some(expect), Ok(value)) if same(&value, &value_of(expect)) => Ok(()),
            (expect, outcome) => {
                Err(format!("expected {expect:?}, got {outcome:?} (checks: {checks_types})"))
            }
        }
    }

    /// The expression with its variables as attributes of the lead: Kelvin has no variables of a user's own.
    fn bound(&self) -> (String, BTreeMap<String, Value>) {
        let mut expr = self.expr.clone();
        let mut lead: BTreeMap<String, Value> = BTreeMap::new();
        for (name, value) in &self.bindings {
            let mut parts = name.split('.').rev().peekable();
            let mut value = value_of(value);
            while let Some(part) = parts.next() {
                match parts.peek() {
                    Some(_) => value = Value::map([(part, value)]),
                    None => {
                        if lead.insert(part.to_owned(), value.clone()).is_none() {
                            expr = replaced(&expr, part);
                        }
                    }
                }
            }
        }
        (expr, lead)
    }
}

/// The text with `lead.` before each word `name`.
fn replaced(text: &str, name: &str) -> String {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(name) {
        let (before, after) = (&rest[..at], &rest[at + name.len()..]);
        out.push_str(before);
        let alone = !before.ends_with(is_word) && !after.starts_with(|c: char| c.is_ascii_alphanumeric());
        out.push_str(if alone && !matches!(name, "true" | "null") { "lead." } else { "" });
        out.push_str(name);
        rest = after;
    }
    out + rest
}

fn value_of(json: &Json) -> Value {
    let (kind, value) = json.as_object().and_then(|object| object.iter().next()).unwrap();
    let text = || value.as_str().unwrap_or_default();
    let items = |key: &str| value[key].as_array().cloned().unwrap_or_default();
    match kind.as_str() {
        "null_value" => Value::Null,
        "bool_value" => Value::Bool(value.as_bool().unwrap()),
        "int64_value" => Value::Int(text().parse().unwrap()),
        "uint64_value" => Value::Uint(text().parse().unwrap()),
        "double_value" => Value::Double(value.as_f64().unwrap_or_else(|| text().parse().unwrap())),
        "string_value" => Value::from(text()),
        "bytes_value" => Value::Bytes(base64(text()).into()),
        "list_value" => Value::list(items("values").iter().map(value_of)),
        "map_value" => {
            Value::Map(Map::new(items("entries").iter().map(|entry| {
                (Key::from_value(&value_of(&entry["key"])).unwrap(), value_of(&entry["value"]))
            })))
        }
        "type_value" => Value::Type(Type::ALL.into_iter().find(|kind| kind.name() == text()).unwrap()),
        // The only messages that Kelvin has are times.
        "object_value" => {
            Span::parse(value["value"].as_str().unwrap_or_default()).map_or(Value::Null, Value::from)
        }
        other => panic!("{other}"),
    }
}

/// Equal, of one type, and `NaN` the same as `NaN`.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Double(a), Value::Double(b)) => a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan(),
        _ => a.type_of() == b.type_of() && a == b,
    }
}

fn base64(text: &str) -> Vec<u8> {
    const DIGITS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bits = text
        .trim_end_matches('=')
        .bytes()
        .map(|byte| DIGITS.bytes().position(|digit| digit == byte).unwrap());
    let bits: Vec<u8> = bits.flat_map(|six| (0..6).rev().map(move |bit| (six >> bit & 1) as u8)).collect();
    bits.chunks_exact(8).map(|eight| eight.iter().fold(0, |byte, bit| byte << 1 | bit)).collect()
}
