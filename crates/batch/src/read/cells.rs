//! Builds one column from cells of text: by dictionary while few values occur, plainly from there on.

use arrow_array::{
    Float64Array, Int64Array,
    builder::{Float64Builder, Int64Builder, StringBuilder},
};
use kelvin_kernel::Value;

use super::columns::{Column, Dictionary};
use crate::hash::{self, Brief};

/// A cell, decoded.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell<'a> {
    /// Nothing.
    Absent,
    /// Text.
    Text(&'a str),
    /// Anything else.
    Value(Value),
}

impl Cell<'_> {
    pub(super) fn value(self) -> Option<Value> {
        match self {
            Self::Absent => None,
            Self::Text(text) => Some(Value::String(text.into())),
            Self::Value(value) => Some(value),
        }
    }
}

/// From this many distinct values on, a column whose every other row brings a new one is kept plainly.
const MANY: usize = 1024;

/// Builds one column.
#[derive(Debug, Default)]
pub(super) struct ColumnBuilder {
    /// For each row the place in `values`; none after the column was spilled.
    keys: Vec<u32>,
    values: Vec<Value>,
    seen: Seen,
    /// The key of the empty text, once there was one: most cells of many columns are empty.
    empty: Option<u32>,
    plain: Option<Plain>,
    present: bool,
}

#[derive(Debug)]
enum Plain {
    Texts(StringBuilder),
    Ints(Int64Builder),
    Doubles(Float64Builder),
    Values(Vec<Option<Value>>),
}

impl ColumnBuilder {
    /// Adds a row without the field.
    #[inline]
    pub(super) fn push_absent(&mut self) {
        match &mut self.plain {
            None => self.keys.push(Dictionary::ABSENT),
            Some(plain) => plain.push(Cell::Absent),
        }
    }

    /// Adds a row whose cell has the text `raw`; `decode` must depend on nothing else.
    #[inline]
    pub(super) fn push<'a>(&mut self, raw: &'a str, decode: impl FnOnce(&'a str) -> Cell<'a>) {
        self.present = true;
        if let Some(plain) = &mut self.plain {
            plain.push(decode(raw));
            return;
        }
        if let (true, Some(key)) = (raw.is_empty(), self.empty) {
            self.keys.push(key);
            return;
        }
        let brief = Brief::of(raw.as_bytes());
        if let Some(key) = self.seen.key(brief, raw.as_bytes()) {
            self.keys.push(key);
            return;
        }
        let key = match decode(raw).value() {
            None => Dictionary::ABSENT,
            Some(value) => {
                self.values.push(value);
                (self.values.len() - 1) as u32
            }
        };
        self.seen.add(brief, raw.as_bytes(), key);
        if raw.is_empty() {
            self.empty = Some(key);
        }
        self.keys.push(key);
        if self.seen.len() >= MANY && self.seen.len() > self.keys.len() / 2 {
            self.spill();
        }
    }

    /// Adds a row that may have the field.
    #[inline]
    pub(super) fn push_option<'a>(&mut self, raw: Option<&'a str>, decode: impl FnOnce(&'a str) -> Cell<'a>) {
        match raw {
            Some(raw) => self.push(raw, decode),
            None => self.push_absent(),
        }
    }

    /// The column; the builder is empty again.
    pub(super) fn finish(&mut self) -> Column {
        let keys = std::mem::take(&mut self.keys);
        let values = std::mem::take(&mut self.values);
        self.seen.clear();
        self.empty = None;
        match (self.plain.take(), std::mem::take(&mut self.present)) {
            (_, false) => Column::Absent,
            (Some(plain), true) => plain.finish(),
            (None, true) => Column::Dictionary(Dictionary { values: values.into(), keys }),
        }
    }

    /// Goes over from dictionary to plain values.
    fn spill(&mut self) {
        let mut plain = match self.values.first() {
            Some(Value::String(_)) | None => Plain::Texts(StringBuilder::new()),
            Some(Value::Int(_)) => Plain::Ints(Int64Builder::new()),
            Some(Value::Double(_)) => Plain::Doubles(Float64Builder::new()),
            Some(_) => Plain::Values(Vec::new()),
        };
        for key in std::mem::take(&mut self.keys) {
            plain.push(match self.values.get(key as usize) {
                None => Cell::Absent,
                Some(Value::String(text)) => Cell::Text(text),
                Some(value) => Cell::Value(value.clone()),
            });
        }
        self.values.clear();
        self.plain = Some(plain);
    }
}

impl Plain {
    fn push(&mut self, cell: Cell<'_>) {
        match (&mut *self, cell) {
            (Self::Texts(texts), Cell::Text(text)) => texts.append_value(text),
            (Self::Texts(texts), Cell::Value(Value::String(text))) => texts.append_value(text),
            (Self::Texts(texts), Cell::Absent) => texts.append_null(),
            (Self::Ints(ints), Cell::Value(Value::Int(int))) => ints.append_value(int),
            (Self::Ints(ints), Cell::Absent) => ints.append_null(),
            (Self::Doubles(doubles), Cell::Value(Value::Double(double))) => doubles.append_value(double),
            (Self::Doubles(doubles), Cell::Absent) => doubles.append_null(),
            (Self::Values(values), cell) => values.push(cell.value()),
            (_, cell) => {
                let mut values = self.values();
                values.push(cell.value());
                *self = Self::Values(values);
            }
        }
    }

    /// The rows so far as values of any kind.
    fn values(&mut self) -> Vec<Option<Value>> {
        match self {
            Self::Texts(texts) => {
                texts.finish().iter().map(|text| text.map(|text| Value::String(text.into()))).collect()
            }
            Self::Ints(ints) => ints.finish().iter().map(|int| int.map(Value::Int)).collect(),
            Self::Doubles(doubles) => {
                doubles.finish().iter().map(|double| double.map(Value::Double)).collect()
            }
            Self::Values(values) => std::mem::take(values),
        }
    }

    fn finish(self) -> Column {
        match self {
            Self::Texts(mut texts) => Column::Texts(texts.finish().into()),
            Self::Ints(mut ints) => Column::Ints(Int64Array::from(ints.finish())),
            Self::Doubles(mut doubles) => Column::Doubles(Float64Array::from(doubles.finish())),
            Self::Values(values) => Column::Values(values),
        }
    }
}

/// The cells seen so far with their keys: a small hash table with open addressing.
#[derive(Debug, Default)]
struct Seen {
    /// One more than the place in `cells`; 0 is free. A power of two long.
    table: Vec<u32>,
    cells: Vec<SeenCell>,
    bytes: Vec<u8>,
}

#[derive(Debug)]
struct SeenCell {
    brief: Brief,
    key: u32,
    /// Where the text is among the bytes, if it is longer than what the brief holds.
    start: u32,
}

impl Seen {
    fn len(&self) -> usize {
        self.cells.len()
    }

    fn clear(&mut self) {
        self.table.fill(0);
        self.cells.clear();
        self.bytes.clear();
    }

    #[inline]
    fn key(&self, brief: Brief, raw: &[u8]) -> Option<u32> {
        let mask = self.table.len().checked_sub(1)?;
        let mut at = hash(brief, raw) as usize & mask;
        loop {
            let place = self.table.get(at)?.checked_sub(1)?;
            let cell = self.cells.get(place as usize)?;
            if cell.brief == brief && (brief.is_all() || self.text(cell) == raw) {
                return Some(cell.key);
            }
            at = (at + 1) & mask;
        }
    }

    fn text(&self, cell: &SeenCell) -> &[u8] {
        &self.bytes[cell.start as usize..][..cell.brief.length()]
    }

    fn add(&mut self, brief: Brief, raw: &[u8], key: u32) {
        if (self.cells.len() + 1) * 2 > self.table.len() {
            self.grow();
        }
        let start = self.bytes.len() as u32;
        if !brief.is_all() {
            self.bytes.extend_from_slice(raw);
        }
        self.cells.push(SeenCell { brief, key, start });
        self.place(hash(brief, raw), self.cells.len() as u32);
    }

    fn place(&mut self, hash: u64, entry: u32) {
        let mask = self.table.len() - 1;
        let mut at = hash as usize & mask;
        while self.table[at] != 0 {
            at = (at + 1) & mask;
        }
        self.table[at] = entry;
    }

    fn grow(&mut self) {
        let size = (self.table.len() * 2).max(32);
        self.table.clear();
        self.table.resize(size, 0);
        for place in 0..self.cells.len() {
            let cell = &self.cells[place];
            let text = if cell.brief.is_all() { &[] } else { self.text(cell) };
            self.place(hash(cell.brief, text), place as u32 + 1);
        }
    }
}

/// A hash of a text, which is only looked at where it is longer than what its brief holds.
#[inline]
fn hash(brief: Brief, text: &[u8]) -> u64 {
    if brief.is_all() { brief.hash() } else { hash::hash(text, 0) }
}

#[cfg(test)]
mod tests {
    use kelvin_kernel::Value;

    use super::{Cell, ColumnBuilder};
    use crate::read::columns::Column;

    fn decode(raw: &str) -> Cell<'_> {
        match raw.parse() {
            Ok(int) => Cell::Value(Value::Int(int)),
            Err(_) if raw.is_empty() => Cell::Absent,
            Err(_) => Cell::Text(raw),
        }
    }

    /// Builds a column twice over (a builder is used again and again) and returns it with its values.
    fn column(cells: &[String]) -> (Column, Vec<Option<Value>>) {
        let mut builder = ColumnBuilder::default();
        builder.push("left over", decode);
        builder.finish();
        for cell in cells {
            builder.push(cell, decode);
        }
        let column = builder.finish();
        let values = (0..cells.len()).map(|row| column.value(row)).collect();
        (column, values)
    }

    fn check(cells: Vec<String>, form: fn(&Column) -> bool) {
        let expect: Vec<_> = cells.iter().map(|cell| decode(cell).value()).collect();
        let (column, values) = column(&cells);
        assert!(form(&column));
        assert_eq!(format!("{values:?}"), format!("{expect:?}"));
    }

    #[test]
    fn few_values_make_a_dictionary() {
        let cells = (0..5000).map(|row| ["page", "", "7", "form"][row % 4].to_owned()).collect();
        check(
            cells,
            |column| matches!(column, Column::Dictionary(dictionary) if dictionary.values.len() == 3),
        );
    }

    #[test]
    fn many_texts_or_numbers_are_kept_plainly() {
        check((0..5000).map(|row| format!("u{row}")).collect(), |column| matches!(column, Column::Texts(_)));
        check((0..5000).map(|row| format!("{row}")).collect(), |column| matches!(column, Column::Ints(_)));
        let mixed = |row: i32| if row % 3000 == 2999 { String::new() } else { format!("{row}") };
        check((0..5000).map(mixed).collect(), |column| matches!(column, Column::Ints(_)));
    }

    #[test]
    fn a_late_change_of_type_keeps_all_values() {
        let mixed = |row: i32| if row == 4000 { "many".to_owned() } else { format!("{row}") };
        check((0..5000).map(mixed).collect(), |column| matches!(column, Column::Values(_)));
    }

    #[test]
    fn a_column_without_any_cell_is_absent() {
        let mut builder = ColumnBuilder::default();
        builder.push_absent();
        assert!(matches!(builder.finish(), Column::Absent));
    }
}
