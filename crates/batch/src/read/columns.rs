//! Columns of a chunk: one field of many rows, kept in the cheapest form that its values allow.

use std::sync::Arc;

use arrow_array::{
    Array, BooleanArray, Float64Array, Int64Array, StringArray, StringViewArray, cast::AsArray,
};
use arrow_select::filter::filter;
use kelvin_kernel::Value;

/// One field of the rows of a chunk. Every column of a chunk has as many rows as the chunk, but for [`Column::Absent`].
///
/// What a caller computes from a field alone, it should compute once per value of a [`Dictionary`], not once per row.
#[derive(Debug, Clone, Default)]
pub enum Column {
    /// No row has the field.
    #[default]
    Absent,
    /// Few distinct values: each row points to one of them.
    Dictionary(Dictionary),
    /// Whole numbers; null where absent.
    Ints(Int64Array),
    /// Numbers; null where absent.
    Doubles(Float64Array),
    /// Texts of which many differ.
    Texts(Texts),
    /// Anything else.
    Values(Vec<Option<Value>>),
}

/// A column with few distinct values.
#[derive(Debug, Clone)]
pub struct Dictionary {
    /// The distinct values (a value may occur twice). Chunks of one row group may share them:
    /// compare with [`Arc::ptr_eq`] to reuse what was computed from them.
    pub values: Arc<[Value]>,
    /// For each row the place of its value in `values`, or [`Dictionary::ABSENT`].
    pub keys: Vec<u32>,
}

/// A column of texts, each present or absent.
#[derive(Debug, Clone)]
pub struct Texts(Form);

#[derive(Debug, Clone)]
enum Form {
    Plain(StringArray),
    View(StringViewArray),
}

impl Column {
    /// The value in a row, if the row has the field.
    pub fn value(&self, row: usize) -> Option<Value> {
        match self {
            Self::Absent => None,
            Self::Dictionary(dictionary) => dictionary.value(row).cloned(),
            Self::Ints(values) => values.is_valid(row).then(|| Value::Int(values.value(row))),
            Self::Doubles(values) => values.is_valid(row).then(|| Value::Double(values.value(row))),
            Self::Texts(texts) => texts.get(row).map(|text| Value::String(text.into())),
            Self::Values(values) => values[row].clone(),
        }
    }
}

impl Dictionary {
    /// The key of a row that does not have the field.
    pub const ABSENT: u32 = u32::MAX;

    /// The value in a row, if the row has the field.
    pub fn value(&self, row: usize) -> Option<&Value> {
        self.values.get(self.keys[row] as usize)
    }
}

impl Texts {
    /// The text in a row, if there is one.
    #[inline]
    pub fn get(&self, row: usize) -> Option<&str> {
        match &self.0 {
            Form::Plain(texts) => texts.is_valid(row).then(|| texts.value(row)),
            Form::View(texts) => texts.is_valid(row).then(|| texts.value(row)),
        }
    }

    /// The text in a row; empty if there is none.
    #[inline]
    pub fn text(&self, row: usize) -> &str {
        match &self.0 {
            Form::Plain(texts) => texts.value(row),
            Form::View(texts) => texts.value(row),
        }
    }

    /// The texts of all rows as bytes; empty where there are none.
    pub(crate) fn all_bytes(&self) -> Vec<&[u8]> {
        match &self.0 {
            Form::Plain(texts) => (0..texts.len()).map(|row| texts.value(row).as_bytes()).collect(),
            Form::View(texts) => (0..texts.len()).map(|row| texts.value(row).as_bytes()).collect(),
        }
    }

    /// Whether every row has a text, and none an empty one.
    pub(super) fn all_some(&self) -> bool {
        match &self.0 {
            Form::Plain(texts) => {
                let ends = texts.value_offsets();
                texts.null_count() == 0 && ends.iter().zip(&ends[1..]).all(|(start, end)| start < end)
            }
            Form::View(texts) => {
                // The lowest 32 bits of a view are the length.
                let some = |view: &u128| *view as u32 != 0;
                texts.null_count() == 0 && texts.views().iter().all(some)
            }
        }
    }

    /// Whether no text has a character beyond ASCII.
    pub(super) fn is_ascii(&self) -> bool {
        match &self.0 {
            Form::Plain(texts) => texts.is_ascii(),
            Form::View(texts) => texts.is_ascii(),
        }
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        match &self.0 {
            Form::Plain(texts) => texts.len(),
            Form::View(texts) => texts.len(),
        }
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Only the rows to keep.
    pub(super) fn filtered(&self, keep: &BooleanArray) -> Self {
        let texts: &dyn Array = match &self.0 {
            Form::Plain(texts) => texts,
            Form::View(texts) => texts,
        };
        match filter(texts, keep) {
            Ok(texts) => match texts.as_string_opt::<i32>() {
                Some(texts) => texts.clone().into(),
                None => texts.as_string_view().clone().into(),
            },
            Err(_) => StringArray::new_null(0).into(),
        }
    }
}

impl From<StringArray> for Texts {
    fn from(texts: StringArray) -> Self {
        Self(Form::Plain(texts))
    }
}

impl From<StringViewArray> for Texts {
    fn from(texts: StringViewArray) -> Self {
        Self(Form::View(texts))
    }
}
