//! Two models on the same leads: no difference is told where there is none, and a difference where there is one.

use kelvin_learn::comparison::{Comparison, Side};
use kelvin_learn::measure::Resampling;
use kelvin_learn::{Dataset, Example, Random, Table};

const HOW: Resampling = Resampling { draws: 200, level: 0.95, seed: 1, threads: 2 };

fn dataset(outcomes: &[bool]) -> Dataset {
    let example = |(row, outcome): (usize, &bool)| Example {
        lead: format!("lead {row}"),
        at: None,
        outcome: *outcome,
        outcome_at: None,
        value: None,
    };
    let examples = outcomes.iter().enumerate().map(example).collect();
    Dataset { table: Table::new(Vec::new()).expect("no columns"), examples }
}

/// Leads whose chance is seen by both models, by each with as much noise as is told.
fn compared(seed: u64, noise: [f64; 2]) -> Comparison {
    let mut random = Random::new(seed);
    let (mut outcomes, mut scores) = (Vec::new(), [Vec::new(), Vec::new()]);
    for _ in 0..400 {
        let chance = random.normal();
        outcomes.push(random.unit() < 1.0 / (1.0 + f64::exp(1.0 - 1.5 * chance)));
        for (scores, noise) in scores.iter_mut().zip(noise) {
            scores.push(Some(chance + noise * random.normal()));
        }
    }
    let tiers = vec![None; outcomes.len()];
    let [a, b] = [&scores[0], &scores[1]].map(|scores| Side { scores, tiers: &tiers, best: None });
    Comparison::new(&dataset(&outcomes), a, b, &HOW).expect("a comparison")
}

#[test]
fn models_that_are_as_good_differ_in_one_of_twenty_worlds_at_most() {
    let told: Vec<Comparison> = (0..400).map(|seed| compared(seed, [1.0, 1.0])).collect();
    for measure in 0..3 {
        let wrong = told.iter().filter(|told| told.measures[measure].better.is_some()).count();
        // 20 are expected, with a standard deviation of 4.4.
        assert!(wrong <= 34, "{measure}: {wrong}");
    }
}

#[test]
fn the_better_model_is_found_on_either_side() {
    for seed in 0..20 {
        let better = |noise| compared(seed, noise).measures[0].better;
        assert_eq!((better([2.0, 0.5]), better([0.5, 2.0])), (Some("b"), Some("a")), "seed {seed}");
    }
}

#[test]
fn who_moves_and_who_is_missed_is_told() {
    let outcomes = [true, true, false, false, true];
    let some = |scores: [f64; 5]| scores.map(Some).to_vec();
    let tiers =
        |tiers: [&str; 5]| tiers.map(|tier| Some(tier.to_owned()).filter(|tier| tier != "-")).to_vec();
    let (a, b) = (some([90.0, 10.0, 80.0, 5.0, 20.0]), some([9.0, 8.0, 1.0, 1.0, 7.0]));
    let (in_a, in_b) = (tiers(["hot", "-", "hot", "-", "-"]), tiers(["hot", "hot", "cold", "-", "hot"]));
    let told = Comparison::new(
        &dataset(&outcomes),
        Side { scores: &a, tiers: &in_a, best: Some("hot") },
        Side { scores: &b, tiers: &in_b, best: Some("hot") },
        &HOW,
    )
    .expect("a comparison");
    let moves: Vec<_> = told
        .moves
        .iter()
        .map(|one| (one.a.as_deref(), one.b.as_deref(), one.examples, one.positives))
        .collect();
    assert_eq!(moves, [(None, Some("hot"), 2, 2), (Some("hot"), Some("cold"), 1, 0)]);
    let [by_a, by_b] = &told.missed;
    assert_eq!((by_a.leads, &by_a.some[..]), (2, &[("lead 1".into(), 10.0), ("lead 4".into(), 20.0)][..]));
    assert_eq!(by_b.leads, 0);
    assert!((told.effort - 0.4).abs() < 1e-12);
    // Of the two that there is time for, `a` has one of three outcomes and `b` two.
    let caught = &told.measures[2];
    assert!((caught.a - 1.0 / 3.0).abs() < 1e-12 && (caught.b - 2.0 / 3.0).abs() < 1e-12, "{caught:?}");
}

#[test]
fn leads_to_which_only_one_applies_are_left_out_and_counted() {
    let outcomes = [true, false, true, false];
    let (a, b) = (vec![Some(2.0), Some(1.0), Some(3.0), None], vec![Some(2.0), Some(1.0), None, Some(4.0)]);
    let tiers = vec![None; 4];
    let side = |scores| Side { scores, tiers: &tiers, best: None };
    let told = Comparison::new(&dataset(&outcomes), side(&a), side(&b), &HOW).expect("a comparison");
    assert_eq!((told.examples, told.positives, told.only), (2, 1, [1, 1]));
}
