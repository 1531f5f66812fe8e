//! Compiles the expressions of a model: the one place that knows the expression compiler.

use kelvin_kernel::{
    expr::{Condition, Expr, Node},
    plan::Schema,
};

use crate::{
    diagnostics::{self, Diagnostic},
    tree::{Expression, Model},
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

/// Compiles all expressions, each at its place, and tells what is wrong with them.
pub(super) fn compile(model: &Model, _schema: &mut Schema) -> (Vec<Compiled>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let one = |expression: &Expression| match cel::Program::compile(&expression.text) {
        Ok(_) if expression.is_condition => Compiled::Condition(Condition::new(Node::Error)),
        Ok(_) => Compiled::Expr(Expr::new(Node::Error)),
        Err(error) => {
            let message = error.to_string();
            diagnostics.push(diagnostics::bad_condition(
                message.lines().next().unwrap_or_default(),
                None,
                expression.span,
            ));
            Compiled::Failed
        }
    };
    let compiled = model.expressions.iter().map(one).collect();
    (compiled, diagnostics)
}
