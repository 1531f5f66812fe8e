//! What can be told of types before an expression runs.
//!
//! CEL has its types at run time, so a field may be anything. Literals and functions are known, and where two known
//! types cannot go together the author has made a mistake.

use kelvin_kernel::{
    Value,
    expr::{Expr, Function, Node, is_time_zone, pattern_error},
    value::Type,
};

use super::{
    answers::{in_its_case, is_one_of_few, never_answers},
    mixed::mixed,
};

/// What is wrong with a call, and what to do about it.
pub(super) struct Finding {
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) help: Option<String>,
    /// The argument that it is about; the whole call if absent.
    pub(super) argument: Option<usize>,
    /// Whether the author may mean it, so that it is only a warning.
    pub(super) doubtful: bool,
}

/// A call with what its arguments are called.
pub(super) struct Call<'a> {
    pub(super) function: Function,
    /// The function's name, as the author writes it.
    pub(super) name: &'a str,
    pub(super) args: &'a [Node],
    /// The arguments as the author writes them.
    pub(super) texts: &'a [&'a str],
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

/// What is wrong with a call.
pub(super) fn call(call: &Call<'_>) -> Option<Finding> {
    let known: Vec<Option<Type>> = call.args.iter().map(kind).collect();
    let found = types(call, &known).or_else(|| never(call)).or_else(|| literal(call));
    found.or_else(|| constant(call)).or_else(|| mixed_numbers(call, &known)).or_else(|| among(call, &known))
}

impl Finding {
    fn new(code: &'static str, message: String, help: Option<&str>) -> Self {
        Self { code, message, help: help.map(str::to_owned), argument: None, doubtful: false }
    }

    fn doubt(code: &'static str, message: String, help: &str) -> Self {
        Self { doubtful: true, ..Self::new(code, message, Some(help)) }
    }

    fn about(self, argument: usize) -> Self {
        Self { argument: Some(argument), ..self }
    }
}

fn types(call: &Call<'_>, known: &[Option<Type>]) -> Option<Finding> {
    use Function as F;
    match call.function {
        F::Equal | F::NotEqual => {
            let (a, b) = both(known)?;
            let alike = a == b || is_number(a) && is_number(b) || [a, b].contains(&Type::Null);
            (!alike).then(|| Finding::new("never-equal", apart(call, "never equal", a, b), mend(a, b)))
        }
        F::Less | F::LessEqual | F::Greater | F::GreaterEqual => {
            let (a, b) = both(known)?;
            let orderless = matches!(a, Type::Null | Type::List | Type::Map | Type::Type | Type::Optional);
            let ordered = a == b && !orderless || is_number(a) && is_number(b);
            (!ordered)
                .then(|| Finding::new("type-mismatch", apart(call, "cannot be compared", a, b), mend(a, b)))
        }
        F::Add | F::Subtract | F::Multiply | F::Divide | F::Modulo => {
            let (a, b) = both(known)?;
            let help = if is_number(a) && is_number(b) {
                Some("write `double(…)` around the whole number, or a decimal such as `2.0`")
            } else {
                mend(a, b)
            };
            arithmetic(call.function, a, b)
                .is_none()
                .then(|| Finding::new("type-mismatch", apart(call, "cannot be computed", a, b), help))
        }
        function => known.iter().enumerate().find_map(|(place, known)| {
            let known = (*known)?;
            let takes = takes(function, place).filter(|takes| !takes.contains(&known))?;
            let wanted: Vec<&str> = takes.iter().map(|kind| words(*kind)).collect();
            let (name, text) = (call.name, call.texts.get(place)?);
            let message = format!("`{name}` needs {}: `{text}` is {}", wanted.join(" or "), words(known));
            let help = "whether text contains text is written `x.contains(\"…\")`";
            let help = Some(help).filter(|_| function == F::In && known == Type::String);
            Some(Finding::new("type-mismatch", message, help).about(place))
        }),
    }
}

fn both(known: &[Option<Type>]) -> Option<(Type, Type)> {
    Some((known.first().copied()??, known.get(1).copied()??))
}

/// That two sides do not go together, and what each is.
fn apart(call: &Call<'_>, what: &str, a: Type, b: Type) -> String {
    let text = |place: usize| call.texts.get(place).copied().unwrap_or_default();
    format!("{what}: `{}` is {}, `{}` is {}", text(0), words(a), text(1), words(b))
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

/// A comparison of what a function answers with text that it never answers.
fn never(call: &Call<'_>) -> Option<Finding> {
    use Function as F;
    let (called, place, other) = match (call.function, call.args) {
        (F::Contains | F::StartsWith | F::EndsWith, [Node::Call(called, _), part]) => {
            let wrong = part.constant()?.as_str()?;
            let meant = in_its_case(*called, wrong)?;
            let message = format!("`{}` never has `{wrong}` in it", call.texts.first()?);
            let help = format!("did you mean `{meant}`?");
            return Some(Finding::doubt("never-answered", message, &help).about(1));
        }
        (F::Equal | F::NotEqual | F::In, [Node::Call(called, _), other]) => (*called, 1, other),
        (F::Equal | F::NotEqual, [other, Node::Call(called, _)]) => (*called, 0, other),
        _ => return None,
    };
    let literals: Vec<&str> = match other {
        Node::Const(Value::String(text)) => vec![text],
        // What stands on a named list is told at its place on the list.
        Node::List(items) => items.iter().filter_map(|item| item.value.constant()?.as_str()).collect(),
        _ => return None,
    };
    let (wrong, help) = literals.into_iter().find_map(|text| Some((text, never_answers(called, text)?)))?;
    let text = call.texts.get(1 - place)?;
    let message = format!("`{text}` is never `{wrong}`");
    // A name that does not exist is a mistake; a text in another case may be what is asked for.
    let finding = match is_one_of_few(called) {
        true => Finding::new("never-equal", message, Some(&help)),
        false => Finding::doubt("never-answered", message, &help),
    };
    Some(finding.about(place))
}

/// `x in []`, and `x in [1, "2"]`
fn among(call: &Call<'_>, known: &[Option<Type>]) -> Option<Finding> {
    let (Function::In, [_, Node::List(items)]) = (call.function, call.args) else { return None };
    if items.is_empty() {
        let message = "nothing is ever `in` an empty list".to_owned();
        let help = "write what it may be: `[\"a\", \"b\"]`";
        return Some(Finding::doubt("no-values", message, help).about(1));
    }
    let values: Vec<Value> = items.iter().filter_map(|item| item.value.constant().cloned()).collect();
    let found = mixed(&values).filter(|_| known.first() == Some(&None))?;
    let message = format!("this list mixes {}", found.message);
    Some(Finding::doubt("mixed-values", message, &found.help).about(1))
}

/// A pattern or a time zone that is none.
fn literal(call: &Call<'_>) -> Option<Finding> {
    let text = call.args.get(1)?.constant()?.as_str()?;
    if call.function == Function::Matches {
        let message = format!("the pattern cannot be used: {}", pattern_error(text)?);
        return Some(Finding::new("bad-pattern", message, None).about(1));
    }
    let help = Some("a zone is named like `Europe/Berlin`, or is an offset like `+01:00`");
    (call.name.starts_with("get") && !is_time_zone(text))
        .then(|| Finding::new("unknown-time-zone", format!("unknown time zone `{text}`"), help).about(1))
}

/// A call whose arguments are all given, and that has no value.
fn constant(call: &Call<'_>) -> Option<Finding> {
    let given = !call.args.is_empty() && call.args.iter().all(|arg| arg.constant().is_some());
    if call.function == Function::DaysSince || !given {
        return None;
    }
    let value = Expr::new(Node::Call(call.function, call.args.to_vec()));
    if value.constant().is_some() {
        return None;
    }
    let (message, help, doubtful) = match call.function {
        Function::ToDuration => {
            ("this is not a duration", "write hours and less: `36h`, `1h30m`, a day as `24h`", false)
        }
        Function::ToTimestamp => ("this is not a time", "write a time like `2026-03-01T10:00:00Z`", false),
        _ => (
            "this never has a value",
            "a condition without a value is not met, points without a value are 0",
            true,
        ),
    };
    Some(Finding { doubtful, ..Finding::new("no-value", message.to_owned(), Some(help)) })
}

/// Arithmetic with a field that may be a number of the other kind: CEL computes with two whole numbers or two decimals,
/// never with one of each.
fn mixed_numbers(call: &Call<'_>, known: &[Option<Type>]) -> Option<Finding> {
    use Function as F;
    if !matches!(call.function, F::Add | F::Subtract | F::Multiply | F::Divide) {
        return None;
    }
    let multiplies = matches!(call.function, F::Multiply | F::Divide);
    let (place, other) = match known {
        [None, Some(Type::Double)] => (0, "a whole number"),
        [Some(Type::Double), None] => (1, "a whole number"),
        [None, Some(Type::Int | Type::Uint)] => (0, "a decimal number"),
        [Some(Type::Int | Type::Uint), None] => (1, "a decimal number"),
        // What is added may be text; what is multiplied is numbers.
        [None, None] if multiplies && call.texts.first() != call.texts.get(1) => {
            let message =
                "this has no value where one side is a whole number and the other is not".to_owned();
            let help = format!("write `{}`", in_decimals(call, known));
            return Some(Finding::doubt("mixed-numbers", message, &help));
        }
        _ => return None,
    };
    let text = call.texts.get(place)?;
    let message = format!("this has no value where `{text}` is {other}");
    let help = format!("write `{}`", in_decimals(call, known));
    Some(Finding::doubt("mixed-numbers", message, &help).about(place))
}

/// A computation with both of its sides as decimals.
fn in_decimals(call: &Call<'_>, known: &[Option<Type>]) -> String {
    let side = |place: usize| {
        let text = call.texts.get(place).copied().unwrap_or_default();
        let is_literal = call.args.get(place).is_some_and(|arg| arg.constant().is_some());
        match known.get(place).copied().flatten() {
            Some(Type::Double) => text.to_owned(),
            Some(Type::Int) if is_literal => format!("{text}.0"),
            _ => format!("double({text})"),
        }
    };
    format!("{} {} {}", side(0), call.name, side(1))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use kelvin_kernel::plan::Schema;

    use crate::cel::{Roots, Scope, compile_condition};

    #[test]
    fn a_field_function_is_compared_with_what_it_can_answer() {
        check("seniority(lead.title) in [\"c_level\", \"vp\"]", &[]);
        check("emailKind(lead.email) == \"free\" || department(lead.title) != \"sales\"", &[]);
        check("seniority(lead.title) == \"clevel\"", &["`\"clevel\"`: did you mean `c_level`?"]);
        let kinds = "it is one of invalid, disposable, free, role, work";
        check("emailKind(lead.email) == \"personal\"", &[&format!("`\"personal\"`: {kinds}")]);
    }

    #[test]
    fn a_domain_is_compared_with_what_someone_registered() {
        check("emailDomain(lead.email) in [\"acme.com\", \"bücher.example\"]", &[]);
        check("emailDomain(lead.email).endsWith(\".de\") || emailDomain(lead.email) == lead.x", &[]);
        for (text, meant) in [
            ("Acme.com", "did you mean `acme.com`?"),
            ("www.acme.com", "did you mean `acme.com`?"),
            ("https://Acme.com/about", "did you mean `acme.com`?"),
            ("ann@acme.com", "did you mean `acme.com`?"),
            ("*.acme.co.uk", "did you mean `acme.co.uk`?"),
            ("acme", "it is what someone registered, in lower case: `acme.com`"),
            ("co.uk", "it is what someone registered, in lower case: `acme.com`"),
        ] {
            check(&format!("emailDomain(lead.email) == \"{text}\""), &[&format!("`\"{text}\"`: {meant}")]);
        }
        let part = "emailDomain(lead.email).endsWith(\".DE\")";
        check(part, &["`\".DE\"`: did you mean `.de`?"]);
    }

    #[test]
    fn lower_case_is_compared_with_lower_case() {
        check("lower(lead.email) == \"ann@acme.com\" && lower(lead.x).contains(\"äß1\")", &[]);
        check("lower(lead.email) == \"Ann@acme.com\"", &["`\"Ann@acme.com\"`: did you mean `ann@acme.com`?"]);
        check("lower(lead.title).contains(\"CEO\")", &["`\"CEO\"`: did you mean `ceo`?"]);
        check("lower(lead.x) in [\"a\", \"B\"]", &["`[\"a\", \"B\"]`: did you mean `b`?"]);
        check("lead.x.upperAscii() != \"a\"", &["`\"a\"`: did you mean `A`?"]);
        check("lead.x.lowerAscii() == \"Ä\"", &[]);
    }

    #[test]
    fn bounds_that_leave_no_room_are_told_once() {
        let help = "where one of the two is enough, write `||`";
        for text in [
            "lead.x > 5 && lead.x < 3",
            "lead.x > 5 && lead.x < 5.0",
            "lead.x == 5 && 5 < lead.x",
            "lead.x == \"a\" && lead.x == \"b\"",
            "lead.x == 1 && lead.x == 2",
            "lead.x > 5 && lead.y == 1 && lead.x < 3",
        ] {
            check(text, &[&format!("`{text}`: {help}")]);
        }
        check(
            "lead.z == 1 || lead.x >= 6 && lead.x <= 5",
            &[&format!("`lead.x >= 6 && lead.x <= 5`: {help}")],
        );
        for text in [
            "lead.x >= 5 && lead.x <= 5",
            "lead.x > 3 && lead.x < 5 && lead.y < 1",
            "lead.x > 5 || lead.x < 3",
            "lead.x == 5 && lead.x < 5.5",
            "lead.x == \"a\" && lead.y == \"b\"",
        ] {
            check(text, &[]);
        }
    }

    #[test]
    fn a_whole_number_and_a_decimal_are_not_computed_with_each_other() {
        check("lead.revenue * 2.0 > 1.0", &["`lead.revenue`: write `double(lead.revenue) * 2.0`"]);
        check("lead.revenue * 2 > 1", &["`lead.revenue`: write `double(lead.revenue) * 2.0`"]);
        check("100 - lead.spend < 5", &["`lead.spend`: write `100.0 - double(lead.spend)`"]);
        let both = "write `double(lead.price) * double(lead.seats)`";
        check("lead.price * lead.seats > 5", &[&format!("`lead.price * lead.seats`: {both}")]);
        let size = "write `double(lead.price) / double(size(lead.x))`";
        check("lead.price / size(lead.x) > 5", &[&format!("`lead.price`: {size}")]);
        check("lead.first + lead.last == \"ab\" && lead.x * lead.x > 4 && lead.n % 2 == 0", &[]);
        check("double(lead.revenue) * 2.0 > 1.0 && int(lead.seats) * 2 > 4", &[]);
    }

    #[test]
    fn nothing_is_in_an_empty_list() {
        check("lead.x in []", &["`[]`: write what it may be: `[\"a\", \"b\"]`"]);
    }

    #[test]
    fn a_list_of_text_and_numbers_is_told() {
        let help = "a CSV cell is read as text then, and no text equals a number: put all into quotes";
        check("lead.zip in [10115, \"01067\"]", &[&format!("`[10115, \"01067\"]`: {help}: `\"10115\"`")]);
        check(
            "lead.zip in [10115, \"10115\"] || lead.zip in [lead.x, \"1\"] || size(lead.x) in [1, 2.5]",
            &[],
        );
    }

    /// Checks what is under which part of the text, and the help.
    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        let (lists, mut schema) = (BTreeMap::new(), Schema::default());
        let mut scope = Scope::new(Roots::STANDING, &lists, &mut schema);
        let problems = compile_condition(text, &mut scope).err().unwrap_or_default();
        let problems = problems.into_iter().chain(scope.warnings);
        let told: Vec<String> = problems
            .map(|problem| format!("`{}`: {}", &text[problem.span.clone()], problem.help.unwrap_or_default()))
            .collect();
        assert_eq!(told, expect);
    }
}
