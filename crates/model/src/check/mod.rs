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

pub(crate) use condition::conditions;
pub(crate) use duplicate_rule::meaning;
use kelvin_kernel::Value;
pub(crate) use unused_list::mentions;

use crate::{
    diagnostics::Diagnostic,
    lower::{Compiled, Expressions},
    span::Span,
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
    never_answered::in_tables,
    sequence::sequence,
    times::times,
    worthless::worthless,
];

/// Lints that compare parts with each other: they need each part to be complete, but not all parts.
const ACROSS: &[Lint] = &[duplicate_rule::duplicate_rule, event_names::event_names];

/// Lints that add up what rules can be worth: a rule with an error may be worth anything, all else must be sound.
const SUMS: &[Lint] = &[grades::grades, tiers::tiers];

/// Lints that tell of what is nowhere in the model, or nowhere else, so that they need all of it.
const WHOLE: &[Lint] = &[empty::empty, never_answered::on_lists, unused_list::unused_list];

/// A model with its compiled expressions.
struct View<'a> {
    model: &'a Model,
    expressions: &'a Expressions,
    wrong: &'a Wrong,
}

/// Where a model has errors: what stands there does not yet say what its author means.
#[derive(Debug)]
pub(crate) struct Wrong {
    /// Whether lines were left out because they are not YAML.
    damaged: bool,
    /// Whether there is an error at all.
    any: bool,
    /// Whether one lies outside of all rules.
    outside: bool,
    /// The rules, in the file's order, each with whether it has an error.
    rules: Vec<(Span, bool)>,
}

impl Wrong {
    /// Where the errors of a model lie; `damaged` tells whether lines of it were left out.
    pub(crate) fn of<'a>(model: &Model, errors: impl Iterator<Item = &'a Diagnostic>, damaged: bool) -> Self {
        let spans = model.all_rules().map(|rule| rule.span).chain(model.unread_rules.iter().copied());
        let mut rules: Vec<(Span, bool)> = spans.map(|span| (span, false)).collect();
        rules.sort_unstable();
        let mut wrong = Self { damaged, any: false, outside: false, rules };
        for error in errors {
            wrong.any = true;
            match wrong.rule_at(error.span()) {
                Some(rule) => wrong.rules[rule].1 = true,
                None => wrong.outside = true,
            }
        }
        wrong
    }

    /// The rule that a place lies in.
    fn rule_at(&self, place: Span) -> Option<usize> {
        let before = self.rules.partition_point(|(rule, _)| rule.start <= place.start);
        before.checked_sub(1).filter(|rule| self.rules[*rule].0.holds(place))
    }

    /// Whether a place lies in a rule that has an error.
    fn is_at(&self, place: Span) -> bool {
        self.rule_at(place).is_some_and(|rule| self.rules[rule].1)
    }
}

/// Runs the lints, as far as what is wrong with the model lets them be sure.
pub(crate) fn check(model: &Model, expressions: &Expressions, wrong: &Wrong) -> Vec<Diagnostic> {
    let view = View { model, expressions, wrong };
    let groups = [
        (LOCAL, true),
        (ACROSS, !wrong.damaged),
        (SUMS, !wrong.damaged && !wrong.outside),
        (WHOLE, !wrong.damaged && !wrong.any),
    ];
    let lints = groups.into_iter().filter(|(_, run)| *run).flat_map(|(lints, _)| lints);
    let mut doubts: Vec<Diagnostic> = lints.flat_map(|lint| lint(&view)).collect();
    doubts.retain(|doubt| !doubt.labels.iter().any(|label| wrong.is_at(label.span)));
    doubts
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
