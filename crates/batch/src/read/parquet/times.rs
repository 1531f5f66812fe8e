//! Columns of fields that the model takes for times.

use std::sync::Arc;

use arrow_schema::DataType;
use kelvin_kernel::{Value, value::Timestamp};

use crate::read::{
    columns::{Column, Dictionary},
    findings::Notes,
    want::Want,
    zone::TimeZone,
};

/// Reads the values of a field as times.
pub(super) struct Times<'t> {
    /// The field.
    pub(super) field: &'t str,
    pub(super) want: &'t Want,
    /// The number of the column's first row in the file.
    pub(super) first_row: u64,
    pub(super) notes: &'t mut Notes,
}

/// Whether values of a type are times that say nothing of their offset from UTC.
pub(super) fn has_no_zone(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Timestamp(_, None) | DataType::Date32 | DataType::Date64)
}

impl Times<'_> {
    /// The column of so many rows with all texts in a form that every function reads; what is no time is noticed.
    /// Timestamps are moved where they have no zone.
    pub(super) fn column(mut self, column: Column, rows: usize, has_no_zone: bool) -> Column {
        let zone = self.want.time_zone().filter(|_| has_no_zone);
        match column {
            Column::Absent => Column::Absent,
            Column::Texts(texts)
                if (0..rows)
                    .all(|row| texts.get(row).is_none_or(|text| Timestamp::parse(text).is_some())) =>
            {
                Column::Texts(texts)
            }
            Column::Dictionary(Dictionary { values, keys }) => {
                let place = |key: usize| keys.iter().position(|found| *found as usize == key);
                // A value that no row has is not looked at.
                let time = |(key, value): (usize, &Value)| match place(key) {
                    Some(row) => self.value(value.clone(), row, zone).unwrap_or_default(),
                    None => value.clone(),
                };
                let values: Arc<[Value]> = values.iter().enumerate().map(time).collect();
                Column::Dictionary(Dictionary { values, keys })
            }
            column => {
                let time = |row| self.value(column.value(row)?, row, zone);
                Column::Values((0..rows).map(time).collect())
            }
        }
    }

    fn value(&mut self, value: Value, row: usize, zone: Option<&TimeZone>) -> Option<Value> {
        let (value, notice) = match value {
            Value::Timestamp(at) => {
                let moved = zone.and_then(|zone| zone.millis(at.instant().as_millis()));
                (Some(Value::Timestamp(moved.and_then(Timestamp::from_millis).unwrap_or(at))), None)
            }
            Value::String(text) => {
                let (cell, notice) = self.want.time_cell(self.field, &text);
                let notice = notice.map(|notice| (notice, text.to_string()));
                (cell.value(), notice)
            }
            other => {
                let notice = Want::check_time(self.field, &other);
                (Some(other.clone()), notice.map(|notice| (notice, shown(&other))))
            }
        };
        if let Some((notice, text)) = notice {
            self.notes.add(notice, self.first_row + row as u64, &text);
        }
        value
    }
}

/// A value that is no time, as a message shows it.
fn shown(value: &Value) -> String {
    match value {
        Value::Bool(truth) => truth.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Double(number) => number.to_string(),
        other => format!("a {}", other.type_of().name()),
    }
}
