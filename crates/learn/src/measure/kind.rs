//! The measures that have a single number, by name.

use std::fmt;

use super::Scored;

/// A measure that is one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// [`Scored::auc`].
    Auc,
    /// [`Scored::average_precision`].
    AveragePrecision,
    /// [`Scored::ks`].
    Ks,
    /// [`Scored::log_loss`].
    LogLoss,
    /// [`Scored::brier`].
    Brier,
    /// [`Scored::calibration_error`].
    CalibrationError,
}

impl Measure {
    /// Those that need the order of scores only.
    pub const OF_ORDER: [Self; 3] = [Self::Auc, Self::AveragePrecision, Self::Ks];
    /// All of them; for scores that are probabilities.
    pub const ALL: [Self; 6] =
        [Self::Auc, Self::AveragePrecision, Self::Ks, Self::LogLoss, Self::Brier, Self::CalibrationError];

    /// Its value; nothing where it is not defined.
    #[must_use]
    pub fn of(self, scored: &Scored) -> Option<f64> {
        match self {
            Self::Auc => scored.auc(),
            Self::AveragePrecision => scored.average_precision(),
            Self::Ks => scored.ks(),
            Self::LogLoss => scored.log_loss(),
            Self::Brier => scored.brier(),
            Self::CalibrationError => scored.calibration_error(),
        }
    }

    /// Whether more is better.
    #[must_use]
    pub fn rises(self) -> bool {
        matches!(self, Self::Auc | Self::AveragePrecision | Self::Ks)
    }

    /// Its name in JSON.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Auc => "auc",
            Self::AveragePrecision => "average_precision",
            Self::Ks => "ks",
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
            Self::LogLoss => "log loss",
            Self::Brier => "Brier score",
            Self::CalibrationError => "calibration error",
        })
    }
}
