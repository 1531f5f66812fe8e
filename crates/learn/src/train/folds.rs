//! Which rows teach and which are held out, so that nothing is measured on what it was fitted to.

use std::collections::BTreeMap;

use kelvin_kernel::Instant;

use crate::{Dataset, Example, Random};

/// Rows that teach, and rows that are held out meanwhile.
pub(super) struct Fold {
    pub(super) taught: Vec<u32>,
    pub(super) watched: Vec<u32>,
}

/// From so many rows on, one fold tells enough.
const MANY: usize = 100_000;
/// Below so many rows, leads are dealt several times: how they fall matters.
const FEW: usize = 2_000;
/// How many folds leads are dealt into.
const PARTS: usize = 5;
/// From so many rows on they are dealt into fewer folds: what is learned from two thirds of so many differs little from what all teach.
const PLENTY: usize = 20_000;
const FEWER_PARTS: usize = 3;
/// How often few leads are dealt.
const DEALS: u64 = 4;
/// After which shares of the time the future begins, where it is known when examples are from.
const PRESENTS: [f64; 4] = [0.5, 0.65, 0.8, 1.0];

/// The folds of a data set: by time where all examples have one, by lead else.
pub(super) fn folds(dataset: &Dataset, seed: u64) -> Vec<Fold> {
    let mut folds = by_time(dataset).unwrap_or_default();
    folds.retain(|fold| is_mixed(dataset, &fold.taught) && is_mixed(dataset, &fold.watched));
    if !folds.is_empty() {
        return folds;
    }
    let deals = if dataset.examples.len() < FEW { DEALS } else { 1 };
    let mut folds: Vec<Fold> =
        (0..deals).flat_map(|deal| by_lead(dataset, seed.wrapping_add(deal))).collect();
    if dataset.examples.len() >= MANY {
        folds.truncate(1);
    }
    folds
}

/// The past teaches and what follows is held out; several presents where there are few rows.
fn by_time(dataset: &Dataset) -> Option<Vec<Fold>> {
    let times: Vec<Instant> = dataset.examples.iter().map(|example| example.at).collect::<Option<_>>()?;
    let mut order: Vec<usize> = (0..times.len()).collect();
    order.sort_by_key(|row| times[*row]);
    let presents = if times.len() >= MANY { &PRESENTS[2..] } else { &PRESENTS[..] };
    let wait = wait(dataset);
    let fold = |pair: &[f64]| {
        // What is decided at the same moment stays together.
        let [from, to] = [pair[0], pair[1]].map(|share| moment(&order, &times, share));
        let present = order.get(from).map(|row| times[*row])?;
        let known = order[..from].iter().copied().filter(|row| present.millis_since(times[*row]) >= wait);
        Some(Fold { taught: rows(known), watched: rows(order[from..to].iter().copied()) })
    };
    presents.windows(2).map(fold).collect()
}

/// After which time it is known what became of an example, in milliseconds: the longest that an outcome took. Who
/// learns at some present does not know yet what becomes of those who were decided upon later than that before it.
fn wait(dataset: &Dataset) -> i64 {
    let took = |example: &Example| Some(example.outcome_at?.millis_since(example.at?));
    dataset.examples.iter().filter(|example| example.outcome).filter_map(took).max().unwrap_or(0)
}

/// The place in an order by time at which a share of the rows has passed, moved to the start of a moment.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a share of the rows"
)]
fn moment<T: Ord + Copy>(order: &[usize], times: &[T], share: f64) -> usize {
    let place = (share * order.len() as f64) as usize;
    match order.get(place) {
        None => order.len(),
        Some(row) => order.partition_point(|other| times[*other] < times[*row]),
    }
}

/// Leads dealt into parts, those with the outcome as evenly as the others; all rows of a lead go together.
fn by_lead(dataset: &Dataset, seed: u64) -> Vec<Fold> {
    let mut leads: BTreeMap<&str, (bool, Vec<u32>)> = BTreeMap::new();
    for (row, example) in (0_u32..).zip(&dataset.examples) {
        let lead = leads.entry(&example.lead).or_default();
        lead.0 |= example.outcome;
        lead.1.push(row);
    }
    let (mut won, mut others): (Vec<_>, Vec<_>) = leads.into_values().partition(|(won, _)| *won);
    let mut random = Random::new(seed);
    random.shuffle(&mut won);
    random.shuffle(&mut others);
    let count = if dataset.examples.len() < PLENTY { PARTS } else { FEWER_PARTS };
    let mut parts: Vec<Vec<u32>> = vec![Vec::new(); count];
    for (place, (_, rows)) in won.into_iter().chain(others).enumerate() {
        parts[place % count].extend(rows);
    }
    parts.iter_mut().for_each(|part| part.sort_unstable());
    (0..count).map(|watched| fold(&parts, watched)).collect()
}

fn fold(parts: &[Vec<u32>], watched: usize) -> Fold {
    let others = parts.iter().enumerate().filter(|(place, _)| *place != watched);
    let mut taught: Vec<u32> = others.flat_map(|(_, part)| part).copied().collect();
    taught.sort_unstable();
    Fold { taught, watched: parts[watched].clone() }
}

fn is_mixed(dataset: &Dataset, rows: &[u32]) -> bool {
    let positives = rows.iter().filter(|row| dataset.examples[**row as usize].outcome).count();
    positives > 0 && positives < rows.len()
}

#[expect(clippy::cast_possible_truncation, reason = "rows are counted in 32 bits")]
fn rows(rows: impl Iterator<Item = usize>) -> Vec<u32> {
    let mut rows: Vec<u32> = rows.map(|row| row as u32).collect();
    rows.sort_unstable();
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Table;

    const DAY: i64 = 86_400_000;

    /// A lead decided upon each day; every third has the outcome, so many days later.
    fn daily(days: i64, later: i64) -> Dataset {
        let example = |day: i64| Example {
            lead: format!("lead {}", day / 2),
            at: Some(Instant::from_millis(day * DAY)),
            outcome: day % 3 == 0,
            outcome_at: (day % 3 == 0).then(|| Instant::from_millis((day + later) * DAY)),
            value: None,
        };
        Dataset { table: Table::default(), examples: (0..days).map(example).collect() }
    }

    #[test]
    fn nothing_is_learned_from_outcomes_that_were_not_known_yet() {
        let folds = folds(&daily(200, 30), 1);
        let spans: Vec<_> =
            folds.iter().map(|fold| (fold.taught.len(), fold.watched.first().copied())).collect();
        assert_eq!(spans, [(71, Some(100)), (101, Some(130)), (131, Some(160))]);
    }

    #[test]
    fn the_rows_of_a_lead_are_held_out_together() {
        let mut dataset = daily(300, 1);
        dataset.examples.iter_mut().for_each(|example| example.at = None);
        let folds = folds(&dataset, 1);
        assert_eq!(folds.len(), 20);
        for fold in folds {
            let lead = |row: &u32| row / 2;
            let watched: Vec<u32> = fold.watched.iter().map(lead).collect();
            assert!(fold.taught.iter().all(|row| !watched.contains(&lead(row))));
            assert_eq!(fold.taught.len() + fold.watched.len(), 300);
        }
    }

    #[test]
    fn where_no_outcome_was_known_in_time_leads_are_dealt() {
        let folds = folds(&daily(100, 99), 1);
        assert!(folds.len() == 20 && folds.iter().all(|fold| fold.taught.len() == 80));
    }
}
