//! Columns that know what came later are found, and others are left alone.

use kelvin_learn::leaks::{Suspicion, suspects, without};
use kelvin_learn::{Column, Dataset, Feature, MISSING, Random, Table, Values};

use super::planted::leads;
use super::tasks::{TASKS, Task};

fn named(dataset: &Dataset) -> Vec<String> {
    suspects(dataset, 2).iter().map(|suspect| suspect.feature.to_string()).collect()
}

/// The planted leads with one column more, made of the outcome of each row.
fn with(seed: u64, mut of: impl FnMut(&mut Random, bool) -> f64) -> Dataset {
    let mut dataset = leads(1_000, seed);
    let mut random = Random::stream(seed, 1);
    let numbers = dataset.examples.iter().map(|example| of(&mut random, example.outcome)).collect();
    let mut columns = dataset.table.columns().to_vec();
    columns.push(Column { feature: Feature::Attribute("planted".into()), values: Values::Numbers(numbers) });
    dataset.table = Table::new(columns).expect("a table");
    dataset
}

/// In how many of 200 data sets the planted column, and nothing else, is named.
fn found(of: impl Fn(&mut Random, bool) -> f64) -> usize {
    (0..200).filter(|seed| named(&with(*seed, &of)) == ["lead.planted"]).count()
}

/// A number in so many rows, else none.
fn sometimes(random: &mut Random, share: f64) -> f64 {
    let number = random.unit();
    if random.unit() < share { number } else { f64::NAN }
}

fn features(table: &Table) -> Vec<&Feature> {
    table.columns().iter().map(|column| &column.feature).collect()
}

#[test]
fn nothing_is_named_in_leads_that_know_nothing_of_later() {
    let wrong = (0..200).filter(|seed| !named(&leads(1_000, *seed)).is_empty()).count();
    assert!(wrong <= 2, "{wrong} of 200, more than 1 %");
}

#[test]
fn what_nearly_tells_the_outcome_is_found() {
    let found = found(|random, outcome| random.normal() + if outcome { 3.0 } else { 0.0 });
    assert!(found >= 198, "{found} of 200, less than 99 %");
}

#[test]
fn what_is_only_filled_in_once_the_outcome_came_is_found() {
    let found = found(|random, outcome| sometimes(random, if outcome { 0.4 } else { 0.0 }));
    assert!(found >= 198, "{found} of 200, less than 99 %");
}

#[test]
fn what_is_only_filled_in_for_lost_leads_is_found() {
    let found = found(|random, outcome| sometimes(random, if outcome { 0.0 } else { 0.5 }));
    assert!(found >= 198, "{found} of 200, less than 99 %");
}

#[test]
fn the_same_leads_again_make_nothing_more_suspicious() {
    // Some thirty leads are too few to tell a good column from a leak; their rows again prove nothing more.
    let named_in = |seed, times: usize| {
        let dataset = with(seed, |random, outcome| random.normal() + if outcome { 1.5 } else { 0.0 });
        let dataset = dataset.take(&(0..30).collect::<Vec<_>>().repeat(times));
        named(&dataset).contains(&"lead.planted".to_owned())
    };
    for seed in 0..100 {
        assert_eq!(named_in(seed, 10), named_in(seed, 1), "seed {seed}");
    }
}

#[test]
fn a_number_of_each_lead_s_own_is_an_identifier() {
    let mut next = 1_000.0;
    let dataset = with(7, |_, _| {
        next += 3.0;
        next
    });
    let suspects = suspects(&dataset, 1);
    assert_eq!(suspects[0].why, Suspicion::Identifier);
    assert_eq!(
        suspects[0].to_string(),
        "`lead.planted` is another for nearly every lead: it names leads, and tells nothing"
    );
}

#[test]
fn an_amount_that_only_won_deals_have_is_found_though_each_has_another() {
    let mut next = 1_000.0;
    let dataset = with(7, |_, outcome| {
        next += 3.0;
        if outcome { next } else { f64::NAN }
    });
    let suspects = suspects(&dataset, 1);
    let filled_in = matches!(suspects[0].why, Suspicion::OnlyWith { present: true, outcome: true, .. });
    assert!(filled_in, "{suspects:?}");
    assert_eq!(features(&without(&dataset.table, &suspects)), features(&leads(1_000, 7).table));
}

#[test]
fn a_stage_that_is_set_afterwards_is_found_by_its_value() {
    let mut dataset = leads(1_000, 3);
    let codes = dataset.examples.iter().enumerate().map(|(row, one)| match row % 4 {
        0 if one.outcome => 1,
        1 => MISSING,
        _ => 0,
    });
    let values =
        Values::Categories { codes: codes.collect(), levels: vec!["Open".into(), "Customer".into()] };
    let columns = vec![Column { feature: Feature::Attribute("stage".into()), values }];
    dataset.table = Table::new(columns).expect("a table");
    let suspects = suspects(&dataset, 1);
    let Suspicion::Value { level, .. } = &suspects[0].why else { panic!("{suspects:?}") };
    assert_eq!(level, "Customer");
}

#[test]
fn times_after_the_moment_are_named_unless_they_are_so_few_that_they_may_be_mistyped() {
    let ages = |later: usize| {
        let mut dataset = leads(1_000, 3);
        let days = (0_u32..1_000).map(|row| f64::from(row % 90) + 1.0);
        let days = days.enumerate().map(|(row, days)| if row < later { -days } else { days }).collect();
        let values = Values::Numbers(days);
        let column = Column { feature: Feature::Age("closed".into()), values };
        dataset.table = Table::new(vec![column]).expect("a table");
        suspects(&dataset, 1).iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(ages(10), Vec::<String>::new());
    assert_eq!(ages(11), ["`daysSince(lead.closed)` tells a time after the moment of decision (11 rows)"]);
}

#[test]
fn a_constant_is_named_and_kept_and_a_leak_goes() {
    let constant = with(1, |_, _| 5.0);
    let constants = suspects(&constant, 1);
    assert_eq!(constants[0].to_string(), "`lead.planted` is the same everywhere: it tells nothing");
    assert_eq!(features(&without(&constant.table, &constants)), features(&constant.table));
    let leak = with(1, |_, outcome| f64::from(u8::from(outcome)));
    assert_eq!(features(&without(&leak.table, &suspects(&leak, 1))), features(&leads(1_000, 1).table));
}

#[test]
fn any_number_of_threads_finds_the_same() {
    let dataset = with(1, |_, outcome| f64::from(u8::from(outcome)));
    assert_eq!(suspects(&dataset, 1), suspects(&dataset, 3));
}

fn check_task(task: Task, expected: &[&str]) {
    let Some((taught, _)) = task.parts() else { return };
    assert_eq!(named(&taught), expected, "{}", task.name);
}

#[test]
fn the_length_of_a_bank_s_calls_and_a_shop_s_page_values_are_found_and_nothing_else() {
    check_task(TASKS[0].with_leaks(), &["lead.duration"]);
    check_task(TASKS[1].with_leaks(), &["lead.PageValues"]);
}

#[test]
fn no_column_is_suspicious_without_them() {
    check_task(TASKS[0], &[]);
    check_task(TASKS[2], &[]);
    check_task(TASKS[3], &[]);
}
