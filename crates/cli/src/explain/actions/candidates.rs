//! What is worth trying: for each rule, the least that makes it worth more.

use kelvin_kernel::{
    Micropoints,
    plan::{Bands, Hit, MatcherId, Rule, RuleKind},
    trace::{RuleTrace, Why, trace, trace_of},
    what_if::findings,
    worth::Subject,
};

use super::{Step, Trial};

/// How many events a single rule may ask for.
const MOST_EVENTS: usize = 50;

/// Something that may lift the lead.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    /// What has to happen, in order.
    pub(super) steps: Vec<Step>,
    /// For a finding: the rule, and what it is worth then.
    pub(super) instead: Option<(usize, Micropoints)>,
}

impl Candidate {
    /// Whether it is an attribute: it counts once, and a rule finds one thing only.
    pub(super) fn is_finding(&self) -> bool {
        self.instead.is_some()
    }

    /// Whether it can be added to those that are chosen.
    pub(super) fn goes_with(&self, candidates: &[Self], chosen: &[usize]) -> bool {
        let rule = |candidate: &Self| candidate.instead.map(|(rule, _)| rule);
        !self.is_finding() || chosen.iter().all(|&place| rule(&candidates[place]) != rule(self))
    }
}

/// The candidates, in the order of the rules.
pub(super) fn candidates(trial: &Trial<'_>) -> Vec<Candidate> {
    let now = trace(trial.program, trial.subject);
    let rules = trial.program.plan().rules.rules.iter().enumerate();
    let mut candidates = Vec::new();
    for (place, rule) in rules {
        candidates.extend(of_attributes(place, rule, &now[place]));
        let tries = event_tries(place, rule, &now[place]);
        candidates
            .extend(tries.into_iter().find(|steps| lifts(trial, place, steps, &now[place])).map(of_events));
    }
    candidates.retain(|candidate| matters(trial, candidate));
    let same = |a: &Candidate, b: &Candidate| {
        !a.is_finding()
            && !b.is_finding()
            && a.steps.len() == b.steps.len()
            && a.steps.iter().zip(&b.steps).all(|(a, b)| super::same(a, b))
    };
    let mut unique: Vec<Candidate> = Vec::new();
    for candidate in candidates {
        if !unique.iter().any(|known| same(known, &candidate)) {
            unique.push(candidate);
        }
    }
    unique
}

fn of_events(steps: Vec<Step>) -> Candidate {
    Candidate { steps, instead: None }
}

/// Whether the steps make the rule worth more, or end its disqualifying.
fn lifts(trial: &Trial<'_>, place: usize, steps: &[Step], now: &RuleTrace) -> bool {
    let ledger = trial.ledger_after(steps);
    let then = trace_of(trial.program, &Subject { ledger: &ledger, ..*trial.subject }, place);
    then.points > now.points || (now.disqualifies && !then.disqualifies)
}

/// Whether it changes anything for the better once caps and ranges have cut off what they do.
fn matters(trial: &Trial<'_>, candidate: &Candidate) -> bool {
    let now = &trial.now;
    let then = trial.outcome_of(std::slice::from_ref(candidate), &[0]);
    let mut dimensions = then.dimensions.iter().zip(&now.dimensions);
    then.standing != now.standing
        || then.score > now.score
        || dimensions.any(|(then, now)| then.value > now.value)
}

/// What a rule could find in the attributes that is worth more than what it finds: the best of equal demands first.
fn of_attributes(place: usize, rule: &Rule, now: &RuleTrace) -> Vec<Candidate> {
    let better = findings(rule).into_iter().filter(|(_, points)| *points > now.points);
    let candidate = |(finding, points)| Candidate {
        steps: vec![Step::Finding { rule: place, finding }],
        instead: Some((place, points)),
    };
    better.map(candidate).collect()
}

/// Runs of events to try for a rule, shortest first.
fn event_tries(place: usize, rule: &Rule, now: &RuleTrace) -> Vec<Vec<Step>> {
    let event = |matcher: MatcherId| Step::Event { matcher, rule: place };
    let up_to = |matcher, most: usize| (1..=most.min(MOST_EVENTS)).map(|n| vec![event(matcher); n]).collect();
    match &rule.kind {
        RuleKind::Count { event, bands, .. } => match now.why {
            Why::Count(count) => up_to(*event, missing(bands, count)),
            _ => Vec::new(),
        },
        RuleKind::Inactivity { event: matcher, .. } => vec![vec![matcher.map_or(Step::AnyEvent, event)]],
        RuleKind::Event(rule) => match &rule.hit {
            Hit::Each { event } => up_to(*event, 1),
            Hit::Times { event, times, .. } => up_to(*event, *times as usize),
            // What must not happen cannot be done, and other people are not the lead.
            Hit::Unless { .. } | Hit::People { .. } => Vec::new(),
            Hit::Sequence { steps, .. } => {
                let last = |n: usize| steps[steps.len() - n..].iter().map(|step| event(*step)).collect();
                (1..=steps.len()).map(last).collect()
            }
        },
        // What would lift a prediction is not told by single events.
        RuleKind::Trait { .. } | RuleKind::Value { .. } | RuleKind::Predict(_) => Vec::new(),
    }
}

/// How many further events the highest band asks for.
fn missing(bands: &Bands, count: usize) -> usize {
    bands.0.last().map_or(0, |(start, _)| (start.ceil() - count as f64).max(0.0) as usize)
}
