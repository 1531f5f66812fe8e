//! Says in a plain sentence what a rule does.

use kelvin_kernel::Duration;

use crate::{
    span::Spanned,
    tree::{
        Constant, Decay, EventRule, ExpressionId, Hit, Limit, Matcher, Model, Prediction, Row, Rule,
        RuleKind, Scale, Worth,
    },
};

/// What a rule of `model` does: ``+15 for each `page` event where event.path == "/pricing", halving every 14d, at most 45``.
pub fn describe(model: &Model, rule: &Rule) -> String {
    let words = Words { model };
    let mut clauses = match &rule.kind {
        RuleKind::Trait { condition, worth } => {
            vec![format!("{} while {}", words.worth(worth), words.cel(*condition))]
        }
        RuleKind::Value { value, scale } => vec![format!("by {}: {}", words.cel(*value), self::scale(scale))],
        RuleKind::Count { event, distinct, within, bands } => {
            let events = words.events(event, *distinct, "events");
            vec![format!("by the number of {events}{}: {}", window(within.as_ref()), self::bands(bands))]
        }
        RuleKind::Inactivity { after, event, every, worth } => {
            let events = event
                .as_ref()
                .map_or_else(|| "any event".to_owned(), |event| words.events(event, None, "events"));
            let mut clauses = vec![format!("{} after {} without {events}", words.worth(worth), after.value)];
            clauses.extend(every.as_ref().map(|every| format!("again every {}", every.value)));
            clauses
        }
        RuleKind::Predict(Prediction { file, points: Spanned { value: (low, high), .. }, .. }) => {
            vec![format!("{} to {} by what `{}` foretells", signed(*low), signed(*high), file.value)]
        }
        RuleKind::Event(rule) => words.event_rule(rule),
    };
    clauses.extend(rule.cap.as_ref().map(|cap| limits_of(rule, cap.value)));
    clauses.join(", ")
}

/// Points with their sign: `+15`, `-20`, `0`.
pub fn signed(points: f64) -> String {
    if points > 0.0 { format!("+{points}") } else { format!("{}", points + 0.0) }
}

struct Words<'m> {
    model: &'m Model,
}

impl Words<'_> {
    fn cel(&self, id: ExpressionId) -> String {
        on_one_line(self.model.text(id))
    }

    fn worth(&self, worth: &Worth) -> String {
        match worth {
            Worth::Points(points) => signed(points.value),
            Worth::Formula(id) => format!("points of {}", self.cel(*id)),
            Worth::Disqualify(_) => "disqualifies".to_owned(),
        }
    }

    fn event_rule(&self, rule: &EventRule) -> Vec<String> {
        let worth = self.worth(&rule.worth);
        let hit = match &rule.hit {
            Hit::Each { event } => format!("for each {}", self.events(event, rule.distinct, "event")),
            Hit::Times { event, times, within } => {
                let events = self.events(event, rule.distinct, "events");
                format!("for every {} {events}{}", times.value, window(within.as_ref()))
            }
            Hit::People { event, people, within } => {
                let events = self.events(event, rule.distinct, "events");
                format!("for every {} people with {events}{}", people.value, window(within.as_ref()))
            }
            Hit::Unless { event, unless, within } => format!(
                "for each {} that no {} follows within {}",
                self.events(event, rule.distinct, "event"),
                self.events(unless, None, "event"),
                within.value,
            ),
            Hit::Sequence { steps, within } => {
                let steps: Vec<String> = steps.iter().map(|step| self.events(step, None, "")).collect();
                format!("for {}{}", steps.join(", then "), window(within.as_ref()))
            }
        };
        let mut clauses = vec![format!("{worth} {hit}")];
        clauses.extend(rule.limit.as_ref().map(|limit| times_at_most(limit.value)));
        clauses.extend(rule.decay.as_ref().map(|decay| decay_clause(&decay.value)));
        clauses
    }

    /// `` `page` events where … ``; `noun` may be empty.
    fn events(&self, matcher: &Matcher, distinct: Option<ExpressionId>, noun: &str) -> String {
        let names: Vec<String> = matcher.names.iter().map(|name| format!("`{}`", name.value)).collect();
        let mut text = or(&names);
        if !noun.is_empty() {
            text = format!("{text} {noun}");
        }
        if let Some(id) = distinct {
            text = format!("{text} with a new {}", self.cel(id));
        }
        match matcher.condition {
            Some(id) => format!("{text} where {}", self.cel(id)),
            None => text,
        }
    }
}

/// What the decay of an award says: `halving every 14d`.
pub fn decay_clause(decay: &Decay) -> String {
    match decay {
        Decay::HalfLife(duration) => format!("halving every {duration}"),
        Decay::Linear(duration) => format!("fading to nothing over {duration}"),
        Decay::Expire(duration) => format!("for {duration}"),
        Decay::Steps(steps) => {
            let steps: Vec<String> = steps
                .iter()
                .map(|step| format!("{} from {}", share(step.number.value), step.key.value))
                .collect();
            format!("worth {}", steps.join(", "))
        }
        Decay::Lose { lose, every } => format!("losing {} every {every}", share(*lose)),
    }
}

/// What a limit says: `3 times per 30d at most`.
pub fn times_at_most(limit: Limit) -> String {
    let times = match limit.times {
        0 => "never".to_owned(),
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        times => format!("{times} times"),
    };
    limit.per.map_or_else(|| format!("{times} at most"), |per| format!("{times} per {per} at most"))
}

/// A value as it is written in a model.
pub fn constant(constant: &Constant) -> String {
    match constant {
        Constant::Text(text) => format!("`{text}`"),
        Constant::Int(number) => number.to_string(),
        Constant::Float(number) => number.to_string(),
        Constant::Bool(value) => value.to_string(),
    }
}

/// An expression on one line.
pub(crate) fn on_one_line(text: &str) -> String {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

fn share(share: f64) -> String {
    format!("{}%", (share * 1e8).round() / 1e6)
}

fn window(within: Option<&Spanned<Duration>>) -> String {
    within.map_or_else(String::new, |within| format!(" within {}", within.value))
}

fn scale(scale: &Scale) -> String {
    match scale {
        Scale::Bands(rows) => bands(rows),
        Scale::Table { rows, otherwise } => {
            let rows = rows
                .iter()
                .map(|row| format!("{} for {}", signed(row.number.value), constant(&row.key.value)));
            let other = otherwise.iter().map(|points| format!("{} for any other", signed(points.value)));
            rows.chain(other).collect::<Vec<_>>().join(", ")
        }
    }
}

fn bands(rows: &[Row<f64>]) -> String {
    let rows = rows.iter().map(|row| format!("{} from {}", signed(row.number.value), row.key.value));
    rows.collect::<Vec<_>>().join(", ")
}

/// What a cap says, by the sign of what the rule grants.
fn limits_of(rule: &Rule, cap: f64) -> String {
    let numbers: Vec<f64> = match &rule.kind {
        RuleKind::Value { scale: Scale::Bands(rows), .. } | RuleKind::Count { bands: rows, .. } => {
            rows.iter().map(|row| row.number.value).collect()
        }
        RuleKind::Value { scale: Scale::Table { rows, otherwise }, .. } => rows
            .iter()
            .map(|row| row.number.value)
            .chain(otherwise.iter().map(|points| points.value))
            .collect(),
        _ => match rule.worth() {
            Some(Worth::Points(points)) => vec![points.value],
            _ => vec![-1.0, 1.0],
        },
    };
    let (up, down) = (numbers.iter().any(|points| *points > 0.0), numbers.iter().any(|points| *points < 0.0));
    match (up, down) {
        (true, false) => format!("at most {cap}"),
        (false, true) => format!("no less than {}", signed(-cap)),
        _ => format!("between {} and {cap}", signed(-cap)),
    }
}

/// `a`, `a or b`, `a, b or c`.
fn or(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(rule: &str, expect: &str) {
        let text = format!("kelvin: 1\nmodel: m\ndimensions: {{web: {{rules: [{{id: r, {rule}}}]}}}}\n");
        let loaded = crate::load("m.yaml", &text);
        assert!(!loaded.has_errors(), "{}", loaded.render(false));
        let rule = loaded.model.rules().next().expect("no rule");
        assert_eq!(describe(&loaded.model, rule), expect);
    }

    #[test]
    fn standing_rules() {
        check("if: lead.a == 1, points: 20", "+20 while lead.a == 1");
        check("if: lead.a == 1, disqualify: true", "disqualifies while lead.a == 1");
        check(
            "if: lead.a > 0, points: lead.a / 2.0, cap: 20",
            "points of lead.a / 2.0 while lead.a > 0, between -20 and 20",
        );
        check(
            "value: lead.n, bands: {1: 0, 50: 5, 500: -1.5}",
            "by lead.n: 0 from 1, +5 from 50, -1.5 from 500",
        );
        check(
            "value: lead.i, table: {Software: 10, 3: 1, true: 2}, else: -5, cap: 7",
            "by lead.i: +10 for `Software`, +1 for 3, +2 for true, -5 for any other, between -7 and 7",
        );
        check(
            "inactive: 90d, points: -20, every: 30d, cap: 60",
            "-20 after 90d without any event, again every 30d, no less than -60",
        );
        check(
            "inactive: 90d, event: [page, Form], points: -20",
            "-20 after 90d without `page` or `Form` events",
        );
        check(
            "event: page, if: event.x == 1, within: 30d, bands: {1: 2, 3: 8}",
            "by the number of `page` events where event.x == 1 within 30d: +2 from 1, +8 from 3",
        );
    }

    #[test]
    fn event_rules() {
        check(
            "event: page, if: 'event.path.startsWith(\"/pricing\")', points: 15, decay: {half_life: 14d}, cap: 45",
            "+15 for each `page` event where event.path.startsWith(\"/pricing\"), halving every 14d, at most 45",
        );
        check(
            "event: [A, B, C], distinct: event.asset, limit: {times: 3, per: 30d}, points: 10, decay: {expire: 90d}",
            "+10 for each `A`, `B` or `C` event with a new event.asset, 3 times per 30d at most, for 90d",
        );
        check(
            "event: page, times: 3, within: 7d, points: 10, limit: 1",
            "+10 for every 3 `page` events within 7d, once at most",
        );
        check(
            "event: Trial, unless: {event: Project, if: event.x == 1}, within: 7d, points: -15",
            "-15 for each `Trial` event that no `Project` event where event.x == 1 follows within 7d",
        );
        check(
            "sequence: [{event: A}, {event: page, if: event.x == 1}], within: 24h, points: 30, decay: {linear: 60d}",
            "+30 for `A`, then `page` where event.x == 1 within 1d, fading to nothing over 60d",
        );
        check("event: Q, points: 'event.n > 1 ? 2 : 1'", "points of event.n > 1 ? 2 : 1 for each `Q` event");
        check("event: S, disqualify: true, decay: {expire: 30d}", "disqualifies for each `S` event, for 30d");
        check(
            "event: S, points: 1, decay: {steps: {7d: 0.75, 90d: 0}}, limit: 2",
            "+1 for each `S` event, twice at most, worth 75% from 7d, 0% from 90d",
        );
        check(
            "event: S, points: 1, decay: {lose: 0.25, every: 30d}",
            "+1 for each `S` event, losing 25% every 30d",
        );
    }
}
