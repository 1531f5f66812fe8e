//! What each rule of a model does: how often it fires, who converts with it and without, and what the score is without it.

use serde::Serialize;

use super::{
    Rows,
    lift::{Lift, sides},
};
use crate::{
    Column, Feature, Values,
    measure::{Measure, MeasureError, Resampling, Scored, differences},
};

/// What a rule does.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RuleReport {
    /// The rule's id.
    pub rule: String,
    /// In how many examples it is worth something.
    pub fires: usize,
    /// What it is worth there on average, in points.
    pub points: f64,
    /// The share that had the outcome where it fires.
    pub rate_with: Option<f64>,
    /// The share elsewhere.
    pub rate_without: Option<f64>,
    /// How many times as often the outcome came where it fires as elsewhere.
    pub lift: Option<f64>,
    /// The interval in which that lies in 95 of 100 cases.
    pub lift_interval: Option<[f64; 2]>,
    /// By how much the AUC would fall without the rule, with its interval; below 0 it would rise.
    pub auc_gained: Option<[f64; 3]>,
    /// What is to be said of it.
    pub finding: Option<Finding>,
    /// A rule before it that fires in nearly the same examples.
    pub same_as: Option<String>,
}

/// What is to be said of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    /// It is worth nothing anywhere.
    NeverFires,
    /// It is worth the same everywhere.
    AlwaysFires,
    /// Its points go one way, and the outcome the other.
    WrongSign,
    /// The outcome may come as often with it as without.
    NotProven,
}

/// Two rules are the same when so large a part of the examples in which either fires is of both.
const SAME: f64 = 0.95;

/// Draws for the interval of what is lost without a rule.
const DRAWS: usize = 200;

/// A report for each rule.
pub(super) fn reports(
    rules: &[Column],
    rows: &Rows<'_>,
    how: &Resampling,
) -> Result<Vec<RuleReport>, MeasureError> {
    let scored = Scored::new(&rows.scores, &rows.outcomes)?.by_lead(&rows.leads)?;
    let how = Resampling { draws: how.draws.min(DRAWS), ..*how };
    let mut reports: Vec<RuleReport> = Vec::with_capacity(rules.len());
    for (place, rule) in rules.iter().enumerate() {
        let worths = numbers(rule);
        let without: Vec<f64> = rows.scores.iter().zip(worths).map(|(score, worth)| score - worth).collect();
        let mut report = RuleReport::new(name(rule), worths, rows);
        if report.fires > 0 {
            let without = Scored::new(&without, &rows.outcomes)?;
            let gained = differences(&scored, &without, &[Measure::Auc], &how)?.into_iter().next().flatten();
            report.auc_gained = gained.map(|gained| [gained.value, gained.low, gained.high]);
            report.same_as = rules[..place].iter().find(|other| is_same(worths, numbers(other))).map(name);
        }
        reports.push(report);
    }
    Ok(reports)
}

fn name(rule: &Column) -> String {
    match &rule.feature {
        Feature::Rule { rule, .. } => rule.clone(),
        other => other.to_string(),
    }
}

fn numbers(rule: &Column) -> &[f64] {
    match &rule.values {
        Values::Numbers(numbers) => numbers,
        Values::Categories { .. } => &[],
    }
}

/// Whether a rule is worth this here and that there, as bands and tables are.
fn is_graded(worths: &[f64]) -> bool {
    let mut fired = worths.iter().filter(|worth| **worth != 0.0);
    fired.next().is_some_and(|first| fired.any(|worth| worth != first))
}

/// Whether two rules that either fire or do not fire in nearly the same examples.
fn is_same(a: &[f64], b: &[f64]) -> bool {
    if is_graded(a) || is_graded(b) {
        return false;
    }
    let pairs = || a.iter().zip(b).map(|(a, b)| (*a != 0.0, *b != 0.0));
    let (both, either) =
        (pairs().filter(|(a, b)| *a && *b).count(), pairs().filter(|(a, b)| *a || *b).count());
    both > 0 && both as f64 >= SAME * either as f64
}

impl RuleReport {
    fn new(rule: String, worths: &[f64], rows: &Rows<'_>) -> Self {
        let fired: Vec<bool> = worths.iter().map(|worth| *worth != 0.0).collect();
        let [with, without] = sides(&fired, &rows.outcomes);
        let lift = Lift::new(&fired, rows);
        let points = if with.rows > 0.0 { worths.iter().sum::<f64>() / with.rows } else { 0.0 };
        Self {
            rule,
            fires: with.rows as usize,
            points,
            rate_with: with.rate(),
            rate_without: without.rate(),
            lift: lift.map(Lift::value),
            lift_interval: lift.map(Lift::interval),
            auc_gained: None,
            finding: finding(worths, points, lift),
            same_as: None,
        }
    }
}

fn finding(worths: &[f64], points: f64, lift: Option<Lift>) -> Option<Finding> {
    let is_first = |worth: &f64| Some(worth) == worths.first();
    match lift.map(Lift::interval) {
        _ if worths.iter().all(|worth| *worth == 0.0) => Some(Finding::NeverFires),
        _ if worths.iter().all(is_first) => Some(Finding::AlwaysFires),
        // Of bands, those who convert more and those who convert less may all fire.
        _ if is_graded(worths) => None,
        Some([low, high]) if points > 0.0 && high < 1.0 || points < 0.0 && low > 1.0 => {
            Some(Finding::WrongSign)
        }
        Some([low, high]) if low <= 1.0 && 1.0 <= high => Some(Finding::NotProven),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Random;

    /// Rules of which it is known what they do: a good one, one against the outcome, one that tells nothing, one like the first,
    /// one that never and one that always fires.
    fn planted(seed: u64) -> Vec<RuleReport> {
        let mut random = Random::new(seed);
        let outcomes: Vec<bool> = (0..2000).map(|_| random.unit() < 0.2).collect();
        let mut rule = |name: &str, points: f64, if_won: f64, if_lost: f64| {
            let worth = |outcome: &bool| {
                if random.unit() < if *outcome { if_won } else { if_lost } { points } else { 0.0 }
            };
            let values = Values::Numbers(outcomes.iter().map(worth).collect());
            Column { feature: Feature::Rule { model: "m".into(), rule: name.into() }, values }
        };
        let good = rule("good", 10.0, 0.6, 0.2);
        let rest = [
            rule("wrong", 10.0, 0.1, 0.4),
            rule("useless", 5.0, 0.3, 0.3),
            Column { feature: Feature::Rule { model: "m".into(), rule: "again".into() }, ..good.clone() },
            rule("never", 5.0, 0.0, 0.0),
            rule("always", 5.0, 1.0, 1.0),
        ];
        let rules: Vec<Column> = [good].into_iter().chain(rest).collect();
        let scores: Vec<f64> =
            (0..2000).map(|row| rules.iter().map(|rule| numbers(rule)[row]).sum()).collect();
        let how = Resampling { draws: 50, ..Resampling::default() };
        let rows =
            Rows { leads: (0..2000).collect(), scores, outcomes, examples: Vec::new(), tiers: Vec::new() };
        reports(&rules, &rows, &how).expect("reports")
    }

    #[test]
    fn what_rules_do_is_found_in_nearly_every_sample() {
        let mut false_alarms = 0;
        for seed in 0..60 {
            let reports = planted(seed);
            let findings: Vec<_> = reports.iter().map(|report| report.finding).collect();
            assert_eq!(
                [findings[0], findings[1], findings[4], findings[5]],
                [None, Some(Finding::WrongSign), Some(Finding::NeverFires), Some(Finding::AlwaysFires)]
            );
            assert_eq!(reports[3].same_as.as_deref(), Some("good"));
            assert!(reports[..3].iter().all(|report| report.same_as.is_none()));
            false_alarms += usize::from(findings[2] != Some(Finding::NotProven));
        }
        // At 95 %, three of sixty are expected.
        assert!(false_alarms <= 9, "{false_alarms}");
    }

    #[test]
    fn a_score_loses_by_a_good_rule_and_gains_by_a_wrong_one() {
        let reports = planted(1);
        let gained = |place: usize| reports[place].auc_gained.expect("a difference");
        assert!(gained(0)[1] > 0.0 && gained(1)[2] < 0.0, "{reports:?}");
        assert!(gained(5)[0].abs() < 1e-12);
    }
}
