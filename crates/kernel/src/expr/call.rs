//! What functions and operators do with their arguments.

mod arithmetic;
mod convert;
mod format;
mod lead;
mod optional;
mod text;
mod time;

use std::cmp::Ordering;

pub use time::is_time_zone;

use super::{EvalError, Function, eval::Run};
use crate::value::Value;

/// The outcome of a function; an error where its arguments are not of the types it takes.
pub(super) type Called = Result<Value, EvalError>;

/// Calls a function; the receiver of a member call is the first argument.
pub(super) fn call(function: Function, args: &[&Value], run: &Run<'_>) -> Called {
    use Function as F;
    match function {
        F::Equal => equal(args, run).map(Value::Bool),
        F::NotEqual => equal(args, run).map(|equal| Value::Bool(!equal)),
        F::Less => order(args, Ordering::is_lt),
        F::LessEqual => order(args, Ordering::is_le),
        F::Greater => order(args, Ordering::is_gt),
        F::GreaterEqual => order(args, Ordering::is_ge),
        F::In => contains(args, run),
        F::Not => match args {
            [Value::Bool(value)] => Ok(Value::Bool(!value)),
            _ => Err(EvalError),
        },
        F::Size => size(args),
        F::Negate | F::Add | F::Subtract | F::Multiply | F::Divide | F::Modulo => {
            arithmetic::call(function, args, run)
        }
        F::ToBool | F::ToBytes | F::ToDouble | F::ToDuration | F::ToDyn | F::ToInt | F::ToString => {
            convert::call(function, args, run)
        }
        F::ToTimestamp | F::ToUint | F::TypeOf => convert::call(function, args, run),
        F::GetDate | F::GetDayOfMonth | F::GetDayOfWeek | F::GetDayOfYear | F::GetFullYear => {
            time::call(function, args)
        }
        F::GetMonth | F::GetHours | F::GetMinutes | F::GetSeconds | F::GetMilliseconds => {
            time::call(function, args)
        }
        F::Format => format::call(args, run),
        F::Contains | F::StartsWith | F::EndsWith | F::Matches | F::CharAt | F::IndexOf | F::LastIndexOf => {
            text::call(function, args, run)
        }
        F::Join | F::LowerAscii | F::UpperAscii | F::Quote | F::Replace | F::Reverse | F::Split => {
            text::call(function, args, run)
        }
        F::Substring | F::Trim => text::call(function, args, run),
        F::OptionalNone | F::OptionalOf | F::OptionalOfNonZero | F::HasValue | F::Or => {
            optional::call(function, args)
        }
        F::OrValue | F::ValueOf => optional::call(function, args),
        F::Lower | F::EmailDomain | F::EmailKind | F::Seniority | F::Department | F::DaysSince => {
            lead::call(function, args, run)
        }
    }
}

fn equal(args: &[&Value], run: &Run<'_>) -> Result<bool, EvalError> {
    let [a, b] = args else { return Err(EvalError) };
    run.budget.charge_value(a)?;
    run.budget.charge_value(b)?;
    Ok(a == b)
}

fn order(args: &[&Value], met: fn(Ordering) -> bool) -> Called {
    let [a, b] = args else { return Err(EvalError) };
    let order = a.order(b).map_err(|_| EvalError)?;
    Ok(Value::Bool(order.is_some_and(met)))
}

fn contains(args: &[&Value], run: &Run<'_>) -> Called {
    match args {
        [value, list @ Value::List(items)] => {
            run.budget.charge_value(list)?;
            Ok(Value::Bool(items.contains(value)))
        }
        [key, Value::Map(map)] => Ok(Value::Bool(map.get_value(key).is_some())),
        _ => Err(EvalError),
    }
}

fn size(args: &[&Value]) -> Called {
    let size = match args {
        [Value::String(text)] => text.chars().count(),
        [Value::Bytes(bytes)] => bytes.len(),
        [Value::List(items)] => items.len(),
        [Value::Map(map)] => map.len(),
        _ => return Err(EvalError),
    };
    int(size)
}

/// A length or a position as a value.
fn int(number: usize) -> Called {
    i64::try_from(number).map(Value::Int).map_err(|_| EvalError)
}
