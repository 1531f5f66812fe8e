//! Drift that was planted is found, and none where there is none; indexes equal reference values.

use std::fs;

use kelvin_learn::{
    Column, Dataset, Example, Feature, Random, Table, Values,
    drift::{
        DAYS, EventMix, Level, Limits, Shift, calibration, category_psi, chi_squared, edges, event_mix,
        number_psi, shifts,
    },
};

use super::{
    reference::{golden, number},
    shared::shared,
};

#[test]
fn indexes_are_those_that_were_computed_elsewhere() {
    let Some(golden) = golden("psi_golden.json") else { return };
    let path = shared().expect("found before").join("data/leads/bank-additional-full.csv");
    let text = fs::read(path).expect("the bank's leads");
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(text.as_slice());
    let header = reader.headers().expect("a header").clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    let (before, after) = rows.split_at(rows.len() * 8 / 10);
    for (name, expect) in golden["columns"].as_object().expect("columns") {
        let at = header.iter().position(|column| column == name).expect("a column");
        let psi = if expect["edges"].is_array() {
            let [before, after] = [before, after]
                .map(|rows| rows.iter().map(|row| row[at].parse().unwrap()).collect::<Vec<f64>>());
            let found: Vec<f64> =
                expect["edges"].as_array().unwrap().iter().filter_map(|edge| edge.as_f64()).collect();
            assert_eq!(edges(&before), found, "{name}");
            number_psi(&before, &after)
        } else {
            let levels = expect["levels"].as_array().expect("levels");
            let count = |rows: &[csv::StringRecord]| -> Vec<f64> {
                let of = |level: &serde_json::Value| {
                    rows.iter().filter(|row| Some(&row[at]) == level.as_str()).count()
                };
                levels.iter().map(|level| of(level) as f64).collect()
            };
            category_psi(&count(before), &count(after))
        };
        assert!((psi - number(expect, "psi")).abs() < 1e-9, "{name}: {psi}");
    }
}

/// A period of leads: 15 attributes, of which those that are named have moved.
fn period(random: &mut Random, rows: usize, moved: &[usize]) -> Table {
    let column = |place: usize, random: &mut Random| {
        let by = if moved.contains(&place) { 0.8 } else { 0.0 };
        let values = if place.is_multiple_of(3) {
            let code = |random: &mut Random| ((random.unit() * 4.0 + by * 2.0) as u32).min(3);
            let levels = ["a", "b", "c", "d"].map(str::to_owned).to_vec();
            Values::Categories { codes: (0..rows).map(|_| code(random)).collect(), levels }
        } else {
            let missing = |random: &mut Random| place == 1 && random.unit() < 0.2;
            let one = |random: &mut Random| if missing(random) { f64::NAN } else { random.normal() + by };
            Values::Numbers((0..rows).map(|_| one(random)).collect())
        };
        Column { feature: Feature::Attribute(format!("a{place}")), values }
    };
    Table::new((0..15).map(|place| column(place, random)).collect()).expect("a table")
}

fn told(shifts: &[Shift]) -> Vec<usize> {
    (0..shifts.len()).filter(|place| shifts[*place].level > Level::None).collect()
}

#[test]
fn drift_that_was_planted_is_found_in_every_seed() {
    for seed in 0..100 {
        let mut random = Random::new(seed);
        let (before, after) = (period(&mut random, 800, &[]), period(&mut random, 800, &[3, 7]));
        let shifts = shifts(&before, &after, [800.0; 2], &Limits::default()).expect("the same columns");
        let told = told(&shifts);
        assert!(told.contains(&3) && told.contains(&7), "{seed}: {told:?}");
    }
}

#[test]
fn where_nothing_has_changed_an_alarm_is_as_rare_as_it_says() {
    // The index alone would cry wolf: with 100 leads it lies above 0.1 by chance.
    let limits = Limits { moderate: 0.0, ..Limits::default() };
    let mut alarms = 0;
    let mut large = 0;
    for seed in 0..400 {
        let mut random = Random::new(1000 + seed);
        let (before, after) = (period(&mut random, 100, &[]), period(&mut random, 100, &[]));
        let shifts = shifts(&before, &after, [100.0; 2], &limits).expect("the same columns");
        alarms += usize::from(!told(&shifts).is_empty());
        large += usize::from(shifts.iter().any(|shift| shift.psi >= 0.1));
    }
    // 5 % of 400, and three standard deviations.
    assert!(alarms <= 33, "{alarms}");
    assert!(large > 300, "{large}");
}

#[test]
fn leads_that_are_looked_at_often_set_off_no_more_alarms() {
    let limits = Limits { moderate: 0.0, ..Limits::default() };
    let example = |lead: usize| Example {
        lead: lead.to_string(),
        at: None,
        outcome: false,
        outcome_at: None,
        value: None,
    };
    let (mut alarms, mut of_rows) = (0, 0);
    for seed in 0..400 {
        let mut random = Random::new(5000 + seed);
        let [before, after] = [(); 2].map(|()| {
            let table = period(&mut random, 100, &[]);
            // Some once, some up to eight times.
            let rows: Vec<usize> =
                (0..100).flat_map(|lead| std::iter::repeat_n(lead, 1 + lead % 8)).collect();
            Dataset { table, examples: (0..100).map(example).collect() }.take(&rows)
        });
        let of = |cases| shifts(&before.table, &after.table, cases, &limits).expect("the same columns");
        let rows = before.examples.len() as f64;
        alarms += usize::from(!told(&of([before.cases(), after.cases()])).is_empty());
        of_rows += usize::from(!told(&of([rows; 2])).is_empty());
    }
    // 5 % of 400, and three standard deviations; rows taken for leads cry wolf.
    assert!(alarms <= 33, "{alarms}");
    assert!(of_rows > 300, "{of_rows}");
}

#[test]
fn probabilities_that_are_right_are_doubted_as_rarely_as_it_says() {
    let mut doubted = [0, 0];
    for seed in 0..400 {
        let mut random = Random::new(seed);
        let probabilities: Vec<f64> = (0..500).map(|_| random.unit() * 0.4).collect();
        for (place, factor) in [1.0, 1.5].into_iter().enumerate() {
            let outcomes: Vec<bool> = probabilities.iter().map(|p| random.unit() < p * factor).collect();
            let found = calibration(&probabilities, &outcomes, 1.0);
            doubted[place] += usize::from(found.p.expect("doubt") < 0.05);
        }
    }
    assert!((8..=33).contains(&doubted[0]), "{doubted:?}");
    assert!(doubted[1] > 390, "{doubted:?}");
}

#[test]
fn five_looks_at_a_lead_are_no_five_doubts_in_its_probability() {
    let mut doubted = [0, 0];
    for seed in 0..400 {
        let mut random = Random::new(seed);
        let mut lead = |_| {
            let p = random.unit() * 0.4;
            (p, random.unit() < p)
        };
        let leads: Vec<(f64, bool)> = (0..100).map(&mut lead).collect();
        let (probabilities, outcomes): (Vec<f64>, Vec<bool>) =
            leads.iter().flat_map(|lead| [*lead; 5]).unzip();
        for (place, of_a_case) in [0.2, 1.0].into_iter().enumerate() {
            let found = calibration(&probabilities, &outcomes, of_a_case);
            doubted[place] += usize::from(found.p.expect("doubt") < 0.05);
        }
    }
    assert!(doubted[0] <= 33, "{doubted:?}");
    assert!(doubted[1] > 100, "{doubted:?}");
}

#[test]
fn a_column_that_is_gone_is_told() {
    let mut random = Random::new(0);
    let (before, after) = (period(&mut random, 10, &[]), Table::default());
    let failed = shifts(&before, &after, [10.0; 2], &Limits::default()).expect_err("no column");
    assert_eq!(failed.to_string(), "`lead.a0` is not in both periods");
}

/// What 150 leads did before each of three looks at them: some are far keener than others, and each has a taste of its own. `rates` are of
/// pages, mails and webinars.
fn doings(random: &mut Random, period: &str, rates: [f64; 3]) -> Dataset {
    let mut counts = [const { Vec::new() }; 3];
    let mut examples = Vec::new();
    for lead in 0..150 {
        let keen = random.normal().exp();
        let tastes = rates.map(|rate| keen * rate * (0.5 * random.normal()).exp());
        for _ in 0..3 {
            let lead = format!("{period}{lead}");
            examples.push(Example { lead, at: None, outcome: false, outcome_at: None, value: None });
            for (counts, rate) in counts.iter_mut().zip(tastes) {
                counts.push((rate * (0.75 + 0.5 * random.unit())).round());
            }
        }
    }
    let column = |(event, counts): (&str, Vec<f64>)| Column {
        feature: Feature::Count { event: event.to_owned(), days: Some(DAYS) },
        values: Values::Numbers(counts),
    };
    let columns = ["page", "mail", "webinar"].into_iter().zip(counts).map(column).collect();
    Dataset { table: Table::new(columns).expect("a table"), examples }
}

fn mixed(seed: u64, after: [f64; 3], limits: &Limits) -> (EventMix, f64) {
    let mut random = Random::new(seed);
    let periods = [doings(&mut random, "a", [8.0, 4.0, 2.0]), doings(&mut random, "b", after)];
    let sums = periods.each_ref().map(|period| -> Vec<f64> {
        let sum = |column: &Column| match &column.values {
            Values::Numbers(numbers) => numbers.iter().sum(),
            Values::Categories { .. } => 0.0,
        };
        period.table.columns().iter().map(sum).collect()
    });
    let mix = event_mix(&periods[0], &periods[1], limits).expect("events");
    (mix, chi_squared(&sums[0], &sums[1]))
}

#[test]
fn where_leads_do_what_they_did_the_event_mix_sets_off_an_alarm_as_rarely_as_it_says() {
    let limits = Limits { moderate: 0.0, ..Limits::default() };
    let (mut alarms, mut cries) = (0, 0);
    for seed in 0..400 {
        let (found, by_event) = mixed(seed, [8.0, 4.0, 2.0], &limits);
        alarms += usize::from(found.mix.level > Level::None || found.rates.level > Level::None);
        cries += usize::from(by_event < 0.05);
    }
    // 5 % of 400, and three standard deviations. Event by event, most periods would differ.
    assert!(alarms <= 33, "{alarms}");
    assert!(cries > 200, "{cries}");
}

#[test]
fn events_that_were_planted_among_others_are_found_in_the_mix() {
    for seed in 0..100 {
        let (found, _) = mixed(seed, [8.0, 4.0, 8.0], &Limits::default());
        let webinar = &found.events[2];
        assert!(found.mix.level > Level::None && webinar.share_q < 0.01, "{seed}: {found:?}");
        assert!(webinar.shares[1] > 1.5 * webinar.shares[0], "{seed}: {found:?}");
    }
}

#[test]
fn three_times_as_many_of_all_events_are_found_in_the_rates_and_not_in_the_mix() {
    let (mut rates, mut mixes) = (0, 0);
    for seed in 0..100 {
        let (found, _) = mixed(seed, [24.0, 12.0, 6.0], &Limits::default());
        rates += usize::from(found.rates.level == Level::Strong);
        mixes += usize::from(found.mix.level > Level::None);
    }
    assert!(rates >= 99 && mixes <= 5, "{rates} {mixes}");
}

#[test]
fn there_is_no_event_mix_without_events() {
    let mut random = Random::new(0);
    let period = Dataset { table: period(&mut random, 1, &[]), examples: Vec::new() };
    assert_eq!(event_mix(&period, &period, &Limits::default()), None);
}
