//! Points priced anew where the truth is known.

use super::super::{OwnDimension, OwnRule};
use super::*;
use crate::{Example, Random, Table};

/// Leads of whom some meet rules; the log-odds of each rule are known, and its author's points.
fn repriced(seed: u64, leads: usize, start: f64, rules: &[(f64, f64)]) -> Repricing {
    let mut random = Random::new(seed);
    let mut model = OwnModel {
        rules: rules
            .iter()
            .map(|(_, points)| OwnRule { worths: vec![], dimension: 0, numbers: vec![*points], decimals: 0 })
            .collect(),
        dimensions: vec![OwnDimension { range: (f64::MIN, f64::MAX), weight: 1.0 }],
        range: (f64::MIN, f64::MAX),
    };
    let mut examples = Vec::new();
    for lead in 0..leads {
        let mut log_odds = start;
        for ((truth, points), rule) in rules.iter().zip(&mut model.rules) {
            let fires = random.unit() < 0.3;
            log_odds += if fires { *truth } else { 0.0 };
            rule.worths.push(if fires { *points } else { 0.0 });
        }
        let outcome = random.unit() < 1.0 / (1.0 + libm::exp(-log_odds));
        examples.push(Example { lead: lead.to_string(), at: None, outcome, outcome_at: None, value: None });
    }
    let how = Resampling { draws: 40, ..Resampling::default() };
    reprice(&Dataset { table: Table::default(), examples }, &model, &how).expect("enough leads")
}

/// Three good rules, one that goes the wrong way, one that tells nothing.
const PLANTED: [(f64, f64); 5] = [(1.5, 15.0), (1.0, 10.0), (-1.0, -10.0), (-1.2, 10.0), (0.0, 10.0)];

#[test]
fn with_many_outcomes_a_wrong_sign_is_turned_and_a_useless_rule_is_found() {
    let (mut turned, mut found, mut right, mut better) = (0, 0, 0, 0);
    for seed in 0..40 {
        let told = repriced(seed, 2000, -1.5, &PLANTED);
        let points: Vec<f64> = told.rules.iter().map(|rule| rule.numbers[0]).collect();
        turned += usize::from(points[3] < 0.0 && told.rules[3].is_against);
        found += usize::from(points[4] == 0.0 || told.rules[4].is_unsure());
        right += usize::from(points[0] > points[1] && points[1] > 4.0 && points[2] < -4.0);
        better += usize::from(told.is_better());
    }
    assert_eq!((turned, better), (40, 40));
    assert!(right >= 38, "{right} of 40");
    // At 95 %, two of forty are expected to look useful.
    assert!(found >= 35, "{found} of 40");
}

#[test]
fn with_few_outcomes_the_points_of_their_author_hardly_move() {
    let rules = [(1.0, 10.0), (0.5, 5.0), (-1.0, -10.0), (1.5, 15.0)];
    let (mut moved, mut better, mut positives) = (0.0, 0, 0);
    for seed in 0..60 {
        let told = repriced(seed, 150, -2.8, &rules);
        positives += told.positives;
        let off = |(rule, (_, own)): (&Repriced, &(f64, f64))| (rule.numbers[0] - own).abs() / own.abs();
        moved += told.rules.iter().zip(&rules).map(off).sum::<f64>() / 240.0;
        better += usize::from(told.is_better());
    }
    assert!((12..=20).contains(&(positives / 60)), "{positives}");
    assert!(moved < 0.1, "{moved}");
    assert!(better <= 4, "{better} of 60 claim to be better");
}

#[test]
fn points_that_are_right_are_not_said_to_be_better_after_than_before() {
    let rules = [(1.0, 10.0), (0.5, 5.0), (-1.0, -10.0), (1.5, 15.0)];
    let better = (0..40).filter(|seed| repriced(*seed, 800, -1.5, &rules).is_better()).count();
    assert!(better <= 3, "{better} of 40");
}

#[test]
fn rules_without_numbers_and_rules_that_never_fire_are_left_alone() {
    let worths = |of: fn(usize) -> f64| (0..100).map(of).collect();
    let rule = |worths, numbers| OwnRule { worths, dimension: 0, numbers, decimals: 0 };
    let model = OwnModel {
        rules: vec![
            rule(worths(|row| if row % 2 == 0 { 7.5 } else { 0.0 }), vec![]),
            rule(worths(|_| 0.0), vec![5.0]),
            rule(worths(|_| 4.0), vec![4.0]),
        ],
        dimensions: vec![OwnDimension { range: (0.0, 10.0), weight: 2.0 }],
        range: (0.0, 15.0),
    };
    let example = |row: usize| Example {
        lead: row.to_string(),
        at: None,
        outcome: row.is_multiple_of(3),
        outcome_at: None,
        value: None,
    };
    let dataset = Dataset { table: Table::default(), examples: (0..100).map(example).collect() };
    let told = reprice(&dataset, &model, &Resampling { draws: 20, ..Resampling::default() }).expect("enough");
    let numbers: Vec<&[f64]> = told.rules.iter().map(|rule| rule.numbers.as_slice()).collect();
    assert_eq!(numbers, [&[] as &[f64], &[5.0], &[4.0]]);
    assert_eq!(model.scores(&[1.0; 3])[..2], [15.0, 8.0]);
    assert_eq!(told.gained.map(|gained| gained.value), Some(0.0));
}
