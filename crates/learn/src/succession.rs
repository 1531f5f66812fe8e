//! Whether a model that was trained anew may take the place of the one that is there.

use kelvin_kernel::Instant;

use crate::measure::{Estimate, Measure, MeasureError, Resampling, Scored, differences};
use crate::{Artifact, Card, Dataset, Interval, Trained, probabilities};

/// What the two models are compared by.
#[derive(Debug, Clone, PartialEq)]
pub enum Succession {
    /// Leads that neither has learned from: held out from the new model, and later than all that the old one knows.
    Later {
        /// At how many moments of decision.
        rows: usize,
        /// The log loss of the old model.
        old: f64,
        /// By how much the log loss of the new model is higher.
        more: Estimate,
    },
    /// The AUC on each card: there are too few leads that are new to both.
    Cards {
        /// Of the old model.
        old: Interval,
        /// Of the new one.
        new: Interval,
    },
    /// Nothing: a card has no AUC.
    Nothing,
}

/// With fewer rows of either outcome than this, cards tell more.
const FEWEST: usize = 10;

impl Succession {
    /// Compares a model that was trained on a data set with the one before it.
    ///
    /// # Errors
    /// When predictions are not numbers.
    pub fn new(
        old: &Artifact,
        (new, card): (&Trained, &Card),
        dataset: &Dataset,
        how: &Resampling,
    ) -> Result<Self, MeasureError> {
        match Self::later(old, new, dataset, how)? {
            Some(later) => Ok(later),
            None => {
                let auc = |card: &Card| card.measure(Measure::Auc).cloned();
                let cards = auc(&old.card).zip(auc(card));
                Ok(cards.map_or(Self::Nothing, |(old, new)| Self::Cards { old, new }))
            }
        }
    }

    /// Whether the model that is there is better than chance explains.
    #[must_use]
    pub fn is_worse(&self) -> bool {
        match self {
            Self::Later { more, .. } => more.low > 0.0,
            Self::Cards { old, new } => new.high < old.low,
            Self::Nothing => false,
        }
    }

    fn later(
        old: &Artifact,
        new: &Trained,
        dataset: &Dataset,
        how: &Resampling,
    ) -> Result<Option<Self>, MeasureError> {
        let Some((_, known)) = old.card.period else { return Ok(None) };
        let is_later =
            |row: usize| dataset.examples[row].at.is_some_and(|at: Instant| at.as_millis() > known);
        let held_out = new.rows.iter().zip(&new.probabilities);
        let (rows, ours): (Vec<usize>, Vec<f64>) = held_out.filter(|(row, _)| is_later(**row)).unzip();
        let later = dataset.take(&rows);
        let positives = later.positives();
        if positives.min(rows.len() - positives) < FEWEST {
            return Ok(None);
        }
        let theirs = probabilities(&old.predictor, &later.table);
        let (outcomes, leads) = (later.outcomes(), later.leads());
        let scored = |probabilities: &[f64]| Scored::new(probabilities, &outcomes)?.by_lead(&leads);
        let (theirs, ours) = (scored(&theirs)?, scored(&ours)?);
        let more = differences(&ours, &theirs, &[Measure::LogLoss], how)?.into_iter().next().flatten();
        let old = Measure::LogLoss.of(&theirs);
        Ok(more.zip(old).map(|(more, old)| Self::Later { rows: rows.len(), old, more }))
    }
}
