//! Calibration against reference values, and that it mends what it is for.

use kelvin_learn::Random;
use kelvin_learn::calibration::{Calibration, beta, isotonic, platt};
use kelvin_learn::measure::{Measure, Scored};
use serde_json::Value;

use super::reference::{golden, number, predictions};

/// Log-odds and outcomes of every other row: those to fit to, and those to measure.
struct Halves {
    fit: (Vec<f64>, Vec<bool>),
    measured: (Vec<f64>, Vec<bool>),
}

fn halves() -> Halves {
    let (scores, outcomes) = predictions("reference/preds/shoppers__nb_odoo.csv");
    let log_odds = scores.iter().map(|score| (score / (1.0 - score)).ln());
    let rows: Vec<(f64, bool)> = log_odds.zip(outcomes).collect();
    let half = |from| rows.iter().skip(from).step_by(2).copied().unzip();
    Halves { fit: half(0), measured: half(1) }
}

fn check(calibration: &Calibration, halves: &Halves, expected: &Value) {
    let (log_odds, outcomes) = &halves.measured;
    let calibrated: Vec<f64> = log_odds.iter().map(|value| calibration.probability(*value)).collect();
    let scored = Scored::new(&calibrated, outcomes).expect("scores");
    let measures = [
        Measure::Auc,
        Measure::LogLoss,
        Measure::Brier,
        Measure::CalibrationError,
        Measure::AveragePrecision,
    ];
    for (measure, key) in measures.iter().zip(["auc", "logloss", "brier", "ece10", "ap"]) {
        let found = measure.of(&scored).expect("defined");
        assert!((found - number(expected, key)).abs() < 1e-6, "{key}: {found} instead of {expected}");
    }
}

#[test]
fn isotonic_steps_equal_those_of_another_tool() {
    let Some(golden) = golden("calibration_golden.json") else { return };
    let halves = halves();
    let calibration = isotonic(&halves.fit.0, &halves.fit.1);
    let Calibration::Isotonic { knots } = &calibration else { panic!("isotonic") };
    let expected = golden["isotonic_knots"].as_array().expect("knots");
    assert_eq!(knots.len(), expected.len());
    for (found, expected) in knots.iter().zip(expected) {
        let [from, to] = [0, 1].map(|place| expected[place].as_f64().expect("a number"));
        assert!((found.0 - from).abs() < 1e-9 && (found.1 - to).abs() < 1e-9, "{found:?} {expected}");
    }
    check(&calibration, &halves, &golden["isotonic_after"]);
}

#[test]
fn platt_s_line_equals_that_of_another_tool() {
    let Some(golden) = golden("calibration_golden.json") else { return };
    let halves = halves();
    let calibration = platt(&halves.fit.0, &halves.fit.1);
    let Calibration::Platt { slope, intercept } = &calibration else { panic!("a line") };
    let expected = &golden["platt_on_logit"];
    assert!((slope - number(expected, "a")).abs() < 1e-5, "{slope} {expected}");
    assert!((intercept - number(expected, "b")).abs() < 1e-5, "{intercept} {expected}");
    check(&calibration, &halves, &golden["platt_after"]);
}

/// Log-odds that claim too much at one end, with outcomes of what is true.
fn bent(rows: usize) -> (Vec<f64>, Vec<bool>) {
    let mut random = Random::new(8);
    let mut row = || {
        let truth = 2.0 * random.normal();
        let outcome = random.unit() < 1.0 / (1.0 + (-truth).exp());
        (if truth > 0.0 { 3.0 * truth } else { truth }, outcome)
    };
    (0..rows).map(|_| row()).unzip()
}

#[test]
fn a_score_that_is_bent_at_one_end_is_bent_back() {
    let (log_odds, outcomes) = bent(20_000);
    let error = |calibration: &Calibration| {
        let calibrated: Vec<f64> = log_odds.iter().map(|value| calibration.probability(*value)).collect();
        Scored::new(&calibrated, &outcomes).expect("scores").calibration_error().expect("rows")
    };
    let (none, platt) = (Calibration::None, platt(&log_odds, &outcomes));
    let (beta, isotonic) = (beta(&log_odds, &outcomes), isotonic(&log_odds, &outcomes));
    assert!(error(&none) > 0.05);
    assert!(error(&platt) < error(&none) && error(&beta) < error(&platt) && error(&isotonic) < 0.01);
}

#[test]
fn a_calibrated_score_never_falls_as_the_score_rises() {
    let (log_odds, outcomes) = bent(500);
    for calibration in
        [platt(&log_odds, &outcomes), beta(&log_odds, &outcomes), isotonic(&log_odds, &outcomes)]
    {
        let values = (-300..300).map(|tenths| calibration.probability(f64::from(tenths) / 10.0));
        let values: Vec<f64> = values.collect();
        assert!(values.windows(2).all(|pair| pair[0] <= pair[1]), "{calibration:?}");
    }
}
