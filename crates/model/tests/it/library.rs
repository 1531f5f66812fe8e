//! The library's own interpreter, as something to compare with: values to and fro, and one evaluation.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed test panics")]

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock},
    thread,
};

use cel::{Context, Env, extensions, objects::OptionalValue};
use kelvin_kernel::{
    Value,
    value::{Key, Map},
};

/// The standard environment and the extension whose functions Kelvin has too.
static ENV: LazyLock<Arc<Env>> = LazyLock::new(|| {
    let mut env = Env::stdlib();
    env.add_extension(extensions::strings).unwrap();
    Arc::new(env)
});

/// The library parses and evaluates recursively, and needs much stack where it is not optimised.
const STACK_BYTES: usize = 1 << 26;

/// What an evaluation came to: a value, or why there is none.
pub(crate) type Outcome = Result<cel::Value, String>;

/// Why there is no value where the library panicked.
pub(crate) const PANIC: &str = "a panic";

/// The outcome of an expression for each set of variables, by the library alone.
pub(crate) fn evaluate(text: &str, variables: &[BTreeMap<String, Value>]) -> Vec<Outcome> {
    let work = || {
        let parser = ENV.parser().enable_ident_escape_syntax(true);
        let parsed = parser.parse(text).map_err(|errors| errors.to_string());
        let outcome = |variables: &BTreeMap<String, Value>| {
            let mut context = Context::with_env(ENV.clone());
            for (name, value) in variables {
                context.add_variable_from_value(name.as_str(), library_value(value));
            }
            context.resolve(parsed.as_ref().map_err(String::clone)?).map_err(|error| error.to_string())
        };
        variables.iter().map(outcome).collect()
    };
    let done = thread::scope(|scope| {
        let worker = thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, work);
        worker.unwrap().join()
    });
    done.unwrap_or_else(|_| vec![Err(PANIC.to_owned()); variables.len()])
}

fn library_value(value: &Value) -> cel::Value {
    match value {
        Value::Null => cel::Value::Null,
        Value::Bool(value) => cel::Value::Bool(*value),
        Value::Int(number) => cel::Value::Int(*number),
        Value::Uint(number) => cel::Value::UInt(*number),
        Value::Double(number) => cel::Value::Float(*number),
        Value::String(text) => text.to_string().into(),
        Value::Bytes(bytes) => bytes.to_vec().into(),
        Value::List(items) => items.iter().map(library_value).collect::<Vec<_>>().into(),
        Value::Map(map) => {
            let entry = |(key, value): &(Key, Value)| (library_key(key), library_value(value));
            cel::Value::Map(cel::objects::Map { map: Arc::new(map.entries().iter().map(entry).collect()) })
        }
        // Made by the library, so that nothing here depends on its library of times.
        Value::Timestamp(at) => constant(&format!("timestamp('{at}')")),
        Value::Duration(span) => constant(&format!("duration('{span}')")),
        Value::Type(_) | Value::Optional(_) => panic!("{value:?} is no attribute"),
    }
}

fn constant(text: &str) -> cel::Value {
    cel::Program::compile(text).unwrap().execute(&Context::default()).unwrap()
}

fn library_key(key: &Key) -> cel::objects::Key {
    match key {
        Key::Bool(key) => (*key).into(),
        Key::Int(key) => (*key).into(),
        Key::Uint(key) => (*key).into(),
        Key::String(key) => (**key).into(),
    }
}

/// Whether two values are the same: of one type, bit by bit, and `NaN` the same as `NaN`.
pub(crate) fn same(kelvin: &Value, library: &cel::Value) -> bool {
    match (kelvin, library) {
        (Value::Null, cel::Value::Null) => true,
        (Value::Bool(a), cel::Value::Bool(b)) => a == b,
        (Value::Int(a), cel::Value::Int(b)) => a == b,
        (Value::Uint(a), cel::Value::UInt(b)) => a == b,
        (Value::Double(a), cel::Value::Float(b)) => a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan(),
        (Value::String(a), cel::Value::String(b)) => **a == **b,
        (Value::Bytes(a), cel::Value::Bytes(b)) => **a == **b,
        (Value::List(a), cel::Value::List(b)) => {
            a.len() == b.len() && a.iter().zip(&**b).all(|(a, b)| same(a, b))
        }
        (Value::Map(a), cel::Value::Map(b)) => a.len() == b.map.len() && same_entries(a, b),
        (Value::Timestamp(a), cel::Value::Timestamp(b)) => {
            a.seconds() == b.timestamp() && a.nanos() == b.timestamp_subsec_nanos()
        }
        (Value::Duration(a), cel::Value::Duration(b)) => {
            a.nanos() == i128::from(b.num_seconds()) * 1_000_000_000 + i128::from(b.subsec_nanos())
        }
        // The library hands a type out as its name.
        (Value::Type(a), cel::Value::String(b)) => *a.name() == **b,
        (Value::Optional(a), b) => match (a, <&OptionalValue>::try_from(b).map(OptionalValue::value)) {
            (Some(a), Ok(Some(b))) => same(a, b),
            (a, b) => a.is_none() && b == Ok(None),
        },
        _ => false,
    }
}

fn same_entries(a: &Map, b: &cel::objects::Map) -> bool {
    a.entries().iter().all(|(key, value)| b.get(&library_key(key)).is_some_and(|other| same(value, other)))
}
