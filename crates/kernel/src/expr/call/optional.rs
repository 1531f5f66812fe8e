//! Optionals: values that may be absent.

use std::sync::Arc;

use super::{Called, EvalError, Function, Value};

pub(super) fn call(function: Function, args: &[&Value]) -> Called {
    match (function, args) {
        (Function::OptionalNone, []) => Ok(Value::Optional(None)),
        (Function::OptionalOf, [value]) => Ok(some(value)),
        (Function::OptionalOfNonZero, [value]) if is_zero(value) => Ok(Value::Optional(None)),
        (Function::OptionalOfNonZero, [value]) => Ok(some(value)),
        (Function::HasValue, [Value::Optional(value)]) => Ok(Value::Bool(value.is_some())),
        (Function::ValueOf, [Value::Optional(Some(value))]) => Ok((**value).clone()),
        (Function::OrValue, [Value::Optional(Some(value)), _]) => Ok((**value).clone()),
        (Function::OrValue, [Value::Optional(None), other]) => Ok((*other).clone()),
        (Function::Or, [first @ Value::Optional(Some(_)), Value::Optional(_)]) => Ok((*first).clone()),
        (Function::Or, [Value::Optional(None), second @ Value::Optional(_)]) => Ok((*second).clone()),
        _ => Err(EvalError),
    }
}

fn some(value: &Value) -> Value {
    Value::Optional(Some(Arc::new(value.clone())))
}

fn is_zero(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) | Value::Int(0) | Value::Uint(0) | Value::Optional(None) => true,
        Value::Double(number) => *number == 0.0,
        Value::String(text) => text.is_empty(),
        Value::Bytes(bytes) => bytes.is_empty(),
        Value::List(items) => items.is_empty(),
        Value::Map(map) => map.is_empty(),
        Value::Duration(span) => span.nanos() == 0,
        _ => false,
    }
}
