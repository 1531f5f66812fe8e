//! Why a prediction grants the points that it grants.

use std::cmp::Reverse;

use super::Predictor;
use crate::points::Micropoints;

/// A prediction in points, input by input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forecast {
    /// The probability of the outcome, in millionths.
    pub probability: Micropoints,
    /// The points that leads have on average, by the log-odds of training.
    pub base: Micropoints,
    /// What inputs add to them, the most first; with the base they add up to the points exactly.
    pub parts: Vec<Part>,
}

/// What an input adds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// The input.
    pub input: usize,
    /// How many points.
    pub points: Micropoints,
}

/// How far log-odds are moved to see what a little more of them is worth.
const LITTLE: f64 = 1e-3;

impl Forecast {
    /// The forecast of a row, with points of a probability of 0 and of 1.
    ///
    /// Parts are those of the log-odds ([`Predictor::explanation`]), each times what a log-odd is worth between the average
    /// and the row. So they keep their signs and their order; the last one takes what rounding leaves.
    pub(crate) fn new(predictor: &Predictor, (low, high): (f64, f64), row: &[f64]) -> Self {
        let probability = |log_odds: f64| predictor.calibration.probability(log_odds);
        let points = |log_odds: f64| low + probability(log_odds) * (high - low);
        let (told, log_odds) = (predictor.explanation(row), predictor.log_odds(row));
        let sum: f64 = told.parts.iter().sum();
        let worth = match sum.abs() < LITTLE {
            true => (points(told.base + LITTLE) - points(told.base - LITTLE)) / (2.0 * LITTLE),
            false => (points(log_odds) - points(told.base)) / sum,
        };
        let base = Micropoints::round(points(told.base));
        let part = |(input, part): (usize, &f64)| Part { input, points: Micropoints::round(part * worth) };
        let mut parts: Vec<Part> = told.parts.iter().enumerate().map(part).collect();
        parts.retain(|part| part.points != Micropoints::ZERO);
        parts.sort_by_key(|part| (Reverse(part.points.0.unsigned_abs()), part.input));
        let mut forecast = Self { probability: Micropoints::round(probability(log_odds)), base, parts };
        forecast.settle(Micropoints::round(points(log_odds)));
        forecast
    }

    /// Gives the last part, or the base if there is none, what is left to these points.
    fn settle(&mut self, points: Micropoints) {
        let last = self.parts.last_mut().map_or(&mut self.base, |part| &mut part.points);
        *last = Micropoints::ZERO;
        let others = self.points();
        let last = self.parts.last_mut().map_or(&mut self.base, |part| &mut part.points);
        *last = points - others;
    }

    /// All of its points.
    #[must_use]
    pub fn points(&self) -> Micropoints {
        self.parts.iter().map(|part| part.points).sum::<Micropoints>() + self.base
    }
}
