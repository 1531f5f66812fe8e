//! What there is to see in one column beside the outcomes.

use super::{
    Suspicion,
    groups::{self, Counts},
};
use crate::{Column, Dataset, Feature, Values};

/// The leads of the other outcome that must be missing before that is more than chance: by e^-10, one column in twenty thousand.
const EXPECTED: f64 = 10.0;
/// How many of them may be there after all.
const STRAY: f64 = 0.02;
/// With fewer leads of either outcome nothing is said about order.
const FEW: f64 = 10.0;
/// As many times of a hundred may be mistyped, or planned: nothing is learned from so few that would not be learned without them.
const MISTYPED: f64 = 0.01;
/// With fewer values nothing is said about identifiers.
const FEW_VALUES: usize = 50;

/// What became of the leads, to hold columns beside it.
pub(super) struct Look {
    outcomes: Vec<bool>,
    /// By lead, not by row: rows of one lead are alike.
    halves: Vec<bool>,
    leads: Vec<u32>,
    positives: u64,
    negatives: u64,
    /// How many rows a lead has, on average: rows of one lead tell the same again.
    rows_per_lead: f64,
}

/// What was seen in a column.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    pub(super) why: Option<Suspicion>,
    pub(super) auc: Option<f64>,
    /// A value that gives it away, if nothing else does.
    pub(super) value: Option<Suspicion>,
}

impl Look {
    pub(super) fn new(dataset: &Dataset) -> Self {
        let leads = dataset.leads();
        let positives = dataset.positives() as u64;
        Self {
            outcomes: dataset.outcomes(),
            halves: leads.iter().map(|lead| lead % 2 == 1).collect(),
            negatives: leads.len() as u64 - positives,
            rows_per_lead: leads.len() as f64 / leads.iter().max().map_or(1.0, |last| f64::from(*last) + 1.0),
            leads,
            positives,
        }
    }

    pub(super) fn at(&self, column: &Column) -> Seen {
        let values = &column.values;
        if is_constant(values) {
            return Seen { why: Some(Suspicion::Constant), ..Seen::default() };
        }
        if !is_told(&column.feature) {
            return Seen::default();
        }
        if let Some(why) = later(column) {
            return Seen { why: Some(why), ..Seen::default() };
        }
        let is_attribute = matches!(column.feature, Feature::Attribute(_));
        if is_attribute && self.is_identifier(values) {
            // Amounts differ from deal to deal as numbers of orders do: that they are there at all may tell what came.
            let presence = self.beside_outcomes(values).why;
            return Seen { why: presence.or(Some(Suspicion::Identifier)), ..Seen::default() };
        }
        self.beside_outcomes(values)
    }

    fn beside_outcomes(&self, values: &Values) -> Seen {
        if self.leads_with(true) < FEW || self.leads_with(false) < FEW {
            return Seen::default();
        }
        let counts = Counts::new(&groups::of(values), &self.outcomes, &self.halves);
        let all = counts.all();
        Seen { why: self.presence(&all), auc: counts.auc(self.share(true)), value: self.value(values, &all) }
    }

    fn share(&self, outcome: bool) -> f64 {
        let rows = if outcome { self.positives } else { self.negatives };
        rows as f64 / (self.positives + self.negatives) as f64
    }

    /// About how many leads have an outcome.
    fn leads_with(&self, outcome: bool) -> f64 {
        let rows = if outcome { self.positives } else { self.negatives };
        rows as f64 / self.rows_per_lead
    }

    /// The lower end of the interval of an AUC, 95 % on one side (Hanley and McNeil 1982).
    pub(super) fn lower(&self, auc: f64) -> f64 {
        let (positives, negatives) = (self.leads_with(true), self.leads_with(false));
        let square = auc * auc;
        let of_positives = (positives - 1.0) * (auc / (2.0 - auc) - square);
        let of_negatives = (negatives - 1.0) * (2.0 * square / (1.0 + auc) - square);
        let variance = (auc * (1.0 - auc) + of_positives + of_negatives) / (positives * negatives);
        auc - 1.645 * variance.max(0.0).sqrt()
    }

    /// Whether rows nearly all have one outcome where both were to be expected.
    fn share_outcome(&self, [with, without]: [u64; 2], outcome: bool) -> bool {
        let others = if outcome { without } else { with };
        let expected = (with + without) as f64 * self.share(!outcome);
        expected / self.rows_per_lead >= EXPECTED && others as f64 <= STRAY * expected
    }

    fn presence(&self, all: &[[u64; 2]]) -> Option<Suspicion> {
        let (missing, present) = all.split_first()?;
        let present = present.iter().fold([0; 2], |sum, one| [sum[0] + one[0], sum[1] + one[1]]);
        let sides = [(true, present), (false, *missing)];
        let cases = sides.into_iter().flat_map(|side| [(side, true), (side, false)]);
        let mut only = cases.filter(|((_, rows), outcome)| self.share_outcome(*rows, *outcome));
        only.next().map(|((present, rows), outcome)| Suspicion::OnlyWith {
            present,
            outcome,
            rows: rows[0] + rows[1],
        })
    }

    fn value(&self, values: &Values, all: &[[u64; 2]]) -> Option<Suspicion> {
        let Values::Categories { levels, .. } = values else { return None };
        let mut given = levels.iter().zip(all.iter().skip(1));
        let (level, rows) = given.find(|(_, rows)| self.share_outcome(**rows, true))?;
        Some(Suspicion::Value { level: level.clone(), rows: rows[0] + rows[1] })
    }

    /// Whether nearly all leads that have a value have one of their own. Numbers with fractions are measured, not given.
    fn is_identifier(&self, values: &Values) -> bool {
        let (found, leads) = match values {
            Values::Categories { codes, levels } => {
                let there = |row: usize| (codes[row] as usize) < levels.len();
                (
                    distinct((0..codes.len()).filter(|row| there(*row)).map(|row| codes[row])),
                    self.count(there),
                )
            }
            Values::Numbers(numbers) => {
                let mut present = numbers.iter().filter(|number| !number.is_nan());
                if present.any(|number| number.fract() != 0.0) {
                    return false;
                }
                let there = |row: usize| !numbers[row].is_nan();
                let bits = numbers.iter().filter(|number| !number.is_nan()).map(|number| number.to_bits());
                (distinct(bits), self.count(there))
            }
        };
        leads >= FEW_VALUES && found as f64 >= 0.95 * leads as f64
    }

    /// How many leads have a value.
    fn count(&self, there: impl Fn(usize) -> bool) -> usize {
        distinct((0..self.leads.len()).filter(|row| there(*row)).map(|row| self.leads[row]))
    }
}

fn distinct<T: Ord>(items: impl Iterator<Item = T>) -> usize {
    let mut items: Vec<T> = items.collect();
    items.sort_unstable();
    items.dedup();
    items.len()
}

fn is_constant(values: &Values) -> bool {
    match values {
        Values::Numbers(numbers) => {
            numbers.windows(2).all(|two| two[0] == two[1] || two[0].is_nan() && two[1].is_nan())
        }
        Values::Categories { codes, .. } => codes.windows(2).all(|two| two[0] == two[1]),
    }
}

/// Whether others may have told it of the lead, perhaps afterwards.
fn is_told(feature: &Feature) -> bool {
    matches!(
        feature,
        Feature::Attribute(_)
            | Feature::Field { .. }
            | Feature::Length(_)
            | Feature::Age(_)
            | Feature::Rule { .. }
    )
}

fn later(column: &Column) -> Option<Suspicion> {
    let (Feature::Age(_), Values::Numbers(days)) = (&column.feature, &column.values) else { return None };
    let told = days.iter().filter(|days| !days.is_nan()).count();
    let rows = days.iter().filter(|days| **days < 0.0).count();
    (rows as f64 > MISTYPED * told as f64).then_some(Suspicion::Later { rows: rows as u64 })
}
