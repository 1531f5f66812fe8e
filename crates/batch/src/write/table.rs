//! Rows of any shape as Parquet: a first look at all of them finds the columns, a second one writes them.

use std::{io::Write, sync::Arc};

use arrow_array::{
    ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray, TimestampMillisecondArray,
};
use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};
use kelvin_kernel::Instant;
use parquet::{
    arrow::ArrowWriter,
    basic::{Compression, ZstdLevel},
    errors::ParquetError,
    file::properties::WriterProperties,
};
use rustc_hash::FxHashMap;
use serde_json::{Map, Value as Json};

/// Rows that are brought together before they are encoded.
const ROWS: usize = 16 << 10;

/// A row: values by column.
pub type Row = Map<String, Json>;

/// The columns of some rows, in the order in which they were found.
#[derive(Debug, Default)]
pub struct Found {
    columns: Vec<(String, Kind)>,
    places: FxHashMap<String, usize>,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Nothing but nulls so far.
    Nothing,
    Truths,
    Wholes,
    Numbers,
    Instants,
    /// Texts; anything else as JSON.
    Texts,
}

/// A table that is being written.
pub struct Table<W: Write + Send> {
    writer: ArrowWriter<W>,
    schema: SchemaRef,
    columns: Vec<(String, Kind)>,
    rows: Vec<Row>,
}

impl Found {
    /// Columns that come first; those whose names end in `time`, `at`, `as_of`, `until` or `due` hold instants.
    pub fn beginning_with(names: &[&str]) -> Self {
        let mut found = Self::default();
        for name in names {
            let is_instant = ["time", "_at", "as_of", "until", "due"].iter().any(|end| name.ends_with(end));
            let is_instant = is_instant || *name == "at";
            found.add(name, if is_instant { Kind::Instants } else { Kind::Nothing });
        }
        found
    }

    /// Looks at a row.
    pub fn notice(&mut self, row: &Row) {
        for (name, value) in row {
            let kind = Kind::of(value);
            match self.places.get(name) {
                Some(place) => self.columns[*place].1 = self.columns[*place].1.with(kind),
                None => self.add(name, kind),
            }
        }
    }

    fn add(&mut self, name: &str, kind: Kind) {
        self.places.insert(name.to_owned(), self.columns.len());
        self.columns.push((name.to_owned(), kind));
    }
}

impl Kind {
    fn of(value: &Json) -> Self {
        match value {
            Json::Null => Self::Nothing,
            Json::Bool(_) => Self::Truths,
            Json::Number(number) if number.is_i64() => Self::Wholes,
            Json::Number(_) => Self::Numbers,
            Json::String(_) | Json::Array(_) | Json::Object(_) => Self::Texts,
        }
    }

    /// What holds both.
    fn with(self, other: Self) -> Self {
        match (self, other) {
            (one, other) if one == other => one,
            (one, Self::Nothing) => one,
            (Self::Nothing, other) => other,
            (Self::Instants, Self::Texts) => Self::Instants,
            (Self::Wholes | Self::Numbers, Self::Wholes | Self::Numbers) => Self::Numbers,
            _ => Self::Texts,
        }
    }

    fn data_type(self) -> DataType {
        match self {
            Self::Truths => DataType::Boolean,
            Self::Wholes => DataType::Int64,
            Self::Numbers => DataType::Float64,
            Self::Instants => DataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into())),
            Self::Nothing | Self::Texts => DataType::Utf8,
        }
    }

    /// The values of a column.
    fn array<'r>(self, values: impl Iterator<Item = Option<&'r Json>>) -> ArrayRef {
        match self {
            Self::Truths => Arc::new(values.map(|value| value?.as_bool()).collect::<BooleanArray>()),
            Self::Wholes => Arc::new(values.map(|value| value?.as_i64()).collect::<Int64Array>()),
            Self::Numbers => Arc::new(values.map(|value| value?.as_f64()).collect::<Float64Array>()),
            Self::Instants => {
                let millis = |value: &Json| Some(Instant::parse(value.as_str()?).ok()?.as_millis());
                let values = values.map(|value| millis(value?));
                Arc::new(values.collect::<TimestampMillisecondArray>().with_timezone("UTC"))
            }
            Self::Nothing | Self::Texts => {
                Arc::new(values.map(|value| text(value?)).collect::<StringArray>())
            }
        }
    }
}

/// A value as text: what is no text as JSON.
fn text(value: &Json) -> Option<String> {
    match value {
        Json::Null => None,
        Json::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

impl<W: Write + Send> Table<W> {
    /// Begins a table of columns that were found.
    ///
    /// # Errors
    /// Those of writing.
    pub fn begin(out: W, found: Found) -> Result<Self, std::io::Error> {
        let field = |(name, kind): &(String, Kind)| Field::new(name, kind.data_type(), true);
        let schema = Arc::new(Schema::new(found.columns.iter().map(field).collect::<Vec<_>>()));
        let properties = || -> Result<_, ParquetError> {
            let zstd = Compression::ZSTD(ZstdLevel::try_new(1)?);
            Ok(WriterProperties::builder().set_compression(zstd).build())
        };
        let begun = |properties| ArrowWriter::try_new(out, Arc::clone(&schema), Some(properties));
        let writer = properties().and_then(begun);
        Ok(Self { writer: writer.map_err(failed)?, schema, columns: found.columns, rows: Vec::new() })
    }

    /// Appends a row; what it holds under names that were not found is left out.
    ///
    /// # Errors
    /// Those of writing.
    pub fn put(&mut self, row: Row) -> Result<(), std::io::Error> {
        self.rows.push(row);
        if self.rows.len() < ROWS { Ok(()) } else { self.encode() }
    }

    /// Writes what is left, and what stands at the end of the file.
    ///
    /// # Errors
    /// Those of writing.
    pub fn finish(mut self) -> Result<(), std::io::Error> {
        self.encode()?;
        self.writer.close().map(drop).map_err(failed)
    }

    fn encode(&mut self) -> Result<(), std::io::Error> {
        let rows = std::mem::take(&mut self.rows);
        if rows.is_empty() {
            return Ok(());
        }
        let array = |(name, kind): &(String, Kind)| kind.array(rows.iter().map(|row| row.get(name)));
        let arrays = self.columns.iter().map(array).collect();
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), arrays);
        batch.map_err(ParquetError::from).and_then(|batch| self.writer.write(&batch)).map_err(failed)
    }
}

fn failed(cause: ParquetError) -> std::io::Error {
    std::io::Error::other(cause)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_column_is_of_the_kind_that_holds_all_its_values() {
        let check = |values: &[Json], expect: Kind| {
            let mut found = Found::beginning_with(&["id", "time"]);
            for value in values {
                found.notice(&Row::from_iter([("x".to_owned(), value.clone())]));
            }
            assert_eq!(found.columns[2], ("x".to_owned(), expect), "{values:?}");
        };
        check(&[json!(1), json!(null), json!(2)], Kind::Wholes);
        check(&[json!(1), json!(2.5)], Kind::Numbers);
        check(&[json!(true), json!(false)], Kind::Truths);
        check(&[json!(true), json!(1)], Kind::Texts);
        check(&[json!("a"), json!({"b": 1})], Kind::Texts);
        check(&[json!(null)], Kind::Nothing);
    }
}
