//! What an expression tells about the fields that it reads: whether their text is meant as numbers, truth or times.

use kelvin_kernel::{
    Value,
    expr::{Function, Node},
    plan::{Schema, Usage},
    value::Type,
};

use super::check::kind;

/// Notes the evidence of an expression whose own value is used as `usage`.
pub(super) fn note(node: &Node, usage: Usage, schema: &mut Schema) {
    mark(node, usage, schema);
    match node {
        Node::And(a, b) | Node::Or(a, b) => {
            note(a, Usage::Bool, schema);
            note(b, Usage::Bool, schema);
        }
        Node::If(condition, then, otherwise) => {
            note(condition, Usage::Bool, schema);
            note(then, usage, schema);
            note(otherwise, usage, schema);
        }
        Node::Call(function, args) => {
            for (place, arg) in args.iter().enumerate() {
                note(arg, of_argument(*function, place, args), schema);
            }
        }
        Node::Index { of, key, .. } => {
            note(of, Usage::Unknown, schema);
            note(key, Usage::Unknown, schema);
        }
        Node::Select { of, .. } | Node::Has { of, .. } => note(of, Usage::Unknown, schema),
        Node::Matches(of, _) | Node::InSet(of, _) => note(of, Usage::Unknown, schema),
        Node::List(items) => items.iter().for_each(|item| note(&item.value, Usage::Unknown, schema)),
        Node::Map(entries) => entries.iter().for_each(|(key, item)| {
            note(key, Usage::Unknown, schema);
            note(&item.value, Usage::Unknown, schema);
        }),
        Node::Macro(call) => {
            note(&call.range, Usage::Unknown, schema);
            note(&call.body, Usage::Unknown, schema);
            call.filter.iter().for_each(|filter| note(filter, Usage::Bool, schema));
        }
        Node::Const(_) | Node::Error | Node::Field(..) | Node::Present(..) | Node::Now | Node::Local(_) => {}
    }
}

fn mark(node: &Node, usage: Usage, schema: &mut Schema) {
    if let Node::Field(root, slot) = node {
        schema.root_mut(*root).note(*slot, usage);
    }
}

/// What a function takes its argument for.
fn of_argument(function: Function, place: usize, args: &[Node]) -> Usage {
    use Function as F;
    let other = || {
        args.iter().enumerate().find(|(at, _)| *at != place).map_or(Usage::Unknown, |(_, arg)| of_value(arg))
    };
    match function {
        F::Not => Usage::Bool,
        F::Negate | F::Multiply | F::Divide | F::Modulo | F::Subtract => Usage::Number,
        F::Add | F::Equal | F::NotEqual | F::Less | F::LessEqual | F::Greater | F::GreaterEqual => other(),
        F::In if place == 0 => args.get(1).map_or(Usage::Unknown, of_items),
        F::ToTimestamp | F::DaysSince => Usage::Time,
        F::ToString | F::ToBytes | F::ToDuration | F::Size => Usage::Text,
        F::Contains | F::StartsWith | F::EndsWith | F::Matches => Usage::Text,
        F::LowerAscii | F::UpperAscii | F::Trim | F::Reverse | F::Quote => Usage::Text,
        F::Lower | F::EmailDomain | F::EmailKind | F::Seniority | F::Department => Usage::Text,
        F::Replace | F::Split => Usage::Text,
        F::CharAt | F::IndexOf | F::LastIndexOf | F::Substring if place == 0 => Usage::Text,
        _ => Usage::Unknown,
    }
}

/// What something is used as that stands beside a node in a comparison or a sum.
fn of_value(node: &Node) -> Usage {
    match kind(node) {
        Some(Type::Int | Type::Uint | Type::Double) => Usage::Number,
        Some(Type::Bool) => Usage::Bool,
        Some(Type::String) => Usage::Text,
        _ => Usage::Unknown,
    }
}

/// What something is used as that is looked for in a list.
fn of_items(list: &Node) -> Usage {
    let join = |usages: &mut dyn Iterator<Item = Usage>| {
        let mut usages = usages.filter(|usage| *usage != Usage::Unknown);
        let first = usages.next().unwrap_or_default();
        if usages.all(|usage| usage == first) { first } else { Usage::Text }
    };
    match list {
        Node::Const(Value::List(items)) => {
            join(&mut items.iter().map(|item| of_value(&Node::Const(item.clone()))))
        }
        Node::List(items) => join(&mut items.iter().map(|item| of_value(&item.value))),
        _ => Usage::Unknown,
    }
}
