//! A predictive model: from what is known of a lead to the probability of its outcome.

use serde::{Deserialize, Serialize};

use crate::binned::level_places;
use crate::calibration::Calibration;
use crate::logistic::Linear;
use crate::trees::{self, Tree};
use crate::{MISSING, Table, Values, odds};

/// A fitted model, as it is kept and applied.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Predictor {
    /// What it asks of a lead, one a column.
    pub inputs: Vec<Input>,
    /// The log-odds before any column is asked.
    pub base: f64,
    /// Trees, of which each adds to the log-odds.
    pub trees: Vec<Tree>,
    /// What columns add one by one.
    pub linear: Option<Linear>,
    /// How log-odds become probabilities.
    pub calibration: Calibration,
}

/// One column of what a model asks of a lead.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// What it holds, as features are written: `lead.employees`.
    pub feature: String,
    /// The texts that it tells apart; nothing for numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub levels: Option<Vec<String>>,
}

/// Why a lead has its probability: parts that add up to its log-odds.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The log-odds of leads on average.
    pub base: f64,
    /// What each column adds, in the order of the model's inputs.
    pub parts: Vec<f64>,
    /// What calibration adds.
    pub calibration: f64,
    /// The log-odds: the sum of all of the above.
    pub log_odds: f64,
}

impl Predictor {
    /// The log-odds of a row before calibration: a number a column, the place of its level for texts, not a number
    /// where nothing is known.
    #[must_use]
    pub fn log_odds(&self, row: &[f64]) -> f64 {
        let trees: f64 = self.trees.iter().map(|tree| tree.value(row)).sum();
        self.base + trees + self.linear.as_ref().map_or(0.0, |linear| linear.log_odds(row))
    }

    /// The probability of the outcome for each row of a table; columns are found by what they hold, and those that are
    /// not there are missing.
    #[must_use]
    pub fn probabilities(&self, table: &Table) -> Vec<f64> {
        self.rows(table).map(|row| self.calibration.probability(self.log_odds(&row))).collect()
    }

    /// What a table knows of each row, in the order of the model's inputs.
    pub fn rows<'a>(&'a self, table: &'a Table) -> impl Iterator<Item = Vec<f64>> + 'a {
        let readers: Vec<Reader<'a>> = self.inputs.iter().map(|input| Reader::new(input, table)).collect();
        (0..table.rows()).map(move |row| readers.iter().map(|reader| reader.value(row)).collect())
    }

    /// Why a row has its log-odds.
    #[must_use]
    pub fn explanation(&self, row: &[f64]) -> Explanation {
        let mut parts = vec![0.0; self.inputs.len()];
        self.trees.iter().for_each(|tree| trees::contribute(tree, row, &mut parts));
        if let Some(linear) = &self.linear {
            parts.iter_mut().zip(linear.parts(row)).for_each(|(part, more)| *part += more);
        }
        let plain = self.log_odds(row);
        let bounded = self.calibration.probability(plain).clamp(1e-12, 1.0 - 1e-12);
        let log_odds = if self.calibration == Calibration::None { plain } else { odds::log_odds(bounded) };
        Explanation { base: self.mean(), parts, calibration: log_odds - plain, log_odds }
    }

    /// How much each input moves the log-odds, on average over some of a table's rows.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "some rows")]
    pub fn importances(&self, table: &Table, some: usize) -> Vec<f64> {
        let step = table.rows().div_ceil(some.max(1)).max(1);
        let mut sums = vec![0.0; self.inputs.len()];
        for row in self.rows(table).step_by(step) {
            let parts = self.explanation(&row).parts;
            sums.iter_mut().zip(parts).for_each(|(sum, part)| *sum += part.abs());
        }
        let rows = table.rows().div_ceil(step).max(1) as f64;
        sums.into_iter().map(|sum| sum / rows).collect()
    }

    /// The log-odds of leads on average.
    #[must_use]
    pub fn mean(&self) -> f64 {
        let trees: f64 = self.trees.iter().map(trees::mean).sum();
        self.base + trees + self.linear.as_ref().map_or(0.0, |linear| linear.base)
    }
}

/// Reads one input of each row of a table.
enum Reader<'a> {
    Numbers(&'a [f64]),
    /// Numbers that are names: of few leads, a column may look like numbers that was none in training.
    Codes {
        numbers: &'a [f64],
        known: &'a [String],
    },
    Levels {
        codes: &'a [u32],
        places: Vec<f64>,
    },
    Absent,
}

impl<'a> Reader<'a> {
    fn new(input: &'a Input, table: &'a Table) -> Self {
        let column = table.columns().iter().find(|column| column.feature.to_string() == input.feature);
        match (column.map(|column| &column.values), &input.levels) {
            (Some(Values::Numbers(numbers)), None) => Self::Numbers(numbers),
            (Some(Values::Categories { codes, levels }), Some(known)) => {
                let places = level_places(known, levels).into_iter().map(level_value);
                Self::Levels { codes, places: places.collect() }
            }
            (Some(Values::Numbers(numbers)), Some(known)) => Self::Codes { numbers, known },
            (Some(Values::Categories { codes, levels }), None) => {
                let places = levels.iter().map(|level| level.trim().parse().unwrap_or(f64::NAN));
                Self::Levels { codes, places: places.collect() }
            }
            (None, _) => Self::Absent,
        }
    }

    fn value(&self, row: usize) -> f64 {
        match self {
            Self::Numbers(numbers) if numbers[row].is_finite() => numbers[row],
            Self::Levels { codes, places } if codes[row] != MISSING => places[codes[row] as usize],
            Self::Codes { numbers, known } => {
                let name = numbers[row].to_string();
                level_value(known.iter().position(|level| *level == name))
            }
            Self::Numbers(_) | Self::Levels { .. } | Self::Absent => f64::NAN,
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "levels are few")]
fn level_value(place: Option<usize>) -> f64 {
    place.map_or(f64::NAN, |place| place as f64)
}
