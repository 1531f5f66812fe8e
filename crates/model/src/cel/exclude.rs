//! Conditions that are never met together: what they demand of one thing leaves no room.

use std::{borrow::Cow, cmp::Ordering};

use kelvin_kernel::{
    Value,
    expr::{Expr, Function, Node},
};

/// Whether two conditions are never met together, though each alone may be: what one says of a field, or of anything
/// computed from fields, leaves no room for what the other says.
pub(super) fn exclude_each_other(a: &Node, b: &Node) -> bool {
    let (mut of_a, mut of_b) = (Vec::new(), Vec::new());
    demands(a, true, &mut of_a);
    demands(b, true, &mut of_b);
    let both_possible = is_possible(&of_a) && is_possible(&of_b);
    both_possible && of_a.iter().any(|one| of_b.iter().any(|other| clash(one, other)))
}

/// What a condition demands of something: of a field, of a function's answer, of a part of the condition itself.
struct Demand<'a> {
    of: &'a Node,
    what: What<'a>,
}

enum What<'a> {
    /// To be true, or to be false.
    Holds(bool),
    /// To be one of these.
    OneOf(Vec<Cow<'a, Value>>),
    /// To be none of these.
    NoneOf(Vec<Cow<'a, Value>>),
    /// To lie below or above a value.
    Bound(Function, Cow<'a, Value>),
}

/// All that must be so where a condition is met, or where it is `met: false` without being an error.
fn demands<'a>(node: &'a Node, met: bool, into: &mut Vec<Demand<'a>>) {
    match (node, met) {
        (Node::And(a, b), true) | (Node::Or(a, b), false) => {
            demands(a, met, into);
            demands(b, met, into);
        }
        (Node::Call(Function::Not, args), _) => args.iter().for_each(|arg| demands(arg, !met, into)),
        _ => {
            into.push(Demand { of: node, what: What::Holds(met) });
            into.extend(compared(node, met));
        }
    }
}

/// What a comparison with a constant demands of what is compared.
fn compared(node: &Node, met: bool) -> Option<Demand<'_>> {
    use Function as F;
    let Node::Call(function, args) = node else { return None };
    let [left, right] = args.as_slice() else { return None };
    if *function == F::In {
        let values = items(right)?;
        let what = if met { What::OneOf(values) } else { What::NoneOf(values) };
        return Some(Demand { of: left, what });
    }
    let (operator, of, value) = match (constant(left), constant(right)) {
        (None, Some(value)) => (*function, left, value),
        (Some(value), None) => (turned(*function), right, value),
        _ => return None,
    };
    let what = match (operator, met) {
        (F::Equal, true) | (F::NotEqual, false) => What::OneOf(vec![value]),
        (F::Equal, false) | (F::NotEqual, true) => What::NoneOf(vec![value]),
        // What is not less need not be more: `NaN` is neither.
        (F::Less | F::LessEqual | F::Greater | F::GreaterEqual, true) => What::Bound(operator, value),
        _ => return None,
    };
    Some(Demand { of, what })
}

/// The values of a list that has nothing but constants on it.
fn items(list: &Node) -> Option<Vec<Cow<'_, Value>>> {
    match list {
        Node::Const(Value::List(items)) => {
            items.iter().map(|item| Some(item).filter(|item| is_exact(item)).map(Cow::Borrowed)).collect()
        }
        Node::List(items) => {
            items.iter().map(|item| constant(&item.value).filter(|_| !item.optional)).collect()
        }
        _ => None,
    }
}

/// The value of a node that is one whatever is looked at: a literal, a time or a duration.
fn constant(node: &Node) -> Option<Cow<'_, Value>> {
    use Function as F;
    let value = match node {
        Node::Const(value) => Cow::Borrowed(value),
        Node::Call(F::ToTimestamp | F::ToDuration | F::Negate, args) if args.iter().all(is_constant) => {
            Cow::Owned(Expr::new(node.clone()).constant()?.clone())
        }
        _ => return None,
    };
    Some(value).filter(|value| is_exact(value))
}

fn is_constant(node: &Node) -> bool {
    node.constant().is_some()
}

/// Whether a value compares in one way with whole numbers and decimals: beyond these, decimals leave out whole numbers.
fn is_exact(value: &Value) -> bool {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    value.as_f64().is_none_or(|number| number.abs() < EXACT)
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

/// Whether all demands can be met at once, as far as two of them tell.
fn is_possible(demands: &[Demand<'_>]) -> bool {
    !demands.iter().enumerate().any(|(place, one)| demands[..place].iter().any(|other| clash(one, other)))
}

fn clash(one: &Demand<'_>, other: &Demand<'_>) -> bool {
    let room = match (&one.what, &other.what) {
        (What::Holds(a), What::Holds(b)) => a == b,
        (What::OneOf(values), what) | (what, What::OneOf(values)) => {
            values.iter().any(|value| admits(what, value))
        }
        (What::Bound(a, low), What::Bound(b, high)) => has_room((*a, low), (*b, high)),
        _ => true,
    };
    !room && is_same(one.of, other.of)
}

fn admits(what: &What<'_>, value: &Value) -> bool {
    match what {
        What::Holds(met) => *value == Value::Bool(*met),
        What::OneOf(values) => values.iter().any(|known| **known == *value),
        What::NoneOf(values) => !values.iter().any(|known| **known == *value),
        What::Bound(operator, bound) => match value.order(bound) {
            Ok(Some(order)) => match operator {
                Function::Less => order.is_lt(),
                Function::LessEqual => order.is_le(),
                Function::Greater => order.is_gt(),
                _ => order.is_ge(),
            },
            _ => false,
        },
    }
}

/// Whether something lies within two bounds. Of bounds that have no order nothing is said here.
fn has_room((a, at_a): (Function, &Value), (b, at_b): (Function, &Value)) -> bool {
    let is_above = |operator| matches!(operator, Function::Greater | Function::GreaterEqual);
    let (low, high) = match (is_above(a), is_above(b)) {
        (true, false) => (at_a, at_b),
        (false, true) => (at_b, at_a),
        _ => return true,
    };
    let open = [a, b].iter().any(|operator| matches!(operator, Function::Less | Function::Greater));
    match low.order(high) {
        Ok(Some(Ordering::Less)) => true,
        Ok(Some(Ordering::Equal)) => !open,
        Ok(Some(Ordering::Greater)) => false,
        _ => true,
    }
}

/// Whether two parts of an expression always have the same value. Lists, maps and macros are left alone.
fn is_same(a: &Node, b: &Node) -> bool {
    let all = |a: &[Node], b: &[Node]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same(a, b));
    match (a, b) {
        (Node::Const(a), Node::Const(b)) => a.type_of() == b.type_of() && a == b,
        (Node::Field(a, slot), Node::Field(b, other)) | (Node::Present(a, slot), Node::Present(b, other)) => {
            a == b && slot == other
        }
        (Node::Now, Node::Now) => true,
        (Node::Local(a), Node::Local(b)) => a == b,
        (Node::Has { of: a, key }, Node::Has { of: b, key: other }) => key == other && is_same(a, b),
        (Node::Select { of: a, key, optional }, Node::Select { of: b, key: other_key, optional: other }) => {
            key == other_key && optional == other && is_same(a, b)
        }
        (Node::Index { of: a, key, optional }, Node::Index { of: b, key: other_key, optional: other }) => {
            optional == other && is_same(key, other_key) && is_same(a, b)
        }
        (Node::And(a, c), Node::And(b, d)) | (Node::Or(a, c), Node::Or(b, d)) => {
            is_same(a, b) && is_same(c, d)
        }
        (Node::Call(a, of_a), Node::Call(b, of_b)) => a == b && all(of_a, of_b),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use kelvin_kernel::{Value, plan::Schema};

    use crate::cel::{Roots, Scope, compile_condition};

    /// Checks which parts of a condition are told to be never met.
    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        let served = Value::list(["a", "b"].map(Value::from));
        let (lists, mut schema) = (BTreeMap::from([("served".to_owned(), served)]), Schema::default());
        let mut scope = Scope::new(Roots::STANDING, &lists, &mut schema);
        let problems = compile_condition(text, &mut scope).err();
        assert_eq!(problems, None, "{text}");
        let told = scope.warnings.iter().filter(|problem| problem.code == "never-met");
        let told: Vec<&str> = told.map(|problem| &text[problem.span.clone()]).collect();
        assert_eq!(told, expect, "{text}");
    }

    #[track_caller]
    fn never_met(text: &str) {
        check(text, &[text]);
    }

    #[track_caller]
    fn may_be_met(text: &str) {
        check(text, &[]);
    }

    #[test]
    fn what_is_computed_has_one_value() {
        never_met("daysSince(lead.x) < 3 && daysSince(lead.x) > 30");
        never_met("seniority(lead.title) == \"c_level\" && seniority(lead.title) == \"vp\"");
        never_met("size(lead.x) > 3 && 2 > size(lead.x)");
        never_met("lead.address.city == \"a\" && lead.address.city == \"b\"");
        never_met("lead.a * 2 > 5 && lead.a * 2 < 5");
        never_met("now < timestamp(\"2026-01-01T00:00:00Z\") && now > timestamp(\"2026-02-01T00:00:00Z\")");
        check("lead.xs.exists(x, x == 1 && x == 2)", &["x == 1 && x == 2"]);
        may_be_met("daysSince(lead.x) < 3 && daysSince(lead.y) > 30");
        may_be_met("lead.a * 2 > 5 && lead.a * 2.0 < 5.0");
        may_be_met("lower(lead.x) == \"a\" && lead.x == \"A\"");
        may_be_met("lead.xs.exists(x, x == 1) && lead.xs.exists(x, x == 2)");
    }

    #[test]
    fn one_value_is_on_all_lists_that_it_is_looked_up_in() {
        never_met("lead.x in [\"a\", \"b\"] && lead.x == \"c\"");
        never_met("lead.x in lists.served && lead.x in [\"c\", 1]");
        never_met("!(lead.x in [\"a\", \"b\", \"c\"]) && lead.x in lists.served");
        never_met("lead.x == 5 && lead.x in [1, 2]");
        never_met("lead.x in [1, 2] && lead.x > 2");
        may_be_met("lead.x in [\"a\", lead.y] && lead.x == \"c\"");
        may_be_met("lead.x in [1, 2] && lead.x >= 2.0");
        may_be_met("lead.x in lists.served && lead.x != \"a\"");
    }

    #[test]
    fn nothing_is_so_and_not_so() {
        never_met("has(lead.x) && !has(lead.x)");
        never_met("lead.x == \"a\" && lead.x != \"a\"");
        never_met("!(lead.x == \"a\" || lead.vip) && lead.vip");
        never_met("lead.vip && lead.vip == false");
        never_met("lead.x.startsWith(\"a\") && !lead.x.startsWith(\"a\")");
        may_be_met("has(lead.x) && !has(lead.y)");
        may_be_met("lead.x != \"a\" && lead.x != \"b\"");
        may_be_met("!(lead.x < 3) && !(lead.x >= 3)");
        may_be_met("!(lead.x == \"a\" && lead.vip) && lead.vip");
    }

    #[test]
    fn numbers_that_decimals_leave_out_are_left_alone() {
        may_be_met("lead.x == 9007199254740992 && lead.x >= 9007199254740993");
    }
}
