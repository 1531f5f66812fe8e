//! Integer risk scores beside those that `FasterRisk` found on the same rows.

use kelvin_learn::points::{Cases, Limits, points};
use sha2::{Digest, Sha256};

use super::shared::shared;

/// A set of the paper, its first column the outcome.
struct RiskSet {
    columns: Vec<Vec<i32>>,
    outcomes: Vec<bool>,
}

fn risk_set(name: &str) -> Option<RiskSet> {
    let path = shared()?.join(format!("data/risk_slim/{name}_data.csv"));
    let mut reader = csv::Reader::from_path(path).ok()?;
    let rows: Vec<Vec<i32>> = reader
        .records()
        .map(|row| {
            row.expect("a row").iter().map(|cell| cell.parse::<f64>().expect("a number") as i32).collect()
        })
        .collect();
    let columns = (1..rows[0].len()).map(|column| rows.iter().map(|row| row[column]).collect()).collect();
    Some(RiskSet { columns, outcomes: rows.iter().map(|row| row[0] == 1).collect() })
}

/// Which of ten parts a row belongs to, as the reference values were computed.
pub(crate) fn fold(row: usize) -> u64 {
    let digest = Sha256::digest(row.to_string());
    u64::from_be_bytes(digest[..8].try_into().expect("8 bytes")) % 10
}

fn taken<T: Copy>(values: &[T], rows: &[usize]) -> Vec<T> {
    rows.iter().map(|row| values[*row]).collect()
}

/// Our summed log loss on the rows of each part is at most that of the reference.
fn check(name: &str, conditions: usize) {
    let (Some(set), Some(shared)) = (risk_set(name), shared()) else { return };
    let path = shared.join("data/reference/fasterrisk.csv");
    for theirs in csv::Reader::from_path(path).expect("reference").records() {
        let theirs = theirs.expect("a row");
        if &theirs[0] != name || theirs[1] != conditions.to_string() {
            continue;
        }
        let (ours, loss) = (loss_without(&set, theirs[2].parse().ok(), conditions), number(&theirs, 10));
        assert!(ours <= loss, "{name}, {conditions} conditions, part {}: {ours} > {loss}", &theirs[2]);
    }
}

fn number(record: &csv::StringRecord, column: usize) -> f64 {
    record[column].parse().expect("a number")
}

/// The loss on all rows but those of a part.
fn loss_without(set: &RiskSet, part: Option<u64>, conditions: usize) -> f64 {
    let rows: Vec<usize> = (0..set.outcomes.len()).filter(|row| Some(fold(*row) / 2) != part).collect();
    let columns: Vec<Vec<i32>> = set.columns.iter().map(|column| taken(column, &rows)).collect();
    let cases = Cases::new(&columns, &taken(&set.outcomes, &rows));
    let limits = Limits { conditions, points: vec![(-5, 5); columns.len()], shrinkage: 1e-8 };
    let card = points(&cases, &limits);
    assert!(card.points.iter().filter(|points| **points != 0).count() <= conditions);
    assert!(card.points.iter().all(|points| points.abs() <= 5));
    card.line.loss
}

#[test]
fn points_are_at_least_as_likely_as_those_of_fasterrisk_on_mammograms() {
    check("mammo", 5);
    check("mammo", 10);
}

#[test]
fn points_are_at_least_as_likely_as_those_of_fasterrisk_on_biopsies() {
    check("breastcancer", 5);
    check("breastcancer", 10);
}

#[test]
fn points_are_at_least_as_likely_as_those_of_fasterrisk_on_a_census() {
    check("adult", 5);
    check("adult", 10);
}

#[test]
fn a_sign_that_is_not_allowed_is_not_given() {
    let met: Vec<i32> = (0..200).map(|row| row % 2).collect();
    let outcomes: Vec<bool> = (0..200).map(|row| row % 2 == 1 || row % 10 == 0).collect();
    let limits = Limits { conditions: 1, points: vec![(-5, 0)], shrinkage: 0.1 };
    assert_eq!(points(&Cases::new(&[met], &outcomes), &limits).points, [0]);
}
