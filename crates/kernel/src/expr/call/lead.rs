//! Kelvin's own functions: what text about a lead tells.

use super::{Called, EvalError, Function, Run, Value};

const DAY: i64 = 86_400_000;

pub(super) fn call(function: Function, args: &[&Value], run: &Run<'_>) -> Called {
    let [value] = args else { return Err(EvalError) };
    if function == Function::DaysSince {
        let now = run.env.now.ok_or(EvalError)?;
        let since = value.as_instant().ok_or(EvalError)?;
        let passed = now.as_millis().checked_sub(since.as_millis()).ok_or(EvalError)?;
        return Ok(Value::Int(passed.div_euclid(DAY)));
    }
    let text = value.as_str().ok_or(EvalError)?;
    run.budget.charge_made(text.len())?;
    match function {
        Function::Lower => Ok(Value::from(text.to_lowercase())),
        _ => Err(EvalError),
    }
}
