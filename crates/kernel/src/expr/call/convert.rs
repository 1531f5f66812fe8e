//! Conversions between types.

use super::{Called, EvalError, Function, Run, Value};
use crate::value::{Span, Timestamp, Type};

pub(super) fn call(function: Function, args: &[&Value], run: &Run<'_>) -> Called {
    let [value] = args else { return Err(EvalError) };
    let converted = match function {
        Function::ToDyn => Some((*value).clone()),
        Function::TypeOf => Some(Value::Type(value.type_of())),
        Function::ToBool => bool(value).map(Value::Bool),
        Function::ToInt => int(value).map(Value::Int),
        Function::ToUint => uint(value).map(Value::Uint),
        Function::ToDouble => double(value).map(Value::Double),
        Function::ToBytes => match value {
            Value::String(text) => {
                run.budget.charge_made(text.len())?;
                Some(Value::Bytes(text.as_bytes().into()))
            }
            _ => value_of(value, Type::Bytes),
        },
        Function::ToString => return string(value, run),
        Function::ToTimestamp => match value {
            Value::String(text) => Timestamp::parse(text).map(Value::Timestamp),
            Value::Int(seconds) => Timestamp::new(*seconds, 0).map(Value::Timestamp),
            _ => value_of(value, Type::Timestamp),
        },
        Function::ToDuration => match value {
            Value::String(text) => Span::parse(text).map(Value::Duration),
            _ => value_of(value, Type::Duration),
        },
        _ => None,
    };
    converted.ok_or(EvalError)
}

fn value_of(value: &Value, kind: Type) -> Option<Value> {
    (value.type_of() == kind).then(|| value.clone())
}

fn bool(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(value) => Some(*value),
        Value::String(text) => match &**text {
            "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
            "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

fn int(value: &Value) -> Option<i64> {
    match value {
        Value::Int(number) => Some(*number),
        Value::Uint(number) => i64::try_from(*number).ok(),
        // The ends are open: they are the nearest doubles to numbers out of range.
        Value::Double(number) => (*number > -9_223_372_036_854_775_808.0
            && *number < 9_223_372_036_854_775_808.0)
            .then_some(*number as i64),
        Value::String(text) => text.parse().ok(),
        Value::Timestamp(at) => Some(at.seconds()),
        _ => None,
    }
}

fn uint(value: &Value) -> Option<u64> {
    match value {
        Value::Int(number) => u64::try_from(*number).ok(),
        Value::Uint(number) => Some(*number),
        Value::Double(number) => {
            (*number >= 0.0 && *number < 18_446_744_073_709_551_616.0).then_some(*number as u64)
        }
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

fn double(value: &Value) -> Option<f64> {
    match value {
        Value::String(text) => text.parse().ok(),
        other => other.as_f64(),
    }
}

fn string(value: &Value, run: &Run<'_>) -> Called {
    let text = match value {
        Value::String(_) => return Ok(value.clone()),
        Value::Bool(value) => value.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Uint(number) => number.to_string(),
        Value::Double(number) => number.to_string(),
        Value::Timestamp(at) => at.to_string(),
        Value::Duration(span) => span.to_string(),
        Value::Type(kind) => kind.name().to_owned(),
        Value::Bytes(bytes) => {
            run.budget.charge_made(bytes.len())?;
            String::from_utf8(bytes.to_vec()).map_err(|_| EvalError)?
        }
        _ => return Err(EvalError),
    };
    Ok(Value::from(text))
}

/// `1.5e7` as `1.5e+07`.
pub(super) fn exponent(text: &str) -> String {
    let Some((digits, power)) = text.split_once('e') else { return text.to_owned() };
    let (sign, power) = power.strip_prefix('-').map_or(('+', power), |power| ('-', power));
    format!("{digits}e{sign}{power:0>2}")
}
