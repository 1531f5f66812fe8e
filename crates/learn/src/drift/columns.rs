//! Attribute by attribute: how far it has moved, and whether that could be chance.

use super::{
    evidence::{chi_squared, kolmogorov_smirnov_of},
    psi::{category_psi, counts, number_psi},
};
use crate::{Column, Feature, MISSING, Table, Values, chance::adjusted};

/// How much has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Nothing that could not be chance, or too little to matter.
    None,
    /// Worth a look.
    Moderate,
    /// What was learned before may not hold any more.
    Strong,
}

/// From where on a change counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// The index from which a change is moderate.
    pub moderate: f64,
    /// The index from which it is strong.
    pub strong: f64,
    /// Where nothing has changed, the chance that any attribute is told at all is at most this.
    pub false_alarms: f64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { moderate: 0.1, strong: 0.25, false_alarms: 0.05 }
    }
}

impl Limits {
    /// How much an index says has changed, where as much comes by chance with `p`.
    pub(super) fn level(&self, psi: f64, p: f64) -> Level {
        match psi {
            _ if p > self.false_alarms => Level::None,
            psi if psi >= self.strong => Level::Strong,
            psi if psi >= self.moderate => Level::Moderate,
            _ => Level::None,
        }
    }
}

/// What has become of an attribute.
#[derive(Debug, Clone, PartialEq)]
pub struct Shift {
    /// The attribute.
    pub feature: Feature,
    /// Its stability index.
    pub psi: f64,
    /// The chance of as much, or more, where nothing has changed.
    pub p: f64,
    /// The same with all attributes taken into account (Benjamini-Hochberg).
    pub q: f64,
    /// Which part has no value, before and after.
    pub missing: [f64; 2],
    /// How much has changed.
    pub level: Level,
}

/// Why two tables cannot be compared.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum DriftError {
    /// One has a column that the other does not have.
    #[error("`{0}` is not in both periods")]
    OneSided(String),
    /// A column holds numbers in one, and texts in the other.
    #[error("`{0}` is a number in one period and text in the other")]
    Kinds(String),
}

/// What has become of each attribute between two tables with the same columns, in the order of the first. The tests take the rows of
/// each for so many cases: fewer than rows, where several are of one lead ([`Dataset::cases`](crate::Dataset::cases)).
///
/// # Errors
/// When a column is not in both tables, or of another kind in each.
pub fn shifts(
    before: &Table,
    after: &Table,
    cases: [f64; 2],
    limits: &Limits,
) -> Result<Vec<Shift>, DriftError> {
    let named = |feature: &Feature| DriftError::OneSided(feature.to_string());
    let has =
        |table: &Table, feature: &Feature| table.columns().iter().any(|column| column.feature == *feature);
    if let Some(extra) = after.columns().iter().find(|column| !has(before, &column.feature)) {
        return Err(named(&extra.feature));
    }
    let mut shifts = Vec::with_capacity(before.columns().len());
    for column in before.columns() {
        let other = after.columns().iter().find(|other| other.feature == column.feature);
        shifts.push(shift(column, other.ok_or_else(|| named(&column.feature))?, cases)?);
    }
    // Many attributes are looked at: of those that are told, no more than a part is chance.
    let adjusted = adjusted(&shifts.iter().map(|shift| shift.p).collect::<Vec<_>>());
    for (shift, q) in shifts.iter_mut().zip(adjusted) {
        shift.q = q;
        shift.level = limits.level(shift.psi, q);
    }
    Ok(shifts)
}

fn shift(before: &Column, after: &Column, cases: [f64; 2]) -> Result<Shift, DriftError> {
    let missing = [before, after].map(|column| missing(&column.values));
    let of_missing = {
        let counts = |part: f64, cases: f64| [part * cases, (1.0 - part) * cases];
        chi_squared(&counts(missing[0], cases[0]), &counts(missing[1], cases[1]))
    };
    let part = |cases: f64, column: &Column| cases / float(column.values.len().max(1));
    let a_row = [part(cases[0], before), part(cases[1], after)];
    let (psi, p) = match (&before.values, &after.values) {
        (Values::Numbers(before), Values::Numbers(after)) => {
            // Two tests, of the values and of whether there is one: the smaller chance counts twice.
            let p = kolmogorov_smirnov_of(before, after, a_row).min(of_missing) * 2.0;
            (number_psi(before, after), p.min(1.0))
        }
        (Values::Categories { .. }, Values::Categories { .. }) => {
            let [before, after] = together(&before.values, &after.values);
            let of_cases =
                |counts: &[f64], a_row: f64| counts.iter().map(|count| count * a_row).collect::<Vec<_>>();
            let p = chi_squared(&of_cases(&before, a_row[0]), &of_cases(&after, a_row[1]));
            (category_psi(&before, &after), p)
        }
        _ => return Err(DriftError::Kinds(before.feature.to_string())),
    };
    Ok(Shift { feature: before.feature.clone(), psi, p, q: p, missing, level: Level::None })
}

/// How often each text occurs in two columns, with those that have none last.
fn together(before: &Values, after: &Values) -> [Vec<f64>; 2] {
    let levels = |values: &Values| match values {
        Values::Categories { levels, .. } => levels.clone(),
        Values::Numbers(_) => Vec::new(),
    };
    let mut all: Vec<String> = levels(before).into_iter().chain(levels(after)).collect();
    all.sort_unstable();
    all.dedup();
    [before, after].map(|values| {
        let Values::Categories { codes, levels } = values else { return Vec::new() };
        let places: Vec<_> =
            levels.iter().map(|level| all.binary_search(level).unwrap_or(all.len())).collect();
        let place = |code: &u32| places.get(*code as usize).copied().unwrap_or(all.len());
        counts(codes.iter().map(place), all.len() + 1)
    })
}

fn missing(values: &Values) -> f64 {
    let missing = match values {
        Values::Numbers(numbers) => numbers.iter().filter(|number| number.is_nan()).count(),
        Values::Categories { codes, .. } => codes.iter().filter(|code| **code == MISSING).count(),
    };
    if values.is_empty() { 0.0 } else { float(missing) / float(values.len()) }
}

#[expect(clippy::cast_precision_loss, reason = "nobody has 2^53 leads")]
fn float(count: usize) -> f64 {
    count as f64
}
