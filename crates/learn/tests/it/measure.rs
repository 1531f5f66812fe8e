//! Measures against reference values, and intervals against the truth in simulation.

use kelvin_learn::Random;
use kelvin_learn::measure::{Confusion, Measure, Resampling, Scored, differences, estimates};
use serde_json::Value;

use super::reference::{golden, number, predictions};

fn near(found: f64, expected: f64, what: &str) {
    assert!((found - expected).abs() < 1e-9, "{what}: {found} instead of {expected}");
}

fn each_reference(check: impl Fn(&Scored, &Value)) {
    let Some(goldens) = golden("metrics_golden.json") else { return };
    for expected in goldens.as_object().expect("an object").values() {
        let (scores, outcomes) = predictions(expected["file"].as_str().expect("a file"));
        check(&Scored::new(&scores, &outcomes).expect("scores"), expected);
    }
}

#[test]
fn measures_equal_those_of_other_tools() {
    each_reference(|scored, expected| {
        let keys = ["auc", "average_precision", "ks", "log_loss_clip1e-7", "brier", "ece10_equal_width"];
        for (measure, key) in Measure::ALL.iter().zip(keys) {
            near(measure.of(scored).expect("defined"), number(expected, key), key);
        }
        near(scored.gini().expect("defined"), number(expected, "gini"), "gini");
    });
}

#[test]
fn gains_equal_those_of_other_tools() {
    each_reference(|scored, expected| {
        let tenths = expected["deciles_tie_fair"].as_array().expect("a list");
        assert_eq!(scored.gains().len(), tenths.len());
        for (found, expected) in scored.gains().iter().zip(tenths) {
            near(found.weight, number(expected, "n"), "n");
            near(found.positives, number(expected, "expected_positives"), "positives");
            near(found.gain, number(expected, "gain"), "gain");
            near(found.lift, number(expected, "lift"), "lift");
        }
    });
}

#[test]
fn reliability_and_confusion_equal_those_of_other_tools() {
    each_reference(|scored, expected| {
        let bands = expected["reliability"].as_array().expect("a list");
        assert_eq!(scored.reliability().len(), bands.len());
        for (found, expected) in scored.reliability().iter().zip(bands) {
            near(found.weight, number(expected, "n"), "n");
            near(found.predicted, number(expected, "mean_p"), "mean");
            near(found.rate, number(expected, "rate"), "rate");
        }
        let Confusion { true_positive, false_positive, true_negative, false_negative } =
            scored.confusion(0.5);
        let found = [[true_negative, false_positive], [false_negative, true_positive]];
        let count = |row: usize, column: usize| expected["confusion_at_0.5"][row][column].as_f64();
        assert_eq!(found, [0, 1].map(|row| [0, 1].map(|column| count(row, column).expect("a count"))));
    });
}

/// Rows whose outcome has the probability that is their score.
fn dealt(rows: usize, random: &mut Random) -> (Vec<f64>, Vec<bool>) {
    let deal = |random: &mut Random| {
        let probability = 1.0 / (1.0 + (1.0 - random.normal()).exp());
        (probability, random.unit() < probability)
    };
    (0..rows).map(|_| deal(random)).unzip()
}

#[test]
fn intervals_hold_the_truth_as_often_as_they_say() {
    const WORLDS: u64 = 400;
    let measures = [Measure::Auc, Measure::AveragePrecision, Measure::LogLoss, Measure::Brier];
    let (scores, outcomes) = dealt(400_000, &mut Random::new(99));
    let all = Scored::new(&scores, &outcomes).expect("scores");
    let truth = measures.map(|measure| measure.of(&all).expect("defined"));
    let mut held = [0; 4];
    for world in 0..WORLDS {
        let (scores, outcomes) = dealt(300, &mut Random::stream(5, world));
        let scored = Scored::new(&scores, &outcomes).expect("scores");
        let how = Resampling { draws: 300, level: 0.9, seed: world, threads: 2 };
        for (place, estimate) in estimates(&scored, &measures, &how).into_iter().enumerate() {
            let estimate = estimate.expect("defined");
            held[place] += u32::from(estimate.low <= truth[place] && truth[place] <= estimate.high);
        }
    }
    // 360 of 400 are expected, with a standard deviation of 6.
    assert!(held.iter().all(|held| (338..=382).contains(held)), "{held:?} of {WORLDS}");
}

/// Leads of whom few have the outcome, and the scores of these lie higher by so much.
fn far_apart(leads: usize, share: f64, higher: f64, random: &mut Random) -> (Vec<f64>, Vec<bool>) {
    let deal = |random: &mut Random| {
        let outcome = random.unit() < share;
        (random.normal() + if outcome { higher } else { 0.0 }, outcome)
    };
    (0..leads).map(|_| deal(random)).unzip()
}

#[test]
fn few_leads_in_nearly_perfect_order_are_not_taken_for_proof() {
    const WORLDS: u64 = 400;
    for (leads, share, higher) in [(40, 0.2, 2.5), (60, 0.15, 3.5), (60, 0.15, 1.0), (300, 0.05, 2.0)] {
        let (scores, outcomes) = far_apart(200_000, share, higher, &mut Random::new(98));
        let truth = Scored::new(&scores, &outcomes).expect("scores").auc().expect("both outcomes");
        let (mut held, mut told) = (0, 0);
        for world in 0..WORLDS {
            let (scores, outcomes) = far_apart(leads, share, higher, &mut Random::stream(8, world));
            let scored = Scored::new(&scores, &outcomes).expect("scores");
            let found = estimates(&scored, &[Measure::Auc], &Resampling::default());
            for auc in found.into_iter().flatten() {
                assert!(auc.high - auc.low > 0.01, "{auc:?}");
                told += 1;
                held += u32::from(auc.low <= truth && truth <= auc.high);
            }
        }
        // 95 of 100 are expected, with a standard deviation of 1.1; in all but perfect order some more.
        assert!(held * 100 >= told * 92, "{held} of {told}: {leads} leads, {truth}");
    }
}

#[test]
fn perfect_order_of_a_handful_is_no_certainty() {
    let scored = Scored::new(&[5.0, 4.0, 3.0, 2.0, 1.0], &[true, true, false, false, false]).expect("scores");
    let found = estimates(&scored, &Measure::OF_ORDER, &Resampling::default());
    let told: Vec<_> =
        found.into_iter().flatten().map(|one| format!("{:.2} to {:.2}", one.low, one.high)).collect();
    assert_eq!(told, ["0.44 to 1.00", "0.10 to 1.00", "0.00 to 1.00"]);
}

/// Draws of a perfect order all say that it is perfect.
#[test]
fn what_is_told_of_a_perfect_order_holds_what_is_true_of_more_leads() {
    const MEASURES: [Measure; 2] = [Measure::AveragePrecision, Measure::Ks];
    let of_all = |scored: &Scored| MEASURES.map(|measure| measure.of(scored).expect("both outcomes"));
    let scored = |leads, random: &mut Random| {
        let (scores, outcomes) = far_apart(leads, 0.2, 3.0, random);
        Scored::new(&scores, &outcomes).expect("scores")
    };
    let truths = of_all(&scored(200_000, &mut Random::new(98)));
    let (mut perfect, mut held) = (0, [0; 2]);
    for world in 0..2000 {
        let found = scored(20, &mut Random::stream(9, world));
        if found.positives() == 0 || found.auc() != Some(1.0) {
            continue;
        }
        perfect += 1;
        let how = Resampling { draws: 50, ..Resampling::default() };
        for (place, one) in estimates(&found, &MEASURES, &how).into_iter().flatten().enumerate() {
            held[place] += u32::from(one.low <= truths[place]);
        }
    }
    assert!(perfect > 500 && held.iter().all(|held| held * 100 >= perfect * 95), "{held:?} of {perfect}");
}

/// Leads of which each is looked at five times: nearly the same score and the same outcome again.
fn looked_at_again(leads: usize, random: &mut Random) -> (Vec<f64>, Vec<bool>, Vec<u32>) {
    let (scores, outcomes) = dealt(leads, random);
    let rows: Vec<usize> = (0..leads).flat_map(|lead| [lead; 5]).collect();
    let near = |row: &usize| (scores[*row] + 0.02 * (random.unit() - 0.5)).clamp(0.0, 1.0);
    (
        rows.iter().map(near).collect(),
        rows.iter().map(|row| outcomes[*row]).collect(),
        rows.iter().map(|row| u32::try_from(*row).expect("few leads")).collect(),
    )
}

#[test]
fn looking_at_a_lead_again_makes_nothing_surer() {
    const WORLDS: u64 = 200;
    let measures = [Measure::Auc, Measure::AveragePrecision, Measure::LogLoss, Measure::Brier];
    let (scores, outcomes, _) = looked_at_again(80_000, &mut Random::new(98));
    let all = Scored::new(&scores, &outcomes).expect("scores");
    let truth = measures.map(|measure| measure.of(&all).expect("defined"));
    let (mut held, mut held_by_rows) = ([0; 4], [0; 4]);
    for world in 0..WORLDS {
        let (scores, outcomes, leads) = looked_at_again(200, &mut Random::stream(6, world));
        let by_rows = Scored::new(&scores, &outcomes).expect("scores");
        let by_lead = by_rows.clone().by_lead(&leads).expect("a lead each");
        let how = Resampling { draws: 200, level: 0.9, seed: world, threads: 2 };
        for (scored, held) in [(by_lead, &mut held), (by_rows, &mut held_by_rows)] {
            for (place, estimate) in estimates(&scored, &measures, &how).into_iter().enumerate() {
                let estimate = estimate.expect("defined");
                held[place] += u32::from(estimate.low <= truth[place] && truth[place] <= estimate.high);
            }
        }
    }
    // 180 of 200 are expected, with a standard deviation of 4; of intervals that take rows for leads about 110.
    assert!(held.iter().all(|held| (165..=195).contains(held)), "{held:?} of {WORLDS}");
    assert!(held_by_rows.iter().all(|held| *held < 140), "{held_by_rows:?} of {WORLDS}");
}

#[test]
fn leads_of_one_row_each_are_drawn_as_rows_are() {
    let (scores, outcomes) = dealt(200, &mut Random::new(4));
    let by_rows = Scored::new(&scores, &outcomes).expect("scores");
    let names: Vec<u32> = (0..200).map(|row| 7 * row + 3).collect();
    let by_lead = by_rows.clone().by_lead(&names).expect("a lead each");
    let of = |scored| estimates(scored, &Measure::ALL, &Resampling { draws: 50, ..Resampling::default() });
    assert_eq!(of(&by_rows), of(&by_lead));
    assert_eq!(
        by_rows.by_lead(&[1]).expect_err("too few").to_string(),
        "200 scores are of 1 leads: each needs one"
    );
}

#[test]
fn the_calibration_error_of_a_fair_score_may_be_none() {
    let (scores, outcomes) = dealt(2_000, &mut Random::new(3));
    let scored = Scored::new(&scores, &outcomes).expect("scores");
    let error = estimates(&scored, &[Measure::CalibrationError], &Resampling::default())[0].expect("defined");
    assert!(error.low < 0.005 && error.high < 0.04, "{error:?}");
}

#[test]
fn a_score_does_not_differ_from_itself_and_does_from_noise() {
    let mut random = Random::new(11);
    let (scores, outcomes) = dealt(500, &mut random);
    let noise: Vec<f64> = scores.iter().map(|_| random.unit()).collect();
    let good = Scored::new(&scores, &outcomes).expect("scores");
    let noise = Scored::new(&noise, &outcomes).expect("scores");
    let difference = |other| differences(&good, other, &[Measure::Auc], &Resampling::default());
    let none = difference(&good).expect("same rows")[0].expect("defined");
    assert_eq!((none.low, none.high), (0.0, 0.0));
    let much = difference(&noise).expect("same rows")[0].expect("defined");
    assert!(much.low > 0.1 && much.high < 0.4, "{much:?}");
}

#[test]
fn intervals_do_not_depend_on_threads() {
    let (scores, outcomes) = dealt(200, &mut Random::new(4));
    let scored = Scored::new(&scores, &outcomes).expect("scores");
    let with = |threads| {
        estimates(&scored, &Measure::ALL, &Resampling { threads, draws: 50, ..Resampling::default() })
    };
    assert_eq!(with(1), with(3));
}
