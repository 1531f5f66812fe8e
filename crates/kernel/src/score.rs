//! A score: the number, and all that explains it.

mod reasons;
mod scorer;

use crate::{
    instant::{Duration, Instant},
    plan::{Plan, Tier},
    points::Micropoints,
    program::{Program, Rules},
    until::{HORIZON, until},
    worth::{Subject, Worth, disqualifies},
};

pub(crate) use reasons::{parts, reasons};
pub use scorer::Scorer;

/// What a lead is worth at an instant. Rules, dimensions, tiers and grades are places in the plan's lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Score {
    /// The score, clamped.
    pub score: Micropoints,
    /// Where the lead stands.
    pub standing: Standing,
    /// The place in [`Grades::bounds`](crate::plan::Grades::bounds); `None` is `F` where the plan has grades.
    pub grade: Option<usize>,
    /// The disqualifying rules in force.
    pub disqualified: Vec<usize>,
    /// The first later instant at which the standing differs if nothing else happens, within 366 days.
    pub until: Option<Instant>,
    /// The dimensions, in the plan's order.
    pub dimensions: Vec<DimensionScore>,
    /// Rules worth something other than 0, by |points| descending, then rule id.
    pub reasons: Vec<Reason>,
}

/// Where a lead stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Below all tiers.
    None,
    /// The place in [`Plan::tiers`](crate::plan::Plan::tiers).
    Tier(usize),
    /// Some disqualifying rule is in force.
    Disqualified,
}

/// What of a score is wanted beyond the number, its dimensions, grade and standing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Detail {
    /// [`Score::until`].
    pub until: bool,
    /// [`Score::reasons`].
    pub reasons: bool,
}

/// One dimension of a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DimensionScore {
    /// The sum of its rules.
    pub sum: Micropoints,
    /// The sum, clamped to the dimension's range.
    pub value: Micropoints,
}

/// What one rule contributes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The rule.
    pub rule: usize,
    /// Which part of its worth.
    pub part: ReasonPart,
    /// Its worth, after its cap.
    pub points: Micropoints,
    /// The number of its awards so far; 0 for standing rules.
    pub awards: usize,
    /// The time of its latest award; `None` for standing rules.
    pub last: Option<Instant>,
}

/// Which part of a rule's worth a reason tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum ReasonPart {
    /// All of it.
    #[default]
    Whole,
    /// Of a prediction, what leads are worth on average.
    Average,
    /// Of a prediction, what an input (by place) adds to that.
    Input(usize),
}

/// What an account is worth at an instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountScore {
    /// The score, clamped.
    pub score: Micropoints,
    /// The place in the account plan's tiers.
    pub tier: Option<usize>,
    /// The number of members.
    pub members: usize,
    /// The account's own rules worth something other than 0.
    pub reasons: Vec<Reason>,
}

impl Score {
    /// What a rule is worth, by the reasons that it has.
    #[must_use]
    pub fn points_of(&self, rule: usize) -> Micropoints {
        self.reasons.iter().filter(|reason| reason.rule == rule).map(|reason| reason.points).sum()
    }

    /// What the score would be if a rule were worth nothing, by its reasons: ranges and weights hold as before.
    #[must_use]
    pub fn without(&self, plan: &Plan, rule: usize) -> Micropoints {
        let mut dimensions = self.dimensions.clone();
        let place = plan.rules.rules[rule].dimension;
        let sum = dimensions[place].sum - self.points_of(rule);
        dimensions[place] = DimensionScore { sum, value: sum.clamp_to(plan.dimensions[place].range) };
        total(plan, &dimensions)
    }
}

/// The score of a subject, or `None` where the plan does not apply to it.
///
/// The subject's ledger must have been settled at `subject.at`.
pub fn score(program: &Program, subject: &Subject<'_>, detail: Detail) -> Option<Score> {
    score_alone(program, subject, detail.into())
}

/// The score, with [`Score::until`] looked for no further ahead than so long: where the standing may change later than that,
/// `until` is when the search ended.
pub fn score_ahead(program: &Program, subject: &Subject<'_>, ahead: Duration) -> Option<Score> {
    score_alone(program, subject, Asked { ahead: Some(ahead), reasons: false })
}

fn score_alone(program: &Program, subject: &Subject<'_>, asked: Asked) -> Option<Score> {
    if !applies(program, subject) {
        return None;
    }
    Some(scored(program, subject, asked, &worths(program.lead_rules(), subject)))
}

/// What is asked beyond the number.
#[derive(Debug, Clone, Copy)]
struct Asked {
    /// How far ahead a change is looked for, if at all.
    ahead: Option<Duration>,
    reasons: bool,
}

impl From<Detail> for Asked {
    fn from(detail: Detail) -> Self {
        Self { ahead: detail.until.then_some(HORIZON), reasons: detail.reasons }
    }
}

/// Whether the plan applies to a subject.
fn applies(program: &Program, subject: &Subject<'_>) -> bool {
    program.plan().applies.as_ref().is_none_or(|applies| applies.holds(&subject.env()))
}

/// The score of a subject whose rules are worth this much.
fn scored(program: &Program, subject: &Subject<'_>, asked: Asked, worths: &[Worth]) -> Score {
    let (plan, rules) = (program.plan(), program.lead_rules());
    let dimensions = dimensions(plan, worths);
    let total = total(plan, &dimensions);
    let disqualified = disqualified(rules, subject);
    let standing = standing(plan, total, &dimensions, !disqualified.is_empty());
    let mut score = Score {
        score: total,
        standing,
        grade: grade(plan, &dimensions),
        disqualified,
        until: None,
        reasons: if asked.reasons { reasons(rules, subject, worths) } else { Vec::new() },
        dimensions,
    };
    if let Some(ahead) = asked.ahead {
        score.until = until(program, subject, &score, worths, ahead);
    }
    score
}

/// What each rule is worth.
pub(crate) fn worths(rules: Rules<'_>, subject: &Subject<'_>) -> Vec<Worth> {
    let env = subject.env();
    let worth = |(place, rule)| Worth::seen(rule, subject.ledger.entry(place), (subject, &env));
    rules.set.rules.iter().enumerate().map(worth).collect()
}

/// The rules that disqualify at the subject's instant.
pub(crate) fn disqualified(rules: Rules<'_>, subject: &Subject<'_>) -> Vec<usize> {
    let in_force =
        |place: &usize| disqualifies(&rules.set.rules[*place], subject.ledger.entry(*place), subject);
    rules.disqualifiers().iter().copied().filter(in_force).collect()
}

/// Rules summed and clamped by dimension.
pub(crate) fn dimensions(plan: &Plan, worths: &[Worth]) -> Vec<DimensionScore> {
    let nothing = DimensionScore { sum: Micropoints::ZERO, value: Micropoints::ZERO };
    let mut scores = vec![nothing; plan.dimensions.len()];
    for (rule, worth) in plan.rules.rules.iter().zip(worths) {
        let sum = &mut scores[rule.dimension].sum;
        *sum = *sum + worth.points;
    }
    for (dimension, score) in plan.dimensions.iter().zip(&mut scores) {
        score.value = score.sum.clamp_to(dimension.range);
    }
    scores
}

/// Dimensions weighted, summed and clamped.
pub(crate) fn total(plan: &Plan, dimensions: &[DimensionScore]) -> Micropoints {
    let weighted = plan
        .dimensions
        .iter()
        .zip(dimensions)
        .map(|(dimension, score)| score.value.weighted(dimension.weight));
    weighted.sum::<Micropoints>().clamp_to(plan.range)
}

/// Where a lead with this score stands.
pub(crate) fn standing(
    plan: &Plan,
    total: Micropoints,
    dimensions: &[DimensionScore],
    disqualified: bool,
) -> Standing {
    if disqualified {
        return Standing::Disqualified;
    }
    let meets = |tier: &Tier| {
        tier.from <= total
            && tier.needs.iter().all(|(dimension, least)| dimensions[*dimension].value >= *least)
    };
    plan.tiers.iter().rposition(meets).map_or(Standing::None, Standing::Tier)
}

fn grade(plan: &Plan, dimensions: &[DimensionScore]) -> Option<usize> {
    let grades = plan.grades.as_ref()?;
    let value = dimensions.get(grades.of)?.value;
    grades.bounds.iter().position(|(_, bound)| *bound <= value)
}
