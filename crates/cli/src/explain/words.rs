//! What rules, findings and actions are called.

use kelvin_kernel::{
    Instant,
    expr::{Expr, Root},
    plan::{MatcherId, Plan, Rule, RuleKind, Weight},
    score::Standing,
    trace::{RuleTrace, Why},
    value::Value,
    what_if::Finding,
};
use serde_json::json;

use super::actions::Step;
use crate::render::{leads::standing_name, text::Style};

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
pub(super) fn why(plan: &Plan, rule: &Rule, trace: &RuleTrace, at: Instant) -> String {
    match (&trace.why, &rule.kind) {
        (Why::Awards(awards), _) => super::ledger::awards(awards.len()),
        (Why::Met(_), _) => "its condition is met".to_owned(),
        (Why::Value(Some(found)), RuleKind::Value { value: expr, .. }) => {
            format!("{} is {}", subject(plan, expr), value(found))
        }
        (Why::Count(count), RuleKind::Count { within: Some(within), .. }) => {
            format!("{} within {within}", events(*count))
        }
        (Why::Count(count), _) => events(*count),
        (Why::SilentSince(Some(since)), _) => {
            let days = at.millis_since(*since) / 86_400_000;
            format!("nothing since {since}, {days}d ago")
        }
        _ => String::new(),
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
pub(super) fn step(plan: &Plan, times: usize, step: &Step) -> String {
    match step {
        Step::AnyEvent if times == 1 => "any event".to_owned(),
        Step::AnyEvent => format!("any event, {times}x"),
        Step::Event { matcher, rule } => {
            let wanted = if plan.rules.matchers[usize::from(matcher.0)].condition.is_some() {
                format!(" as `{}` wants it", plan.rules.rules[*rule].id)
            } else {
                String::new()
            };
            format!("{times}x {}{wanted}", event_names(plan, *matcher).join(" or "))
        }
        Step::Finding { rule, finding } => {
            let rule = &plan.rules.rules[*rule];
            match (finding, &rule.kind) {
                (Finding::AtLeast(start), RuleKind::Value { value, .. }) => {
                    format!("{} at least {start}", subject(plan, value))
                }
                (Finding::Is(found), RuleKind::Value { value: expr, .. }) => {
                    format!("{} is {}", subject(plan, expr), value(found))
                }
                _ => format!("`{}` is met", rule.id),
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

/// The field that an expression reads, or what stands for it.
fn subject(plan: &Plan, expr: &Expr) -> String {
    let field = expr.only_field().and_then(|(root, slot)| {
        let (name, fields) = match root {
            Root::Lead => ("lead", &plan.schema.lead),
            Root::Account => ("account", &plan.schema.account),
            Root::Event => ("event", &plan.schema.event),
            Root::Context => ("context", &plan.schema.context),
        };
        let field = &fields.fields.get(slot)?.name;
        (&**field != kelvin_kernel::plan::Field::WHOLE).then(|| format!("{name}.{field}"))
    });
    field.unwrap_or_else(|| "the value".to_owned())
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

fn events(count: usize) -> String {
    crate::render::text::counted(count as u64, "event")
}
