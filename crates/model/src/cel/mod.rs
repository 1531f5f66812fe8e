//! Conditions and expressions: CEL text becomes what the kernel evaluates, or all that is wrong with it.

mod answers;
mod check;
mod exclude;
mod explain;
mod lower;
mod mixed;
mod names;
mod parse;
mod same;
mod tokens;
mod usage;

use std::{collections::BTreeMap, ops::Range};

use kelvin_kernel::{
    Value,
    expr::{Condition, Expr, Function, Node, Root},
    plan::{Schema, Usage},
};

pub(crate) use answers::never_answers;
pub(crate) use mixed::{mixed, shown};
pub use same::is_same;

/// What an expression may look at, and where the fields that it reads are noted.
#[derive(Debug)]
pub struct Scope<'a> {
    /// The variables.
    pub roots: Roots,
    /// The model's named lists, by name. Each is a list.
    pub lists: &'a BTreeMap<String, Value>,
    /// Gets a slot for each field that is read, with how it is used.
    pub schema: &'a mut Schema,
    /// Whether types that cannot go together are a problem before anything runs; an error when it runs otherwise.
    pub checks_types: bool,
    /// Gets what is doubtful but not wrong.
    pub warnings: Vec<Problem>,
    /// Gets what the model as a whole is checked by.
    pub facts: Facts,
}

/// What an expression tells about the rest of the model.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// How it uses fields, where that decides how text of a CSV cell is read.
    pub uses: Vec<FieldUse>,
    /// The lists in which it looks for what a function answers.
    pub lists: Vec<(Function, String)>,
    /// The lists that it mentions, each as often as it does.
    pub mentions: Vec<String>,
    /// The fields whose values it looks at, and those of which it asks whether they are there.
    pub reads: Vec<Read>,
    /// The function whose answer is its value, if it is one's.
    pub answer_of: Option<Function>,
}

/// That an expression looks at a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// The field, as it is written: `lead.employees`.
    pub field: String,
    /// Whether it asks no more than whether the field is there: `has(lead.employees)`.
    pub is_test: bool,
}

/// That an expression uses a field in a way of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldUse {
    /// The field, as it is written: `lead.employees`.
    pub field: String,
    /// As what. Never unknown.
    pub usage: Usage,
    /// Whether the expression offers another way beside this one: `lead.x == 7 || lead.x == "7"`.
    pub has_alternative: bool,
}

/// The variables that an expression may use, `lists` aside, which is always there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Roots {
    /// `lead`
    pub lead: bool,
    /// `account`
    pub account: bool,
    /// `event`
    pub event: bool,
    /// `context`
    pub context: bool,
    /// `now` and `daysSince`
    pub now: bool,
}

/// Something wrong or doubtful in an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What kind of problem: a name such as `unknown-function`.
    pub code: &'static str,
    /// Where in the text: bytes.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Roots {
    /// What a rule on events sees.
    pub const EVENT: Self = Self { lead: true, account: true, event: true, context: true, now: false };
    /// What a standing rule sees.
    pub const STANDING: Self = Self { lead: true, account: true, event: false, context: false, now: true };
    /// What the key of an account sees.
    pub const LEAD: Self = Self { lead: true, account: false, event: false, context: false, now: false };

    fn has(self, root: Root) -> bool {
        match root {
            Root::Lead => self.lead,
            Root::Account => self.account,
            Root::Event => self.event,
            Root::Context => self.context,
        }
    }
}

impl<'a> Scope<'a> {
    /// A scope that checks types, without warnings so far.
    pub fn new(roots: Roots, lists: &'a BTreeMap<String, Value>, schema: &'a mut Schema) -> Self {
        Self { roots, lists, schema, checks_types: true, warnings: Vec::new(), facts: Facts::default() }
    }
}

impl Problem {
    fn new(code: &'static str, span: Range<usize>, message: impl Into<String>) -> Self {
        Self { code, span, message: message.into(), help: None }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Compiles a condition.
///
/// # Errors
/// All that is wrong with it, in the order of the text.
pub fn compile_condition(text: &str, scope: &mut Scope<'_>) -> Result<Condition, Vec<Problem>> {
    compile(text, scope, Usage::Bool).map(Condition::new)
}

/// Compiles an expression whose value is used as `usage` (a number for bands and points; unknown if any will do).
///
/// # Errors
/// All that is wrong with it, in the order of the text.
pub fn compile_expr(text: &str, scope: &mut Scope<'_>, usage: Usage) -> Result<Expr, Vec<Problem>> {
    compile(text, scope, usage).map(Expr::new)
}

fn compile(text: &str, scope: &mut Scope<'_>, usage: Usage) -> Result<Node, Vec<Problem>> {
    let tokens = tokens::Tokens::of(text);
    let node = parse::with_tree(text, &tokens, |tree| lower::lower(text, &tokens, tree, scope, usage))?;
    if let Node::Call(function, _) = &node {
        scope.facts.answer_of = Some(*function);
    }
    for found in usage::uses(&node, usage) {
        let fields = scope.schema.root_mut(found.root);
        fields.note(found.slot, found.usage);
        if let Some(field) = fields.fields.get(found.slot) {
            let field = format!("{}.{}", found.root.name(), field.name);
            let usage::Use { usage, has_alternative, .. } = found;
            scope.facts.uses.push(FieldUse { field, usage, has_alternative });
        }
    }
    Ok(node)
}
