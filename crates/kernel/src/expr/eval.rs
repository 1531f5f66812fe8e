//! The evaluator: a resolved expression and what it looks at become a value.

use std::{borrow::Cow, sync::Arc};

use super::{
    Env, EvalError, Function, Root,
    budget::Budget,
    call::call,
    node::{Item, Macro, MacroKind, Node},
};
use crate::value::{Key, Map, Value};

/// One evaluation.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run<'a> {
    pub(super) env: &'a Env<'a>,
    pub(super) budget: &'a Budget,
}

/// The variables of the macros around a node, innermost first.
#[derive(Debug, Clone, Copy)]
pub(super) struct Locals<'a> {
    value: &'a Value,
    outer: Option<&'a Locals<'a>>,
}

type Outcome<'a> = Result<Cow<'a, Value>, EvalError>;

impl<'a> Run<'a> {
    /// The value of a node that stands outside of all macros.
    pub(super) fn value(&self, node: &'a Node) -> Outcome<'a> {
        self.eval(node, None)
    }

    fn eval(&self, node: &'a Node, locals: Option<&'a Locals<'a>>) -> Outcome<'a> {
        match node {
            Node::Const(value) => Ok(Cow::Borrowed(value)),
            Node::Error => Err(EvalError),
            Node::Field(root, slot) => self.field(*root, *slot),
            Node::Present(root, slot) => owned(self.env.get(*root, *slot).is_some()),
            Node::Now => owned(Value::from(self.env.now.ok_or(EvalError)?)),
            Node::Local(level) => local(locals, *level),
            Node::Select { of, key, optional } => {
                let of = self.eval(of, locals)?;
                lookup(of, *optional, |map| map.get(key))
            }
            Node::Has { of, key } => owned(has(&*self.eval(of, locals)?, key)?),
            Node::Index { of, key, optional } => {
                let of = self.eval(of, locals)?;
                let key = self.eval(key, locals)?;
                index(of, &key, *optional)
            }
            Node::List(items) => self.list(items, locals).map(Cow::Owned),
            Node::Map(entries) => self.map(entries, locals).map(Cow::Owned),
            Node::And(a, b) => self.logic(a, b, locals, false),
            Node::Or(a, b) => self.logic(a, b, locals, true),
            Node::If(condition, then, otherwise) => match self.boolean(condition, locals)? {
                true => self.eval(then, locals),
                false => self.eval(otherwise, locals),
            },
            Node::Call(function, args) => self.call(*function, args, locals),
            Node::Matches(text, pattern) => match &*self.eval(text, locals)? {
                Value::String(text) => {
                    self.budget.charge_read(text.len())?;
                    owned(pattern.is_match(text))
                }
                _ => Err(EvalError),
            },
            Node::InSet(value, set) => owned(set.contains(&*self.eval(value, locals)?)),
            Node::Macro(call) => self.expand(call, locals).map(Cow::Owned),
        }
    }

    fn field(&self, root: Root, slot: usize) -> Outcome<'a> {
        self.env.get(root, slot).map(Cow::Borrowed).ok_or(EvalError)
    }

    fn boolean(&self, node: &'a Node, locals: Option<&'a Locals<'a>>) -> Result<bool, EvalError> {
        match &*self.eval(node, locals)? {
            Value::Bool(value) => Ok(*value),
            _ => Err(EvalError),
        }
    }

    /// `&&` and `||`: `settles` on either side is the outcome, whatever the other side is.
    fn logic(&self, a: &'a Node, b: &'a Node, locals: Option<&'a Locals<'a>>, settles: bool) -> Outcome<'a> {
        let a = self.boolean(a, locals);
        if a == Ok(settles) {
            return owned(settles);
        }
        let b = self.boolean(b, locals);
        if b == Ok(settles) {
            return owned(settles);
        }
        a.and(b)?;
        owned(!settles)
    }

    fn call(&self, function: Function, args: &'a [Node], locals: Option<&'a Locals<'a>>) -> Outcome<'a> {
        let value = match args {
            [] => call(function, &[], self),
            [a] => call(function, &[&*self.eval(a, locals)?], self),
            [a, b] => call(function, &[&*self.eval(a, locals)?, &*self.eval(b, locals)?], self),
            _ => {
                let values = args.iter().map(|arg| self.eval(arg, locals)).collect::<Result<Vec<_>, _>>()?;
                let values: Vec<&Value> = values.iter().map(|value| &**value).collect();
                call(function, &values, self)
            }
        };
        value.map(Cow::Owned)
    }

    fn list(&self, items: &'a [Item], locals: Option<&'a Locals<'a>>) -> Result<Value, EvalError> {
        let mut list = Vec::with_capacity(items.len());
        for item in items {
            list.extend(self.item(item, locals)?);
        }
        self.made(Value::from(list))
    }

    fn map(&self, entries: &'a [(Node, Item)], locals: Option<&'a Locals<'a>>) -> Result<Value, EvalError> {
        let mut map = Vec::with_capacity(entries.len());
        for (key, item) in entries {
            let key = self.eval(key, locals)?;
            let key = match &*key {
                Value::Double(_) => return Err(EvalError),
                key => Key::from_value(key).ok_or(EvalError)?,
            };
            map.extend(self.item(item, locals)?.map(|value| (key, value)));
        }
        self.made(Value::Map(Map::unique(map).ok_or(EvalError)?))
    }

    fn item(&self, item: &'a Item, locals: Option<&'a Locals<'a>>) -> Result<Option<Value>, EvalError> {
        let value = self.eval(&item.value, locals)?.into_owned();
        match (item.optional, value) {
            (false, value) => Ok(Some(value)),
            (true, Value::Optional(value)) => Ok(value.map(Arc::unwrap_or_clone)),
            (true, _) => Err(EvalError),
        }
    }

    fn made(&self, value: Value) -> Result<Value, EvalError> {
        self.budget.charge_value(&value)?;
        Ok(value)
    }

    fn expand(&self, call: &'a Macro, locals: Option<&'a Locals<'a>>) -> Result<Value, EvalError> {
        let range = self.eval(&call.range, locals)?;
        if matches!(call.kind, MacroKind::OptMap | MacroKind::OptFlatMap) {
            return self.optional_map(call, &range, locals);
        }
        let mut round = Round { run: self, call, locals, hits: 0, failed: false, made: Vec::new() };
        match &*range {
            Value::List(items) => {
                for item in items.iter() {
                    if let Some(settled) = round.item(item)? {
                        return Ok(settled);
                    }
                }
            }
            Value::Map(map) => {
                for (key, _) in map.entries() {
                    if let Some(settled) = round.item(&key.value())? {
                        return Ok(settled);
                    }
                }
            }
            _ => return Err(EvalError),
        }
        round.end()
    }

    fn optional_map(
        &self,
        call: &'a Macro,
        range: &Value,
        locals: Option<&Locals<'_>>,
    ) -> Result<Value, EvalError> {
        let Value::Optional(value) = range else { return Err(EvalError) };
        let Some(value) = value else { return Ok(Value::Optional(None)) };
        let inner = Locals { value, outer: locals };
        let mapped = self.eval(&call.body, Some(&inner))?.into_owned();
        match (call.kind, mapped) {
            (MacroKind::OptMap, mapped) => self.made(Value::Optional(Some(Arc::new(mapped)))),
            (_, Value::Optional(mapped)) => Ok(Value::Optional(mapped)),
            _ => Err(EvalError),
        }
    }
}

/// A macro on its way through the items.
struct Round<'r, 'a> {
    run: &'r Run<'a>,
    call: &'a Macro,
    locals: Option<&'a Locals<'a>>,
    /// How many items met the condition.
    hits: usize,
    /// Whether an item had an error that a later item may still outweigh.
    failed: bool,
    /// What `map` and `filter` have made.
    made: Vec<Value>,
}

impl Round<'_, '_> {
    /// Looks at the next item; a value if that settles the outcome.
    fn item(&mut self, item: &Value) -> Result<Option<Value>, EvalError> {
        self.run.budget.charge(self.call.cost)?;
        let inner = Locals { value: item, outer: self.locals };
        let run = self.run;
        match self.call.kind {
            MacroKind::All => match run.boolean(&self.call.body, Some(&inner)) {
                Ok(true) => {}
                Ok(false) => return Ok(Some(Value::Bool(false))),
                Err(EvalError) => self.failed = true,
            },
            MacroKind::Exists => match run.boolean(&self.call.body, Some(&inner)) {
                Ok(true) => return Ok(Some(Value::Bool(true))),
                Ok(false) => {}
                Err(EvalError) => self.failed = true,
            },
            MacroKind::ExistsOne => self.hits += usize::from(run.boolean(&self.call.body, Some(&inner))?),
            MacroKind::Filter => {
                if run.boolean(&self.call.body, Some(&inner))? {
                    self.made.push(item.clone());
                }
            }
            _ => {
                let filter = self.call.filter.as_ref();
                if filter.map_or(Ok(true), |filter| run.boolean(filter, Some(&inner)))? {
                    self.made.push(run.eval(&self.call.body, Some(&inner))?.into_owned());
                }
            }
        }
        Ok(None)
    }

    /// The outcome when no item settled it.
    fn end(self) -> Result<Value, EvalError> {
        match self.call.kind {
            MacroKind::All | MacroKind::Exists if self.failed => Err(EvalError),
            MacroKind::All => Ok(Value::Bool(true)),
            MacroKind::Exists => Ok(Value::Bool(false)),
            MacroKind::ExistsOne => Ok(Value::Bool(self.hits == 1)),
            _ => self.run.made(Value::from(self.made)),
        }
    }
}

fn owned<'a>(value: impl Into<Value>) -> Outcome<'a> {
    Ok(Cow::Owned(value.into()))
}

fn local<'a>(locals: Option<&'a Locals<'a>>, level: usize) -> Outcome<'a> {
    let mut at = locals.ok_or(EvalError)?;
    for _ in 0..level {
        at = at.outer.ok_or(EvalError)?;
    }
    Ok(Cow::Borrowed(at.value))
}

/// The part of a value that `find` finds, without a copy of the whole where that can be.
fn part<'a>(of: Cow<'a, Value>, find: impl Fn(&Value) -> Option<&Value>) -> Option<Cow<'a, Value>> {
    match of {
        Cow::Borrowed(of) => find(of).map(Cow::Borrowed),
        Cow::Owned(of) => find(&of).cloned().map(Cow::Owned),
    }
}

/// A key looked up in a map, or through optionals.
fn lookup<'a>(of: Cow<'a, Value>, optional: bool, get: impl Fn(&Map) -> Option<&Value>) -> Outcome<'a> {
    let chained = matches!(*of, Value::Optional(_));
    let find = |of: &Value| -> Result<bool, EvalError> {
        match of {
            Value::Map(_) => Ok(true),
            Value::Optional(None) => Ok(false),
            Value::Optional(Some(inner)) if matches!(**inner, Value::Map(_)) => Ok(true),
            _ => Err(EvalError),
        }
    };
    let found = match find(&of)? {
        true => part(of, |of| match of {
            Value::Map(map) => get(map),
            Value::Optional(Some(inner)) => match &**inner {
                Value::Map(map) => get(map),
                _ => None,
            },
            _ => None,
        }),
        false => None,
    };
    finish(found, optional || chained)
}

/// `of[key]`
fn index<'a>(of: Cow<'a, Value>, key: &Value, optional: bool) -> Outcome<'a> {
    let chained = matches!(*of, Value::Optional(_));
    let target = match &*of {
        Value::Optional(None) => return finish(None, true),
        Value::Optional(Some(inner)) => &**inner,
        other => other,
    };
    let place = match target {
        Value::Map(_) => None,
        Value::List(_) => Some(key.whole().ok_or(EvalError)?),
        _ => return Err(EvalError),
    };
    let found = part(of, |of| {
        let target = match of {
            Value::Optional(Some(inner)) => &**inner,
            other => other,
        };
        match (target, place) {
            (Value::Map(map), _) => map.get_value(key),
            (Value::List(items), Some(place)) => items.get(usize::try_from(place).ok()?),
            _ => None,
        }
    });
    finish(found, optional || chained)
}

fn finish(found: Option<Cow<'_, Value>>, optional: bool) -> Outcome<'_> {
    match (found, optional) {
        (found, true) => owned(Value::Optional(found.map(|value| Arc::new(value.into_owned())))),
        (Some(found), false) => Ok(found),
        (None, false) => Err(EvalError),
    }
}

fn has(of: &Value, key: &str) -> Result<Value, EvalError> {
    match of {
        Value::Map(map) => Ok(Value::Bool(map.get(key).is_some())),
        Value::Optional(None) => Ok(Value::Bool(false)),
        Value::Optional(Some(inner)) => has(inner, key),
        _ => Err(EvalError),
    }
}
