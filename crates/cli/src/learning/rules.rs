//! What the rules of models were worth, as inputs of trained models.

use std::{borrow::Cow, path::Path};

use kelvin_kernel::{
    expr::Root,
    plan::{CaptureId, Effect, EventEffect, EventRule, Plan, Rule, RuleKind},
    predict::Feature,
    program::Program,
};
use kelvin_learn::{Column, Predictor, Table, Values};

use super::Examples;
use crate::failure::{Failure, Outcome};

impl Examples {
    /// Makes columns of what rules were worth, but for those that are to be ignored and those from which there is nothing to be learnt; tells
    /// which of them look at attributes that tell the outcome.
    pub(super) fn learn_from_rules(
        &mut self,
        programs: &[Program],
        telling: &[&str],
        is_ignored: impl Fn(&Feature) -> bool,
    ) -> Outcome<()> {
        let (mut columns, mut telltale, mut still) = (Vec::new(), Vec::new(), Vec::new());
        for (scores, program) in std::mem::take(&mut self.models).into_iter().zip(programs) {
            let plan = program.plan();
            for (judged, rule) in scores.rules.into_iter().zip(&plan.rules.rules) {
                let column = judged.worths;
                if !is_input(rule) || is_ignored(&column.feature) {
                    continue;
                }
                if attributes(plan, rule).any(|name| telling.contains(&name)) {
                    telltale.push(column.feature);
                } else if is_still(&column.values) {
                    still.push(column.feature);
                } else {
                    columns.push(column);
                }
            }
        }
        let mut note = |features: &[Feature], which: &str| {
            if !features.is_empty() {
                let names: Vec<String> = features.iter().map(|feature| format!("`{feature}`")).collect();
                self.notes.push(format!("rules that {which} are left out: {}", names.join(", ")));
            }
        };
        note(&telltale, "look at what tells the outcome");
        note(&still, "were worth the same everywhere");
        self.dataset.table = with(std::mem::take(&mut self.dataset.table), columns)?;
        Ok(())
    }

    /// What is known of leads, with what all rules were worth that a trained model asks for.
    pub(crate) fn table_for(&self, predictor: &Predictor) -> Outcome<Cow<'_, Table>> {
        let is_asked = |feature: &Feature| asked(predictor).any(|(name, _)| name == feature.to_string());
        let rules = self.models.iter().flat_map(|model| &model.rules).map(|rule| &rule.worths);
        let rules: Vec<_> = rules.filter(|column| is_asked(&column.feature)).cloned().collect();
        let table = &self.dataset.table;
        Ok(if rules.is_empty() { Cow::Borrowed(table) } else { Cow::Owned(with(table.clone(), rules)?) })
    }
}

/// A table with more columns.
fn with(table: Table, columns: Vec<Column>) -> Outcome<Table> {
    table.with(columns).map_err(|cause| Failure::new(cause.to_string()))
}

/// Fails where a trained model asks for a rule that is not among some models.
pub(crate) fn check_asked(
    path: &Path,
    predictor: &Predictor,
    programs: &[Program],
    help: &str,
) -> Outcome<()> {
    let is_there = |model: &str, id: &str| {
        let mut of_model = programs.iter().filter(|program| &*program.plan().model == model);
        of_model
            .any(|program| program.plan().rules.rules.iter().any(|rule| &*rule.id == id && is_input(rule)))
    };
    for (_, feature) in asked(predictor) {
        if let Feature::Rule { model, rule } = &feature
            && !is_there(model, rule)
        {
            let path = path.display();
            let message = format!(
                "`{path}` asks what the rule `{rule}` of the model `{model}` is worth, which is not known"
            );
            return Err(Failure::new(message).help(help));
        }
    }
    Ok(())
}

/// Whether what a rule is worth may be known only afterwards: what others told of a lead is looked at.
pub(super) fn is_told(feature: &Feature, programs: &[Program]) -> bool {
    let Feature::Rule { model, rule: id } = feature else { return true };
    let of_model = programs.iter().map(Program::plan).filter(|plan| *plan.model == **model);
    let mut rules = of_model.flat_map(|plan| plan.rules.rules.iter().map(move |rule| (plan, rule)));
    rules.any(|(plan, rule)| *rule.id == **id && attributes(plan, rule).next().is_some())
}

/// The rules that a trained model asks for, by name.
fn asked(predictor: &Predictor) -> impl Iterator<Item = (&str, Feature)> {
    let inputs = predictor.inputs.iter();
    let features = inputs.filter_map(|input| Some((&*input.feature, Feature::parse(&input.feature)?)));
    features.filter(|(_, feature)| matches!(feature, Feature::Rule { .. }))
}

/// Whether a trained model can learn from a rule: not from what is foretold, and what disqualifies is worth nothing.
fn is_input(rule: &Rule) -> bool {
    !matches!(rule.kind, RuleKind::Predict(_)) && !rule.kind.is_disqualifier()
}

fn is_still(values: &Values) -> bool {
    matches!(values, Values::Numbers(numbers) if numbers.windows(2).all(|two| two[0] == two[1]))
}

/// The attributes of a lead that a rule looks at.
fn attributes<'p>(plan: &'p Plan, rule: &'p Rule) -> impl Iterator<Item = &'p str> {
    let of_effect = |effect: &'p Effect| match effect {
        Effect::Formula(formula) => formula.fields(),
        Effect::Points(_) | Effect::Disqualify => &[],
    };
    let own: [&[(Root, usize)]; 2] = match &rule.kind {
        RuleKind::Trait { condition, effect } => [condition.fields(), of_effect(effect)],
        RuleKind::Value { value, .. } => [value.fields(), &[]],
        RuleKind::Inactivity { effect, .. } => [of_effect(effect), &[]],
        RuleKind::Count { .. } | RuleKind::Predict(_) | RuleKind::Event(_) => [&[], &[]],
    };
    let matchers = rule.kind.matchers().into_iter();
    let conditions =
        matchers.filter_map(|matcher| plan.rules.matchers.get(usize::from(matcher.0))?.condition.as_ref());
    let captured = captures(&rule.kind).filter_map(|capture| plan.rules.captures.get(usize::from(capture.0)));
    let fields = own.into_iter().chain(conditions.map(|condition| condition.fields()));
    let fields = fields.chain(captured.map(|capture| capture.expr.fields())).flatten();
    let of_lead = fields.filter(|(root, _)| *root == Root::Lead);
    of_lead.filter_map(|(_, slot)| Some(&*plan.schema.lead.fields.get(*slot)?.name))
}

/// What a rule reads from events.
fn captures(kind: &RuleKind) -> impl Iterator<Item = CaptureId> {
    let (distinct, points) = match kind {
        RuleKind::Count { distinct, .. } => (*distinct, None),
        RuleKind::Event(EventRule { distinct, effect: EventEffect::Formula(points), .. }) => {
            (*distinct, Some(*points))
        }
        RuleKind::Event(EventRule { distinct, .. }) => (*distinct, None),
        _ => (None, None),
    };
    distinct.into_iter().chain(points)
}
