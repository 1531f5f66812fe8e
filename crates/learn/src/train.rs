//! Fits a predictive model, and finds out how good it is by rows that it was not fitted to.
//!
//! The rows are dealt into folds (`folds`). What is fitted to the others predicts each fold in turn: by these predictions
//! the number of trees, the shrinking of the logistic model, the share of each in the blend (`blend`) and the
//! calibration are chosen, and by them the model is measured. Then all rows are fitted with what was chosen.

mod blend;
mod folds;
mod held_out;
mod refit;

use crate::binned::Binned;
use crate::calibration;
use crate::dataset::numbered;
use crate::logistic::Logistic;
use crate::trees::boost::Lessons;
use crate::trees::{Direction, TreeSettings};
use crate::{Dataset, Predictor};

pub use blend::Choice;
use folds::folds;

/// How a model is trained.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainSettings {
    /// How trees are grown.
    pub trees: TreeSettings,
    /// Columns along which the prediction goes one way only, by their place in the table.
    pub directions: Vec<Direction>,
    /// What chance starts from.
    pub seed: u64,
    /// On how many threads; the result does not depend on it.
    pub threads: usize,
}

impl Default for TrainSettings {
    fn default() -> Self {
        Self { trees: TreeSettings::default(), directions: Vec::new(), seed: 1, threads: 1 }
    }
}

/// A model, and what is known of how good it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Trained {
    /// The model.
    pub predictor: Predictor,
    /// What was chosen, and why.
    pub choice: Choice,
    /// The rows that were predicted without having been learned from.
    pub rows: Vec<usize>,
    /// The probability of each of these rows.
    pub probabilities: Vec<f64>,
}

/// Why there is nothing to train from.
#[derive(Debug, thiserror::Error, PartialEq)]
pub enum TrainError {
    /// Too few leads of either outcome.
    #[error(
        "{positives} of {leads} leads have the outcome: at least {least} must have it, and as many must not"
    )]
    TooFew {
        /// Leads with the outcome.
        positives: usize,
        /// All leads.
        leads: usize,
        /// How many there must be.
        least: usize,
    },
    /// Nothing is known of the leads.
    #[error("there is no column to predict from: the leads have no attributes but the outcome")]
    NoColumns,
}

/// Fewer leads of either outcome teach nothing.
const FEWEST: usize = 10;

/// Trains a model on all that is known of leads.
///
/// # Errors
/// When there are too few leads of either outcome, or nothing is known of them.
pub fn train(dataset: &Dataset, settings: &TrainSettings) -> Result<Trained, TrainError> {
    let [with, without] = [true, false].map(|came| dataset.leads_with(|example| example.outcome == came));
    if with.min(without) < FEWEST {
        let leads = dataset.leads_with(|_| true);
        return Err(TrainError::TooFew { positives: with, leads, least: FEWEST });
    }
    if dataset.table.columns().is_empty() {
        return Err(TrainError::NoColumns);
    }
    let binned = Binned::new(&dataset.table, settings.threads);
    let outcomes = dataset.outcomes();
    let folds = folds(dataset, settings.seed);
    let lessons = Lessons {
        binned: &binned,
        outcomes: &outcomes,
        settings: &settings.trees,
        directions: &settings.directions,
        // Folds, and all rows beside them, are on threads of their own.
        threads: (settings.threads / (folds.len() + 1)).max(1),
    };
    let mut lots = refit::lots(lessons, settings.seed);
    let trees = held_out::trees(lessons, &folds, &mut lots, settings);
    let logistic = Logistic::new(&dataset.table, &binned, &outcomes);
    let lines = held_out::logistic(&logistic, &outcomes, &folds, settings.threads);
    let blend = blend::blend(&trees, &lines, &outcomes);
    let came: Vec<bool> = blend.rows.iter().map(|row| outcomes[*row]).collect();
    let leads = dataset.leads();
    let leads = numbered(blend.rows.iter().map(|row| leads[*row]));
    let (calibration, tried) =
        calibration::choose(&blend.log_odds, &came, &leads, settings.seed, settings.threads);
    let probabilities = blend.log_odds.iter().map(|value| calibration.probability(*value)).collect();
    let choice = blend.choice(&trees, &lines, calibration.name(), &tried);
    let predictor = refit::refit(&binned, &logistic, &lots, &choice);
    Ok(Trained { predictor: Predictor { calibration, ..predictor }, choice, rows: blend.rows, probabilities })
}
