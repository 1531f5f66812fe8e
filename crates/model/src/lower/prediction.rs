//! Trained models: what each of their inputs is, of attributes and of what is observed of events.

use std::{collections::BTreeMap, sync::Arc};

use kelvin_kernel::{
    Duration, Value,
    expr::Expr,
    plan::{MatcherId, NameId, Purpose, RuleKind, Schema, Usage},
    predict::{Ask, Feature, Input, Observation, Observed, Prediction},
};

use super::{Lowering, Matchers};
use crate::{
    cel::{self, Roots, Scope},
    diagnostics::{self, Diagnostic, UnknownRule},
    predictor::rule_digest,
    tree::{self, Model},
};

/// Which page was seen, as training tells pages apart.
const PAGE: &str = "has(event.path) && event.path != \"\" ? event.path : has(event.url) && event.url != \"\" ? event.url : context.page.path";
/// Where a visit came from, as training tells sources apart.
const SOURCE: &str = "has(event.utm_source) && event.utm_source != \"\" ? event.utm_source : has(event.source) && event.source != \"\" ? event.source : has(event.channel) && event.channel != \"\" ? event.channel : context.campaign.source";

/// What the trained models of a model ask, compiled before its rules are.
#[derive(Debug, Default)]
pub(super) struct Inputs {
    /// By expression, as text.
    compiled: BTreeMap<String, Expr>,
    /// The fields that are read, as they are written.
    pub(super) fields: Vec<String>,
}

/// The trained models of a model.
fn predictions(model: &Model) -> impl Iterator<Item = &tree::Prediction> {
    model.rules().filter_map(|rule| match &rule.kind {
        tree::RuleKind::Predict(prediction) => Some(prediction),
        _ => None,
    })
}

/// What all inputs of trained models are, where it is known.
fn features(model: &Model) -> impl Iterator<Item = (&tree::Prediction, &Input, Option<Feature>)> {
    let inputs = |prediction: &'_ tree::Prediction| prediction.trained.clone();
    predictions(model).filter(move |prediction| inputs(prediction).is_some()).flat_map(|prediction| {
        let inputs = prediction.trained.iter().flat_map(|trained| &trained.predictor.inputs);
        inputs.map(move |input| (prediction, input, Feature::parse(&input.feature)))
    })
}

/// The names of events that trained models count.
pub(super) fn counted(model: &Model) -> impl Iterator<Item = String> {
    features(model).filter_map(|(_, _, feature)| match feature {
        Some(Feature::Count { event, .. } | Feature::DaysSince(Some(event))) => Some(event),
        _ => None,
    })
}

/// The expression that reads what a feature is made of, and what it can look at; nothing for what only events tell.
fn expression(feature: &Feature) -> Option<(String, Roots)> {
    let of_lead = |path: &String| (Feature::Attribute(path.clone()).to_string(), Roots::LEAD);
    match feature {
        Feature::Attribute(path)
        | Feature::Field { path, .. }
        | Feature::Length(path)
        | Feature::Age(path) => Some(of_lead(path)),
        Feature::Pages => Some((PAGE.to_owned(), Roots::EVENT)),
        Feature::FirstSource | Feature::LastSource => Some((SOURCE.to_owned(), Roots::EVENT)),
        _ => None,
    }
}

/// Whether an input is of the kind of its feature: texts are told apart, numbers are not.
fn fits(feature: &Feature, input: &Input) -> bool {
    match feature {
        Feature::Attribute(_) => true,
        Feature::Field { .. } | Feature::FirstSource | Feature::LastSource => input.levels.is_some(),
        _ => input.levels.is_none(),
    }
}

/// The rules of a model's leads, in the plan's order, each with the place of its dimension.
fn rules(model: &Model) -> impl Iterator<Item = (usize, &tree::Rule)> {
    let dimensions = model.dimensions.iter().enumerate();
    dimensions.flat_map(|(place, dimension)| dimension.rules.iter().map(move |rule| (place, rule)))
}

/// Why it cannot be known what a rule is worth, if it cannot.
fn other_rule(model: &Model, (of, id): (&str, &str)) -> Option<UnknownRule> {
    let name = model.id.as_ref().map(|id| id.value.as_str())?;
    if of != name {
        return Some(UnknownRule::OfModel { of: of.to_owned(), here: name.to_owned() });
    }
    match rules(model).find(|(_, rule)| rule.id.value == id) {
        Some((_, rule)) => is_foretold(rule).then_some(UnknownRule::Foretold),
        None => {
            let known = rules(model).filter(|(_, rule)| !is_foretold(rule));
            Some(UnknownRule::NotThere { known: known.map(|(_, rule)| rule.id.value.clone()).collect() })
        }
    }
}

fn is_foretold(rule: &tree::Rule) -> bool {
    matches!(rule.kind, tree::RuleKind::Predict(_))
}

/// Compiles what trained models ask, and tells what a plan cannot know.
pub(super) fn inputs(
    model: &Model,
    (lists, schema): (&BTreeMap<String, Value>, &mut Schema),
    known: &[&str],
) -> (Inputs, Vec<Diagnostic>) {
    let (mut inputs, mut problems) = (Inputs::default(), Vec::new());
    for (prediction, input, feature) in features(model) {
        let file = &prediction.file;
        let unknown = || diagnostics::unknown_input(&file.value, &input.feature, known, file.span);
        let Some(feature) = feature.filter(|feature| fits(feature, input)) else {
            problems.push(unknown());
            continue;
        };
        if let Feature::Rule { model: of, rule } = &feature {
            let trained = prediction.trained.as_ref();
            let learned = trained.and_then(|trained| trained.learned(&input.feature));
            if let Some(why) = other_rule(model, (of, rule)) {
                problems.push(diagnostics::unknown_rule(&file.value, &input.feature, &why, file.span));
            } else if learned.is_some_and(|learned| rule_digest(model, rule).as_deref() != Some(learned)) {
                problems.push(diagnostics::changed_rule(&file.value, rule, file.span));
            }
        }
        let Some((text, roots)) = expression(&feature) else { continue };
        let mut scope = Scope::new(roots, lists, schema);
        match cel::compile_expr(&text, &mut scope, Usage::Unknown) {
            Ok(expr) => {
                inputs.fields.extend(scope.facts.reads.into_iter().map(|read| read.field));
                inputs.compiled.insert(text, expr);
            }
            Err(_) => problems.push(unknown()),
        }
    }
    (inputs, problems)
}

impl Lowering<'_> {
    /// The prediction of a plan. All names of events are known by now.
    pub(super) fn prediction(
        &mut self,
        written: &tree::Prediction,
        matchers: &mut Matchers,
    ) -> Option<RuleKind> {
        let trained = written.trained.as_ref()?;
        let asks = trained.predictor.inputs.iter().map(|input| self.ask(input, matchers));
        let asks: Option<Vec<Ask>> = asks.collect();
        let predictor = Arc::new(trained.predictor.clone());
        let prediction = Prediction { predictor, asks: asks?, points: written.points.value };
        Some(RuleKind::Predict(Box::new(prediction)))
    }

    fn ask(&mut self, input: &Input, matchers: &mut Matchers) -> Option<Ask> {
        let feature = Feature::parse(&input.feature)?;
        let expr = match expression(&feature) {
            Some((text, _)) => Some((self.inputs.compiled.get(&text)?.clone(), text)),
            None => None,
        };
        let within = |days: Option<u32>| days.map(Duration::from_days);
        Some(match (feature, expr) {
            (Feature::Attribute(_), Some((of, _))) => Ask::Attribute(of),
            (Feature::Field { function, .. }, Some((of, _))) => Ask::Field { function, of },
            (Feature::Length(_), Some((of, _))) => Ask::Length(of),
            (Feature::Age(_), Some((of, _))) => Ask::Age(of),
            (Feature::Count { event, days }, _) => {
                Ask::Count { seen: self.times_of(&event, matchers)?, within: within(days) }
            }
            (Feature::DaysSince(Some(event)), _) => Ask::DaysSince { seen: self.times_of(&event, matchers)? },
            (Feature::DaysSince(None), _) => Ask::DaysSince { seen: self.times_of_all(matchers)? },
            (Feature::ActiveDays(days), _) => {
                Ask::ActiveDays { seen: self.times_of_all(matchers)?, within: within(days) }
            }
            (Feature::Trend(days), _) => {
                Ask::Trend { seen: self.times_of_all(matchers)?, within: Duration::from_days(days) }
            }
            (Feature::Pages, Some(of)) => Ask::Values { seen: self.values(of, Observed::Values, matchers)? },
            (Feature::FirstSource, Some(of)) => self.told(input, of, Observed::First, matchers)?,
            (Feature::LastSource, Some(of)) => self.told(input, of, Observed::Last, matchers)?,
            (Feature::Rule { rule, .. }, _) => self.rule_of_the_model(&rule, matchers)?,
            _ => return None,
        })
    }

    /// What another rule of the model is worth.
    fn rule_of_the_model(&mut self, id: &str, matchers: &mut Matchers) -> Option<Ask> {
        let known = rules(self.model).enumerate();
        let (place, (dimension, rule)) =
            known.into_iter().find(|(_, (_, rule))| rule.id.value == id && !is_foretold(rule))?;
        // Lowered twice it is the same: what it looks for is shared.
        Some(Ask::Rule { place, rule: Box::new(self.rule(rule, dimension, matchers)?) })
    }

    /// The observation of when events of a name happened.
    fn times_of(&mut self, name: &str, matchers: &mut Matchers) -> Option<usize> {
        let event = matchers.matcher(vec![self.names.intern(name)?], None)?;
        Some(matchers.observation(Observation { event, what: Observed::Times }))
    }

    /// The observation of when events happened that a lead made: any but `identify`.
    fn times_of_all(&mut self, matchers: &mut Matchers) -> Option<usize> {
        let event = self.any_event(NameId::IDENTIFY.0 + 1, matchers)?;
        Some(matchers.observation(Observation { event, what: Observed::Times }))
    }

    /// The matcher of all events whose names have this place or a later one.
    fn any_event(&self, from: u16, matchers: &mut Matchers) -> Option<MatcherId> {
        let known = u16::try_from(self.names.iter().count()).ok()?;
        matchers.matcher((from..known).map(NameId).chain([NameId::OTHER]).collect(), None)
    }

    /// The observation of what an expression tells of any event.
    fn values(
        &mut self,
        (of, text): (Expr, String),
        what: fn(kelvin_kernel::plan::CaptureId) -> Observed,
        matchers: &mut Matchers,
    ) -> Option<usize> {
        let event = self.any_event(0, matchers)?;
        let capture = matchers.capture(event, &text, of, Purpose::Distinct)?;
        Some(matchers.observation(Observation { event, what: what(capture) }))
    }

    fn told(
        &mut self,
        input: &Input,
        of: (Expr, String),
        what: fn(kelvin_kernel::plan::CaptureId) -> Observed,
        matchers: &mut Matchers,
    ) -> Option<Ask> {
        let levels = input.levels.iter().flatten();
        let levels = levels.map(|level| Value::String(level.as_str().into()).canonical_key()).collect();
        Some(Ask::Told { seen: self.values(of, what, matchers)?, levels })
    }
}
