//! Compiles the expressions of a model: the one place that knows the expression compiler.

use std::collections::{BTreeMap, BTreeSet};

use kelvin_kernel::{
    Value,
    expr::{Condition, Expr},
    plan::Schema,
};

use super::rules::value;
use crate::{
    cel::{self, Facts, Problem, Read, Roots, Scope},
    diagnostics::{self, Diagnostic},
    tree::{Expression, Model, Sees},
};

/// What became of an expression.
#[derive(Debug, Clone)]
pub(crate) enum Compiled {
    /// A condition.
    Condition(Condition),
    /// An expression of any type.
    Expr(Expr),
    /// Nothing: what is wrong was told.
    Failed,
}

/// All expressions of a model, each at its place.
#[derive(Debug, Clone, Default)]
pub(crate) struct Expressions {
    /// What became of them.
    pub(crate) compiled: Vec<Compiled>,
    /// What they tell about the model.
    pub(crate) facts: Vec<Facts>,
    /// The fields that trained models ask for, which they can do without.
    pub(crate) asked: Vec<String>,
}

impl Expressions {
    /// The fields that expressions read, each with whether the model can do without: whoever looks at its value asks
    /// whether it is there.
    pub(crate) fn fields(&self) -> BTreeMap<String, bool> {
        let mut fields = BTreeMap::new();
        for facts in &self.facts {
            let tests = facts.reads.iter().filter(|read| read.is_test);
            let asked: BTreeSet<&str> = tests.map(|read| read.field.as_str()).collect();
            for Read { field, .. } in &facts.reads {
                *fields.entry(field.clone()).or_insert(true) &= asked.contains(field.as_str());
            }
        }
        for field in &self.asked {
            fields.entry(field.clone()).or_insert(true);
        }
        fields
    }
}

/// The values of a model's lists.
pub(super) fn lists(model: &Model) -> BTreeMap<String, Value> {
    model
        .lists
        .iter()
        .map(|list| {
            let values: Vec<Value> = list.values.iter().map(|constant| value(&constant.value)).collect();
            (list.name.value.clone(), Value::List(values.into()))
        })
        .collect()
}

/// Compiles expressions, and tells what is wrong with them. The fields that they read get their slots in `schema`.
pub(crate) fn compile(
    written: &[Expression],
    lists: &BTreeMap<String, Value>,
    schema: &mut Schema,
) -> (Expressions, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut expressions = Expressions::default();
    for expression in written {
        let mut scope = Scope::new(roots(expression.sees), lists, schema);
        let compiled = one(expression, &mut scope);
        diagnostics.extend(scope.warnings.iter().map(|problem| told(expression, problem).into_warning()));
        expressions.facts.push(scope.facts);
        expressions.compiled.push(compiled.unwrap_or_else(|problems| {
            diagnostics.extend(problems.iter().map(|problem| told(expression, problem)));
            Compiled::Failed
        }));
    }
    (expressions, diagnostics)
}

fn one(expression: &Expression, scope: &mut Scope<'_>) -> Result<Compiled, Vec<Problem>> {
    if expression.is_condition {
        cel::compile_condition(&expression.text, scope).map(Compiled::Condition)
    } else {
        cel::compile_expr(&expression.text, scope, expression.used_as).map(Compiled::Expr)
    }
}

/// A problem of an expression, at its place in the file.
fn told(expression: &Expression, problem: &Problem) -> Diagnostic {
    let places = problem.span.clone();
    let span = expression.places.span(places);
    let cut_off = expression.cut_off.filter(|_| problem.code == "syntax");
    diagnostics::bad_expression(problem, cut_off, span)
}

const fn roots(sees: Sees) -> Roots {
    match sees {
        Sees::Lead => Roots::STANDING,
        Sees::Event | Sees::MemberEvent => Roots::EVENT,
        Sees::Account => Roots { lead: false, account: true, event: false, context: false, now: true },
        Sees::Key => Roots::LEAD,
    }
}
