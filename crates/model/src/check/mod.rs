//! Lints: what a model says that its author can hardly mean. One file each; none of them is ever wrong about what
//! it says.

mod cap;
mod condition;
mod count_bands;
mod decay;
mod distinct;
mod duplicate_rule;
mod empty;
mod event_names;
mod grades;
mod minutes;
mod mixed_use;
mod mixed_values;
mod never_answered;
mod reach;
mod sequence;
mod tiers;
mod times;
mod unused_list;
mod worthless;

use kelvin_kernel::Value;

use crate::{
    diagnostics::Diagnostic,
    lower::{Compiled, Expressions},
    tree::{Expression, ExpressionId, Model},
};

/// A lint looks at a model and tells what it finds.
type Lint = fn(&View<'_>) -> Vec<Diagnostic>;

/// Lints that look at one part at a time: they run on what could be read of a model with errors, too.
const LOCAL: &[Lint] = &[
    cap::cap,
    condition::condition,
    count_bands::count_bands,
    decay::decay,
    distinct::distinct,
    minutes::minutes,
    mixed_use::mixed_use,
    mixed_values::mixed_values,
    never_answered::never_answered,
    sequence::sequence,
    times::times,
    worthless::worthless,
];

/// Lints that need the whole model.
const WHOLE: &[Lint] = &[
    duplicate_rule::duplicate_rule,
    empty::empty,
    event_names::event_names,
    grades::grades,
    tiers::tiers,
    unused_list::unused_list,
];

/// A model with its compiled expressions.
struct View<'a> {
    model: &'a Model,
    expressions: &'a Expressions,
}

/// Runs the lints; those that need the whole model only where it is `whole`.
pub(crate) fn check(model: &Model, expressions: &Expressions, whole: bool) -> Vec<Diagnostic> {
    let view = View { model, expressions };
    let whole = if whole { WHOLE } else { &[] };
    LOCAL.iter().chain(whole).flat_map(|lint| lint(&view)).collect()
}

impl View<'_> {
    /// Whether a condition is met, if that is so whatever it looks at.
    fn is_met(&self, id: ExpressionId) -> Option<bool> {
        match self.expressions.compiled.get(id.0)? {
            Compiled::Condition(condition) => condition.constant(),
            _ => None,
        }
    }

    /// The value of an expression, if it is the same whatever it looks at.
    fn constant(&self, id: ExpressionId) -> Option<&Value> {
        match self.expressions.compiled.get(id.0)? {
            Compiled::Expr(expr) => expr.constant(),
            _ => None,
        }
    }

    fn expression(&self, id: ExpressionId) -> Option<&Expression> {
        self.model.expression(id)
    }
}

/// A number as an author would write it.
fn shown(number: f64) -> String {
    let rounded = (number * 1e6).round() / 1e6;
    if rounded == 0.0 { "0".to_owned() } else { rounded.to_string() }
}
