//! Scores beside outcomes, highest first.

use std::ops::Deref;

use super::Ties;
use crate::dataset::numbered;

/// Scores beside what became of those who have them, sorted once for all measures.
#[derive(Debug, Clone, PartialEq)]
pub struct Scored {
    /// Highest first.
    pub(super) scores: Vec<f64>,
    pub(super) outcomes: Vec<bool>,
    pub(super) weights: Vec<f64>,
    /// The places in what was given.
    pub(super) rows: Vec<usize>,
    /// Whose row each is, in the order of what was given; leads have the numbers from 0.
    pub(super) leads: Vec<u32>,
    ties: Ties,
}

/// Why scores cannot be measured.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum MeasureError {
    /// Not one outcome and one weight for each score.
    #[error("{scores} scores have {outcomes} outcomes and {weights} weights: each needs one")]
    Lengths {
        /// How many scores there are.
        scores: usize,
        /// How many outcomes.
        outcomes: usize,
        /// How many weights.
        weights: usize,
    },
    /// A score is not a number.
    #[error("the score of row {0} is not a number")]
    Score(usize),
    /// A weight is below 0 or no number.
    #[error("the weight of row {0} is not a number of at least 0")]
    Weight(usize),
    /// Not one lead for each score.
    #[error("{scores} scores are of {leads} leads: each needs one")]
    Leads {
        /// How many scores there are.
        scores: usize,
        /// How many leads are told.
        leads: usize,
    },
}

impl Scored {
    /// Scores and outcomes, row by row.
    ///
    /// # Errors
    /// When there is not one outcome for each score, or a score is not a number.
    pub fn new(scores: &[f64], outcomes: &[bool]) -> Result<Self, MeasureError> {
        Self::weighted(scores, outcomes, &vec![1.0; scores.len()])
    }

    /// Scores and outcomes of rows that count more or less than one.
    ///
    /// # Errors
    /// As [`Self::new`], and when a weight is negative or not a number.
    pub fn weighted(scores: &[f64], outcomes: &[bool], weights: &[f64]) -> Result<Self, MeasureError> {
        if scores.len() != outcomes.len() || scores.len() != weights.len() {
            let (scores, outcomes, weights) = (scores.len(), outcomes.len(), weights.len());
            return Err(MeasureError::Lengths { scores, outcomes, weights });
        }
        if let Some(row) = scores.iter().position(|score| score.is_nan()) {
            return Err(MeasureError::Score(row));
        }
        if let Some(row) = weights.iter().position(|weight| !(*weight >= 0.0 && weight.is_finite())) {
            return Err(MeasureError::Weight(row));
        }
        let mut rows: Vec<usize> = (0..scores.len()).collect();
        rows.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]));
        Ok(Self {
            scores: rows.iter().map(|row| scores[*row]).collect(),
            outcomes: rows.iter().map(|row| outcomes[*row]).collect(),
            weights: rows.iter().map(|row| weights[*row]).collect(),
            leads: (0..).take(rows.len()).collect(),
            ties: Ties::new(rows.iter().map(|row| (scores[*row], outcomes[*row], weights[*row])), 0),
            rows,
        })
    }

    /// The same, with whose rows they are, as numbers of any kind: intervals take the rows of a lead for one thing that chance dealt.
    /// Without this, each row is a lead.
    ///
    /// # Errors
    /// When there is not one lead for each score.
    pub fn by_lead(self, leads: &[u32]) -> Result<Self, MeasureError> {
        if leads.len() != self.len() {
            return Err(MeasureError::Leads { scores: self.len(), leads: leads.len() });
        }
        Ok(Self { leads: numbered(leads.iter()), ..self })
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.scores.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.scores.is_empty()
    }

    /// How many leads the rows are of.
    #[must_use]
    pub fn leads(&self) -> usize {
        self.leads.iter().max().map_or(0, |last| *last as usize + 1)
    }

    /// How many rows have the outcome.
    #[must_use]
    pub fn positives(&self) -> usize {
        self.outcomes.iter().filter(|outcome| **outcome).count()
    }

    /// Whether all scores may be read as probabilities.
    #[must_use]
    pub fn are_probabilities(&self) -> bool {
        self.scores.iter().all(|score| (0.0..=1.0).contains(score))
    }

    /// What belongs to rows, in the order of scores.
    pub(super) fn sorted(&self, of_rows: &[u32]) -> Vec<u32> {
        self.rows.iter().map(|row| of_rows[*row]).collect()
    }

    /// The rows as often as their leads were drawn; `leads` has one for each row, in the order of scores.
    pub(super) fn dealt(&self, leads: &[u32], counts: &[u8]) -> Ties {
        let rows = self.scores.iter().zip(&self.outcomes).zip(&self.weights).zip(leads);
        let row = |(((score, outcome), weight), lead): (((&f64, &bool), &f64), &u32)| {
            (*score, *outcome, weight * f64::from(counts[*lead as usize]))
        };
        Ties::new(rows.map(row), self.ties.count())
    }
}

/// Measures need the scores and their weights only.
impl Deref for Scored {
    type Target = Ties;

    fn deref(&self) -> &Ties {
        &self.ties
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_score_needs_an_outcome() {
        let failed = Scored::new(&[0.5], &[]).expect_err("no outcome");
        assert_eq!(failed.to_string(), "1 scores have 0 outcomes and 1 weights: each needs one");
    }

    #[test]
    fn a_score_that_is_no_number_is_told_with_its_row() {
        let failed = Scored::new(&[0.5, f64::NAN], &[true, false]).expect_err("no number");
        assert_eq!(failed.to_string(), "the score of row 1 is not a number");
    }

    #[test]
    fn points_are_not_probabilities() {
        let scored = |score| Scored::new(&[score], &[true]).expect("scores");
        assert!(scored(1.0).are_probabilities());
        assert!(!scored(45.0).are_probabilities());
    }
}
