//! What can be told of types before an expression runs.
//!
//! CEL has its types at run time, so a field may be anything. Literals and functions are known, and where two known
//! types cannot go together the author has made a mistake.

use kelvin_kernel::{
    Value,
    expr::{Expr, Function, Node, is_time_zone, pattern_error},
    value::Type,
};

use super::names::closest;

/// What is wrong with a call, and what to do about it.
pub(super) struct Finding {
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) help: Option<String>,
    /// The argument that it is about; the whole call if absent.
    pub(super) argument: Option<usize>,
}

/// The type of a node's value, where it is sure.
pub(super) fn kind(node: &Node) -> Option<Type> {
    match node {
        Node::Const(value) => Some(value.type_of()),
        Node::Present(..) | Node::Has { .. } | Node::And(..) | Node::Or(..) => Some(Type::Bool),
        Node::Matches(..) | Node::InSet(..) => Some(Type::Bool),
        Node::Now => Some(Type::Timestamp),
        Node::List(_) => Some(Type::List),
        Node::Map(_) => Some(Type::Map),
        Node::If(_, a, b) => kind(a).filter(|then| kind(b) == Some(*then)),
        Node::Call(function, args) => of_call(*function, args),
        _ => None,
    }
}

fn of_call(function: Function, args: &[Node]) -> Option<Type> {
    use Function as F;
    Some(match function {
        F::Not | F::Equal | F::NotEqual | F::Less | F::LessEqual | F::Greater | F::GreaterEqual => Type::Bool,
        F::In | F::Contains | F::StartsWith | F::EndsWith | F::Matches | F::ToBool | F::HasValue => {
            Type::Bool
        }
        F::Size | F::ToInt | F::IndexOf | F::LastIndexOf | F::DaysSince => Type::Int,
        F::GetDate | F::GetDayOfMonth | F::GetDayOfWeek | F::GetDayOfYear | F::GetFullYear => Type::Int,
        F::GetMonth | F::GetHours | F::GetMinutes | F::GetSeconds | F::GetMilliseconds => Type::Int,
        F::ToUint => Type::Uint,
        F::ToDouble => Type::Double,
        F::ToString | F::CharAt | F::Format | F::Join | F::LowerAscii | F::UpperAscii | F::Quote => {
            Type::String
        }
        F::Replace | F::Reverse | F::Substring | F::Trim | F::Lower => Type::String,
        F::EmailDomain | F::EmailKind | F::Seniority | F::Department => Type::String,
        F::ToBytes => Type::Bytes,
        F::ToTimestamp => Type::Timestamp,
        F::ToDuration => Type::Duration,
        F::Split => Type::List,
        F::TypeOf => Type::Type,
        F::OptionalNone | F::OptionalOf | F::OptionalOfNonZero | F::Or => Type::Optional,
        F::Negate => kind(args.first()?)?,
        F::Add | F::Subtract | F::Multiply | F::Divide | F::Modulo => {
            match (kind(args.first()?), kind(args.get(1)?)) {
                (Some(a), Some(b)) => arithmetic(function, a, b)?,
                // Numbers only go with numbers of their own type.
                (Some(known), None) | (None, Some(known)) if is_number(known) => known,
                _ => return None,
            }
        }
        F::ToDyn | F::OrValue | F::ValueOf => return None,
    })
}

/// The type of a sum, difference, product, quotient or remainder, if there is one.
fn arithmetic(function: Function, a: Type, b: Type) -> Option<Type> {
    use Function as F;
    use Type as T;
    match (function, a, b) {
        (F::Modulo, T::Double, _) => None,
        (_, T::Int | T::Uint | T::Double, _) if a == b => Some(a),
        (F::Add, T::String | T::Bytes | T::List, _) if a == b => Some(a),
        (F::Add | F::Subtract, T::Duration, T::Duration) => Some(T::Duration),
        (F::Add, T::Timestamp, T::Duration) | (F::Add, T::Duration, T::Timestamp) => Some(T::Timestamp),
        (F::Subtract, T::Timestamp, T::Duration) => Some(T::Timestamp),
        (F::Subtract, T::Timestamp, T::Timestamp) => Some(T::Duration),
        _ => None,
    }
}

/// A type in the reader's words.
pub(super) fn words(kind: Type) -> &'static str {
    match kind {
        Type::Null => "null",
        Type::Bool => "true or false",
        Type::Int | Type::Uint => "a whole number",
        Type::Double => "a decimal number",
        Type::String => "text",
        Type::Bytes => "bytes",
        Type::List => "a list",
        Type::Map => "a map",
        Type::Timestamp => "a time",
        Type::Duration => "a duration",
        Type::Type => "a type",
        Type::Optional => "an optional",
    }
}

fn is_number(kind: Type) -> bool {
    matches!(kind, Type::Int | Type::Uint | Type::Double)
}

/// What is wrong with a call for sure.
pub(super) fn call(function: Function, args: &[Node]) -> Option<Finding> {
    let known: Vec<Option<Type>> = args.iter().map(kind).collect();
    types(function, &known).or_else(|| never(function, args)).or_else(|| constant(function, args))
}

fn finding(code: &'static str, message: String, help: Option<&str>, argument: Option<usize>) -> Finding {
    Finding { code, message, help: help.map(str::to_owned), argument }
}

fn types(function: Function, known: &[Option<Type>]) -> Option<Finding> {
    use Function as F;
    let pair = || Some((known.first().copied()??, known.get(1).copied()??));
    match function {
        F::Equal | F::NotEqual => {
            let (a, b) = pair()?;
            let alike = a == b || is_number(a) && is_number(b) || [a, b].contains(&Type::Null);
            let message = || format!("{} never equals {}", words(a), words(b));
            (!alike).then(|| finding("never-equal", message(), mend(a, b), None))
        }
        F::Less | F::LessEqual | F::Greater | F::GreaterEqual => {
            let (a, b) = pair()?;
            let orderless = matches!(a, Type::Null | Type::List | Type::Map | Type::Type | Type::Optional);
            let ordered = a == b && !orderless || is_number(a) && is_number(b);
            let message = || format!("{} has no order with {}", words(a), words(b));
            (!ordered).then(|| finding("type-mismatch", message(), mend(a, b), None))
        }
        F::Add | F::Subtract | F::Multiply | F::Divide | F::Modulo => {
            let (a, b) = pair()?;
            let message = || format!("{} and {} cannot be computed with each other", words(a), words(b));
            let help = if is_number(a) && is_number(b) {
                Some("write `double(…)` around the whole number, or a decimal such as `2.0`")
            } else {
                mend(a, b)
            };
            arithmetic(function, a, b).is_none().then(|| finding("type-mismatch", message(), help, None))
        }
        _ => {
            let wrong = known.iter().enumerate().find_map(|(place, known)| {
                let known = (*known)?;
                let takes = takes(function, place)?;
                (!takes.contains(&known)).then_some((place, known, takes))
            });
            let (place, known, takes) = wrong?;
            let wanted: Vec<&str> = takes.iter().map(|kind| words(*kind)).collect();
            let message = format!("this is {}, but {} is needed", words(known), wanted.join(" or "));
            let help = match function {
                F::In => Some("whether text contains text is written `x.contains(\"…\")`"),
                _ => None,
            };
            Some(finding("type-mismatch", message, help.filter(|_| known == Type::String), Some(place)))
        }
    }
}

/// A way to make two types go together.
fn mend(a: Type, b: Type) -> Option<&'static str> {
    match (a, b) {
        (Type::String, number) | (number, Type::String) if is_number(number) => {
            Some("write the number without quotes, or make text of it with `string(…)`")
        }
        (Type::String, Type::Bool) | (Type::Bool, Type::String) => {
            Some("write `true` and `false` without quotes")
        }
        (Type::String, Type::Timestamp) | (Type::Timestamp, Type::String) => {
            Some("make a time of the text with `timestamp(…)`")
        }
        (Type::String, Type::Duration) | (Type::Duration, Type::String) => {
            Some("make a duration of the text with `duration(…)`")
        }
        (Type::Duration, number) | (number, Type::Duration) if is_number(number) => {
            Some("write `duration(\"24h\")`, or count days with `daysSince(…)`")
        }
        _ => None,
    }
}

/// The types that a function takes for an argument, the receiver first; `None` if any will do.
fn takes(function: Function, place: usize) -> Option<&'static [Type]> {
    use Function as F;
    Some(match (function, place) {
        (F::Not, _) => &[Type::Bool],
        (F::Negate, _) => &[Type::Int, Type::Double],
        (F::In, 1) => &[Type::List, Type::Map],
        (F::Size, _) => &[Type::String, Type::List, Type::Map, Type::Bytes],
        (F::Contains | F::StartsWith | F::EndsWith | F::Matches, _) => &[Type::String],
        (F::CharAt | F::Substring, 0) => &[Type::String],
        (F::CharAt | F::Substring, _) => &[Type::Int],
        (F::IndexOf | F::LastIndexOf | F::Split, 0 | 1) => &[Type::String],
        (F::IndexOf | F::LastIndexOf | F::Split, _) => &[Type::Int],
        (F::Replace, 0..=2) => &[Type::String],
        (F::Replace, _) => &[Type::Int],
        (F::LowerAscii | F::UpperAscii | F::Trim | F::Reverse | F::Quote, _) => &[Type::String],
        (F::Join, 0) => &[Type::List],
        (F::Join, _) => &[Type::String],
        (F::Format, 0) => &[Type::String],
        (F::Format, _) => &[Type::List],
        (F::Lower | F::EmailDomain | F::EmailKind | F::Seniority | F::Department, _) => &[Type::String],
        (F::DaysSince, _) => &[Type::Timestamp, Type::String, Type::Int],
        (F::GetHours | F::GetMinutes | F::GetSeconds | F::GetMilliseconds, 0) => {
            &[Type::Timestamp, Type::Duration]
        }
        (F::GetDate | F::GetDayOfMonth | F::GetDayOfWeek | F::GetDayOfYear, 0) => &[Type::Timestamp],
        (F::GetFullYear | F::GetMonth, 0) => &[Type::Timestamp],
        (F::GetHours | F::GetMinutes | F::GetSeconds | F::GetMilliseconds, _) => &[Type::String],
        (F::GetDate | F::GetDayOfMonth | F::GetDayOfWeek | F::GetDayOfYear, _) => &[Type::String],
        (F::GetFullYear | F::GetMonth, _) => &[Type::String],
        (F::HasValue | F::ValueOf | F::Or, _) | (F::OrValue, 0) => &[Type::Optional],
        _ => return None,
    })
}

/// A comparison of a function of few outcomes with something that is none of them.
fn never(function: Function, args: &[Node]) -> Option<Finding> {
    let (called, place, other) = match (function, args) {
        (Function::Equal | Function::NotEqual | Function::In, [Node::Call(called, _), other]) => {
            (called, 1, other)
        }
        (Function::Equal | Function::NotEqual, [other, Node::Call(called, _)]) => (called, 0, other),
        _ => return None,
    };
    let outcomes = outcomes(*called)?;
    let literals: Vec<&str> = match other {
        Node::Const(Value::String(text)) => vec![text],
        Node::Const(Value::List(items)) => items.iter().filter_map(Value::as_str).collect(),
        Node::List(items) => items.iter().filter_map(|item| item.value.constant()?.as_str()).collect(),
        _ => return None,
    };
    let wrong = literals.into_iter().find(|literal| !outcomes.contains(literal))?;
    let help = match closest(wrong, outcomes.iter().copied()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("it is one of {}", outcomes.join(", ")),
    };
    Some(finding("never-equal", format!("it is never `{wrong}`"), Some(&help), Some(place)))
}

/// All that a function can be, where that is a short list.
fn outcomes(_function: Function) -> Option<&'static [&'static str]> {
    None
}

/// A call whose arguments are all given, and that has no value; or one with a pattern or a zone that is none.
fn constant(function: Function, args: &[Node]) -> Option<Finding> {
    let text = |place: usize| args.get(place).and_then(Node::constant).and_then(Value::as_str);
    if function == Function::Matches
        && let Some(error) = text(1).and_then(pattern_error)
    {
        return Some(finding("bad-pattern", format!("the pattern cannot be used: {error}"), None, Some(1)));
    }
    if is_part_of_time(function)
        && let Some(zone) = text(1).filter(|zone| !is_time_zone(zone))
    {
        let help = Some("a zone is named like `Europe/Berlin`, or is an offset like `+01:00`");
        return Some(finding("unknown-time-zone", format!("unknown time zone `{zone}`"), help, Some(1)));
    }
    let given = !args.is_empty() && args.iter().all(|arg| arg.constant().is_some());
    if function == Function::DaysSince || !given {
        return None;
    }
    let help = match function {
        Function::ToDuration => {
            Some("a duration is written like `36h` or `1h30m`; days are hours here: `24h`")
        }
        Function::ToTimestamp => Some("a time is written like `2026-03-01T10:00:00Z`"),
        _ => None,
    };
    let value = Expr::new(Node::Call(function, args.to_vec()));
    value.constant().is_none().then(|| finding("no-value", "this has no value".to_owned(), help, None))
}

fn is_part_of_time(function: Function) -> bool {
    use Function as F;
    matches!(
        function,
        F::GetDate
            | F::GetDayOfMonth
            | F::GetDayOfWeek
            | F::GetDayOfYear
            | F::GetFullYear
            | F::GetMonth
            | F::GetHours
            | F::GetMinutes
            | F::GetSeconds
            | F::GetMilliseconds
    )
}
