//! The tree that an expression becomes once its names are resolved.

use std::sync::Arc;

use regex::Regex;

use super::{Function, Root, set::ConstSet};
use crate::value::Value;

/// A resolved expression. Fields are slots, macro variables are counted from the innermost.
#[derive(Debug, Clone)]
pub enum Node {
    /// A constant.
    Const(Value),
    /// What has no value whatever it is given: `1 / 0`.
    Error,
    /// A field of a root, by slot; an error if it is absent.
    Field(Root, usize),
    /// Whether a field of a root is there: `has(lead.x)`, `"x" in lead`.
    Present(Root, usize),
    /// The current hour, as a timestamp.
    Now,
    /// The variable of the macro that is this many levels further out.
    Local(usize),
    /// `of.key`, or `of.?key`
    Select {
        /// Where the key is looked up.
        of: Box<Node>,
        /// The key.
        key: Arc<str>,
        /// Whether the outcome is an optional.
        optional: bool,
    },
    /// `has(of.key)`
    Has {
        /// Where the key is looked up.
        of: Box<Node>,
        /// The key.
        key: Arc<str>,
    },
    /// `of[key]`, or `of[?key]`
    Index {
        /// A list or a map.
        of: Box<Node>,
        /// A position or a key.
        key: Box<Node>,
        /// Whether the outcome is an optional.
        optional: bool,
    },
    /// `[a, b]`
    List(Vec<Item>),
    /// `{a: b}`
    Map(Vec<(Node, Item)>),
    /// `a && b`: true or false where one side settles it, even beside an error.
    And(Box<Node>, Box<Node>),
    /// `a || b`: true or false where one side settles it, even beside an error.
    Or(Box<Node>, Box<Node>),
    /// `a ? b : c`
    If(Box<Node>, Box<Node>, Box<Node>),
    /// A function or an operator with its arguments, the receiver first.
    Call(Function, Vec<Node>),
    /// `matches` with a constant pattern.
    Matches(Box<Node>, Regex),
    /// `in` a constant list.
    InSet(Box<Node>, Arc<ConstSet>),
    /// A macro.
    Macro(Box<Macro>),
}

/// An item of a list or the value of an entry of a map.
#[derive(Debug, Clone)]
pub struct Item {
    /// The value.
    pub value: Node,
    /// Whether the value is an optional that is left out when it is none.
    pub optional: bool,
}

/// A macro: its body is evaluated for each item of a list or key of a map.
#[derive(Debug, Clone)]
pub struct Macro {
    /// Which.
    pub kind: MacroKind,
    /// The list, map or optional.
    pub range: Node,
    /// What is evaluated, with the item as `Local(0)`.
    pub body: Node,
    /// For `map` with three arguments: which items are taken.
    pub filter: Option<Node>,
    /// What one item costs, in steps.
    pub(super) cost: u64,
}

/// Which macro.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MacroKind {
    /// `all`
    All,
    /// `exists`
    Exists,
    /// `exists_one`
    ExistsOne,
    /// `map`
    Map,
    /// `filter`
    Filter,
    /// `optMap`
    OptMap,
    /// `optFlatMap`
    OptFlatMap,
}

impl Macro {
    /// A macro over `range`.
    pub fn new(kind: MacroKind, range: Node, body: Node, filter: Option<Node>) -> Self {
        let cost = 1 + body.size() + filter.as_ref().map_or(0, Node::size);
        Self { kind, range, body, filter, cost }
    }
}

impl MacroKind {
    /// The macros by name.
    pub const NAMES: [(&'static str, Self); 8] = [
        ("all", Self::All),
        ("exists", Self::Exists),
        ("exists_one", Self::ExistsOne),
        ("existsOne", Self::ExistsOne),
        ("map", Self::Map),
        ("filter", Self::Filter),
        ("optMap", Self::OptMap),
        ("optFlatMap", Self::OptFlatMap),
    ];
}

impl Node {
    /// Calls `visit` with each direct child.
    pub(super) fn children<'a>(&'a self, visit: &mut dyn FnMut(&'a Node)) {
        match self {
            Self::Const(_)
            | Self::Error
            | Self::Field(..)
            | Self::Present(..)
            | Self::Now
            | Self::Local(_) => {}
            Self::Select { of, .. } | Self::Has { of, .. } | Self::Matches(of, _) | Self::InSet(of, _) => {
                visit(of)
            }
            Self::Index { of, key, .. } => {
                visit(of);
                visit(key);
            }
            Self::List(items) => items.iter().for_each(|item| visit(&item.value)),
            Self::Map(entries) => entries.iter().for_each(|(key, item)| {
                visit(key);
                visit(&item.value);
            }),
            Self::And(a, b) | Self::Or(a, b) => {
                visit(a);
                visit(b);
            }
            Self::If(a, b, c) => {
                visit(a);
                visit(b);
                visit(c);
            }
            Self::Call(_, args) => args.iter().for_each(visit),
            Self::Macro(call) => {
                visit(&call.range);
                visit(&call.body);
                call.filter.iter().for_each(visit);
            }
        }
    }

    /// Calls `visit` with the node and everything below it.
    pub(super) fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Node)) {
        visit(self);
        self.children(&mut |child| child.walk(visit));
    }

    /// How many nodes there are.
    pub(super) fn size(&self) -> u64 {
        let mut count = 0;
        self.walk(&mut |_| count += 1);
        count
    }

    /// The constant that it is, if it is one.
    pub fn constant(&self) -> Option<&Value> {
        match self {
            Self::Const(value) => Some(value),
            _ => None,
        }
    }
}
