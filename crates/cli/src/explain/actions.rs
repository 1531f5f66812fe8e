//! The cheapest further actions that would lift a lead: found by trying them, never by knowing the rules.

mod candidates;

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
};

use kelvin_kernel::{
    ledger::Ledger,
    plan::{EventEffect, MatcherId, RuleKind},
    program::Program,
    score::Standing,
    sighting::Sighting,
    trace::{Why, trace},
    what_if::{Finding, Outcome, assumed_sighting, other_sighting, outcome},
    worth::Subject,
};

use candidates::{Candidate, candidates};

/// How many ways are told.
const WAYS: usize = 5;
/// How often the same thing may have to happen.
const MOST_TIMES: usize = 20;
/// How many combinations are tried.
const MOST_TRIALS: usize = 5_000;

/// What has to happen.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    /// An event that meets a matcher, for the sake of a rule.
    Event {
        /// What the event must be.
        matcher: MatcherId,
        /// The rule (its place) for which it was tried.
        rule: usize,
    },
    /// Any event at all.
    AnyEvent,
    /// An attribute that makes a rule find something.
    Finding {
        /// The rule (its place).
        rule: usize,
        /// What it finds.
        finding: Finding,
    },
}

/// Steps that lift a lead, and what it comes to then.
#[derive(Debug, Clone)]
pub(crate) struct Way {
    /// Steps, each with how often it has to happen.
    pub(crate) steps: Vec<(usize, Step)>,
    /// What the lead comes to.
    pub(crate) outcome: Outcome,
}

/// Tries what a lead could do.
struct Trial<'a> {
    program: &'a Program,
    subject: &'a Subject<'a>,
    /// What the lead comes to as it is.
    now: Outcome,
    /// By capture: the points of the latest award that the capture gave.
    usual_points: BTreeMap<usize, f64>,
}

/// The cheapest ways from where the lead stands to something better: fewest things to happen first, and of as
/// many those that are worth least, since they do.
pub(crate) fn ways(program: &Program, subject: &Subject<'_>, now: Standing) -> Vec<Way> {
    let as_it_is = outcome(program, subject, &[]);
    let trial = Trial { program, subject, now: as_it_is, usual_points: usual_points(program, subject) };
    let candidates = candidates(&trial);
    let goal = |outcome: &Outcome| rank(outcome.standing) > rank(now);
    let mut found = repeated(&trial, &candidates, goal);
    found.extend(combined(&trial, &candidates, goal));
    found.sort_by_key(|(chosen, outcome)| (cost(&candidates, chosen), kinds(chosen), outcome.score));
    let mut kept: Vec<Vec<usize>> = Vec::new();
    let mut ways: Vec<Way> = Vec::new();
    for (chosen, outcome) in found {
        if kept.len() < WAYS && !kept.iter().any(|known| includes(&chosen, known)) {
            let way = Way { steps: steps(&candidates, &chosen), outcome };
            match ways.iter_mut().find(|known| same_steps(&known.steps, &way.steps)) {
                // Of several things that a rule could find, the one that asks least will do.
                Some(known) if known.outcome.score > way.outcome.score => *known = way,
                Some(_) => {}
                None => {
                    ways.push(way);
                    kept.push(chosen);
                }
            }
        }
    }
    ways
}

/// Better standings are greater.
fn rank(standing: Standing) -> usize {
    match standing {
        Standing::Disqualified => 0,
        Standing::None => 1,
        Standing::Tier(tier) => tier + 2,
    }
}

/// Each candidate alone, as often as needed.
fn repeated(
    trial: &Trial<'_>,
    candidates: &[Candidate],
    goal: impl Fn(&Outcome) -> bool,
) -> Vec<(Vec<usize>, Outcome)> {
    let enough = |place: usize| {
        let most = if candidates[place].is_finding() { 1 } else { MOST_TIMES };
        (1..=most).map(|times| vec![place; times]).find_map(|chosen| {
            let outcome = trial.outcome_of(candidates, &chosen);
            goal(&outcome).then_some((chosen, outcome))
        })
    };
    (0..candidates.len()).filter_map(enough).collect()
}

/// Combinations, cheapest first, each grown only while it does not suffice.
fn combined(
    trial: &Trial<'_>,
    candidates: &[Candidate],
    goal: impl Fn(&Outcome) -> bool,
) -> Vec<(Vec<usize>, Outcome)> {
    let mut found: Vec<(Vec<usize>, Outcome)> = Vec::new();
    let mut waiting: BinaryHeap<Reverse<(usize, Vec<usize>)>> = BinaryHeap::new();
    waiting.push(Reverse((0, Vec::new())));
    let mut trials = 0;
    while let Some(Reverse((_, chosen))) = waiting.pop() {
        if trials >= MOST_TRIALS || found.len() >= 4 * WAYS {
            break;
        }
        if found.iter().any(|(known, _)| includes(&chosen, known)) {
            continue;
        }
        if !chosen.is_empty() {
            trials += 1;
            let outcome = trial.outcome_of(candidates, &chosen);
            if goal(&outcome) {
                found.push((chosen, outcome));
                continue;
            }
        }
        let first = chosen.last().copied().unwrap_or(0);
        for next in first..candidates.len() {
            if candidates[next].goes_with(candidates, &chosen) {
                let grown = [&chosen[..], &[next]].concat();
                waiting.push(Reverse((cost(candidates, &grown), grown)));
            }
        }
    }
    found
}

impl Trial<'_> {
    fn outcome_of(&self, candidates: &[Candidate], chosen: &[usize]) -> Outcome {
        let steps = chosen.iter().flat_map(|&place| &candidates[place].steps);
        let instead: Vec<_> = chosen.iter().filter_map(|&place| candidates[place].instead).collect();
        let ledger = self.ledger_after(steps);
        outcome(self.program, &Subject { ledger: &ledger, ..*self.subject }, &instead)
    }

    /// The ledger once the steps have happened, all of them now.
    fn ledger_after<'s>(&self, steps: impl IntoIterator<Item = &'s Step>) -> Ledger {
        let rules = self.program.lead_rules();
        let mut ledger = self.subject.ledger.clone();
        for (nth, step) in steps.into_iter().enumerate() {
            if let Some(sighting) = self.sighting(step, nth as u32) {
                ledger.apply(rules, self.subject.at, 0, &sighting);
            }
        }
        ledger.settle(rules, self.subject.at);
        ledger
    }

    /// What the rules would see; `None` for what is no event, or cannot happen.
    fn sighting(&self, step: &Step, nth: u32) -> Option<Sighting> {
        let points = |capture: usize| self.usual_points.get(&capture).copied().unwrap_or(0.0);
        match step {
            Step::Event { matcher, .. } => {
                assumed_sighting(self.program.lead_rules(), *matcher, self.subject, nth, points)
            }
            Step::AnyEvent => Some(other_sighting()),
            Step::Finding { .. } => None,
        }
    }
}

/// Points that are computed on an event cannot be known ahead: the latest are as good a guess as any.
fn usual_points(program: &Program, subject: &Subject<'_>) -> BTreeMap<usize, f64> {
    let rules = program.plan().rules.rules.iter().zip(trace(program, subject));
    let latest = rules.filter_map(|(rule, trace)| match (&rule.kind, trace.why) {
        (RuleKind::Event(rule), Why::Awards(awards)) => match rule.effect {
            EventEffect::Formula(capture) => Some((usize::from(capture.0), awards.last()?.points)),
            _ => None,
        },
        _ => None,
    });
    latest.collect()
}

fn cost(candidates: &[Candidate], chosen: &[usize]) -> usize {
    chosen.iter().map(|&place| candidates[place].steps.len()).sum()
}

/// How many different candidates there are among the chosen, which are in order.
fn kinds(chosen: &[usize]) -> usize {
    chosen.chunk_by(|a, b| a == b).count()
}

/// Whether all of `part` is in `whole`, as often; both are in order.
fn includes(whole: &[usize], part: &[usize]) -> bool {
    let mut rest = whole.iter();
    part.iter().all(|wanted| rest.any(|have| have == wanted))
}

/// The steps of the chosen candidates, with how often each has to happen.
fn steps(candidates: &[Candidate], chosen: &[usize]) -> Vec<(usize, Step)> {
    let mut steps: Vec<(usize, Step)> = Vec::new();
    for step in chosen.iter().flat_map(|&place| &candidates[place].steps) {
        match steps.last_mut() {
            Some((times, last)) if same(last, step) => *times += 1,
            _ => steps.push((1, step.clone())),
        }
    }
    steps
}

fn same_steps(a: &[(usize, Step)], b: &[(usize, Step)]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|((n, a), (m, b))| n == m && same(a, b))
}

/// Whether two steps are the same thing, whatever rule they are for.
fn same(a: &Step, b: &Step) -> bool {
    match (a, b) {
        (Step::Event { matcher: a, .. }, Step::Event { matcher: b, .. }) => a == b,
        (Step::AnyEvent, Step::AnyEvent) => true,
        (Step::Finding { rule: a, .. }, Step::Finding { rule: b, .. }) => a == b,
        _ => false,
    }
}
