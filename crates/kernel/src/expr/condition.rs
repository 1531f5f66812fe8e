//! Conditions: a fast test for what most rules ask, the evaluator for the rest.

use std::{cmp::Ordering, sync::Arc};

use memchr::memmem::Finder;
use regex::Regex;

use super::{
    Env, Expr, Function, Instant, NowChanges, Reads, Root, budget::Budget, eval::Run, node::Node,
    set::ConstSet,
};
use crate::value::Value;

/// An expression in boolean position, compiled for speed.
#[derive(Debug, Clone)]
pub struct Condition {
    expr: Expr,
    test: Test,
}

/// A test that allocates nothing, except in its [`Test::Other`] leaves.
#[derive(Debug, Clone)]
enum Test {
    Known(Truth),
    All(Box<[Test]>),
    Any(Box<[Test]>),
    Not(Box<Test>),
    If(Box<[Test; 3]>),
    Present(Root, usize),
    Has(Source, Arc<str>),
    True(Source),
    Equal(Source, Value),
    /// The same for text, which is what most rules ask.
    Is(Source, Arc<str>),
    Order(Source, Comparison, Value),
    StartsWith(Source, Arc<str>),
    EndsWith(Source, Arc<str>),
    Contains(Source, Box<Finder<'static>>),
    Matches(Source, Regex),
    In(Source, Arc<ConstSet>),
    /// Whatever the others do not cover: the evaluator.
    Other(Box<Node>),
}

/// What a test tells. An error is neither true nor false, and may be outweighed by the other side of `&&` and `||`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Truth {
    True,
    False,
    Error,
}

#[derive(Debug, Clone, Copy)]
enum Comparison {
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

/// A field, or what lies below it: `lead.budget.monthly`.
#[derive(Debug, Clone)]
struct Source {
    root: Root,
    slot: usize,
    path: Box<[Arc<str>]>,
}

impl Condition {
    /// A condition of a resolved tree; what is constant in it is computed here, once.
    pub fn new(node: Node) -> Self {
        let expr = Expr::new(node);
        let test = Test::of(&expr.node);
        Self { expr, test }
    }

    /// Whether the condition is met; an error or a value that is not a boolean is *not met*.
    pub fn holds(&self, env: &Env<'_>) -> bool {
        let budget = Budget::new();
        self.test.truth(&Run { env, budget: &budget }) == Truth::True
    }

    /// The condition as an expression. Its value is `true` exactly when the condition holds.
    pub fn expr(&self) -> &Expr {
        &self.expr
    }

    /// The roots that it looks at.
    pub fn reads(&self) -> Reads {
        self.expr.reads()
    }

    /// The fields that it looks at, each once.
    pub fn fields(&self) -> &[(Root, usize)] {
        self.expr.fields()
    }

    /// The one field that the outcome depends on, if it is just one and the hour does not matter.
    pub fn only_field(&self) -> Option<(Root, usize)> {
        self.expr.only_field()
    }

    /// Whether it is met, if that is so whatever is looked at.
    pub fn constant(&self) -> Option<bool> {
        match self.test {
            Test::Known(truth) => Some(truth == Truth::True),
            _ => None,
        }
    }

    /// The hours in `(from, to]` at which the outcome may differ from the hour before, all else in `env` being equal.
    pub fn changes_with_now(&self, env: &Env<'_>, from: Instant, to: Instant) -> NowChanges {
        self.expr.changes_with_now(env, from, to)
    }
}

impl Test {
    fn of(node: &Node) -> Self {
        match node {
            Node::Const(Value::Bool(value)) => Self::Known(Truth::from(*value)),
            Node::Const(_) | Node::Error => Self::Known(Truth::Error),
            Node::And(..) => Self::All(flat(node, |node| match node {
                Node::And(a, b) => Some((a, b)),
                _ => None,
            })),
            Node::Or(..) => Self::Any(flat(node, |node| match node {
                Node::Or(a, b) => Some((a, b)),
                _ => None,
            })),
            Node::If(condition, then, otherwise) => {
                Self::If(Box::new([Self::of(condition), Self::of(then), Self::of(otherwise)]))
            }
            Node::Present(root, slot) => Self::Present(*root, *slot),
            Node::Call(Function::Not, args) => match args.as_slice() {
                [inner] => Self::Not(Box::new(Self::of(inner))),
                _ => Self::Other(Box::new(node.clone())),
            },
            other => Self::of_source(other).unwrap_or_else(|| Self::Other(Box::new(other.clone()))),
        }
    }

    /// A test of one field against a constant.
    fn of_source(node: &Node) -> Option<Self> {
        match node {
            Node::Has { of, key } => Some(Self::Has(Source::of(of)?, key.clone())),
            Node::Matches(of, pattern) => Some(Self::Matches(Source::of(of)?, pattern.clone())),
            Node::InSet(of, set) => Some(Self::In(Source::of(of)?, set.clone())),
            Node::Call(function, args) => match args.as_slice() {
                [Node::Const(constant), of] => Self::of_pair(mirrored(*function)?, Source::of(of)?, constant),
                [of, Node::Const(constant)] => Self::of_pair(*function, Source::of(of)?, constant),
                _ => None,
            },
            other => Source::of(other).map(Self::True),
        }
    }

    fn of_pair(function: Function, source: Source, constant: &Value) -> Option<Self> {
        let order = |comparison| Some(Self::Order(source.clone(), comparison, constant.clone()));
        match function {
            Function::Equal => Some(match constant {
                Value::String(text) => Self::Is(source, text.clone()),
                other => Self::Equal(source, other.clone()),
            }),
            Function::NotEqual => {
                Self::of_pair(Function::Equal, source, constant).map(|test| Self::Not(Box::new(test)))
            }
            Function::Less => order(Comparison::Less),
            Function::LessEqual => order(Comparison::LessEqual),
            Function::Greater => order(Comparison::Greater),
            Function::GreaterEqual => order(Comparison::GreaterEqual),
            _ => {
                let Value::String(text) = constant else { return None };
                match function {
                    Function::StartsWith => Some(Self::StartsWith(source, text.clone())),
                    Function::EndsWith => Some(Self::EndsWith(source, text.clone())),
                    Function::Contains => {
                        Some(Self::Contains(source, Box::new(Finder::new(text.as_bytes()).into_owned())))
                    }
                    _ => None,
                }
            }
        }
    }

    fn truth(&self, run: &Run<'_>) -> Truth {
        match self {
            Self::Known(truth) => *truth,
            Self::All(tests) => settle(tests, run, Truth::False, Truth::True),
            Self::Any(tests) => settle(tests, run, Truth::True, Truth::False),
            Self::Not(test) => match test.truth(run) {
                Truth::True => Truth::False,
                Truth::False => Truth::True,
                Truth::Error => Truth::Error,
            },
            Self::If(tests) => match tests[0].truth(run) {
                Truth::True => tests[1].truth(run),
                Truth::False => tests[2].truth(run),
                Truth::Error => Truth::Error,
            },
            Self::Present(root, slot) => Truth::from(run.env.get(*root, *slot).is_some()),
            Self::Has(source, key) => match source.get(run.env) {
                Some(Value::Map(map)) => Truth::from(map.get(key).is_some()),
                _ => Truth::Error,
            },
            Self::True(source) => match source.get(run.env) {
                Some(Value::Bool(value)) => Truth::from(*value),
                _ => Truth::Error,
            },
            Self::Equal(source, constant) => {
                source.get(run.env).map_or(Truth::Error, |value| Truth::from(value == constant))
            }
            Self::Is(source, text) => match source.get(run.env) {
                Some(Value::String(value)) => Truth::from(value == text),
                Some(_) => Truth::False,
                None => Truth::Error,
            },
            Self::Order(source, comparison, constant) => match (source.get(run.env), constant) {
                (Some(Value::Int(value)), Value::Int(bound)) => Truth::from(comparison.met(value.cmp(bound))),
                (Some(value), bound) => value.order(bound).map_or(Truth::Error, |order| {
                    Truth::from(order.is_some_and(|order| comparison.met(order)))
                }),
                (None, _) => Truth::Error,
            },
            Self::StartsWith(source, part) => source.text(run.env, |text| text.starts_with(&**part)),
            Self::EndsWith(source, part) => source.text(run.env, |text| text.ends_with(&**part)),
            Self::Contains(source, part) => source.text(run.env, |text| part.find(text.as_bytes()).is_some()),
            Self::Matches(source, pattern) => source.text(run.env, |text| pattern.is_match(text)),
            Self::In(source, set) => {
                source.get(run.env).map_or(Truth::Error, |value| Truth::from(set.contains(value)))
            }
            Self::Other(node) => match run.value(node).as_deref() {
                Ok(Value::Bool(value)) => Truth::from(*value),
                _ => Truth::Error,
            },
        }
    }
}

impl Source {
    /// The field that a node reads, if that is all it does.
    fn of(node: &Node) -> Option<Self> {
        match node {
            Node::Field(root, slot) => Some(Self { root: *root, slot: *slot, path: Box::default() }),
            Node::Select { of, key, optional: false } => {
                let Self { root, slot, path } = Self::of(of)?;
                let path = path.iter().chain([key]).cloned().collect();
                Some(Self { root, slot, path })
            }
            _ => None,
        }
    }

    fn get<'a>(&self, env: &Env<'a>) -> Option<&'a Value> {
        let mut value = env.get(self.root, self.slot)?;
        for key in &self.path {
            match value {
                Value::Map(map) => value = map.get(key)?,
                _ => return None,
            }
        }
        Some(value)
    }

    fn text(&self, env: &Env<'_>, met: impl Fn(&str) -> bool) -> Truth {
        match self.get(env) {
            Some(Value::String(text)) => Truth::from(met(text)),
            _ => Truth::Error,
        }
    }
}

impl Comparison {
    fn met(self, order: Ordering) -> bool {
        match self {
            Self::Less => order.is_lt(),
            Self::LessEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterEqual => order.is_ge(),
        }
    }
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }
}

/// The function that says the same with its two arguments exchanged.
fn mirrored(function: Function) -> Option<Function> {
    match function {
        Function::Equal | Function::NotEqual => Some(function),
        Function::Less => Some(Function::Greater),
        Function::LessEqual => Some(Function::GreaterEqual),
        Function::Greater => Some(Function::Less),
        Function::GreaterEqual => Some(Function::LessEqual),
        _ => None,
    }
}

/// The tests of a chain of the same operator.
fn flat<'a>(node: &'a Node, pair: fn(&'a Node) -> Option<(&'a Node, &'a Node)>) -> Box<[Test]> {
    let mut tests = Vec::new();
    let mut rest = vec![node];
    while let Some(node) = rest.pop() {
        match pair(node) {
            Some((a, b)) => rest.extend([b, a]),
            None => tests.push(Test::of(node)),
        }
    }
    tests.into()
}

/// `&&` and `||` over tests: the first that `settles` is the outcome, an error weighs more than `otherwise`.
fn settle(tests: &[Test], run: &Run<'_>, settles: Truth, otherwise: Truth) -> Truth {
    let mut outcome = otherwise;
    for test in tests {
        match test.truth(run) {
            truth if truth == settles => return settles,
            Truth::Error => outcome = Truth::Error,
            _ => {}
        }
    }
    outcome
}
