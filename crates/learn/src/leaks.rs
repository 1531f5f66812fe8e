//! Columns that seem to know what came later, or that can tell nothing, each with the reason.

mod groups;
mod look;

use std::fmt;

use crate::{Column, Dataset, Feature, Table, threads};
use look::Look;

/// A column that nothing should be learnt from without a second look.
#[derive(Debug, Clone, PartialEq)]
pub struct Suspect {
    /// What the column holds.
    pub feature: Feature,
    /// Why it is suspicious.
    pub why: Suspicion,
}

/// Why a column is suspicious.
#[derive(Debug, Clone, PartialEq)]
pub enum Suspicion {
    /// It tells the outcome by itself, far better than the others do.
    TooGood {
        /// The chance that it ranks a lead with the outcome above one without, held out.
        auc: f64,
        /// The same of the best column that is not suspicious for this; a half where there is none.
        next: f64,
    },
    /// It is there or missing in rows that nearly all share one outcome.
    OnlyWith {
        /// In those rows it is there; else they are those where it is missing.
        present: bool,
        /// The outcome that they share.
        outcome: bool,
        /// How many rows these are.
        rows: u64,
    },
    /// One of its values stands only where the outcome came.
    Value {
        /// The value.
        level: String,
        /// In how many rows it stands.
        rows: u64,
    },
    /// It tells a time after the moment of decision.
    Later {
        /// In how many rows it does.
        rows: u64,
    },
    /// Nearly every lead has a value of its own.
    Identifier,
    /// All rows say the same.
    Constant,
}

impl Suspicion {
    /// Whether it may know the outcome; else it can only tell nothing.
    #[must_use]
    pub fn is_leak(&self) -> bool {
        !matches!(self, Self::Identifier | Self::Constant)
    }
}

/// A column is too good from here on: even the lower end of the interval of its AUC lies above.
const TOO_GOOD: f64 = 0.8;
/// So far above the best of the others. Real columns that lead the field by themselves are seldom that far ahead.
const FAR_ABOVE: f64 = 0.03;

/// The suspicious columns of a data set, in the table's order.
///
/// Only what others told of a lead can know what came later: attributes, and what is made of them, as rules do. What is counted in events before the
/// moment of decision cannot, and is only named where it is constant.
#[must_use]
pub fn suspects(dataset: &Dataset, threads: usize) -> Vec<Suspect> {
    let look = Look::new(dataset);
    let columns = dataset.table.columns();
    let seen = threads::map(columns.len(), threads, |place| look.at(&columns[place]));
    let surely = |auc: &f64| look.lower(*auc) > TOO_GOOD;
    let aucs = || seen.iter().filter_map(|seen| seen.auc);
    let next = aucs().filter(|auc| !surely(auc)).fold(0.5, f64::max);
    let too_good = |auc: &f64| surely(auc) && *auc > next + FAR_ABOVE;
    let why = |seen: &look::Seen| {
        let alone = seen.auc.filter(too_good).map(|auc| Suspicion::TooGood { auc, next });
        seen.why.clone().or(alone).or_else(|| seen.value.clone())
    };
    let named = |(column, seen): (&Column, &look::Seen)| {
        Some(Suspect { feature: column.feature.clone(), why: why(seen)? })
    };
    columns.iter().zip(&seen).filter_map(named).collect()
}

/// The table without the columns that may know the outcome.
#[must_use]
pub fn without(table: &Table, suspects: &[Suspect]) -> Table {
    let leaks = |feature: &Feature| suspects.iter().any(|one| one.why.is_leak() && one.feature == *feature);
    table.filtered(|column| !leaks(&column.feature))
}

impl fmt::Display for Suspect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {}", self.feature, self.why)
    }
}

impl fmt::Display for Suspicion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooGood { auc, next } => write!(
                f,
                "tells the outcome by itself (AUC {auc:.2}, the next best {next:.2}): was it known at the moment of decision?"
            ),
            Self::OnlyWith { present, outcome, rows } => {
                let there = if *present { "is there" } else { "is missing" };
                let came = if *outcome { "came" } else { "did not come" };
                write!(
                    f,
                    "{there} only where the outcome {came} ({rows} rows): it seems to be filled in afterwards"
                )
            }
            Self::Value { level, rows } => {
                write!(
                    f,
                    "is `{level}` only where the outcome came ({rows} rows): it seems to be set afterwards"
                )
            }
            Self::Later { rows } => {
                write!(f, "tells a time after the moment of decision ({rows} rows)")
            }
            Self::Identifier => {
                f.write_str("is another for nearly every lead: it names leads, and tells nothing")
            }
            Self::Constant => f.write_str("is the same everywhere: it tells nothing"),
        }
    }
}
