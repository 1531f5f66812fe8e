//! Training on leads whose outcomes follow known rules.

use kelvin_learn::measure::Scored;
use kelvin_learn::trees::Direction;
use kelvin_learn::{
    Column, Dataset, Example, Feature, Predictor, Random, Table, TrainError, TrainSettings, Values,
    importances, probabilities, rows, train,
};
use proptest::prelude::*;

use super::planted::{in_time, leads};

fn quick() -> TrainSettings {
    let mut settings = TrainSettings { threads: 2, ..TrainSettings::default() };
    settings.trees.learning_rate = 0.1;
    settings
}

fn auc(predictor: &Predictor, of: &Dataset) -> f64 {
    let scored = Scored::new(&probabilities(predictor, &of.table), &of.outcomes()).expect("scores");
    scored.auc().expect("both outcomes")
}

#[test]
fn what_decides_is_found_and_what_does_not_counts_little() {
    let (taught, test) = (leads(4_000, 1), leads(4_000, 2));
    let trained = train(&taught, &quick()).expect("a model");
    assert!(auc(&trained.predictor, &test) > 0.75, "{}", auc(&trained.predictor, &test));
    let weights = importances(&trained.predictor, &test.table, 200, 2);
    let [size, visits, shoe, industry] = [0, 1, 2, 3].map(|place| weights[place]);
    assert!(shoe < size.min(visits).min(industry) / 5.0, "{weights:?}");
}

#[test]
fn what_is_held_out_tells_how_good_the_model_will_be() {
    let (taught, test) = (leads(4_000, 3), leads(20_000, 4));
    let trained = train(&taught, &quick()).expect("a model");
    let outcomes: Vec<bool> = trained.rows.iter().map(|row| taught.examples[*row].outcome).collect();
    let told = Scored::new(&trained.probabilities, &outcomes).expect("scores").auc().expect("both");
    assert!((told - auc(&trained.predictor, &test)).abs() < 0.02, "{told}");
}

#[test]
fn noise_teaches_nothing() {
    let mut noise = leads(2_500, 5);
    let mut random = Random::new(6);
    noise.examples.iter_mut().for_each(|example| example.outcome = random.unit() < 0.3);
    let trained = train(&noise, &quick()).expect("a model");
    assert!((auc(&trained.predictor, &leads(2_000, 7)) - 0.5).abs() < 0.1);
    let spread = |values: &[f64]| values.iter().fold(0.0_f64, |most, value| most.max((value - 0.3).abs()));
    assert!(spread(&trained.probabilities) < 0.15, "{:?}", trained.choice);
}

#[test]
fn a_model_is_the_same_on_any_number_of_threads() {
    let dataset = leads(600, 8);
    let with = |threads| train(&dataset, &TrainSettings { threads, ..quick() }).expect("a model");
    assert_eq!(with(1), with(3));
}

#[test]
fn texts_are_known_by_their_text_and_not_by_their_code() {
    let taught = leads(1_500, 9);
    let predictor = train(&taught, &quick()).expect("a model").predictor;
    let turned = Table::new(taught.table.columns().iter().rev().map(turned).collect()).expect("a table");
    assert_eq!(probabilities(&predictor, &turned), probabilities(&predictor, &taught.table));
}

#[test]
fn codes_are_known_where_they_look_like_numbers() {
    let mut taught = leads(1_500, 13);
    let columns = taught.table.columns();
    let Values::Categories { codes, .. } = &columns[3].values else { panic!("texts") };
    let levels = (0..12).map(|code| (code * 7).to_string()).collect();
    let named = Values::Categories { codes: codes.clone(), levels };
    let number = |code: &u32| if *code == u32::MAX { f64::NAN } else { f64::from(code * 7) };
    let numbers = Values::Numbers(codes.iter().map(number).collect());
    let table = |values| {
        let last = Column { feature: columns[3].feature.clone(), values };
        Table::new(columns[..3].iter().cloned().chain([last]).collect()).expect("a table")
    };
    let (named, numbers) = (table(named), table(numbers));
    taught.table = named;
    let predictor = train(&taught, &quick()).expect("a model").predictor;
    assert_eq!(probabilities(&predictor, &numbers), probabilities(&predictor, &taught.table));
}

/// The column with its levels in the reverse order.
fn turned(column: &Column) -> Column {
    let values = match &column.values {
        Values::Numbers(numbers) => Values::Numbers(numbers.clone()),
        Values::Categories { codes, levels } => {
            let last = u32::try_from(levels.len() - 1).expect("few levels");
            let codes = codes.iter().map(|code| last.checked_sub(*code).unwrap_or(*code)).collect();
            Values::Categories { codes, levels: levels.iter().rev().cloned().collect() }
        }
    };
    Column { feature: column.feature.clone(), values }
}

#[test]
fn a_direction_holds_for_every_lead() {
    let dataset = leads(1_500, 10);
    let directions = vec![Direction::Any, Direction::Up];
    let predictor = train(&dataset, &TrainSettings { directions, ..quick() }).expect("a model").predictor;
    for mut row in rows(&predictor, &dataset.table).take(200) {
        let mut predict = |visits: u8| {
            row[1] = f64::from(visits);
            predictor.log_odds(&row)
        };
        let values: Vec<f64> = (0..20).map(&mut predict).collect();
        assert!(values.windows(2).all(|pair| pair[0] <= pair[1] + 1e-12), "{values:?}");
    }
}

#[test]
fn the_future_is_predicted_from_the_past() {
    let dataset = in_time(leads(2_000, 11));
    let trained = train(&dataset, &quick()).expect("a model");
    assert_eq!(trained.rows, (1_000..2_000).collect::<Vec<_>>());
}

#[test]
fn too_few_outcomes_are_told() {
    let mut dataset = leads(200, 12);
    dataset.examples.iter_mut().enumerate().for_each(|(row, example)| example.outcome = row < 4);
    let failed = train(&dataset, &quick()).expect_err("four outcomes");
    assert_eq!(failed, TrainError::TooFew { positives: 4, leads: 200, least: 10 });
    let told = "4 of 200 leads have the outcome: at least 10 must have it, and as many must not";
    assert_eq!(failed.to_string(), told);
}

/// A small table with every kind of column, some of it missing.
fn small(rows: usize, seed: u64) -> Dataset {
    let mut random = Random::new(seed);
    let mut dataset = leads(rows, seed);
    let constant =
        Column { feature: Feature::Attribute("same".into()), values: Values::Numbers(vec![1.0; rows]) };
    let absent =
        Column { feature: Feature::Attribute("none".into()), values: Values::Numbers(vec![f64::NAN; rows]) };
    let mut odd: Vec<f64> = (0..rows).map(|_| random.normal() * 1e300).collect();
    odd.iter_mut().step_by(3).for_each(|odd| *odd = f64::INFINITY);
    let odd = Values::Numbers(odd);
    let odd = Column { feature: Feature::Attribute("odd".into()), values: odd };
    let columns = dataset.table.columns().iter().cloned().chain([constant, absent, odd]);
    dataset.table = Table::new(columns.collect()).expect("a table");
    dataset.examples.iter_mut().take(10).for_each(|example: &mut Example| example.outcome = true);
    dataset
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn every_model_can_be_kept_and_its_explanations_add_up_to_the_log_odds(seed in any::<u64>(), rows in 60_usize..400) {
        let dataset = small(rows, seed);
        let predictor = train(&dataset, &TrainSettings { seed, ..quick() }).expect("a model").predictor;
        let kept = serde_json::to_string(&predictor).expect("JSON");
        prop_assert_eq!(&serde_json::from_str::<Predictor>(&kept).expect("a model"), &predictor);
        let found = probabilities(&predictor, &dataset.table);
        for (row, probability) in kelvin_learn::rows(&predictor, &dataset.table).zip(found).take(20) {
            let told = predictor.explanation(&row);
            let sum = told.base + told.parts.iter().sum::<f64>() + told.calibration;
            prop_assert!((sum - told.log_odds).abs() < 1e-9, "{sum} {}", told.log_odds);
            prop_assert!((1.0 / (1.0 + (-told.log_odds).exp()) - probability).abs() < 1e-9);
        }
    }
}
