//! Compiled expressions: what a CEL condition becomes once its names are resolved.

use crate::{instant::Instant, value::Value};

/// What an expression may look at. Each slice is indexed by slot (see [`Schema`](crate::plan::Schema));
/// `None` is an absent field. A root that the caller does not have is an empty slice.
#[derive(Debug, Clone, Copy, Default)]
pub struct Env<'a> {
    /// Attributes of the lead.
    pub lead: &'a [Option<Value>],
    /// Attributes of the account.
    pub account: &'a [Option<Value>],
    /// Properties of the event.
    pub event: &'a [Option<Value>],
    /// Context of the event.
    pub context: &'a [Option<Value>],
    /// `t` cut to the whole hour; absent where an event is looked at.
    pub now: Option<Instant>,
}

/// One of the maps that an expression may look into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Root {
    /// Attributes of the lead.
    Lead,
    /// Attributes of the account.
    Account,
    /// Properties of the event.
    Event,
    /// Context of the event.
    Context,
}

/// When, as the hour goes on, an outcome may change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NowChanges {
    /// Only at these hours, ascending; empty: never.
    At(Vec<Instant>),
    /// At any hour.
    EveryHour,
}

/// Which roots an expression looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reads {
    /// Attributes of the lead.
    pub lead: bool,
    /// Attributes of the account.
    pub account: bool,
    /// Properties of the event.
    pub event: bool,
    /// Context of the event.
    pub context: bool,
    /// The current hour.
    pub now: bool,
}

/// Why an expression has no value. Never shown to a user: an error only means *not met* or *worth 0*.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvalError;

/// An expression that yields any value.
#[derive(Debug, Clone)]
pub struct Expr;

/// An expression in boolean position, compiled for speed.
#[derive(Debug, Clone)]
pub struct Condition;

impl<'a> Env<'a> {
    /// The value of a field, if it is there.
    pub fn get(&self, root: Root, slot: usize) -> Option<&'a Value> {
        let slots = match root {
            Root::Lead => self.lead,
            Root::Account => self.account,
            Root::Event => self.event,
            Root::Context => self.context,
        };
        slots.get(slot)?.as_ref()
    }
}

impl Expr {
    /// The value, or an error as CEL has it.
    pub fn value(&self, _env: &Env<'_>) -> Result<Value, EvalError> {
        Err(EvalError)
    }

    /// The roots that it looks at.
    pub fn reads(&self) -> Reads {
        Reads::default()
    }

    /// The one field that the outcome depends on, if it is just one and the hour does not matter.
    pub fn only_field(&self) -> Option<(Root, usize)> {
        None
    }

    /// The hours in `(from, to]` at which the outcome may differ from the hour before, all else in `env` being equal.
    pub fn changes_with_now(&self, _env: &Env<'_>, _from: Instant, _to: Instant) -> NowChanges {
        NowChanges::EveryHour
    }
}

impl Condition {
    /// Whether the condition is met; an error or a value that is not a boolean is *not met*.
    pub fn holds(&self, _env: &Env<'_>) -> bool {
        false
    }

    /// The roots that it looks at.
    pub fn reads(&self) -> Reads {
        Reads::default()
    }

    /// The one field that the outcome depends on, if it is just one and the hour does not matter.
    pub fn only_field(&self) -> Option<(Root, usize)> {
        None
    }

    /// The hours in `(from, to]` at which the outcome may differ from the hour before, all else in `env` being equal.
    pub fn changes_with_now(&self, _env: &Env<'_>, _from: Instant, _to: Instant) -> NowChanges {
        NowChanges::EveryHour
    }
}
