//! The trace of a score: every rule with why it is worth what it is worth.

use crate::{
    instant::Instant,
    ledger::{Award, Entry},
    plan::{Rule, RuleKind},
    points::Micropoints,
    predict::Forecast,
    program::Program,
    value::Value,
    worth::{Subject, Worth, count, disqualifies},
};

/// What one rule is worth, and why.
#[derive(Debug, Clone)]
pub struct RuleTrace {
    /// Why.
    pub why: Why,
    /// Its worth before the cap and before rounding.
    pub uncapped: f64,
    /// Its worth.
    pub points: Micropoints,
    /// Whether it disqualifies the lead.
    pub disqualifies: bool,
}

/// What a rule's worth comes from.
#[derive(Debug, Clone)]
pub enum Why {
    /// An event rule: its awards, oldest first.
    Awards(Vec<AwardTrace>),
    /// A trait rule: whether its condition is met.
    Met(bool),
    /// A value rule: the value; `None` where it is missing or an error.
    Value(Option<Value>),
    /// A count rule: how many events it counts.
    Count(usize),
    /// An inactivity rule: the instant since when there was no event; `None` where no time is known.
    SilentSince(Option<Instant>),
    /// A prediction: the probability, and what each input adds.
    Foretold(Forecast),
}

/// What one award is worth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AwardTrace {
    /// When.
    pub time: Instant,
    /// How many points were granted.
    pub points: f64,
    /// What share of them is left.
    pub factor: f64,
}

impl AwardTrace {
    /// What is left of the points.
    pub fn worth(&self) -> f64 {
        self.points * self.factor
    }
}

/// The trace of each rule of a plan's leads, by place.
pub fn trace(program: &Program, subject: &Subject<'_>) -> Vec<RuleTrace> {
    (0..program.lead_rules().set.rules.len()).map(|place| trace_of(program, subject, place)).collect()
}

/// The trace of one rule of a plan's leads, by its place.
pub fn trace_of(program: &Program, subject: &Subject<'_>, place: usize) -> RuleTrace {
    rule_trace(&program.lead_rules().set.rules[place], subject.ledger.entry(place), subject)
}

fn rule_trace(rule: &Rule, entry: &Entry, subject: &Subject<'_>) -> RuleTrace {
    let Worth { sum, points } = Worth::of(rule, entry, subject);
    RuleTrace {
        why: why(rule, entry, subject),
        uncapped: sum,
        points,
        disqualifies: disqualifies(rule, entry, subject),
    }
}

fn why(rule: &Rule, entry: &Entry, subject: &Subject<'_>) -> Why {
    match (&rule.kind, entry) {
        (RuleKind::Trait { condition, .. }, _) => Why::Met(condition.holds(&subject.env())),
        (RuleKind::Value { value, .. }, _) => Why::Value(value.value(&subject.env()).ok()),
        (RuleKind::Count { within, .. }, Entry::Count { times, .. }) => {
            Why::Count(count(times, *within, subject.at))
        }
        (RuleKind::Inactivity { .. }, entry) => Why::SilentSince(subject.silent_since(entry)),
        (RuleKind::Predict(prediction), _) => Why::Foretold(prediction.forecast(subject)),
        (RuleKind::Event(rule), entry) => {
            let aged = |award: &Award| AwardTrace {
                time: award.time,
                points: award.points,
                factor: rule.decay.factor(subject.at.millis_since(award.time)),
            };
            Why::Awards(entry.awards(rule, subject.at).iter().map(aged).collect())
        }
        // An entry is always of its rule's kind.
        _ => Why::Count(0),
    }
}
