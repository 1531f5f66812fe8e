//! Kelvin's own functions: what text about a lead tells.

use super::{Called, EvalError, Function, Run, Value};
use crate::fields;

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
        Function::EmailDomain => {
            fields::email_domain(text).map(|domain| Value::from(&*domain)).ok_or(EvalError)
        }
        Function::EmailKind => Ok(Value::from(fields::email_kind(text).as_str())),
        Function::Seniority => Ok(Value::from(fields::seniority(text).as_str())),
        Function::Department => Ok(Value::from(fields::department(text).as_str())),
        _ => Err(EvalError),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::{Expr, Node};

    #[test]
    fn field_functions_answer_with_their_words() {
        check(Function::Lower, "ÄRA", Some("ära"));
        check(Function::EmailDomain, "Ann <ann@mail.Acme.co.uk>", Some("acme.co.uk"));
        check(Function::EmailDomain, "nobody", None);
        check(Function::EmailKind, "ann@gmail.com", Some("free"));
        check(Function::EmailKind, "nobody", Some("invalid"));
        check(Function::Seniority, "VP Sales", Some("vp"));
        check(Function::Department, "VP Sales", Some("sales"));
    }

    #[test]
    fn field_functions_of_what_is_no_text_are_errors() {
        for function in
            [Function::EmailDomain, Function::EmailKind, Function::Seniority, Function::Department]
        {
            assert!(value(function, Value::from(5_i64)).is_none(), "{function:?}");
        }
    }

    fn check(function: Function, text: &str, expect: Option<&str>) {
        assert_eq!(value(function, Value::from(text)), expect.map(Value::from), "{function:?}(`{text}`)");
    }

    fn value(function: Function, arg: Value) -> Option<Value> {
        Expr::new(Node::Call(function, vec![Node::Const(arg)])).value(&Default::default()).ok()
    }
}
