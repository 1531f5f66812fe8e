//! Which attributes leads have: the columns of their files, and what events tell of them.

use std::{collections::BTreeSet, path::Path};

use kelvin_batch::read::{
    Column, Entry, EventChunk, Events, Kind, LeadChunk, Leads, ReadOptions, Rejects, Wanted,
};
use kelvin_kernel::{
    Value,
    plan::{Field, Usage},
};

use crate::{
    failure::{Failure, Outcome},
    inputs::{Rows, input},
};

/// What no column's name begins with: fields after it are looked for under names that properties may have as well.
pub(super) const MARK: char = '\u{1}';

/// The names of attributes.
#[derive(Debug, Default)]
pub(super) struct Columns {
    pub(super) attributes: BTreeSet<String>,
}

impl Columns {
    /// Looks at headers, and where there are none at all rows.
    pub(super) fn find(rows: &Rows, options: &ReadOptions, rejects: &Rejects<'_>) -> Outcome<Self> {
        if rows.leads.iter().chain(&rows.events).any(|path| path == Path::new("-")) {
            return Err(Failure::new("examples are read twice, and standard input can be read but once")
                .help("write it to a file first"));
        }
        let mut columns = Self::default();
        let inputs = || rows.leads.iter().map(|path| input(path)).collect();
        let mut wanted = Wanted::default();
        wanted.schema.lead.fields.push(Field { name: Field::WHOLE.into(), usage: Usage::Unknown });
        let leads = Leads::open(inputs(), &wanted, options)?;
        match leads.columns() {
            Some(names) => columns
                .attributes
                .extend(names.into_iter().filter(|name| !name.starts_with("account.")).map(str::to_owned)),
            None => {
                let mut worker = leads.worker();
                while let Some(chunk) = worker.next(rejects)? {
                    columns.take_leads(&chunk);
                }
            }
        }
        columns.find_traits(rows, options, rejects)?;
        for entry in options.mapping.of(Kind::Leads) {
            columns.attributes.remove(&entry.column);
            columns.attributes.insert(entry.field.clone());
        }
        for name in ["lead_id", "account", Entry::LINE] {
            columns.attributes.remove(name);
        }
        Ok(columns)
    }

    /// Names of traits, which only calls have.
    fn find_traits(&mut self, rows: &Rows, options: &ReadOptions, rejects: &Rejects<'_>) -> Outcome<()> {
        let mut options = options.clone();
        let mut wanted = Wanted::default();
        want(&mut wanted.schema.event.fields, &mut options, "traits");
        let events = Events::open(rows.events.iter().map(|path| input(path)).collect(), &wanted, &options)?;
        if events.columns().is_some() {
            return Ok(());
        }
        let mut worker = events.worker();
        while let Some(chunk) = worker.next(rejects)? {
            self.take_events(&chunk);
        }
        Ok(())
    }

    fn take_leads(&mut self, chunk: &LeadChunk) {
        self.take(&chunk.attributes[0], chunk.len());
    }

    fn take_events(&mut self, chunk: &EventChunk) {
        self.take(&chunk.properties[0], chunk.len());
    }

    fn take(&mut self, column: &Column, rows: usize) {
        if matches!(column, Column::Absent) {
            return;
        }
        for row in 0..rows {
            let Some(Value::Map(map)) = column.value(row) else { continue };
            for (key, _) in map.entries() {
                if let Some(name) = key.value().as_name().filter(|name| !self.attributes.contains(name)) {
                    self.attributes.insert(name);
                }
            }
        }
    }
}

/// Wants a column under a name that no property has.
pub(super) fn want(fields: &mut Vec<Field>, options: &mut ReadOptions, column: &str) -> usize {
    let field = format!("{MARK}{column}");
    let mapped = options.mapping.column(Kind::Events, column).unwrap_or(column).to_owned();
    fields.push(Field { name: field.as_str().into(), usage: Usage::Unknown });
    options.mapping.asides.push(Entry { kind: Some(Kind::Events), field, column: mapped });
    fields.len() - 1
}
