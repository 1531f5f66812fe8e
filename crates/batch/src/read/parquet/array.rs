//! Columns from Arrow arrays.

use std::sync::Arc;

use arrow_array::{
    Array, ArrayRef, BooleanArray, Float64Array, Int64Array, StructArray, cast::AsArray, make_array, types::*,
};
use arrow_buffer::NullBuffer;
use arrow_schema::{DataType, TimeUnit};
use arrow_select::filter::filter;
use kelvin_kernel::{Value, value::Timestamp};

use crate::read::{
    columns::{Column, Dictionary, Texts},
    rows::Rows,
};

/// The dictionary that a column's batch before had, with its values: batches of a row group share theirs.
pub(super) type Shared = Option<(ArrayRef, Arc<[Value]>)>;

/// An array as a column.
pub(super) fn column(array: &ArrayRef, shared: &mut Shared) -> Column {
    if array.null_count() == array.len() {
        return Column::Absent;
    }
    match array.data_type() {
        DataType::Dictionary(_, _) => dictionary(array, shared),
        DataType::Utf8 => Column::Texts(array.as_string::<i32>().clone().into()),
        DataType::Utf8View => Column::Texts(array.as_string_view().clone().into()),
        DataType::Boolean => booleans(array.as_boolean()),
        DataType::Int64 => Column::Ints(array.as_primitive::<Int64Type>().clone()),
        DataType::Int32 => ints::<Int32Type>(array),
        DataType::Int16 => ints::<Int16Type>(array),
        DataType::Int8 => ints::<Int8Type>(array),
        DataType::UInt32 => ints::<UInt32Type>(array),
        DataType::UInt16 => ints::<UInt16Type>(array),
        DataType::UInt8 => ints::<UInt8Type>(array),
        DataType::Float64 => doubles(array.as_primitive::<Float64Type>().clone()),
        DataType::Float32 => doubles(array.as_primitive::<Float32Type>().unary(f64::from)),
        _ => Column::Values((0..array.len()).map(|row| value(array, row)).collect()),
    }
}

/// Several columns, one at least, as one of maps.
pub(super) fn map_column(arrays: &[(&str, &ArrayRef)]) -> Column {
    let rows = arrays.first().map_or(0, |(_, array)| array.len());
    let map = |row| Value::map(arrays.iter().filter_map(|(key, array)| Some((*key, value(array, row)?))));
    Column::Values((0..rows).map(|row| Some(map(row))).collect())
}

/// The array with further rows null.
pub(super) fn masked(array: &ArrayRef, nulls: Option<&NullBuffer>) -> ArrayRef {
    let Some(nulls) = NullBuffer::union(array.nulls(), nulls) else {
        return array.clone();
    };
    let data = array.to_data().into_builder().nulls(Some(nulls)).build();
    data.map_or_else(|_| array.clone(), make_array)
}

fn dictionary(array: &ArrayRef, shared: &mut Shared) -> Column {
    let Some(array) = array.as_dictionary_opt::<Int32Type>() else {
        return Column::Absent;
    };
    let values = match shared {
        Some((seen, values)) if same(seen, array.values()) => values.clone(),
        _ => {
            let texts = array.values();
            let values: Arc<[Value]> =
                (0..texts.len()).map(|at| value(texts, at).unwrap_or_default()).collect();
            *shared = Some((texts.clone(), values.clone()));
            values
        }
    };
    let keys = array.keys().values();
    let keys = match array.nulls() {
        None => keys.iter().map(|key| *key as u32).collect(),
        Some(nulls) => present_keys(keys, nulls),
    };
    Column::Dictionary(Dictionary { values, keys })
}

/// The keys, with [`Dictionary::ABSENT`] for what is null; 64 rows at a time, without a branch.
fn present_keys(keys: &[i32], nulls: &NullBuffer) -> Vec<u32> {
    const { assert!(Dictionary::ABSENT == u32::MAX, "all bits set, whatever the key") };
    let mut present = Vec::with_capacity(keys.len());
    for (keys, valid) in keys.chunks(64).zip(nulls.inner().bit_chunks().iter_padded()) {
        let absent = |row: usize| ((valid >> row & 1) as u32).wrapping_sub(1);
        present.extend(keys.iter().enumerate().map(|(row, key)| *key as u32 | absent(row)));
    }
    present
}

/// Whether two arrays are the same memory.
fn same(a: &ArrayRef, b: &ArrayRef) -> bool {
    a.to_data().ptr_eq(&b.to_data())
}

fn booleans(array: &BooleanArray) -> Column {
    let key = |row| if array.is_null(row) { Dictionary::ABSENT } else { u32::from(array.value(row)) };
    let keys = (0..array.len()).map(key).collect();
    Column::Dictionary(Dictionary { values: [Value::Bool(false), Value::Bool(true)].into(), keys })
}

fn ints<T: ArrowPrimitiveType<Native: Into<i64>>>(array: &ArrayRef) -> Column {
    Column::Ints(array.as_primitive::<T>().unary(Into::into))
}

/// Numbers; what is none (pandas writes NaN for a missing value) is absent.
fn doubles(array: Float64Array) -> Column {
    if array.values().iter().all(|double| !double.is_nan()) {
        return Column::Doubles(array);
    }
    Column::Doubles(array.unary_opt(|double| (!double.is_nan()).then_some(double)))
}

/// One value of an array of any type; `None` where it is null, or of a type that means nothing to a model.
pub(super) fn value(array: &ArrayRef, row: usize) -> Option<Value> {
    if array.is_null(row) {
        return None;
    }
    Some(match array.data_type() {
        DataType::Utf8 => array.as_string::<i32>().value(row).into(),
        DataType::Utf8View => array.as_string_view().value(row).into(),
        DataType::Binary => bytes(array.as_binary::<i32>().value(row)),
        DataType::BinaryView => bytes(array.as_binary_view().value(row)),
        DataType::FixedSizeBinary(_) => bytes(array.as_fixed_size_binary().value(row)),
        DataType::Boolean => array.as_boolean().value(row).into(),
        DataType::Int64 => array.as_primitive::<Int64Type>().value(row).into(),
        DataType::Int32 => i64::from(array.as_primitive::<Int32Type>().value(row)).into(),
        DataType::Int16 => i64::from(array.as_primitive::<Int16Type>().value(row)).into(),
        DataType::Int8 => i64::from(array.as_primitive::<Int8Type>().value(row)).into(),
        DataType::UInt64 => {
            let uint = array.as_primitive::<UInt64Type>().value(row);
            i64::try_from(uint).map_or(Value::Uint(uint), Value::Int)
        }
        DataType::UInt32 => i64::from(array.as_primitive::<UInt32Type>().value(row)).into(),
        DataType::UInt16 => i64::from(array.as_primitive::<UInt16Type>().value(row)).into(),
        DataType::UInt8 => i64::from(array.as_primitive::<UInt8Type>().value(row)).into(),
        DataType::Float64 => double(array.as_primitive::<Float64Type>().value(row))?,
        DataType::Float32 => double(f64::from(array.as_primitive::<Float32Type>().value(row)))?,
        DataType::Float16 => double(f64::from(array.as_primitive::<Float16Type>().value(row)))?,
        DataType::Decimal32(_, scale) => {
            decimal(array.as_primitive::<Decimal32Type>().value(row).into(), *scale)
        }
        DataType::Decimal64(_, scale) => {
            decimal(array.as_primitive::<Decimal64Type>().value(row).into(), *scale)
        }
        DataType::Decimal128(_, scale) => decimal(array.as_primitive::<Decimal128Type>().value(row), *scale),
        DataType::Decimal256(_, scale) => {
            decimal(array.as_primitive::<Decimal256Type>().value(row).to_i128()?, *scale)
        }
        DataType::Date32 | DataType::Date64 | DataType::Timestamp(_, _) => {
            Value::Timestamp(Timestamp::from_millis(millis(array, row)?)?)
        }
        DataType::Dictionary(_, _) => {
            let dictionary = array.as_dictionary_opt::<Int32Type>()?;
            value(dictionary.values(), dictionary.key(row)?)?
        }
        DataType::Struct(_) => structure(array.as_struct(), row),
        DataType::List(_) => list(&array.as_list::<i32>().value(row)),
        DataType::LargeList(_) => list(&array.as_list::<i64>().value(row)),
        DataType::FixedSizeList(_, _) => list(&array.as_fixed_size_list().value(row)),
        DataType::Map(_, _) => map(&array.as_map().value(row)),
        _ => return None,
    })
}

/// Epoch milliseconds of a date or a timestamp; finer digits are cut off.
pub(super) fn millis(array: &ArrayRef, row: usize) -> Option<i64> {
    const DAY: i64 = 86_400_000;
    Some(match array.data_type() {
        DataType::Timestamp(TimeUnit::Second, _) => {
            array.as_primitive::<TimestampSecondType>().value(row).checked_mul(1000)?
        }
        DataType::Timestamp(TimeUnit::Millisecond, _) => {
            array.as_primitive::<TimestampMillisecondType>().value(row)
        }
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            array.as_primitive::<TimestampMicrosecondType>().value(row).div_euclid(1000)
        }
        DataType::Timestamp(TimeUnit::Nanosecond, _) => {
            array.as_primitive::<TimestampNanosecondType>().value(row).div_euclid(1_000_000)
        }
        DataType::Date32 => i64::from(array.as_primitive::<Date32Type>().value(row)) * DAY,
        DataType::Date64 => array.as_primitive::<Date64Type>().value(row),
        _ => return None,
    })
}

/// Text where it is some, else bytes.
fn bytes(bytes: &[u8]) -> Value {
    std::str::from_utf8(bytes).map_or_else(|_| Value::Bytes(bytes.into()), Value::from)
}

fn double(double: f64) -> Option<Value> {
    (!double.is_nan()).then_some(Value::Double(double))
}

/// A whole number where the scale says so and it fits, else a double.
fn decimal(unscaled: i128, scale: i8) -> Value {
    match i64::try_from(unscaled) {
        Ok(int) if scale == 0 => Value::Int(int),
        _ => Value::Double(unscaled as f64 / 10_f64.powi(i32::from(scale))),
    }
}

fn list(items: &ArrayRef) -> Value {
    Value::list((0..items.len()).map(|at| value(items, at).unwrap_or_default()))
}

fn structure(array: &StructArray, row: usize) -> Value {
    let fields = array.column_names().into_iter().zip(array.columns());
    Value::map(fields.filter_map(|(name, column)| Some((name, value(column, row)?))))
}

fn map(entries: &StructArray) -> Value {
    let [keys, values] = entries.columns() else {
        return Value::Null;
    };
    let entry = |at| match value(keys, at)? {
        Value::String(key) => Some((key, value(values, at).unwrap_or_default())),
        _ => None,
    };
    Value::map((0..entries.len()).filter_map(entry))
}

/// Only the rows to keep.
pub(super) fn filtered(rows: Rows, keep: &BooleanArray) -> Rows {
    let kept: Vec<usize> = (0..keep.len()).filter(|row| keep.value(*row)).collect();
    let pick = |column: Column| column_of(column, keep, &kept);
    Rows {
        lead_ids: rows.lead_ids.filtered(keep),
        times: kept.iter().filter_map(|row| rows.times.get(*row).copied()).collect(),
        names: kept.iter().filter_map(|row| rows.names.get(*row).copied()).collect(),
        ids: rows.ids.map(|ids: Texts| ids.filtered(keep)),
        own: rows.own.into_iter().map(pick).collect(),
        side: rows.side.into_iter().map(pick).collect(),
        ..rows
    }
}

fn column_of(column: Column, keep: &BooleanArray, kept: &[usize]) -> Column {
    match column {
        Column::Absent => Column::Absent,
        Column::Dictionary(Dictionary { values, keys }) => {
            Column::Dictionary(Dictionary { values, keys: kept.iter().map(|row| keys[*row]).collect() })
        }
        Column::Ints(ints) => {
            filter(&ints, keep).map_or(Column::Absent, |ints| Column::Ints(Int64Array::from(ints.to_data())))
        }
        Column::Doubles(doubles) => filter(&doubles, keep)
            .map_or(Column::Absent, |doubles| Column::Doubles(Float64Array::from(doubles.to_data()))),
        Column::Texts(texts) => Column::Texts(texts.filtered(keep)),
        Column::Values(values) => Column::Values(kept.iter().map(|row| values[*row].clone()).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_rows_that_are_null_are_absent() {
        let keys: Vec<i32> = (0..150).collect();
        for (start, length) in [(0, 150), (3, 140), (64, 64), (5, 1), (7, 0)] {
            let nulls: NullBuffer = keys.iter().map(|key| key % 7 != 0).collect::<Vec<bool>>().into();
            let got = present_keys(&keys[start..start + length], &nulls.slice(start, length));
            let key = |key: &i32| if key % 7 != 0 { *key as u32 } else { Dictionary::ABSENT };
            assert_eq!(got, keys[start..start + length].iter().map(key).collect::<Vec<_>>());
        }
    }
}
