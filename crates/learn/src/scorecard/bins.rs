//! How the values of a column fall into few bins.

use super::{cut, group};
use crate::{MISSING, Values};

/// Bins of a column. What is missing is a bin of its own, the last one.
#[derive(Debug, Clone, PartialEq)]
pub enum Bins {
    /// Numbers: below the first cut, from each cut on. The cuts ascend.
    Cuts(Vec<f64>),
    /// Texts in groups; those in none are together in one more bin behind these.
    Groups(Vec<Vec<String>>),
}

/// A direction in which a column may only go: more of it never costs points, or never brings any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// More never costs points.
    Up,
    /// More never brings points.
    Down,
}

impl Direction {
    pub(super) fn turned(self) -> Self {
        match self {
            Self::Up => Self::Down,
            Self::Down => Self::Up,
        }
    }
}

/// How fine bins may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Fineness {
    /// How many there may be, without what is missing.
    pub(super) most: usize,
    /// The least share of all rows in one.
    pub(super) share: f64,
}

/// Rows that belong together: how many had the outcome and how many had not.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Count {
    pub(super) won: f64,
    pub(super) lost: f64,
}

impl Count {
    pub(super) fn add(&mut self, outcome: bool) {
        *if outcome { &mut self.won } else { &mut self.lost } += 1.0;
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self { won: self.won + other.won, lost: self.lost + other.lost }
    }

    pub(super) fn rows(self) -> f64 {
        self.won + self.lost
    }

    pub(super) fn rate(self) -> f64 {
        self.won / self.rows()
    }
}

impl Bins {
    /// The bins that tell most about outcomes.
    pub(super) fn new(
        values: &Values,
        outcomes: &[bool],
        fineness: Fineness,
        direction: Option<Direction>,
    ) -> Self {
        match values {
            Values::Numbers(numbers) => Self::Cuts(cut::cuts(numbers, outcomes, fineness, direction)),
            Values::Categories { codes, levels } => {
                Self::Groups(group::groups(codes, levels, outcomes, fineness))
            }
        }
    }

    /// How many bins there are, with the one of what is missing.
    #[must_use]
    pub fn count(&self) -> usize {
        match self {
            Self::Cuts(cuts) => cuts.len() + 2,
            Self::Groups(groups) => groups.len() + 2,
        }
    }

    /// The bin of each row.
    #[must_use]
    pub fn of(&self, values: &Values) -> Vec<usize> {
        let missing = self.count() - 1;
        match (self, values) {
            (Self::Cuts(cuts), Values::Numbers(numbers)) => {
                let bin = |number: &f64| cuts.partition_point(|cut| cut <= number);
                numbers.iter().map(|number| if number.is_nan() { missing } else { bin(number) }).collect()
            }
            (Self::Groups(groups), Values::Categories { codes, levels }) => {
                let in_group = |level: &String| groups.iter().position(|group| group.contains(level));
                let bins: Vec<usize> =
                    levels.iter().map(|level| in_group(level).unwrap_or(groups.len())).collect();
                codes
                    .iter()
                    .map(|code| if *code == MISSING { missing } else { bins[*code as usize] })
                    .collect()
            }
            (_, values) => vec![missing; values.len()],
        }
    }
}
