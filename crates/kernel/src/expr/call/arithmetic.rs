//! Arithmetic: within one type, and an error on overflow.

use std::sync::Arc;

use super::{Called, EvalError, Function, Run, Value};

pub(super) fn call(function: Function, args: &[&Value], run: &Run<'_>) -> Called {
    let value = match args {
        [Value::Int(a), Value::Int(b)] => ints(function, *a, *b).map(Value::Int),
        [Value::Uint(a), Value::Uint(b)] => uints(function, *a, *b).map(Value::Uint),
        [Value::Double(a), Value::Double(b)] => doubles(function, *a, *b).map(Value::Double),
        [Value::Int(number)] => number.checked_neg().map(Value::Int),
        [Value::Double(number)] => Some(Value::Double(-number)),
        [a, b] if function == Function::Add => return add(a, b, run),
        [a, b] if function == Function::Subtract => subtract(a, b),
        _ => None,
    };
    value.ok_or(EvalError)
}

fn ints(function: Function, a: i64, b: i64) -> Option<i64> {
    match function {
        Function::Add => a.checked_add(b),
        Function::Subtract => a.checked_sub(b),
        Function::Multiply => a.checked_mul(b),
        Function::Divide => a.checked_div(b),
        Function::Modulo => a.checked_rem(b),
        _ => None,
    }
}

fn uints(function: Function, a: u64, b: u64) -> Option<u64> {
    match function {
        Function::Add => a.checked_add(b),
        Function::Subtract => a.checked_sub(b),
        Function::Multiply => a.checked_mul(b),
        Function::Divide => a.checked_div(b),
        Function::Modulo => a.checked_rem(b),
        _ => None,
    }
}

fn doubles(function: Function, a: f64, b: f64) -> Option<f64> {
    match function {
        Function::Add => Some(a + b),
        Function::Subtract => Some(a - b),
        Function::Multiply => Some(a * b),
        Function::Divide => Some(a / b),
        _ => None,
    }
}

fn add(a: &Value, b: &Value, run: &Run<'_>) -> Called {
    let value = match (a, b) {
        (Value::String(a), Value::String(b)) => {
            run.budget.charge_made(a.len() + b.len())?;
            Some(Value::from([&**a, &**b].concat()))
        }
        (Value::Bytes(a), Value::Bytes(b)) => {
            run.budget.charge_made(a.len() + b.len())?;
            Some(Value::Bytes([&**a, &**b].concat().into()))
        }
        (Value::List(a), Value::List(b)) => {
            let list = Value::List(Arc::from([&**a, &**b].concat()));
            run.budget.charge_value(&list)?;
            Some(list)
        }
        (Value::Timestamp(at), Value::Duration(span)) | (Value::Duration(span), Value::Timestamp(at)) => {
            at.plus(*span).map(Value::Timestamp)
        }
        (Value::Duration(a), Value::Duration(b)) => a.plus(*b).map(Value::Duration),
        _ => None,
    };
    value.ok_or(EvalError)
}

fn subtract(a: &Value, b: &Value) -> Option<Value> {
    match (a, b) {
        (Value::Timestamp(at), Value::Duration(span)) => at.minus(*span).map(Value::Timestamp),
        (Value::Timestamp(a), Value::Timestamp(b)) => a.since(*b).map(Value::Duration),
        (Value::Duration(a), Value::Duration(b)) => a.minus(*b).map(Value::Duration),
        _ => None,
    }
}
