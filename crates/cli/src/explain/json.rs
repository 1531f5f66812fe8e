//! An explanation as JSON, for other programs.

use kelvin_kernel::{
    Micropoints,
    plan::Rule,
    predict::{Forecast, Part},
    score::Standing,
    trace::{AwardTrace, RuleTrace, Why},
};
use serde_json::{Value, json};

use super::{Explanation, actions::Way, words};
use crate::render::leads::{grade_name, standing_name};

/// The whole explanation.
pub(crate) fn object(explanation: &Explanation<'_>) -> Value {
    let Explanation { program, lead_id, at, score, next, curve, actions, .. } = explanation;
    let plan = program.plan();
    let dimensions = plan.dimensions.iter().enumerate().map(|(place, dimension)| {
        let rules =
            plan.rules.rules.iter().zip(&explanation.rules).filter(|(rule, _)| rule.dimension == place);
        let rules: Vec<_> = rules.map(|(rule, trace)| rule_object(rule, trace)).collect();
        let DimensionNumbers { sum, value } = numbers(score.dimensions[place]);
        (dimension.id.to_string(), json!({"sum": sum, "value": value, "rules": rules}))
    });
    let curve: Vec<_> = curve
        .iter()
        .map(|sample| {
            json!({
                "at": sample.at.to_string(),
                "score": sample.score.map(|(score, _)| number(score)),
                "tier": sample.score.and_then(|(_, standing)| tier(explanation, standing)),
            })
        })
        .collect();
    let disqualified: Vec<_> = score.disqualified.iter().map(|&rule| &*plan.rules.rules[rule].id).collect();
    json!({
        "lead_id": lead_id,
        "model": &*plan.model,
        "as_of": at.to_string(),
        "score": number(score.score),
        "tier": tier(explanation, score.standing),
        "grade": grade_name(plan, score),
        "disqualified": disqualified,
        "until": next.map(|(until, _)| until.to_string()),
        "then": next.and_then(|(_, standing)| tier(explanation, standing)),
        "dimensions": dimensions.collect::<serde_json::Map<_, _>>(),
        "curve": curve,
        "actions": actions.iter().map(|way| way_object(explanation, way)).collect::<Vec<_>>(),
    })
}

struct DimensionNumbers {
    sum: Value,
    value: Value,
}

fn numbers(dimension: kelvin_kernel::score::DimensionScore) -> DimensionNumbers {
    DimensionNumbers { sum: number(dimension.sum), value: number(dimension.value) }
}

fn rule_object(rule: &Rule, trace: &RuleTrace) -> Value {
    let mut object = json!({
        "rule": &*rule.id,
        "points": number(trace.points),
        "uncapped": number(Micropoints::round(trace.uncapped)),
        "disqualifies": trace.disqualifies,
    });
    let (key, why) = match &trace.why {
        Why::Awards(awards) => ("awards", awards.iter().map(award_object).collect()),
        Why::Met(met) => ("met", json!(met)),
        Why::Value(value) => ("value", value.as_ref().map_or(Value::Null, words::json)),
        Why::Count(count) => ("count", json!(count)),
        Why::Foretold(forecast) => ("prediction", forecast_object(rule, forecast)),
        Why::SilentSince(since) => ("silent_since", json!(since.map(|since| since.to_string()))),
    };
    object[key] = why;
    object
}

/// With the average the parts add up to the points.
fn forecast_object(rule: &Rule, forecast: &Forecast) -> Value {
    let part = |part: &Part| (words::input(rule, part.input).to_owned(), number(part.points));
    json!({
        "probability": forecast.probability.as_points(),
        "average": number(forecast.base),
        "parts": forecast.parts.iter().map(part).collect::<serde_json::Map<_, _>>(),
    })
}

fn award_object(award: &AwardTrace) -> Value {
    json!({
        "time": award.time.to_string(),
        "points": number(Micropoints::round(award.points)),
        "factor": award.factor,
        "worth": number(Micropoints::round(award.worth())),
    })
}

fn way_object(explanation: &Explanation<'_>, way: &Way) -> Value {
    let plan = explanation.program.plan();
    json!({
        "steps": way.steps.iter().map(|(times, step)| words::step_json(plan, *times, step)).collect::<Vec<_>>(),
        "score": number(way.outcome.score),
        "tier": tier(explanation, way.outcome.standing),
    })
}

fn tier<'a>(explanation: &'a Explanation<'_>, standing: Standing) -> Option<&'a str> {
    match standing {
        Standing::None => None,
        _ => Some(standing_name(explanation.program.plan(), standing)),
    }
}

/// Points as a number without needless digits: 15 significant digits are exact.
fn number(points: Micropoints) -> Value {
    if points.0 % 1_000_000 == 0 { json!(points.0 / 1_000_000) } else { json!(points.as_points()) }
}
