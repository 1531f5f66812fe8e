//! How true the probabilities are that scores stand for.

use serde::Serialize;

use super::{Measured, Rows, groups::share, measured};
use crate::{
    calibration,
    measure::{Measure, MeasureError, Resampling, Scored},
};

/// How true probabilities are.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Probabilities {
    /// Whether scores are points, which were made probabilities by what became of other leads; else they are probabilities themselves.
    pub fitted: bool,
    /// Log loss, Brier score and calibration error, with intervals.
    pub measures: Vec<Measured>,
    /// Bands of what was predicted, beside what happened.
    pub reliability: Vec<Reliability>,
}

/// Those to whom about the same probability was given.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Reliability {
    /// The lowest probability of the band.
    pub from: f64,
    /// The highest.
    pub to: f64,
    /// How many examples.
    pub examples: usize,
    /// What was predicted, on average.
    pub predicted: f64,
    /// The share of those with the outcome.
    pub rate: f64,
    /// The lower end of the interval in which that lies in 95 of 100 cases (Wilson).
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

const MEASURES: [Measure; 3] = [Measure::LogLoss, Measure::Brier, Measure::CalibrationError];

/// How true the probabilities are; of points, nothing where there are too few outcomes to make probabilities of them.
pub(super) fn probabilities(
    rows: &Rows<'_>,
    are_probabilities: bool,
    how: &Resampling,
) -> Result<Option<Probabilities>, MeasureError> {
    let predicted = if are_probabilities {
        rows.scores.clone()
    } else {
        match calibration::across(&rows.scores, &rows.outcomes, &rows.leads, how.seed) {
            Some(predicted) => predicted,
            None => return Ok(None),
        }
    };
    let scored = Scored::new(&predicted, &rows.outcomes)?.by_lead(&rows.leads)?;
    Ok(Some(Probabilities {
        fitted: !are_probabilities,
        measures: measured(&scored, &MEASURES, how),
        reliability: reliability(&scored, &predicted, rows),
    }))
}

fn reliability(scored: &Scored, predicted: &[f64], rows: &Rows<'_>) -> Vec<Reliability> {
    let with_interval = |band: crate::measure::Band| {
        let is_within = |row: &usize| {
            let above = predicted[*row] >= band.from || band.from <= 0.0;
            above && (predicted[*row] < band.to || band.to >= 1.0)
        };
        let members: Vec<usize> = (0..rows.len()).filter(is_within).collect();
        let [rate, low, high] = share(rows, &members);
        Reliability {
            from: band.from,
            to: band.to,
            examples: band.weight as usize,
            predicted: band.predicted,
            rate,
            low,
            high,
        }
    };
    scored.reliability().into_iter().map(with_interval).collect()
}
