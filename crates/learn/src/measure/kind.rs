//! The measures that have a single number, by name.

use std::fmt;

use super::{Ties, probability};

/// A measure that is one number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Measure {
    /// [`Ties::auc`].
    Auc,
    /// [`Ties::average_precision`].
    AveragePrecision,
    /// [`Ties::ks`].
    Ks,
    /// [`Ties::caught`] among the best rows that are this share of all.
    Caught(f64),
    /// [`Ties::log_loss`].
    LogLoss,
    /// [`Ties::brier`].
    Brier,
    /// [`Ties::calibration_error`].
    CalibrationError,
}

impl Measure {
    /// Those that need the order of scores only.
    pub const OF_ORDER: [Self; 3] = [Self::Auc, Self::AveragePrecision, Self::Ks];
    /// For scores that are probabilities.
    pub const ALL: [Self; 6] =
        [Self::Auc, Self::AveragePrecision, Self::Ks, Self::LogLoss, Self::Brier, Self::CalibrationError];

    /// Its value; nothing where it is not defined.
    #[must_use]
    pub fn of(self, ties: &Ties) -> Option<f64> {
        match self {
            Self::Auc => ties.auc(),
            Self::AveragePrecision => ties.average_precision(),
            Self::Ks => ties.ks(),
            Self::Caught(share) => ties.caught(share),
            Self::LogLoss => ties.log_loss(),
            Self::Brier => ties.brier(),
            Self::CalibrationError => ties.calibration_error(),
        }
    }

    /// What the measure is the mean of over rows, by score and outcome, where it is one.
    pub(super) fn loss(self) -> Option<fn(f64, bool) -> f64> {
        match self {
            Self::LogLoss => Some(probability::log_loss),
            Self::Brier => Some(probability::brier),
            _ => None,
        }
    }

    /// Whether more is better.
    #[must_use]
    pub fn rises(self) -> bool {
        matches!(self, Self::Auc | Self::AveragePrecision | Self::Ks | Self::Caught(_))
    }

    /// Its name in JSON.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Auc => "auc",
            Self::AveragePrecision => "average_precision",
            Self::Ks => "ks",
            Self::Caught(_) => "caught",
            Self::LogLoss => "log_loss",
            Self::Brier => "brier",
            Self::CalibrationError => "calibration_error",
        }
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Auc => "AUC",
            Self::AveragePrecision => "average precision",
            Self::Ks => "KS",
            Self::Caught(_) => "caught",
            Self::LogLoss => "log loss",
            Self::Brier => "Brier score",
            Self::CalibrationError => "calibration error",
        })
    }
}
