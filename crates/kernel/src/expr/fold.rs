//! Constants are computed once: patterns compiled, lists laid out, constant parts evaluated.

use std::sync::Arc;

use regex::Regex;

use super::{
    Env, Function,
    budget::Budget,
    eval::Run,
    node::{Item, Macro, Node},
    set::ConstSet,
};
use crate::value::Value;

/// The same expression with all that is constant in it computed.
pub(super) fn fold(node: Node) -> Node {
    if is_constant(&node, 0) {
        return computed(node);
    }
    let all = |nodes: Vec<Node>| nodes.into_iter().map(fold).collect();
    let one = |node: Box<Node>| Box::new(fold(*node));
    let item = |item: Item| Item { value: fold(item.value), ..item };
    match node {
        Node::Select { of, key, optional } => Node::Select { of: one(of), key, optional },
        Node::Has { of, key } => Node::Has { of: one(of), key },
        Node::Index { of, key, optional } => Node::Index { of: one(of), key: one(key), optional },
        Node::List(items) => Node::List(items.into_iter().map(item).collect()),
        Node::Map(entries) => {
            Node::Map(entries.into_iter().map(|(key, value)| (fold(key), item(value))).collect())
        }
        Node::And(a, b) => logic(one(a), one(b), false),
        Node::Or(a, b) => logic(one(a), one(b), true),
        Node::If(condition, then, otherwise) => match fold(*condition) {
            Node::Const(Value::Bool(true)) => fold(*then),
            Node::Const(Value::Bool(false)) => fold(*otherwise),
            Node::Const(_) | Node::Error => Node::Error,
            condition => Node::If(Box::new(condition), one(then), one(otherwise)),
        },
        Node::Call(function, args) => call(function, all(args)),
        Node::Macro(call) => {
            let Macro { kind, range, body, filter, .. } = *call;
            Node::Macro(Box::new(Macro::new(kind, fold(range), fold(body), filter.map(fold))))
        }
        other => other,
    }
}

/// Whether the value depends on nothing outside; `depth` macros lie between the node and where that is asked.
fn is_constant(node: &Node, depth: usize) -> bool {
    match node {
        Node::Field(..) | Node::Present(..) | Node::Now | Node::Call(Function::DaysSince, _) => false,
        Node::Local(level) => *level < depth,
        Node::Macro(call) => {
            let inner = |node| is_constant(node, depth + 1);
            is_constant(&call.range, depth) && inner(&call.body) && call.filter.as_ref().is_none_or(inner)
        }
        other => {
            let mut constant = true;
            other.children(&mut |child| constant = constant && is_constant(child, depth));
            constant
        }
    }
}

fn computed(node: Node) -> Node {
    if matches!(node, Node::Const(_)) {
        return node;
    }
    let budget = Budget::new();
    let run = Run { env: &Env::default(), budget: &budget };
    run.value(&node).map_or(Node::Error, |value| Node::Const(value.into_owned()))
}

/// `&&` and `||` of two folded sides: settled by a constant on either side.
fn logic(a: Box<Node>, b: Box<Node>, settles: bool) -> Node {
    let settled = |node: &Node| matches!(node, Node::Const(Value::Bool(value)) if *value == settles);
    match settles {
        _ if settled(&a) || settled(&b) => Node::Const(Value::Bool(settles)),
        false => Node::And(a, b),
        true => Node::Or(a, b),
    }
}

fn call(function: Function, mut args: Vec<Node>) -> Node {
    match (function, args.as_mut_slice()) {
        (Function::Matches, [text, Node::Const(Value::String(pattern))]) => match Regex::new(pattern) {
            Ok(pattern) => Node::Matches(Box::new(std::mem::replace(text, Node::Error)), pattern),
            Err(_) => Node::Error,
        },
        (Function::In, [value, Node::Const(Value::List(items))]) => {
            let set = Arc::new(ConstSet::new(items));
            Node::InSet(Box::new(std::mem::replace(value, Node::Error)), set)
        }
        _ => Node::Call(function, args),
    }
}
