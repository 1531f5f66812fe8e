//! Conditions that are never met together: what they demand of a field leaves no room.

use kelvin_kernel::{
    Value,
    expr::{Function, Node, Root},
};

/// Whether two conditions are never met together, though each alone may be: what one says of a field leaves no room
/// for what the other says.
pub(super) fn exclude_each_other(a: &Node, b: &Node) -> bool {
    let (mut of_a, mut of_b) = (Vec::new(), Vec::new());
    demands(a, &mut of_a);
    demands(b, &mut of_b);
    if !is_possible(&of_a) || !is_possible(&of_b) {
        return false;
    }
    of_a.extend(of_b);
    !is_possible(&of_a)
}

/// What a condition demands of one field.
struct Demand<'a> {
    field: (Root, usize),
    operator: Function,
    value: &'a Value,
}

/// What a condition demands of fields, however it is met.
fn demands<'a>(node: &'a Node, into: &mut Vec<Demand<'a>>) {
    use Function as F;
    match node {
        Node::And(a, b) => {
            demands(a, into);
            demands(b, into);
        }
        Node::Call(operator @ (F::Equal | F::Less | F::LessEqual | F::Greater | F::GreaterEqual), args) => {
            let (operator, root, slot, value) = match args.as_slice() {
                [Node::Field(root, slot), Node::Const(value)] => (*operator, root, slot, value),
                [Node::Const(value), Node::Field(root, slot)] => (turned(*operator), root, slot, value),
                _ => return,
            };
            into.push(Demand { field: (*root, *slot), operator, value });
        }
        _ => {}
    }
}

/// The operator with its sides swapped.
fn turned(operator: Function) -> Function {
    match operator {
        Function::Less => Function::Greater,
        Function::LessEqual => Function::GreaterEqual,
        Function::Greater => Function::Less,
        Function::GreaterEqual => Function::LessEqual,
        other => other,
    }
}

/// Whether some value of each field meets all demands, as far as two of them tell.
fn is_possible(demands: &[Demand<'_>]) -> bool {
    !demands.iter().enumerate().any(|(place, one)| {
        demands[..place].iter().any(|other| one.field == other.field && clash(one, other))
    })
}

fn clash(one: &Demand<'_>, other: &Demand<'_>) -> bool {
    use Function as F;
    if let (Value::String(a), Value::String(b)) = (one.value, other.value) {
        return one.operator == F::Equal && other.operator == F::Equal && a != b;
    }
    let (Some(a), Some(b)) = (one.value.number(), other.value.number()) else { return false };
    // Whether a field that must lie at or below `high` and at or above `low` has no room.
    let apart = |high: f64, low: f64, open: bool| high < low || high == low && open;
    let below = |operator: F| matches!(operator, F::Equal | F::Less | F::LessEqual);
    let above = |operator: F| matches!(operator, F::Equal | F::Greater | F::GreaterEqual);
    let open = [one.operator, other.operator].iter().any(|operator| matches!(operator, F::Less | F::Greater));
    below(one.operator) && above(other.operator) && apart(a, b, open)
        || above(one.operator) && below(other.operator) && apart(b, a, open)
}
