//! One attribute of every row, before it is known what it is: numbers for as long as all are, else texts, each kept once.

use kelvin_kernel::{
    Value,
    predict::cell::{number, text},
};
use rustc_hash::FxHashMap;

use crate::{MISSING, Values};

/// The cells of a column as they come.
#[derive(Debug, Clone)]
pub(super) enum Cells {
    Numbers(Vec<f64>),
    Texts(Texts),
}

/// Texts as codes, in order of appearance.
#[derive(Debug, Clone, Default)]
pub(super) struct Texts {
    pub(super) codes: Vec<u32>,
    pub(super) levels: Vec<String>,
    places: FxHashMap<String, u32>,
}

impl Default for Cells {
    fn default() -> Self {
        Self::Numbers(Vec::new())
    }
}

impl Cells {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Numbers(numbers) => numbers.len(),
            Self::Texts(texts) => texts.codes.len(),
        }
    }

    /// Adds missing cells up to so many rows.
    pub(super) fn fill(&mut self, rows: usize) {
        match self {
            Self::Numbers(numbers) => numbers.resize(rows, f64::NAN),
            Self::Texts(texts) => texts.codes.resize(rows, MISSING),
        }
    }

    /// Adds a cell that is there.
    pub(super) fn push(&mut self, value: &Value, may_be_number: bool) {
        if let Self::Numbers(numbers) = self {
            match number(value).filter(|_| may_be_number) {
                Some(number) => return numbers.push(number),
                None => *self = Self::Texts(Texts::of_numbers(numbers)),
            }
        }
        if let Self::Texts(texts) = self {
            match value.as_str() {
                Some(plain) => texts.push(plain),
                None => texts.push(&text(value)),
            }
        }
    }

    /// As the values of a column.
    pub(super) fn into_values(self) -> Values {
        match self {
            Self::Numbers(numbers) => Values::Numbers(numbers),
            Self::Texts(texts) => Values::Categories { codes: texts.codes, levels: texts.levels },
        }
    }
}

impl Texts {
    pub(super) fn of_numbers(numbers: &[f64]) -> Self {
        let mut texts = Self::default();
        for number in numbers {
            if number.is_nan() {
                texts.codes.push(MISSING);
            } else {
                texts.push(&number.to_string());
            }
        }
        texts
    }

    fn push(&mut self, text: &str) {
        let code = self.places.get(text).copied().unwrap_or_else(|| {
            let code = self.levels.len() as u32;
            self.levels.push(text.to_owned());
            self.places.insert(text.to_owned(), code);
            code
        });
        self.codes.push(code);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(given: &[&str], expect: &Values) {
        let mut cells = Cells::default();
        for (row, cell) in given.iter().enumerate() {
            cells.fill(row);
            if !cell.is_empty() {
                cells.push(&Value::String((*cell).into()), true);
            }
        }
        cells.fill(given.len());
        assert_eq!(format!("{:?}", cells.into_values()), format!("{expect:?}"));
    }

    fn categories(codes: &[u32], levels: &[&str]) -> Values {
        Values::Categories { codes: codes.to_vec(), levels: levels.iter().map(ToString::to_string).collect() }
    }

    #[test]
    fn a_column_is_numbers_for_as_long_as_all_cells_are() {
        check(&["1", "", "-2.5", "1e3"], &Values::Numbers(vec![1.0, f64::NAN, -2.5, 1000.0]));
        check(&["1", "", "many", "1"], &categories(&[0, MISSING, 1, 0], &["1", "many"]));
    }

    #[test]
    fn what_would_not_come_back_as_it_was_is_no_number() {
        check(&["01234", "10117"], &categories(&[0, 1], &["01234", "10117"]));
        check(&["+4930123"], &categories(&[0], &["+4930123"]));
        check(&["0", "0.5", "-0.25"], &Values::Numbers(vec![0.0, 0.5, -0.25]));
        check(&["inf"], &categories(&[0], &["inf"]));
    }
}
