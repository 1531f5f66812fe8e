//! From the model as it is written to the plan that runs: conditions compiled, names resolved, matchers shared.

mod accounts;
mod expression;
mod matchers;
mod prediction;
mod rules;
mod tiers;

use kelvin_kernel::{
    Micropoints,
    plan::{Dimension, EventNames, Plan, Range, RuleSet, Schema, Weight},
};

use crate::{
    diagnostics::Diagnostic,
    span::{Span, Spanned},
    tree::{self, ExpressionId, Model},
};
pub(crate) use expression::{Compiled, Expressions, compile};
use matchers::Matchers;
use prediction::Inputs;
pub(crate) use rules::value;

/// The plan of a model, where it has one, and what is wrong with its expressions.
pub(crate) fn lower(model: &Model) -> (Option<Plan>, Expressions, Vec<Diagnostic>) {
    let mut schema = Schema::default();
    let lists = expression::lists(model);
    let (mut expressions, mut diagnostics) = compile(&model.expressions, &lists, &mut schema);
    let fields = expressions.fields();
    let known: Vec<&str> = fields.keys().map(String::as_str).collect();
    let (inputs, unknown) = prediction::inputs(model, (&lists, &mut schema), &known);
    diagnostics.extend(unknown);
    expressions.asked.clone_from(&inputs.fields);
    let (compiled, names) = (&expressions.compiled, EventNames::default());
    let mut lowering = Lowering { model, compiled, inputs, names, too_many: None };
    lowering.intern_names();
    let plan = lowering.plan(schema);
    diagnostics.extend(lowering.too_many.map(too_many));
    (plan, expressions, diagnostics)
}

/// Turns the parts of a model into those of a plan.
struct Lowering<'a> {
    model: &'a Model,
    compiled: &'a [Compiled],
    /// What trained models ask.
    inputs: Inputs,
    names: EventNames,
    /// Where the rules became more than a plan can hold.
    too_many: Option<Span>,
}

impl Lowering<'_> {
    /// Notes the names of all events, so that it is known which are others. Where there is no room, it is told later.
    fn intern_names(&mut self) {
        let names = self.model.all_rules().flat_map(tree::Rule::matchers).flat_map(|matcher| &matcher.names);
        for name in names {
            self.names.intern(&name.value);
        }
        for name in prediction::counted(self.model) {
            self.names.intern(&name);
        }
    }

    fn plan(&mut self, schema: Schema) -> Option<Plan> {
        let model = self.model;
        let dimensions = model.dimensions.iter().map(dimension).collect();
        let rules = self.dimension_rules()?;
        let accounts = match &model.accounts {
            Some(accounts) => Some(self.accounts(accounts)?),
            None => None,
        };
        let applies = match model.applies {
            Some(id) => Some(self.condition(id)?),
            None => None,
        };
        Some(Plan {
            model: model.id.as_ref()?.value.as_str().into(),
            range: range(model.range.as_ref()),
            applies,
            schema,
            names: std::mem::take(&mut self.names),
            dimensions,
            rules,
            grades: tiers::grades(model)?,
            tiers: tiers::tiers(model, &model.tiers)?,
            accounts,
        })
    }

    fn dimension_rules(&mut self) -> Option<RuleSet> {
        let mut matchers = Matchers::default();
        let mut rules = Vec::new();
        for (place, dimension) in self.model.dimensions.iter().enumerate() {
            for rule in &dimension.rules {
                rules.push(self.rule(rule, place, &mut matchers)?);
            }
        }
        Some(matchers.into_rule_set(rules))
    }

    fn condition(&self, id: ExpressionId) -> Option<kelvin_kernel::expr::Condition> {
        match self.compiled.get(id.0)? {
            Compiled::Condition(condition) => Some(condition.clone()),
            _ => None,
        }
    }

    fn expr(&self, id: ExpressionId) -> Option<kelvin_kernel::expr::Expr> {
        match self.compiled.get(id.0)? {
            Compiled::Expr(expr) => Some(expr.clone()),
            _ => None,
        }
    }
}

fn dimension(dimension: &tree::Dimension) -> Dimension {
    Dimension {
        id: dimension.name.value.as_str().into(),
        range: range(dimension.range.as_ref()),
        weight: weight(dimension.weight.as_ref().map_or(1.0, |weight| weight.value)),
    }
}

fn weight(weight: f64) -> Weight {
    if weight.fract() == 0.0 { Weight::Whole(weight as i64) } else { Weight::Real(weight) }
}

fn range(range: Option<&Spanned<(f64, f64)>>) -> Range {
    match range {
        None => Range::UNBOUNDED,
        Some(Spanned { value: (min, max), .. }) => {
            Range { min: Micropoints::round(*min), max: Micropoints::round(*max) }
        }
    }
}

fn too_many(span: Span) -> Diagnostic {
    Diagnostic::error("too-many-rules", "the model looks at more than 65,000 kinds of events", span)
}
