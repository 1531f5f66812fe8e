//! A second evaluator, slow and obvious, written along the text of the definition. It exists to be tested against.
//!
//! It shares only expressions, decay factors and exact points with the rest of the kernel; every rule looks at the
//! whole history anew.

mod hits;
mod prediction;
mod standing;

use crate::{
    account::MemberScore,
    expr::Env,
    history::{Event, History},
    instant::Instant,
    plan::{CaptureId, EventEffect, EventRule, MatcherId, Plan, Purpose, Rule, RuleKind, RuleSet},
    points::Micropoints,
    replay::in_event_order,
    score::{AccountScore, DimensionScore, Reason, ReasonPart, Score, Standing, parts},
    value::Value,
};

/// An event with all that its conditions may look at.
struct Occurrence<'a> {
    event: &'a Event,
    who: u32,
    lead: Vec<Option<Value>>,
    account: &'a [Option<Value>],
}

/// An award: when, and how many points before decay.
type Award = (Instant, f64);

/// All that rules may look at, as of an instant.
struct Case<'a> {
    rules: &'a RuleSet,
    occurrences: Vec<Occurrence<'a>>,
    lead: Vec<Option<Value>>,
    account: &'a [Option<Value>],
    at: Instant,
}

/// The score of a history at `at`, or `None` where the plan does not apply. `until` is always absent.
pub fn score(plan: &Plan, history: &History, at: Instant) -> Option<Score> {
    let case = Case {
        rules: &plan.rules,
        occurrences: occurrences(plan, history, 0, at),
        lead: attributes_at(plan, history, at),
        account: &history.account,
        at,
    };
    if plan.applies.as_ref().is_some_and(|applies| !applies.holds(&case.env())) {
        return None;
    }
    let mut dimensions = Vec::new();
    let mut total = Micropoints::ZERO;
    for (place, dimension) in plan.dimensions.iter().enumerate() {
        let rules = plan.rules.rules.iter().filter(|rule| rule.dimension == place);
        let sum: Micropoints = rules.map(|rule| case.worth(rule)).sum();
        let value = sum.clamp_to(dimension.range);
        total = total + value.weighted(dimension.weight);
        dimensions.push(DimensionScore { sum, value });
    }
    let total = total.clamp_to(plan.range);
    let disqualified = case.disqualified();
    Some(Score {
        score: total,
        standing: standing(plan, total, &dimensions, &disqualified),
        grade: plan.grades.as_ref().and_then(|grades| {
            grades.bounds.iter().position(|(_, bound)| dimensions[grades.of].value >= *bound)
        }),
        disqualified,
        until: None,
        dimensions,
        reasons: case.reasons(),
    })
}

/// The score of an account whose members have these histories.
pub fn account_score(
    plan: &Plan,
    members: &[&History],
    attributes: &[Option<Value>],
    at: Instant,
) -> Option<AccountScore> {
    let accounts = plan.accounts.as_ref()?;
    let mut all = Vec::new();
    for (who, history) in members.iter().enumerate() {
        all.extend(occurrences(plan, history, who as u32, at));
    }
    all.sort_by(|a, b| a.event.key().cmp(&b.event.key()));
    let case = Case { rules: &accounts.rules, occurrences: all, lead: Vec::new(), account: attributes, at };
    let scores: Vec<_> = members.iter().map(|history| score(plan, history, at)).collect();
    let scores: Vec<_> = scores.iter().map(|score| score.as_ref().map(MemberScore::from)).collect();
    let own: Micropoints = accounts.rules.rules.iter().map(|rule| case.worth(rule)).sum();
    let score = (crate::account::combined(accounts.combine, &scores) + own).clamp_to(accounts.range);
    Some(AccountScore {
        score,
        tier: accounts.tiers.iter().rposition(|tier| score >= tier.from),
        members: members.len(),
        reasons: case.reasons(),
    })
}

fn standing(
    plan: &Plan,
    total: Micropoints,
    dimensions: &[DimensionScore],
    disqualified: &[usize],
) -> Standing {
    if !disqualified.is_empty() {
        return Standing::Disqualified;
    }
    let mut standing = Standing::None;
    for (place, tier) in plan.tiers.iter().enumerate() {
        let needs = tier.needs.iter().all(|(dimension, least)| dimensions[*dimension].value >= *least);
        if total >= tier.from && needs {
            standing = Standing::Tier(place);
        }
    }
    standing
}

fn occurrences<'a>(plan: &Plan, history: &'a History, who: u32, at: Instant) -> Vec<Occurrence<'a>> {
    let events = in_event_order(&history.events, at).into_iter();
    let known = |event: &'a Event| Occurrence {
        event,
        who,
        lead: attributes_at(plan, history, event.time),
        account: &history.account,
    };
    events.map(known).collect()
}

fn attributes_at(plan: &Plan, history: &History, at: Instant) -> Vec<Option<Value>> {
    let mut attributes = history.attributes.clone();
    attributes.resize(plan.schema.lead.fields.len(), None);
    for event in in_event_order(&history.events, at) {
        event.write_traits(&mut attributes);
    }
    attributes
}

impl Occurrence<'_> {
    fn env(&self) -> Env<'_> {
        Env {
            lead: &self.lead,
            account: self.account,
            event: &self.event.properties,
            context: &self.event.context,
            now: None,
        }
    }
}

impl<'a> Case<'a> {
    fn env(&self) -> Env<'_> {
        Env { lead: &self.lead, account: self.account, now: Some(self.at.hour()), ..Env::default() }
    }

    fn meets(&self, occurrence: &Occurrence<'_>, matcher: MatcherId) -> bool {
        let matcher = &self.rules.matchers[usize::from(matcher.0)];
        matcher.names.contains(&occurrence.event.name)
            && matcher.condition.as_ref().is_none_or(|condition| condition.holds(&occurrence.env()))
    }

    fn capture(&self, occurrence: &Occurrence<'_>, capture: CaptureId, purpose: Purpose) -> Option<Value> {
        let capture = &self.rules.captures[usize::from(capture.0)];
        capture.expr.value(&occurrence.env()).ok().filter(|_| capture.purpose == purpose)
    }

    /// Steps 1 and 2: the events that match, of each distinct value the first.
    fn counted(&self, matcher: MatcherId, distinct: Option<CaptureId>) -> Vec<usize> {
        let mut seen: Vec<Value> = Vec::new();
        let mut counted = Vec::new();
        for (place, occurrence) in self.occurrences.iter().enumerate() {
            if !self.meets(occurrence, matcher) {
                continue;
            }
            if let Some(capture) = distinct {
                match self.capture(occurrence, capture, Purpose::Distinct) {
                    Some(value) if !seen.iter().any(|old| old.is_same(&value)) => seen.push(value),
                    _ => continue,
                }
            }
            counted.push(place);
        }
        counted
    }

    /// Steps 3 to 5.
    fn awards(&self, rule: &EventRule) -> Vec<Award> {
        let mut awards: Vec<Award> = Vec::new();
        for (place, time) in self.hits(rule) {
            let made = |award: &&Award| match rule.limit.and_then(|limit| limit.per) {
                Some(per) => time.millis_since(award.0) < per.as_millis(),
                None => true,
            };
            if rule.limit.is_some_and(|limit| awards.iter().filter(made).count() >= limit.times as usize) {
                continue;
            }
            awards.push((time, self.award_points(rule, place)));
        }
        awards
    }

    fn award_points(&self, rule: &EventRule, place: usize) -> f64 {
        match &rule.effect {
            EventEffect::Points(points) => *points,
            EventEffect::Formula(formula) => {
                let value = self.capture(&self.occurrences[place], *formula, Purpose::Points);
                value.and_then(|value| value.number()).unwrap_or(0.0)
            }
            EventEffect::Disqualify => 0.0,
        }
    }

    fn worth(&self, rule: &Rule) -> Micropoints {
        let points = match &rule.kind {
            RuleKind::Event(event) => {
                let worth = |(time, points): &Award| points * event.decay.factor(self.at.millis_since(*time));
                self.awards(event).iter().map(worth).sum()
            }
            standing => self.standing_points(standing),
        };
        let cap = rule.cap.unwrap_or(f64::INFINITY);
        Micropoints::round(if points > cap {
            cap
        } else if points < -cap {
            -cap
        } else {
            points
        })
    }

    fn disqualified(&self) -> Vec<usize> {
        let in_force = |rule: &Rule| match &rule.kind {
            RuleKind::Event(event) if matches!(event.effect, EventEffect::Disqualify) => {
                let latest = self.awards(event).last().copied();
                latest.is_some_and(|(time, _)| event.decay.factor(self.at.millis_since(time)) > 0.0)
            }
            standing => standing.is_disqualifier() && self.holds(standing),
        };
        let rules = self.rules.rules.iter().enumerate();
        rules.filter(|(_, rule)| in_force(rule)).map(|(place, _)| place).collect()
    }

    fn reasons(&self) -> Vec<Reason> {
        let mut reasons = Vec::new();
        for (place, rule) in self.rules.rules.iter().enumerate() {
            let points = self.worth(rule);
            let awards = match &rule.kind {
                RuleKind::Event(event) => self.awards(event),
                _ => Vec::new(),
            };
            if let (RuleKind::Predict(prediction), true) = (&rule.kind, points != Micropoints::ZERO) {
                reasons.extend(parts(place, &self.forecast(prediction)));
            } else if points != Micropoints::ZERO {
                let last = awards.last().map(|(time, _)| *time);
                let part = ReasonPart::Whole;
                reasons.push(Reason { rule: place, part, points, awards: awards.len(), last });
            }
        }
        reasons
            .sort_by_key(|reason| (-reason.points.0.abs(), &self.rules.rules[reason.rule].id, reason.part));
        reasons
    }
}
