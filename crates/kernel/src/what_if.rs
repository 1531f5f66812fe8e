//! What a lead would be worth if something were different: the pieces from which further actions are found.

use crate::{
    expr::Env,
    plan::{Effect, MatcherId, NameId, Purpose, Rule, RuleKind, Scale},
    points::Micropoints,
    program::{Program, Rules},
    score::{DimensionScore, Standing, dimensions, disqualified, standing, total, worths},
    sighting::{Captured, Sighting},
    value::Value,
    worth::{Subject, capped},
};

/// What a lead comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The score, clamped.
    pub score: Micropoints,
    /// Where the lead stands.
    pub standing: Standing,
    /// The dimensions, in the plan's order.
    pub dimensions: Vec<DimensionScore>,
}

/// Something that a standing rule could find instead.
#[derive(Debug, Clone)]
pub enum Finding {
    /// The condition is met.
    Met,
    /// The value is at least this.
    AtLeast(f64),
    /// The value is this.
    Is(Value),
}

/// What a lead comes to if some rules (by place) were worth something else, also to trained models that ask for them.
pub fn outcome(program: &Program, subject: &Subject<'_>, instead: &[(usize, Micropoints)]) -> Outcome {
    let (plan, rules) = (program.plan(), program.lead_rules());
    let mut worths = worths(rules, subject);
    for (place, points) in instead {
        worths[*place].points = *points;
    }
    for (place, rule) in rules.set.rules.iter().enumerate() {
        let is_given = instead.iter().any(|(given, _)| *given == place);
        if let (RuleKind::Predict(prediction), false) = (&rule.kind, is_given)
            && let Some(foretold) = prediction.worth_if(subject, instead)
        {
            worths[place].points = capped(foretold, rule.cap);
        }
    }
    let dimensions = dimensions(plan, &worths);
    let score = total(plan, &dimensions);
    let disqualified = !disqualified(rules, subject).is_empty();
    Outcome { score, standing: standing(plan, score, &dimensions, disqualified), dimensions }
}

/// What a standing rule could find in a lead's attributes, with its worth then. Nothing for other rules.
pub fn findings(rule: &Rule) -> Vec<(Finding, Micropoints)> {
    let worth = |points: f64| capped(points, rule.cap);
    match &rule.kind {
        RuleKind::Trait { effect: Effect::Points(points), .. } => vec![(Finding::Met, worth(*points))],
        RuleKind::Value { scale: Scale::Bands(bands), .. } => {
            bands.0.iter().map(|(start, points)| (Finding::AtLeast(*start), worth(*points))).collect()
        }
        RuleKind::Value { scale: Scale::Table { rows, .. }, .. } => {
            rows.iter().map(|(value, points)| (Finding::Is(value.clone()), worth(*points))).collect()
        }
        _ => Vec::new(),
    }
}

/// What `rules` would see of an event that meets a matcher and about which nothing else is known: it meets also what
/// every event of its name meets. `None` where no event can meet the matcher for this lead.
///
/// `nth` tells such events apart for `distinct`; `points` is what they are worth to rules that compute points on them.
pub fn assumed_sighting(
    rules: Rules<'_>,
    matcher: MatcherId,
    subject: &Subject<'_>,
    nth: u32,
    points: impl Fn(usize) -> f64,
) -> Option<Sighting> {
    let set = rules.set;
    let name = *set.matchers[usize::from(matcher.0)].names.first()?;
    if !may_be_met(rules, matcher, subject) {
        return None;
    }
    let bare = Sighting::of(rules, name, &Env { now: None, ..subject.env() });
    let mut sighting = Sighting::unmatched(name);
    for other in rules.matchers_of(name) {
        if *other != matcher && !bare.meets(*other) {
            continue;
        }
        sighting.add_match(*other);
        for capture in rules.captures_of(*other) {
            let captured = match set.captures[usize::from(capture.0)].purpose {
                // No value has a key like this: keys begin with the tag of a type.
                Purpose::Distinct => Captured::Key([&[u8::MAX; 4][..], &nth.to_be_bytes()].concat().into()),
                Purpose::Points => Captured::Points(points(usize::from(capture.0)).to_bits()),
            };
            sighting.add_capture(*capture, captured);
        }
    }
    Some(sighting)
}

/// Whether some event may meet the matcher, for all that is known: a condition that looks at the lead alone decides.
fn may_be_met(rules: Rules<'_>, matcher: MatcherId, subject: &Subject<'_>) -> bool {
    rules.set.matchers[usize::from(matcher.0)].condition.as_ref().is_none_or(|condition| {
        let reads = condition.reads();
        reads.event || reads.context || condition.holds(&Env { now: None, ..subject.env() })
    })
}

/// What `rules` would see of an event of a name that no rule mentions.
pub fn other_sighting() -> Sighting {
    Sighting::unmatched(NameId::OTHER)
}
