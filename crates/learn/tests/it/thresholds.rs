//! Bounds of tiers: who reaches them, and which one a goal asks for.

use kelvin_learn::Random;
use kelvin_learn::measure::Resampling;
use kelvin_learn::thresholds::{Goal, Moment, Reached, Thresholds};

const HOW: Resampling = Resampling { draws: 300, level: 0.95, seed: 1, threads: 2 };

fn moment(lead: u32, score: f64, outcome: bool) -> Moment {
    Moment { lead, score, outcome, value: 10.0 }
}

/// Leads whose score is the chance, in per cent, that they buy.
fn leads(count: u32, seed: u64) -> Vec<Moment> {
    let mut random = Random::new(seed);
    let mut one = |lead| {
        let score = (random.unit() * 100.0).floor();
        moment(lead, score, random.unit() * 100.0 < score)
    };
    (0..count).map(&mut one).collect()
}

#[test]
fn a_lead_counts_at_the_first_moment_that_reaches_the_bound() {
    // 0 is at 20, at 60 (and buys after that), and at 40 again; 1 is at 40 and does not buy.
    let moments =
        [moment(0, 20.0, false), moment(0, 60.0, true), moment(0, 40.0, true), moment(1, 40.0, false)];
    let told: Vec<_> =
        Thresholds::new(&moments).curve().iter().map(|at| (at.bound, at.leads, at.won, at.value)).collect();
    assert_eq!(told, [(60.0, 1.0, 1.0, 10.0), (40.0, 2.0, 1.0, 10.0), (20.0, 2.0, 0.0, 0.0)]);
}

#[test]
fn bounds_are_as_fine_as_people_choose_them() {
    let bounds = |factor: f64| -> Vec<f64> {
        let moments: Vec<_> = (0..1_000).map(|lead| moment(lead, f64::from(lead) * factor, false)).collect();
        Thresholds::new(&moments).curve().iter().map(|at| at.bound).rev().take(3).collect()
    };
    assert_eq!(bounds(0.1), [0.0, 1.0, 2.0]);
    assert_eq!(bounds(0.001), [0.0, 0.01, 0.02]);
    assert_eq!(bounds(0.0), [0.0]);
}

fn at(goal: Goal) -> Option<Reached> {
    Thresholds::new(&leads(20_000, 1)).choose(goal, &HOW).map(|chosen| chosen.reached)
}

#[test]
fn capacity_takes_the_best_leads_that_there_is_time_for() {
    let reached = at(Goal::Capacity(5_000.0)).expect("a bound");
    assert!((74.0..=77.0).contains(&reached.bound) && reached.leads <= 5_000.0, "{reached:?}");
    assert_eq!(at(Goal::Capacity(0.0)), None);
}

#[test]
fn precision_takes_as_many_leads_as_keep_it() {
    // From 60 on they buy in 80 of 100 cases.
    let reached = at(Goal::Precision(0.8)).expect("a bound");
    assert!((58.0..=62.0).contains(&reached.bound), "{reached:?}");
    assert_eq!(at(Goal::Precision(1.1)), None);
}

#[test]
fn profit_takes_whoever_is_worth_the_work() {
    // Work on a lead costs what three of ten outcomes bring.
    let reached = at(Goal::Profit { cost: 30.0, value: Some(100.0) }).expect("a bound");
    assert!((25.0..=35.0).contains(&reached.bound), "{reached:?}");
    let by_their_own = at(Goal::Profit { cost: 3.0, value: None }).expect("a bound");
    assert_eq!(by_their_own.bound, reached.bound);
    assert_eq!(at(Goal::Profit { cost: 100.0, value: Some(100.0) }), None);
}

#[test]
fn the_interval_holds_the_bound_that_more_leads_would_give() {
    // With ever more leads half of them have a score from 50 on, from 61 on 80 of 100 buy, and from 30 on work is worth its cost.
    let profit = Goal::Profit { cost: 30.0, value: Some(100.0) };
    for (goal, bound) in [(Goal::Capacity(300.0), 50.0), (Goal::Precision(0.8), 61.0), (profit, 30.0)] {
        let held = (0..200).filter(|seed| {
            let found = Thresholds::new(&leads(600, 100 + seed)).choose(goal, &HOW);
            found.is_some_and(|chosen| (chosen.low..=chosen.high).contains(&bound))
        });
        let held = held.count();
        assert!(held >= 180, "{goal:?}: {held} of 200");
    }
}

#[test]
fn what_is_expected_of_a_bound_holds_on_leads_that_did_not_choose_it() {
    const WORLDS: f64 = 300.0;
    // Whole scores from the bound to 99 are as frequent, and each is the chance to buy.
    let truth = |bound: f64| (bound + 99.0) / 200.0;
    let (mut found, mut expected) = (0.0, 0.0);
    for seed in 0..300 {
        let chosen = Thresholds::new(&leads(150, 500 + seed)).choose(Goal::Precision(0.8), &HOW);
        let Some(chosen) = chosen else { continue };
        let truth = truth(chosen.reached.bound);
        found += (chosen.reached.precision().expect("leads") - truth) / WORLDS;
        expected += (chosen.expected.precision().expect("leads") - truth) / WORLDS;
    }
    // What was chosen by looks better than it is; what is expected errs less, and to the careful side.
    assert!(found > 0.012 && expected.abs() < 0.75 * found && expected < 0.004, "{found} {expected}");
}
