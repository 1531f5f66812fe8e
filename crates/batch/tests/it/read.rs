//! Reading leads and events through the public interface.

mod chunks;
mod csv;
mod json;
mod parquet;
mod real;
mod segment;

use std::{io::Cursor, ops::ControlFlow, sync::Mutex};

use kelvin_batch::{
    Error,
    read::{
        Chunk, Column, EventChunk, Input, LeadChunk, Mapping, ReadOptions, Reader, Reject, Rejects, Wanted,
    },
};
use kelvin_kernel::{
    Instant, Value,
    plan::{Field, Usage},
};

/// Everything that came of reading some inputs.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Outcome {
    /// The rows in the order of their positions, as text.
    pub(crate) rows: Vec<String>,
    pub(crate) rejects: Vec<String>,
    pub(crate) warnings: Vec<String>,
}

/// Wants fields, each given as `name`, `name#` (a number), `name?` (a boolean) or `name@` (a time).
pub(crate) fn wanted(own: &[&str], side: &[&str]) -> Wanted {
    let mut wanted = Wanted::default();
    let field = |name: &&str| {
        let (name, usage) = match name.split_at_checked(name.len() - 1) {
            Some((name, "#")) => (name, Usage::Number),
            Some((name, "?")) => (name, Usage::Bool),
            Some((name, "@")) => (name, Usage::Time),
            _ => (*name, Usage::Text),
        };
        Field { name: name.into(), usage }
    };
    wanted.schema.lead.fields.extend(own.iter().map(field));
    wanted.schema.event.fields.extend(own.iter().map(field));
    wanted.schema.account.fields.extend(side.iter().map(field));
    wanted.schema.context.fields.extend(side.iter().map(field));
    for name in ["page", "signup", "group", "alias", "screen"] {
        wanted.names.intern(name);
    }
    wanted
}

/// A chunk whose rows can be shown as text.
pub(crate) trait Rows: Chunk {
    fn rows(&self, wanted: &Wanted) -> Vec<(u64, String)>;
}

impl Rows for LeadChunk {
    fn rows(&self, wanted: &Wanted) -> Vec<(u64, String)> {
        let schema = &wanted.schema;
        let row = |row: usize| {
            let mut text = self.lead_ids.text(row).to_owned();
            show(&mut text, "", &schema.lead.fields, &self.attributes, row);
            show(&mut text, "account.", &schema.account.fields, &self.account, row);
            (self.first + row as u64, text)
        };
        (0..self.len()).map(row).collect()
    }
}

impl Rows for EventChunk {
    fn rows(&self, wanted: &Wanted) -> Vec<(u64, String)> {
        let schema = &wanted.schema;
        let names: Vec<&str> = wanted.names.iter().collect();
        let row = |row: usize| {
            let name = names.get(usize::from(self.names[row].0)).unwrap_or(&"other");
            let time = Instant::from_millis(self.times[row]);
            let mut text = format!("{} {time} {name}", self.lead_ids.text(row));
            if let Some(id) = self.ids.as_ref().and_then(|ids| ids.get(row)) {
                text.push_str(&format!(" #{id}"));
            }
            show(&mut text, "", &schema.event.fields, &self.properties, row);
            show(&mut text, "context.", &schema.context.fields, &self.context, row);
            for write in self.writes.iter().filter(|write| write.row as usize == row) {
                let name = &schema.lead.fields[write.slot].name;
                text.push_str(&format!(" {name}:={}", value(write.value.as_ref())));
            }
            for write in self.account_writes.iter().filter(|write| write.row as usize == row) {
                let name = &schema.account.fields[write.slot].name;
                text.push_str(&format!(" {}.{name}:={}", write.account, value(write.value.as_ref())));
            }
            (self.position(row), text)
        };
        (0..self.len()).map(row).collect()
    }
}

fn show(text: &mut String, root: &str, fields: &[Field], columns: &[Column], row: usize) {
    assert_eq!(fields.len(), columns.len());
    for (field, column) in fields.iter().zip(columns) {
        if let Some(found) = column.value(row) {
            text.push_str(&format!(" {root}{}={}", field.name, value(Some(&found))));
        }
    }
}

pub(crate) fn value(value: Option<&Value>) -> String {
    match value {
        None => "nothing".to_owned(),
        Some(Value::Null) => "null".to_owned(),
        Some(Value::Bool(bool)) => bool.to_string(),
        Some(Value::Int(int)) => int.to_string(),
        Some(Value::Double(double)) => format!("{double:?}"),
        Some(Value::String(text)) => format!("{text:?}"),
        Some(Value::List(items)) => {
            let items: Vec<_> = items.iter().map(|item| self::value(Some(item))).collect();
            format!("[{}]", items.join(","))
        }
        Some(Value::Map(map)) => {
            let entry = |(key, item): &(_, _)| format!("{}:{}", show_key(key), self::value(Some(item)));
            let entries: Vec<_> = map.entries().iter().map(entry).collect();
            format!("{{{}}}", entries.join(","))
        }
        Some(other) => format!("{other:?}"),
    }
}

fn show_key(key: &kelvin_kernel::value::Key) -> String {
    key.value().as_str().unwrap_or_default().to_owned()
}

/// Reads inputs with a number of threads.
pub(crate) fn read<C: Rows>(
    inputs: Vec<Input>,
    wanted: &Wanted,
    options: &ReadOptions,
    threads: usize,
) -> Result<Outcome, Error> {
    let rejected = Mutex::new(Vec::new());
    let rejects = Rejects::new(|reject: &Reject| {
        rejected.lock().unwrap().push(reject.to_string());
        ControlFlow::Continue(())
    });
    let reader = Reader::<C>::open(inputs, wanted, options)?;
    let rows = Mutex::new(Vec::new());
    let work = || -> Result<(), Error> {
        let mut worker = reader.worker();
        while let Some(chunk) = worker.next(&rejects)? {
            let found = chunk.rows(wanted);
            rows.lock().unwrap().extend(found);
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        threads.into_iter().try_for_each(|thread| thread.join().unwrap())
    })?;
    let mut rows = rows.into_inner().unwrap();
    rows.sort_by_key(|(position, _)| *position);
    assert!(rows.windows(2).all(|pair| pair[0].0 < pair[1].0), "positions are unique");
    drop(rejects);
    Ok(Outcome {
        rows: rows.into_iter().map(|(_, row)| row).collect(),
        rejects: rejected.into_inner().unwrap(),
        warnings: reader.warnings().iter().map(ToString::to_string).collect(),
    })
}

/// Reads one text under a file name.
pub(crate) fn read_text<C: Rows>(
    name: &str,
    text: impl Into<Vec<u8>>,
    wanted: &Wanted,
    options: &ReadOptions,
) -> Result<Outcome, Error> {
    read::<C>(vec![Input::stream(name, Cursor::new(text.into()))], wanted, options, 1)
}

pub(crate) fn mapped(mapping: &str) -> ReadOptions {
    ReadOptions { mapping: Mapping::parse(mapping).unwrap(), ..ReadOptions::default() }
}

/// Checks rows, rejects and warnings of an outcome.
#[track_caller]
pub(crate) fn expect(outcome: &Result<Outcome, Error>, rows: &[&str], rejects: &[&str], warnings: &[&str]) {
    let outcome = outcome.as_ref().unwrap();
    assert_eq!(
        (&*outcome.rows, &*outcome.rejects, &*outcome.warnings),
        (
            &*rows.iter().map(|row| (*row).to_owned()).collect::<Vec<_>>(),
            &*rejects.iter().map(|row| (*row).to_owned()).collect::<Vec<_>>(),
            &*warnings.iter().map(|row| (*row).to_owned()).collect::<Vec<_>>(),
        )
    );
}

/// An error's message and help.
#[track_caller]
pub(crate) fn failure(outcome: Result<Outcome, Error>) -> (String, String) {
    let error = outcome.unwrap_err();
    (error.to_string(), error.help().unwrap_or_default().to_owned())
}
