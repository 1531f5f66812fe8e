//! Counts the rows whose value is no time, of fields that the model takes for one, once such a value was noticed.

use kelvin_kernel::{
    Instant, Value,
    instant::InstantError,
    plan::{Field, Usage},
    value::Timestamp,
};

use super::{
    columns::Column,
    findings::{Notes, Notice},
    rows::Rows,
    want::Want,
};

/// Counts these rows. Readers look at each distinct value once, and so cannot.
pub(super) fn count(rows: &Rows, want: &Want, notes: &mut Notes) {
    for (notice, rows) in found(rows, want, notes) {
        notes.count(&notice, rows);
    }
}

/// What was noticed, each with a number of rows.
fn found(rows: &Rows, want: &Want, notes: &Notes) -> Vec<(Notice, usize)> {
    let own = want.own.fields.iter().zip(&rows.own);
    let columns = own.chain(want.side.fields.iter().zip(&rows.side));
    let of_columns = columns.filter(|(field, _)| is_noticed(field, notes)).flat_map(|(field, column)| {
        let values = values(column, rows.lead_ids.len()).into_iter();
        values.filter_map(|(value, rows)| Some((notice(field, &value)?, rows)))
    });
    let lead = rows.writes.iter().map(|write| (&want.lead.fields[write.slot], &write.value));
    let account = rows.account_writes.iter().map(|write| (&want.account.fields[write.slot], &write.value));
    let writes = lead.chain(account).filter(|(field, _)| is_noticed(field, notes));
    let of_writes = writes.filter_map(|(field, value)| Some((notice(field, value.as_ref()?)?, 1)));
    of_columns.chain(of_writes).collect()
}

fn is_noticed(field: &Field, notes: &Notes) -> bool {
    let has = |notice: fn(Box<str>) -> Notice| notes.has(&notice(field.name.clone()));
    field.usage == Usage::Time && (has(Notice::NoTime) || has(Notice::NoOffset))
}

/// The values of a column, each with a number of rows that have it.
fn values(column: &Column, rows: usize) -> Vec<(Value, usize)> {
    let Column::Dictionary(dictionary) = column else {
        return (0..rows).filter_map(|row| Some((column.value(row)?, 1))).collect();
    };
    let mut counts = vec![0; dictionary.values.len()];
    for key in &dictionary.keys {
        if let Some(count) = counts.get_mut(*key as usize) {
            *count += 1;
        }
    }
    dictionary.values.iter().cloned().zip(counts).collect()
}

/// What was noticed of a value as it was read.
fn notice(field: &Field, value: &Value) -> Option<Notice> {
    let Value::String(text) = value else { return Want::check_time(&field.name, value) };
    let text = text.trim();
    match Instant::parse(text) {
        Ok(_) => None,
        Err(_) if Timestamp::parse(text).is_some() => None,
        Err(InstantError::NoOffset) => Some(Notice::NoOffset(field.name.clone())),
        Err(_) => Some(Notice::NoTime(field.name.clone())),
    }
}
