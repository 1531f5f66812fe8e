//! Rows of a column in few groups, and how the outcomes of other rows rank them.

use crate::{MISSING, Values, measure::Scored};

/// How many groups numbers are cut into.
const GROUPS: usize = 20;

/// In which group each row is: 0 where there is no value.
pub(super) fn of(values: &Values) -> Vec<u32> {
    match values {
        Values::Numbers(numbers) => of_numbers(numbers),
        Values::Categories { codes, .. } => {
            codes.iter().map(|code| if *code == MISSING { 0 } else { code + 1 }).collect()
        }
    }
}

fn of_numbers(numbers: &[f64]) -> Vec<u32> {
    let mut present: Vec<f64> = numbers.iter().copied().filter(|number| !number.is_nan()).collect();
    present.sort_by(f64::total_cmp);
    let mut cuts: Vec<f64> =
        (1..GROUPS).filter_map(|cut| present.get(cut * present.len() / GROUPS)).copied().collect();
    cuts.dedup();
    let group = |number: &f64| 1 + cuts.iter().map(|cut| u32::from(cut < number)).sum::<u32>();
    numbers.iter().map(|number| if number.is_nan() { 0 } else { group(number) }).collect()
}

/// Of each group, how many rows have the outcome and how many have not; in each half of the leads.
pub(super) struct Counts([Vec<[u32; 2]>; 2]);

impl Counts {
    pub(super) fn new(groups: &[u32], outcomes: &[bool], halves: &[bool]) -> Self {
        let count = groups.iter().max().map_or(0, |most| *most as usize + 1);
        let mut counts = [vec![[0; 2]; count], vec![[0; 2]; count]];
        for ((group, outcome), half) in groups.iter().zip(outcomes).zip(halves) {
            counts[usize::from(*half)][*group as usize][usize::from(!outcome)] += 1;
        }
        Self(counts)
    }

    /// Rows with the outcome and without it, of each group.
    pub(super) fn all(&self) -> Vec<[u64; 2]> {
        let [one, other] = &self.0;
        let sum = |(a, b): (&[u32; 2], &[u32; 2])| [0, 1].map(|side| u64::from(a[side]) + u64::from(b[side]));
        one.iter().zip(other).map(sum).collect()
    }

    /// The AUC where each half is ranked by what became of the other one: many groups do not flatter it.
    pub(super) fn auc(&self, share: f64) -> Option<f64> {
        let [one, other] = &self.0;
        Some(f64::midpoint(ranked(one, other, share)?, ranked(other, one, share)?))
    }
}

fn ranked(counts: &[[u32; 2]], by: &[[u32; 2]], share: f64) -> Option<f64> {
    let rate = |[with, without]: &[u32; 2]| {
        (f64::from(*with) + 2.0 * share) / (f64::from(*with) + f64::from(*without) + 2.0)
    };
    let scores: Vec<f64> = by.iter().flat_map(|group| [rate(group); 2]).collect();
    let outcomes: Vec<bool> = by.iter().flat_map(|_| [true, false]).collect();
    let weights: Vec<f64> = counts.iter().flatten().map(|rows| f64::from(*rows)).collect();
    Scored::weighted(&scores, &outcomes, &weights).ok()?.auc()
}
