//! Which attributes leads have: the columns of their files, and what events tell of them.

use std::{collections::BTreeSet, ops::ControlFlow, path::Path};

use kelvin_batch::read::{Column, Entry, Events, Kind, Leads, ReadOptions, Rejects, Wanted};
use kelvin_kernel::{Value, plan::Field};

use crate::{
    failure::{Failure, Outcome},
    inputs::{Rows, input, want_aside},
};

/// The names of attributes.
#[derive(Debug, Default)]
pub(super) struct Columns {
    pub(super) attributes: BTreeSet<String>,
}

impl Columns {
    /// Looks at headers, and where there are none at all rows.
    pub(super) fn find(rows: &Rows, options: &ReadOptions) -> Outcome<Self> {
        if rows.leads.iter().chain(&rows.events).any(|path| path == Path::new("-")) {
            return Err(Failure::new("examples are read twice, and standard input can be read but once")
                .help("write it to a file first"));
        }
        // Whoever reads the rows themselves tells of those that cannot be used.
        let unheard = Rejects::new(|_| ControlFlow::Continue(()));
        let mut columns = Self::default();
        let inputs = || rows.leads.iter().map(|path| input(path)).collect();
        let mut wanted = Wanted::default();
        let whole = wanted.schema.lead.intern(Field::WHOLE);
        let leads = Leads::open(inputs(), &wanted, options)?;
        match leads.columns() {
            Some(names) => columns
                .attributes
                .extend(names.into_iter().filter(|name| !name.starts_with("account.")).map(str::to_owned)),
            None => {
                let mut worker = leads.worker();
                while let Some(chunk) = worker.next(&unheard)? {
                    columns.take(&chunk.attributes[whole], chunk.len());
                }
            }
        }
        columns.find_traits(rows, options, &unheard)?;
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
        let traits = want_aside(&mut wanted.schema.event, &mut options.mapping, "traits");
        let events = Events::open(rows.events.iter().map(|path| input(path)).collect(), &wanted, &options)?;
        if events.columns().is_some() {
            return Ok(());
        }
        let mut worker = events.worker();
        while let Some(chunk) = worker.next(rejects)? {
            self.take(&chunk.properties[traits], chunk.len());
        }
        Ok(())
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
