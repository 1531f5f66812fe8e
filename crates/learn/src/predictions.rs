//! Predictions for the rows of a table.

use kelvin_kernel::predict::{Input, Predictor};

use crate::binned::level_places;
use crate::{MISSING, Table, Values, threads};

/// The probability of the outcome for each row of a table; columns are found by what they hold, and those that are not
/// there are missing.
#[must_use]
pub fn probabilities(predictor: &Predictor, table: &Table) -> Vec<f64> {
    rows(predictor, table).map(|row| predictor.probability(&row)).collect()
}

/// What a table knows of each row, in the order of the model's inputs.
pub fn rows<'a>(predictor: &'a Predictor, table: &'a Table) -> impl Iterator<Item = Vec<f64>> + 'a {
    let readers: Vec<Reader<'a>> = predictor.inputs.iter().map(|input| Reader::new(input, table)).collect();
    (0..table.rows()).map(move |row| readers.iter().map(|reader| reader.value(row)).collect())
}

/// How much each input moves the log-odds, on average over some of a table's rows; worked out on so many threads.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "some rows")]
pub fn importances(predictor: &Predictor, table: &Table, some: usize, threads: usize) -> Vec<f64> {
    let step = table.rows().div_ceil(some.max(1)).max(1);
    let picked: Vec<Vec<f64>> = rows(predictor, table).step_by(step).collect();
    let mut sums = vec![0.0; predictor.inputs.len()];
    for parts in threads::map(picked.len(), threads, |row| predictor.explanation(&picked[row]).parts) {
        sums.iter_mut().zip(parts).for_each(|(sum, part)| *sum += part.abs());
    }
    sums.into_iter().map(|sum| sum / picked.len().max(1) as f64).collect()
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
                let places = levels.iter().map(|level| kelvin_kernel::predict::cell::amount(level));
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
