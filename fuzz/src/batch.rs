//! Targets of the batch crate: files of leads and of events, as anyone may have written them.

use std::{io::Cursor, ops::ControlFlow, sync::Mutex};

use kelvin_batch::read::{Chunk, EventChunk, Input, LeadChunk, ReadOptions, Reader, Reject, Rejects, Wanted};
use kelvin_kernel::plan::{Field, Usage};

/// A CSV file; read piece by piece it is what it is read whole.
pub(crate) fn csv(data: &[u8]) {
    check("e.csv", data);
}

/// A file of JSON Lines; read piece by piece it is what it is read whole.
pub(crate) fn jsonl(data: &[u8]) {
    check("e.jsonl", data);
}

fn check(name: &str, data: &[u8]) {
    let wanted = wanted();
    let leads = |piece| read(name, data, &wanted, piece, |chunk: &LeadChunk| chunk.len(), shown_lead);
    let events = |piece| read(name, data, &wanted, piece, |chunk: &EventChunk| chunk.len(), shown_event);
    let (whole_leads, whole_events) = (leads(1 << 20), events(1 << 20));
    for piece in [1, 37] {
        assert_eq!(leads(piece), whole_leads, "in pieces of {piece}");
        assert_eq!(events(piece), whole_events, "in pieces of {piece}");
    }
}

fn wanted() -> Wanted {
    let mut wanted = Wanted::default();
    let fields =
        [("path", Usage::Text), ("n", Usage::Number), ("b", Usage::Bool), (Field::WHOLE, Usage::Unknown)];
    let fields = Vec::from(fields.map(|(name, usage)| Field { name: name.into(), usage }));
    wanted.schema.lead.fields.extend(fields.iter().cloned());
    wanted.schema.event.fields = fields;
    wanted.schema.context.fields = vec![Field { name: "ip".into(), usage: Usage::Text }];
    wanted.names.intern("page");
    wanted
}

/// The rows and rejects of a file, or why it cannot be read.
fn read<C: Chunk>(
    name: &str,
    data: &[u8],
    wanted: &Wanted,
    chunk_bytes: usize,
    length: impl Fn(&C) -> usize,
    shown: impl Fn(&C, usize) -> String,
) -> Result<(Vec<String>, Vec<String>), String> {
    let told = Mutex::new(Vec::new());
    let rejects = Rejects::new(|reject: &Reject| {
        if let Ok(mut told) = told.lock() {
            told.push(reject.to_string());
        }
        ControlFlow::Continue(())
    });
    let options = ReadOptions { chunk_bytes, ..ReadOptions::default() };
    let input = Input::stream(name, Cursor::new(data.to_vec()));
    let reader = Reader::<C>::open(vec![input], wanted, &options).map_err(|error| error.to_string())?;
    let mut worker = reader.worker();
    let mut rows = Vec::new();
    while let Some(chunk) = worker.next(&rejects).map_err(|error| error.to_string())? {
        rows.extend((0..length(&chunk)).map(|row| shown(&chunk, row)));
    }
    drop(rejects);
    Ok((rows, told.into_inner().unwrap_or_default()))
}

fn shown_event(chunk: &EventChunk, row: usize) -> String {
    let columns = chunk.properties.iter().chain(&chunk.context);
    let values: Vec<_> = columns.map(|column| column.value(row)).collect();
    let id = chunk.ids.as_ref().and_then(|ids| ids.get(row));
    let writes: Vec<_> = chunk.writes.iter().filter(|write| write.row as usize == row).collect();
    let (lead, time, name) = (chunk.lead_ids.text(row), chunk.times[row], chunk.names[row]);
    let writes: Vec<_> = writes.iter().map(|write| (write.slot, &write.value)).collect();
    format!("{lead:?} {time} {name:?} {id:?} {values:?} {writes:?}")
}

fn shown_lead(chunk: &LeadChunk, row: usize) -> String {
    let columns = chunk.attributes.iter().chain(&chunk.account);
    let values: Vec<_> = columns.map(|column| column.value(row)).collect();
    format!("{:?} {values:?}", chunk.lead_ids.text(row))
}
