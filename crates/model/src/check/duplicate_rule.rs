//! `duplicate-rule`: two rules that say the same, so that what they look for counts twice.

use std::collections::BTreeMap;

use super::View;
use crate::{
    diagnostics::Diagnostic,
    tree::{Decay, ExpressionId, Hit, Matcher, Model, Rule, RuleKind, Scale, Worth},
};

/// Rules that differ only in their ids.
pub(super) fn duplicate_rule(view: &View<'_>) -> Vec<Diagnostic> {
    let mut seen: BTreeMap<String, &Rule> = BTreeMap::new();
    let mut found = Vec::new();
    for rule in view.model.rules() {
        let meaning = meaning(view.model, rule);
        match seen.get(&meaning) {
            Some(first) => {
                let message = format!("the rule `{}` says the same as `{}`", rule.id.value, first.id.value);
                found.push(
                    Diagnostic::warning("duplicate-rule", message, rule.id.span)
                        .and(first.id.span, "this one")
                        .help("what both look for counts twice: remove one of them"),
                );
            }
            None => {
                seen.insert(meaning, rule);
            }
        }
    }
    found
}

/// All that a rule says but its id, as text.
pub(crate) fn meaning(model: &Model, rule: &Rule) -> String {
    let cap = rule.cap.as_ref().map(|cap| cap.value);
    let text = |id: ExpressionId| model.text(id).trim();
    let optional = |id: Option<ExpressionId>| id.map(text);
    let worth = |worth: &Worth| match worth {
        Worth::Points(points) => format!("{}", points.value),
        Worth::Formula(id) => format!("={}", text(*id)),
        Worth::Disqualify(_) => "disqualify".to_owned(),
    };
    let kind = match &rule.kind {
        RuleKind::Trait { condition, worth: points } => {
            format!("if {:?} {}", text(*condition), worth(points))
        }
        RuleKind::Value { value, scale } => format!("value {:?} {}", text(*value), scale_text(scale)),
        RuleKind::Count { event, distinct, within, bands } => {
            let within = within.as_ref().map(|within| within.value);
            let bands: Vec<_> = bands.iter().map(|row| (row.key.value, row.number.value)).collect();
            format!("count {} {:?} {within:?} {bands:?}", matcher(model, event), optional(*distinct))
        }
        RuleKind::Inactivity { after, event, every, worth: points } => {
            let event = event.as_ref().map(|event| matcher(model, event));
            let every = every.as_ref().map(|every| every.value);
            format!("inactive {:?} {event:?} {every:?} {}", after.value, worth(points))
        }
        RuleKind::Predict(prediction) => {
            format!("predict {:?} {:?}", prediction.file.value, prediction.points.value)
        }
        RuleKind::Event(event) => {
            let limit = event.limit.as_ref().map(|limit| limit.value);
            let decay = event.decay.as_ref().map(|decay| decay_text(&decay.value));
            let points = worth(&event.worth);
            format!("{} {:?} {limit:?} {decay:?} {points}", hit(model, &event.hit), optional(event.distinct))
        }
    };
    format!("{kind} {cap:?}")
}

fn scale_text(scale: &Scale) -> String {
    match scale {
        Scale::Bands(rows) => {
            format!("{:?}", rows.iter().map(|row| (row.key.value, row.number.value)).collect::<Vec<_>>())
        }
        Scale::Table { rows, otherwise } => {
            let rows: Vec<_> = rows.iter().map(|row| (&row.key.value, row.number.value)).collect();
            format!("{rows:?} {:?}", otherwise.as_ref().map(|other| other.value))
        }
    }
}

fn decay_text(decay: &Decay) -> String {
    match decay {
        Decay::Steps(rows) => {
            format!("{:?}", rows.iter().map(|row| (row.key.value, row.number.value)).collect::<Vec<_>>())
        }
        other => format!("{other:?}"),
    }
}

fn hit(model: &Model, hit: &Hit) -> String {
    match hit {
        Hit::Each { event } => format!("each {}", matcher(model, event)),
        Hit::Times { event, times, within } => {
            let within = within.as_ref().map(|within| within.value);
            format!("times {} {} {within:?}", matcher(model, event), times.value)
        }
        Hit::People { event, people, within } => {
            let within = within.as_ref().map(|within| within.value);
            format!("people {} {} {within:?}", matcher(model, event), people.value)
        }
        Hit::Unless { event, unless, within } => {
            format!("{} unless {} {:?}", matcher(model, event), matcher(model, unless), within.value)
        }
        Hit::Sequence { steps, within } => {
            let steps: Vec<String> = steps.iter().map(|step| matcher(model, step)).collect();
            format!("sequence {steps:?} {:?}", within.as_ref().map(|within| within.value))
        }
    }
}

fn matcher(model: &Model, matcher: &Matcher) -> String {
    let mut names: Vec<&str> = matcher.names.iter().map(|name| name.value.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    format!("{names:?} {:?}", matcher.condition.map(|id| model.text(id).trim()))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::testing::{check, check_rules};

    #[test]
    fn a_rule_that_was_copied_is_told() {
        check(
            "
                kelvin: 1
                model: m
                dimensions:
                  fit:
                    rules:
                      - {id: a, event: [x, y], if: 'event.p == 1', points: 5, decay: {half_life: 7d}}
                  web:
                    rules:
                      - {id: b, event: [y, x], if: 'event.p == 1 ', points: 5.0, decay: {half_life: 1w}}
            ",
            &expect![[r#"
                warning[duplicate-rule]: the rule `b` says the same as `a`
                 --> m.yaml:9:14
                  |
                6 |       - {id: a, event: [x, y], if: 'event.p == 1', points: 5, decay: {half_life: 7d}}
                  |              - this one
                ...
                9 |       - {id: b, event: [y, x], if: 'event.p == 1 ', points: 5.0, decay: {half_life: 1w}}
                  |              ^
                  |
                  = help: what both look for counts twice: remove one of them
            "#]],
        );
    }

    #[test]
    fn rules_that_differ_in_anything_are_not() {
        check_rules(
            "
                - {id: a, event: page, points: 5}
                - {id: b, event: page, points: 6}
                - {id: c, event: page, points: 5, cap: 50}
                - {id: d, event: page, points: 5, limit: 3}
                - {id: e, event: page, times: 2, points: 5}
            ",
            &expect![""],
        );
    }
}
