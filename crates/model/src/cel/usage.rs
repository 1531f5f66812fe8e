//! What an expression tells about the fields that it reads: whether their text is meant as numbers, truth or times.

use kelvin_kernel::{
    Value,
    expr::{Function, Node, Root},
    plan::Usage,
    value::Type,
};

use super::check::kind;

/// That a field is used in some way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Use {
    pub(super) root: Root,
    pub(super) slot: usize,
    pub(super) usage: Usage,
    /// Whether the expression offers another way beside this one: `lead.x == 7 || lead.x == "7"`.
    pub(super) has_alternative: bool,
}

/// How an expression whose own value is used as `usage` uses the fields that it reads, where that tells anything.
pub(super) fn uses(node: &Node, usage: Usage) -> Vec<Use> {
    let mut found = Vec::new();
    note(node, usage, &mut found);
    found
}

fn note(node: &Node, usage: Usage, found: &mut Vec<Use>) {
    mark(node, usage, found);
    match node {
        Node::And(a, b) => {
            note(a, Usage::Bool, found);
            note(b, Usage::Bool, found);
        }
        Node::Or(a, b) => found.extend(either(uses(a, Usage::Bool), uses(b, Usage::Bool))),
        Node::If(condition, then, otherwise) => {
            note(condition, Usage::Bool, found);
            found.extend(either(uses(then, usage), uses(otherwise, usage)));
        }
        Node::Call(function, args) => {
            for (place, arg) in args.iter().enumerate() {
                note(arg, of_argument(*function, place, args), found);
            }
        }
        Node::Index { of, key, .. } => {
            note(of, Usage::Unknown, found);
            note(key, Usage::Unknown, found);
        }
        Node::Select { of, .. } | Node::Has { of, .. } => note(of, Usage::Unknown, found),
        Node::Matches(of, _) | Node::InSet(of, _) => note(of, Usage::Unknown, found),
        Node::List(items) => items.iter().for_each(|item| note(&item.value, Usage::Unknown, found)),
        Node::Map(entries) => entries.iter().for_each(|(key, item)| {
            note(key, Usage::Unknown, found);
            note(&item.value, Usage::Unknown, found);
        }),
        Node::Macro(call) => {
            note(&call.range, Usage::Unknown, found);
            note(&call.body, Usage::Unknown, found);
            call.filter.iter().for_each(|filter| note(filter, Usage::Bool, found));
        }
        Node::Const(_) | Node::Error | Node::Field(..) | Node::Present(..) | Node::Now | Node::Local(_) => {}
    }
}

fn mark(node: &Node, usage: Usage, found: &mut Vec<Use>) {
    if let Node::Field(root, slot) = node
        && usage != Usage::Unknown
    {
        found.push(Use { root: *root, slot: *slot, usage, has_alternative: false });
    }
}

/// The uses of two branches of which one is enough.
fn either(mut a: Vec<Use>, mut b: Vec<Use>) -> Vec<Use> {
    let differs = |one: &Use, others: &[Use]| {
        let same = |other: &&Use| (other.root, other.slot) == (one.root, one.slot);
        others.iter().filter(same).any(|other| other.usage != one.usage)
    };
    let of_a = a.clone();
    a.iter_mut().for_each(|one| one.has_alternative |= differs(one, &b));
    b.iter_mut().for_each(|one| one.has_alternative |= differs(one, &of_a));
    a.extend(b);
    a
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
