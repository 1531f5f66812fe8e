//! What rules, findings and actions are called.

use kelvin_kernel::{
    Duration, Micropoints,
    plan::{MatcherId, Plan, Rule, RuleKind, Weight},
    score::Standing,
    trace::{RuleTrace, Why},
    value::Value,
    what_if::Finding,
};
use serde_json::json;

use super::{Explanation, actions::Step};
use crate::{
    clock::roughly,
    render::{
        leads::standing_name,
        text::{Style, counted},
    },
};

/// Where a lead stands, in words.
pub(super) fn standing(plan: &Plan, standing: Standing) -> String {
    match standing {
        Standing::None => "no tier".to_owned(),
        _ => standing_name(plan, standing).to_owned(),
    }
}

/// What is better than where a lead stands; `None` at the top.
pub(super) fn better(plan: &Plan, standing: Standing) -> Option<String> {
    let next = match standing {
        Standing::Disqualified => return Some("qualified again".to_owned()),
        Standing::None => 0,
        Standing::Tier(tier) => tier + 1,
    };
    plan.tiers.get(next).map(|tier| tier.name.to_string())
}

/// A weight that is worth mentioning.
pub(super) fn weight(weight: Weight) -> Option<String> {
    match weight {
        Weight::Whole(1) => None,
        Weight::Whole(weight) => Some(weight.to_string()),
        Weight::Real(weight) => Some(weight.to_string()),
    }
}

/// Why a rule is worth what it is worth.
pub(super) fn why(explanation: &Explanation<'_>, rule: &Rule, trace: &RuleTrace) -> String {
    match (&trace.why, &rule.kind) {
        (Why::Awards(awards), _) => counted(awards.len() as u64, "award"),
        (Why::Met(_), _) => explanation.phrases.standing(rule).unwrap_or("its condition is met").to_owned(),
        (Why::Value(Some(found)), _) => format!("{} is {}", subject(explanation, rule), value(found)),
        (Why::Count(count), RuleKind::Count { within: Some(within), .. }) => {
            format!("{} within {within}", counted(*count as u64, "event"))
        }
        (Why::Count(count), _) => counted(*count as u64, "event"),
        (Why::Foretold(forecast), _) => format!("probability {}", percent(forecast.probability)),
        (Why::SilentSince(Some(since)), _) => {
            let silence = Duration::from_millis(explanation.at.millis_since(*since));
            format!("nothing since {since}, {} ago", roughly(silence))
        }
        _ => String::new(),
    }
}

/// A probability as a percentage: `63.2 %`.
fn percent(probability: Micropoints) -> String {
    format!("{:.1} %", 100.0 * probability.as_points())
}

/// What an input of a prediction is called.
pub(super) fn input(rule: &Rule, input: usize) -> &str {
    match &rule.kind {
        RuleKind::Predict(prediction) => {
            prediction.predictor.inputs.get(input).map_or("", |input| &input.feature)
        }
        _ => "",
    }
}

/// How points look: green where they help, red where they hurt.
pub(super) fn points_style(trace: &RuleTrace) -> Style {
    match trace.points.0 {
        _ if trace.disqualifies => Style::Bad,
        0 => Style::Dim,
        1.. => Style::Good,
        _ => Style::Bad,
    }
}

/// Something that has to happen, so many times.
pub(super) fn step(explanation: &Explanation<'_>, times: usize, step: &Step) -> String {
    let plan = explanation.program.plan();
    match step {
        Step::AnyEvent if times == 1 => "any event".to_owned(),
        Step::AnyEvent => format!("any event, {times}x"),
        Step::Event { matcher, rule } => {
            let rule = &plan.rules.rules[*rule];
            let wanted = match explanation.phrases.event(rule, *matcher) {
                Some(condition) => format!(" if {condition}"),
                None if plan.rules.matchers[usize::from(matcher.0)].condition.is_some() => {
                    format!(" as `{}` wants it", rule.id)
                }
                None => String::new(),
            };
            let apart = explanation.phrases.distinct(rule).map(|text| format!(", {text} not seen before"));
            format!(
                "{times}x {}{wanted}{}",
                event_names(plan, *matcher).join(" or "),
                apart.unwrap_or_default()
            )
        }
        Step::Finding { rule, finding } => {
            let rule = &plan.rules.rules[*rule];
            match finding {
                Finding::AtLeast(start) => format!("{} at least {start}", subject(explanation, rule)),
                Finding::Is(found) => format!("{} is {}", subject(explanation, rule), value(found)),
                Finding::Met => explanation
                    .phrases
                    .standing(rule)
                    .map_or_else(|| format!("`{}` is met", rule.id), str::to_owned),
            }
        }
    }
}

/// The same for other programs.
pub(super) fn step_json(plan: &Plan, times: usize, step: &Step) -> serde_json::Value {
    let id = |rule: usize| &*plan.rules.rules[rule].id;
    match step {
        Step::AnyEvent => json!({"times": times}),
        Step::Event { matcher, rule } => {
            json!({"times": times, "event": event_names(plan, *matcher), "rule": id(*rule)})
        }
        Step::Finding { rule, finding } => match finding {
            Finding::Met => json!({"rule": id(*rule), "met": true}),
            Finding::AtLeast(start) => json!({"rule": id(*rule), "at_least": start}),
            Finding::Is(found) => json!({"rule": id(*rule), "is": json(found)}),
        },
    }
}

/// A value for other programs; what JSON does not have is told in words.
pub(super) fn json(found: &Value) -> serde_json::Value {
    match found {
        Value::Null => json!(null),
        Value::Bool(truth) => json!(truth),
        Value::Int(number) => json!(number),
        Value::Uint(number) => json!(number),
        Value::Double(number) => json!(number),
        Value::String(text) => json!(&**text),
        other => json!(value(other)),
    }
}

fn event_names(plan: &Plan, matcher: MatcherId) -> Vec<&str> {
    let wanted = &plan.rules.matchers[usize::from(matcher.0)].names;
    let names = plan.names.iter().enumerate();
    names
        .filter(|(place, _)| wanted.iter().any(|name| usize::from(name.0) == *place))
        .map(|(_, name)| name)
        .collect()
}

/// What a value rule looks at.
fn subject(explanation: &Explanation<'_>, rule: &Rule) -> String {
    explanation.phrases.standing(rule).map_or_else(|| format!("the value of `{}`", rule.id), str::to_owned)
}

/// A value, text in quotes.
fn value(value: &Value) -> String {
    match value {
        Value::String(text) => format!("\"{text}\""),
        Value::Int(number) => number.to_string(),
        Value::Uint(number) => number.to_string(),
        Value::Double(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
        Value::Null => "null".to_owned(),
        other => format!("a {}", other.type_of().name()),
    }
}
