//! What every row must have, from Arrow arrays: lead ids, times and names, and the ids of events.

use std::sync::Arc;

use arrow_array::{
    Array, ArrayRef, StringArray,
    cast::AsArray,
    types::{Int32Type, TimestampMillisecondType},
};
use arrow_schema::{DataType, Schema};
use kelvin_kernel::{Instant, Value, plan::NameId};
use parquet::{basic::Compression, file::metadata::ParquetMetaData};

use super::{
    Faults,
    array::{millis, value},
    times::has_no_zone,
};
use crate::{
    Error,
    read::{
        columns::Texts,
        findings::{Findings, Notice},
        schema::Columns,
        want::{Want, is_early, missing, readable},
    },
};

/// Checks that the columns hold something that can be what they stand for.
///
/// A column without values may be of no type at all, as data frames write it where there are no rows.
pub(super) fn check_types(
    file: &Arc<str>,
    schema: &Schema,
    columns: &Columns,
    has_rows: bool,
) -> Result<(), Error> {
    for (field, place) in
        [("lead_id", columns.lead_id), ("time", columns.time), ("event", columns.event), ("id", columns.id)]
    {
        if let Some(column) = place.map(|place| schema.field(place))
            && !fits(field, column.data_type())
            && (has_rows || *column.data_type() != DataType::Null)
        {
            let (column, found) = (column.name().clone(), column.data_type().to_string());
            return Err(Error::ColumnType { file: file.clone(), column, field, found });
        }
    }
    Ok(())
}

/// Checks that the columns are compressed in a way that is read.
pub(super) fn check_compression(file: &Arc<str>, metadata: &ParquetMetaData) -> Result<(), Error> {
    let chunks = metadata.row_groups().iter().flat_map(|group| group.columns());
    let mut unread = chunks.filter(|chunk| chunk.compression() == Compression::LZO);
    unread.next().map_or(Ok(()), |chunk| {
        let column = chunk.column_path().string();
        Err(Error::Compression { file: file.clone(), column, codec: "LZO" })
    })
}

fn fits(field: &str, data_type: &DataType) -> bool {
    match data_type {
        DataType::Utf8 => true,
        DataType::Binary | DataType::FixedSizeBinary(_) => field != "time",
        DataType::Timestamp(_, _) | DataType::Date32 | DataType::Date64 => field == "time",
        other => other.is_integer(),
    }
}

/// What to tell of times that have no zone.
pub(super) fn zone_warning(schema: &Schema, columns: &Columns, want: &Want) -> Option<String> {
    let time = schema.field(columns.time?);
    let bare = matches!(time.data_type(), DataType::Timestamp(_, None));
    (bare && want.time_zone().is_none()).then(|| {
        format!(
            "the times in `{}` have no time zone and are taken as UTC: `--time-zone` says otherwise",
            time.name()
        )
    })
}

/// The leads; rows without one are rejected. Numbers the rows where there is no such column.
pub(super) fn lead_ids(array: Option<&ArrayRef>, first_row: u64, faults: &mut Faults<'_>) -> Texts {
    let Some(array) = array else {
        let rows = faults.rows as u64;
        return StringArray::from_iter_values((first_row..first_row + rows).map(|row| row.to_string()))
            .into();
    };
    let texts = texts(array);
    if !texts.all_some() {
        for row in (0..texts.len()).filter(|row| texts.get(*row).is_none_or(str::is_empty)) {
            faults.reject(row, missing("lead_id"));
        }
    }
    reject_unreadable("lead_id", &texts, faults);
    texts
}

/// The ids of events, if there are any; an empty one is none. Rows with one that could not be read as a whole are rejected.
pub(super) fn ids(array: &ArrayRef, faults: &mut Faults<'_>) -> Option<Texts> {
    if array.null_count() == array.len() {
        return None;
    }
    let texts = texts(array);
    reject_unreadable("id", &texts, faults);
    if (0..texts.len()).any(|row| texts.get(row) == Some("")) {
        let some = |row| texts.get(row).filter(|text| !text.is_empty());
        return Some(StringArray::from_iter((0..texts.len()).map(some)).into());
    }
    Some(texts)
}

fn reject_unreadable(key: &str, ids: &Texts, faults: &mut Faults<'_>) {
    if ids.is_ascii() {
        return;
    }
    for row in 0..ids.len() {
        if let Some(Err(reason)) = ids.get(row).map(|id| readable(key, id)) {
            faults.reject(row, reason);
        }
    }
}

fn texts(array: &ArrayRef) -> Texts {
    match array.data_type() {
        DataType::Utf8View => array.as_string_view().clone().into(),
        _ => StringArray::from_iter((0..array.len()).map(|row| text(array, row))).into(),
    }
}

/// A text, or a whole number as text.
fn text(array: &ArrayRef, row: usize) -> Option<String> {
    match value(array, row)? {
        Value::String(text) => Some(text.to_string()),
        Value::Int(int) => Some(int.to_string()),
        Value::Uint(uint) => Some(uint.to_string()),
        Value::Bytes(bytes) => Some(bytes.iter().map(|byte| format!("{byte:02x}")).collect()),
        _ => None,
    }
}

/// The times of events; rows without one are rejected.
pub(super) fn times(array: Option<&ArrayRef>, want: &Want, faults: &mut Faults<'_>) -> Vec<i64> {
    let Some(array) = array else {
        return vec![0; faults.rows];
    };
    let zone = want.time_zone().filter(|_| has_no_zone(array.data_type()));
    if let (Some(times), None, 0) =
        (array.as_primitive_opt::<TimestampMillisecondType>(), zone, array.null_count())
    {
        let times = times.values();
        let possible = Instant::MIN.as_millis()..=Instant::MAX.as_millis();
        if !times.iter().fold(true, |all, time| all & possible.contains(time)) {
            for (row, time) in times.iter().enumerate() {
                if let Err(reason) = Want::time_of_millis(*time) {
                    faults.reject(row, reason);
                }
            }
        }
        return times.to_vec();
    }
    let time = |row: usize, faults: &mut Faults<'_>| -> Result<i64, String> {
        if array.is_null(row) {
            return Err(missing("time"));
        }
        if let Some(millis) = millis(array, row) {
            // What cannot be told in milliseconds is out of range.
            return Want::time_of_millis(
                zone.map_or(Some(millis), |zone| zone.millis(millis)).unwrap_or(i64::MAX),
            );
        }
        let text = text(array, row).filter(|text| !text.is_empty()).ok_or_else(|| missing("time"))?;
        let time = want.time("time", &text)?;
        if is_early(time, &text) {
            faults.findings.notes.add(Notice::EarlyTime, faults.first_row + row as u64, &text);
        }
        Ok(time)
    };
    let mut times = Vec::with_capacity(array.len());
    for row in 0..array.len() {
        times.push(time(row, faults).unwrap_or_else(|reason| {
            faults.reject(row, reason);
            0
        }));
    }
    times
}

/// The names of events; rows without one are rejected.
pub(super) fn names(array: Option<&ArrayRef>, want: &Want, faults: &mut Faults<'_>) -> Vec<NameId> {
    let Some(array) = array else {
        return vec![NameId::OTHER; faults.rows];
    };
    let first_row = faults.first_row;
    let name = |text: &str, row: usize, findings: &mut Findings| {
        let id = want.name(text);
        want.notice_name(id, text, || first_row + row as u64, findings);
        Some(id).filter(|_| !text.is_empty())
    };
    let mut names = Vec::with_capacity(array.len());
    let or_rejected = |name: Option<NameId>, row: usize, faults: &mut Faults<'_>| {
        name.unwrap_or_else(|| {
            faults.reject(row, missing("event"));
            NameId::OTHER
        })
    };
    if let Some(dictionary) = array.as_dictionary_opt::<Int32Type>() {
        let mut known: Vec<Option<NameId>> = vec![None; dictionary.values().len()];
        let has_nulls = array.null_count() > 0;
        for (row, key) in dictionary.keys().values().iter().enumerate() {
            match known.get(*key as usize) {
                Some(Some(found)) if !has_nulls || dictionary.is_valid(row) => names.push(*found),
                _ => {
                    let key = dictionary.key(row);
                    let text = key.and_then(|key| text(dictionary.values(), key));
                    let found = text.and_then(|text| name(&text, row, &mut *faults.findings));
                    if let Some(known) = key.and_then(|key| known.get_mut(key)) {
                        *known = found;
                    }
                    names.push(or_rejected(found, row, faults));
                }
            }
        }
    } else if let Some(texts) = array.as_string_view_opt() {
        for row in 0..array.len() {
            let text = texts.is_valid(row).then(|| texts.value(row));
            let found = text.and_then(|text| name(text, row, &mut *faults.findings));
            names.push(or_rejected(found, row, faults));
        }
    } else {
        for row in 0..array.len() {
            let found = text(array, row).and_then(|text| name(&text, row, &mut *faults.findings));
            names.push(or_rejected(found, row, faults));
        }
    }
    names
}
