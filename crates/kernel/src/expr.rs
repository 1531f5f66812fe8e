//! Compiled expressions: what a CEL condition becomes once its names are resolved.

mod budget;
mod call;
mod condition;
mod eval;
mod fold;
mod function;
mod hours;
mod node;
mod set;

pub use call::is_time_zone;
pub use condition::Condition;
pub use function::{FUNCTIONS, Function, Signature, Style};
pub use node::{Item, Macro, MacroKind, Node};
pub use set::ConstSet;

use crate::{instant::Instant, value::Value};
use budget::Budget;
use eval::Run;
use hours::Hours;

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

impl Root {
    /// All roots.
    pub const ALL: [Self; 4] = [Self::Lead, Self::Account, Self::Event, Self::Context];

    /// The variable that stands for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lead => "lead",
            Self::Account => "account",
            Self::Event => "event",
            Self::Context => "context",
        }
    }
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EvalError;

/// An expression that yields any value.
#[derive(Debug, Clone)]
pub struct Expr {
    node: Node,
    reads: Reads,
    fields: Box<[(Root, usize)]>,
    hours: Hours,
}

/// Why a regular expression cannot be used, if it cannot.
pub fn pattern_error(pattern: &str) -> Option<String> {
    match regex::Regex::new(pattern) {
        Ok(_) => None,
        Err(regex::Error::CompiledTooBig(_)) => Some("the pattern is too large".to_owned()),
        // The library draws the place above its last line.
        Err(error) => {
            let text = error.to_string();
            let last = text.lines().next_back().unwrap_or_default();
            Some(last.strip_prefix("error: ").unwrap_or(last).to_owned())
        }
    }
}

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
    /// An expression of a resolved tree; what is constant in it is computed here, once.
    pub fn new(node: Node) -> Self {
        let node = fold::fold(node);
        let mut fields = Vec::new();
        let mut reads = Reads::default();
        node.walk(&mut |node| match node {
            Node::Field(root, slot) | Node::Present(root, slot) => fields.push((*root, *slot)),
            Node::Now | Node::Call(Function::DaysSince, _) => reads.now = true,
            _ => {}
        });
        fields.sort_unstable();
        fields.dedup();
        for (root, _) in &fields {
            match root {
                Root::Lead => reads.lead = true,
                Root::Account => reads.account = true,
                Root::Event => reads.event = true,
                Root::Context => reads.context = true,
            }
        }
        let hours = Hours::of(&node);
        Self { node, reads, fields: fields.into(), hours }
    }

    /// The value, or an error as CEL has it.
    pub fn value(&self, env: &Env<'_>) -> Result<Value, EvalError> {
        let budget = Budget::new();
        let run = Run { env, budget: &budget };
        run.value(&self.node).map(|value| value.into_owned())
    }

    /// The roots that it looks at.
    pub fn reads(&self) -> Reads {
        self.reads
    }

    /// The fields that it looks at, each once.
    pub fn fields(&self) -> &[(Root, usize)] {
        &self.fields
    }

    /// The one field that the value depends on, if it is just one and the hour does not matter.
    pub fn only_field(&self) -> Option<(Root, usize)> {
        match *self.fields {
            [only] if !self.reads.now => Some(only),
            _ => None,
        }
    }

    /// The value, if it is the same whatever is looked at.
    pub fn constant(&self) -> Option<&Value> {
        self.node.constant()
    }

    /// The hours in `(from, to]` at which the value may differ from the hour before, all else in `env` being equal.
    pub fn changes_with_now(&self, env: &Env<'_>, from: Instant, to: Instant) -> NowChanges {
        self.hours.changes(env, from, to)
    }
}
