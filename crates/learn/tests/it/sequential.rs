//! Experiments looked at after every lead: how often they err, and whether they find what was planted.

use kelvin_learn::Random;
use kelvin_learn::sequential::{Arm, Race, Winner};

/// The two arms after each lead that converts, where the challenger has a share of the leads.
fn looks(seed: u64, share: f64, rates: [f64; 2], leads: usize) -> Vec<[Arm; 2]> {
    let mut random = Random::stream(91, seed);
    let arm = |share| Arm { share, leads: 0, conversions: 0 };
    let mut arms = [arm(1.0 - share), arm(share)];
    let mut looks = Vec::new();
    for _ in 0..leads {
        let place = usize::from(random.unit() < share);
        let converts = random.unit() < rates[place];
        arms[place].leads += 1;
        arms[place].conversions += u64::from(converts);
        if converts {
            looks.push(arms);
        }
    }
    looks
}

/// In how many of so many experiments an arm is called better at any look.
fn called(seeds: u64, share: f64, rates: [f64; 2], leads: usize, who: Option<Winner>) -> usize {
    let is_called = |seed: &u64| {
        looks(*seed, share, rates, leads).iter().any(|[champion, challenger]| {
            let winner = Race::new(*champion, *challenger, 0.05).winner;
            winner.is_some() && (who.is_none() || winner == who)
        })
    };
    (0..seeds).filter(is_called).count()
}

#[test]
fn arms_without_a_difference_are_called_different_in_at_most_five_of_a_hundred_however_often_one_looks() {
    for (share, rate) in [(0.5, 0.1), (0.2, 0.1), (0.5, 0.6), (0.05, 0.3)] {
        let wrong = called(400, share, [rate; 2], 1000, None);
        assert!(wrong <= 20, "{wrong} of 400 with a share of {share} and a rate of {rate}");
    }
}

#[test]
fn a_difference_is_found_and_told_the_right_way() {
    assert!(called(200, 0.5, [0.10, 0.20], 2000, Some(Winner::Challenger)) >= 190);
    assert!(called(200, 0.2, [0.20, 0.10], 4000, Some(Winner::Champion)) >= 190);
}

#[test]
fn the_interval_holds_the_true_ratio_at_all_times_at_once() {
    let holds = |seed: &u64| {
        looks(*seed, 0.3, [0.10, 0.15], 2000).iter().step_by(5).all(|[champion, challenger]| {
            let race = Race::new(*champion, *challenger, 0.05);
            (race.low..=race.high).contains(&1.5)
        })
    };
    let held = (0..300).filter(holds).count();
    assert!(held >= 285, "{held} of 300");
}

#[test]
fn before_anything_converts_nothing_is_told() {
    let arm = Arm { share: 1.0, leads: 10, conversions: 0 };
    let race = Race::new(arm, arm, 0.05);
    assert_eq!((race.ratio, race.low, race.high), (None, 0.0, f64::INFINITY));
    assert_eq!((race.p, race.winner, race.more), (1.0, None, None));
}

#[test]
fn how_long_it_takes_is_told_from_how_things_stand() {
    let arm = |conversions| Arm { share: 1.0, leads: 100, conversions };
    let race = Race::new(arm(10), arm(20), 0.05);
    assert_eq!(race.winner, None);
    let more = race.more.expect("it will be decided") as f64;
    let at = |all: f64| Race::new(arm((all / 3.0) as u64), arm((all * 2.0 / 3.0) as u64), 0.05).winner;
    assert_eq!((at(30.0 + more - 6.0), at(30.0 + more + 6.0)), (None, Some(Winner::Challenger)));
    assert_eq!(Race::new(arm(20), arm(20), 0.05).more, None);
}
