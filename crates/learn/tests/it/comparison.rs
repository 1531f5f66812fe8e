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

/// Leads whose chance is seen by both models, by each with as much noise as is told; `log_odds` makes outcomes more frequent.
fn compared(seed: u64, leads: usize, log_odds: f64, noise: [f64; 2]) -> Comparison {
    let mut random = Random::new(seed);
    let (mut outcomes, mut scores) = (Vec::new(), [Vec::new(), Vec::new()]);
    for _ in 0..leads {
        let chance = random.normal();
        outcomes.push(random.unit() < 1.0 / (1.0 + f64::exp(1.0 - log_odds - 1.5 * chance)));
        for (scores, noise) in scores.iter_mut().zip(noise) {
            scores.push(Some(chance + noise * random.normal()));
        }
    }
    let tiers = vec![None; outcomes.len()];
    let [a, b] = [&scores[0], &scores[1]].map(|scores| Side { scores, tiers: &tiers, best: None });
    Comparison::new(&dataset(&outcomes), a, b, &HOW).expect("a comparison")
}

#[test]
fn a_difference_that_is_not_there_is_told_in_one_of_twenty_worlds_at_most() {
    let told = |leads: usize, share: f64| {
        (0..400).filter(|seed| compared(*seed, leads, share, [1.0, 1.0]).better.is_some()).count()
    };
    // 20 are expected, with a standard deviation of 4.4; with few outcomes fewer.
    let wrong = [told(400, 0.0), told(60, -1.5), told(30, -2.0)];
    assert!(wrong.iter().all(|wrong| *wrong <= 32), "{wrong:?}");
}

#[test]
fn intervals_of_differences_hold_none_as_often_as_they_say() {
    let worlds: Vec<Comparison> = (0..400).map(|seed| compared(seed, 300, 0.0, [1.0, 1.0])).collect();
    for measure in 0..3 {
        let missed = worlds.iter().filter(|told| told.measures[measure].side().is_some()).count();
        assert!((6..=36).contains(&missed), "{measure}: {missed}");
    }
}

#[test]
fn the_better_model_is_found_on_either_side() {
    let better = |seed, noise| compared(seed, 400, 0.0, noise).better;
    for seed in 0..20 {
        let found = (better(seed, [2.0, 0.5]), better(seed, [0.5, 2.0]));
        assert_eq!(found, (Some("b"), Some("a")), "seed {seed}");
    }
    // A smaller one is found in most worlds.
    let found = (0..100).filter(|seed| better(*seed, [1.6, 0.6]) == Some("b")).count();
    assert!(found >= 80, "{found} of 100");
}

#[test]
fn the_same_leads_again_prove_nothing_more() {
    let mut random = Random::new(2);
    let chances: Vec<f64> = (0..80).map(|_| random.normal()).collect();
    let outcomes: Vec<bool> =
        chances.iter().map(|chance| random.unit() < 1.0 / (1.0 + (-chance).exp())).collect();
    let mut seen = |noise: f64| -> Vec<Option<f64>> {
        chances.iter().map(|chance| Some(chance + noise * random.normal())).collect()
    };
    let (a, b) = (seen(1.5), seen(0.7));
    let auc = |times: usize| {
        let (a, b, outcomes) = (a.repeat(times), b.repeat(times), outcomes.repeat(times));
        let mut dataset = dataset(&outcomes);
        for (row, example) in dataset.examples.iter_mut().enumerate() {
            example.lead = format!("lead {}", row % 80);
        }
        let tiers = vec![None; outcomes.len()];
        let side = |scores| Side { scores, tiers: &tiers, best: None };
        let told = Comparison::new(&dataset, side(&a), side(&b), &HOW).expect("a comparison");
        (told.measures[0].low, told.measures[0].high)
    };
    let ((low, high), again) = (auc(1), auc(10));
    assert!((low - again.0).abs() < 1e-9 && (high - again.1).abs() < 1e-9, "{low} {high} {again:?}");
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
