//! Leads as rows, what is known of them as columns.

use crate::Feature;

/// The code of a category that is missing.
pub const MISSING: u32 = u32::MAX;

/// Columns of equal length.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    columns: Vec<Column>,
    rows: usize,
}

/// One feature of every row.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// What it holds.
    pub feature: Feature,
    /// Its values, one a row.
    pub values: Values,
}

/// The values of a column.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Numbers; not a number where there is none.
    Numbers(Vec<f64>),
    /// Texts, as codes.
    Categories {
        /// Of each row, the place of its text among the levels; [`MISSING`] where there is none.
        codes: Vec<u32>,
        /// The texts, each once.
        levels: Vec<String>,
    },
}

impl Values {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Numbers(numbers) => numbers.len(),
            Self::Categories { codes, .. } => codes.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The values of some rows, in the order in which they are named; a row may be named twice.
    ///
    /// # Panics
    /// When a row is not there.
    #[must_use]
    pub fn take(&self, rows: &[usize]) -> Self {
        match self {
            Self::Numbers(numbers) => Self::Numbers(rows.iter().map(|row| numbers[*row]).collect()),
            Self::Categories { codes, levels } => Self::Categories {
                codes: rows.iter().map(|row| codes[*row]).collect(),
                levels: levels.clone(),
            },
        }
    }
}

/// Why columns make no table.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum TableError {
    /// Columns of different lengths.
    #[error("column `{column}` has {found} rows, and the table has {rows}")]
    Length {
        /// The column.
        column: String,
        /// Its rows.
        found: usize,
        /// The table's rows.
        rows: usize,
    },
    /// Two columns hold the same.
    #[error("two columns hold `{0}`")]
    Twice(String),
    /// A code that has no level.
    #[error("column `{column}` has code {code} in row {row}, and {levels} levels")]
    Code {
        /// The column.
        column: String,
        /// The row, from 0.
        row: usize,
        /// The code.
        code: u32,
        /// How many levels there are.
        levels: usize,
    },
}

impl Table {
    /// A table of columns.
    ///
    /// # Errors
    /// When columns differ in length, two hold the same feature, or a code has no level.
    pub fn new(columns: Vec<Column>) -> Result<Self, TableError> {
        let rows = columns.first().map_or(0, |column| column.values.len());
        for (place, column) in columns.iter().enumerate() {
            if column.values.len() != rows {
                let (column, found) = (column.feature.to_string(), column.values.len());
                return Err(TableError::Length { column, found, rows });
            }
            if columns[..place].iter().any(|other| other.feature == column.feature) {
                return Err(TableError::Twice(column.feature.to_string()));
            }
            column.check_codes()?;
        }
        Ok(Self { columns, rows })
    }

    /// The same table with more columns.
    ///
    /// # Errors
    /// As [`Table::new`].
    pub fn with(self, more: Vec<Column>) -> Result<Self, TableError> {
        Self::new(self.columns.into_iter().chain(more).collect())
    }

    /// The columns.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The table of those columns that are wanted.
    #[must_use]
    pub fn filtered(&self, wanted: impl Fn(&Column) -> bool) -> Self {
        let columns = self.columns.iter().filter(|column| wanted(column)).cloned().collect();
        Self { columns, rows: self.rows }
    }

    /// The table of some rows, in the order in which they are named; a row may be named twice.
    ///
    /// # Panics
    /// When a row is not there.
    #[must_use]
    pub fn take(&self, rows: &[usize]) -> Self {
        let take =
            |column: &Column| Column { feature: column.feature.clone(), values: column.values.take(rows) };
        Self { columns: self.columns.iter().map(take).collect(), rows: rows.len() }
    }
}

impl Column {
    /// The column of some rows, in the order in which they are named; a row may be named twice.
    ///
    /// # Panics
    /// When a row is not there.
    #[must_use]
    pub fn take(&self, rows: &[usize]) -> Self {
        Self { feature: self.feature.clone(), values: self.values.take(rows) }
    }

    fn check_codes(&self) -> Result<(), TableError> {
        let Values::Categories { codes, levels } = &self.values else { return Ok(()) };
        let known = |code: u32| code == MISSING || (code as usize) < levels.len();
        match codes.iter().position(|code| !known(*code)) {
            None => Ok(()),
            Some(row) => Err(TableError::Code {
                column: self.feature.to_string(),
                row,
                code: codes[row],
                levels: levels.len(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(name: &str, values: &[f64]) -> Column {
        Column { feature: Feature::Attribute(name.into()), values: Values::Numbers(values.to_vec()) }
    }

    fn categories(name: &str, codes: &[u32], levels: &[&str]) -> Column {
        let levels = levels.iter().map(ToString::to_string).collect();
        let values = Values::Categories { codes: codes.to_vec(), levels };
        Column { feature: Feature::Attribute(name.into()), values }
    }

    #[test]
    fn columns_of_different_lengths_make_no_table() {
        let failed = Table::new(vec![numbers("age", &[1.0, 2.0]), numbers("employees", &[1.0])]);
        assert_eq!(
            failed.expect_err("lengths differ").to_string(),
            "column `lead.employees` has 1 rows, and the table has 2"
        );
    }

    #[test]
    fn a_feature_stands_in_a_table_once() {
        let failed = Table::new(vec![numbers("age", &[1.0]), numbers("age", &[2.0])]);
        assert_eq!(failed.expect_err("twice").to_string(), "two columns hold `lead.age`");
    }

    #[test]
    fn a_code_has_a_level_or_is_missing() {
        assert!(Table::new(vec![categories("job", &[0, MISSING], &["chef"])]).is_ok());
        let failed = Table::new(vec![categories("job", &[0, 1], &["chef"])]);
        assert_eq!(
            failed.expect_err("no level").to_string(),
            "column `lead.job` has code 1 in row 1, and 1 levels"
        );
    }

    #[test]
    fn rows_may_be_taken_in_any_order_and_twice() {
        let table = Table::new(vec![
            numbers("age", &[1.0, 2.0, 3.0]),
            categories("job", &[0, 1, MISSING], &["chef", "cook"]),
        ])
        .expect("a table");
        let taken = table.take(&[2, 0, 0]);
        assert_eq!(taken.rows(), 3);
        assert_eq!(taken.columns()[0].values, Values::Numbers(vec![3.0, 1.0, 1.0]));
        assert_eq!(taken.columns()[1], categories("job", &[MISSING, 0, 0], &["chef", "cook"]));
    }
}
