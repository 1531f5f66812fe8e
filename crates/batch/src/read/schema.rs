//! Columns of a file with a header: which stands for what is wanted, and what to tell of those that are missing.

use kelvin_kernel::plan::Field;

use super::{
    mapping::{Entry, Kind},
    suggest::{likeliest, map_option, nearest},
    want::Want,
};
use crate::Error;

/// Which columns stand for what is wanted, by their places in the header.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Columns {
    /// The lead's id; absent where rows are numbered instead.
    pub(super) lead_id: Option<usize>,
    /// The time of an event; absent in leads.
    pub(super) time: Option<usize>,
    /// The name of an event; absent in leads.
    pub(super) event: Option<usize>,
    /// The id of an event, where events have one.
    pub(super) id: Option<usize>,
    /// By slot of [`Want::own`].
    pub(super) own: Vec<Source>,
    /// By slot of [`Want::side`].
    pub(super) side: Vec<Source>,
    /// The fields that are not there, where a column of nearly their name is: these are told.
    likely: Vec<Box<str>>,
    /// The names of all columns.
    names: Vec<String>,
}

/// Where a slot's values come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    /// Nowhere: the file has no such column.
    Nowhere,
    /// A column.
    Column(usize),
    /// Several columns as one map, each under its key.
    Map(Vec<(String, usize)>),
}

impl Columns {
    /// The fields that are not there, where a column of nearly their name is.
    pub(super) fn likely(&self) -> impl Iterator<Item = &str> {
        self.likely.iter().map(|field| &**field)
    }

    /// The names of all columns.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// Finds the wanted columns in a header; also returns warnings.
    ///
    /// # Errors
    /// A column that must be there, or that the mapping names, is missing.
    pub(super) fn find(file: &str, header: &[String], want: &Want) -> Result<(Self, Vec<String>), Error> {
        let finder = Finder { file, header, want };
        finder.check_mapping()?;
        let numbered = want.mapped("lead_id") == Some(Entry::LINE);
        let required: &[&'static str] = match want.kind {
            Kind::Leads => &["lead_id"],
            Kind::Events => &["lead_id", "time", "event"],
        };
        let missing: Vec<&'static str> = required
            .iter()
            .copied()
            .filter(|field| finder.column(field).is_none() && !(numbered && *field == "lead_id"))
            .collect();
        if !missing.is_empty() {
            return Err(finder.missing(&missing));
        }
        let events = want.kind == Kind::Events;
        let only = |field: &str| events.then(|| finder.column(field)).flatten();
        let mut columns = Self {
            lead_id: if numbered { None } else { finder.column("lead_id") },
            time: only("time"),
            event: only("event"),
            id: only("id"),
            own: finder.own(),
            side: finder.side(),
            likely: Vec::new(),
            names: header.to_vec(),
        };
        let likely = finder.likely(&columns);
        columns.likely = likely.iter().map(|(field, _)| (*field).into()).collect();
        Ok((columns, warning(&likely).into_iter().collect()))
    }
}

struct Finder<'a> {
    file: &'a str,
    header: &'a [String],
    want: &'a Want,
}

impl Finder<'_> {
    fn place(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|column| column == name)
    }

    /// The column that stands for a field: the mapped one, or that of its name.
    fn column(&self, field: &str) -> Option<usize> {
        let mapped = self.want.mapped(field).and_then(|column| self.place(column));
        mapped.or_else(|| self.place(field))
    }

    fn own(&self) -> Vec<Source> {
        let source = |field: &Field| {
            if *field.name == *Field::WHOLE {
                return Source::Map(self.own_map());
            }
            let free = self.want.mapped(&field.name).is_some() || !self.want.taken().contains(&&*field.name);
            free.then(|| self.column(&field.name)).flatten().map_or(Source::Nowhere, Source::Column)
        };
        self.want.own.fields.iter().map(source).collect()
    }

    /// All further columns, under their own names and under those that the mapping gives them.
    fn own_map(&self) -> Vec<(String, usize)> {
        let side = format!("{}.", self.want.side_name());
        let further = |name: &str| !self.want.taken().contains(&name) && !name.starts_with(&side);
        let columns = self.header.iter().enumerate().filter(|(_, name)| further(name));
        let own = columns.map(|(place, name)| (name.clone(), place));
        let mapped = self.want.mapping.iter().filter(|entry| further(&entry.field));
        let mapped = mapped.filter_map(|entry| Some((entry.field.clone(), self.place(&entry.column)?)));
        own.chain(mapped).collect()
    }

    fn side(&self) -> Vec<Source> {
        let prefix = format!("{}.", self.want.side_name());
        let source = |field: &Field| {
            if *field.name == *Field::WHOLE {
                let columns = self.header.iter().enumerate();
                let inner =
                    columns.filter_map(|(at, name)| Some((name.strip_prefix(&prefix)?.to_owned(), at)));
                return Source::Map(inner.collect());
            }
            self.column(&format!("{prefix}{}", field.name)).map_or(Source::Nowhere, Source::Column)
        };
        self.want.side.fields.iter().map(source).collect()
    }

    /// A mapped column that the file does not have is an error, unless the file has the field under its own name or
    /// nobody looks for it here: one mapping serves leads and events.
    fn check_mapping(&self) -> Result<(), Error> {
        for Entry { kind, field, column } in &self.want.mapping {
            let numbers = field == "lead_id" && column == Entry::LINE;
            let here = kind.is_some() || self.want.reads(field) && self.place(field).is_none();
            if numbers || !here || self.place(column).is_some() {
                continue;
            }
            return Err(no_column(self.file, column, self.header));
        }
        Ok(())
    }

    fn missing(&self, fields: &[&'static str]) -> Error {
        let likely = |field: &&'static str| Some((*field, likeliest(field, self.header)?));
        let entries: Vec<_> = fields.iter().filter_map(likely).collect();
        let mut help = String::new();
        if !entries.is_empty() {
            help = format!("name the column as in `{}`; ", map_option(&entries));
        }
        if self.want.kind == Kind::Leads {
            help.push_str("`--map lead_id=@line` takes the number of the line; ");
        }
        help.push_str(&format!("its columns are {}", listed(self.header)));
        let columns: Vec<_> = fields.iter().map(|field| format!("`{field}`")).collect();
        Error::MissingColumn { file: self.file.into(), columns: columns.join(", "), help }
    }

    /// Fields that the model reads and the file does not have, where a column has nearly their name.
    fn likely(&self, columns: &Columns) -> Vec<(&str, &str)> {
        let mut likely = Vec::new();
        // What is read under its own name is not another field misspelt: `utm_source` beside `source`.
        let is_read = |name: &str| self.want.own.fields.iter().any(|field| *field.name == *name);
        for (field, source) in self.want.own.fields.iter().zip(&columns.own) {
            let built_in = ["created_at", "account_id"].contains(&&*field.name);
            let told = likely.iter().any(|(told, _)| *told == &*field.name);
            if *source != Source::Nowhere || built_in || told || self.want.taken().contains(&&*field.name) {
                continue;
            }
            if let Some(near) = likeliest(&field.name, self.header).filter(|near| !is_read(near)) {
                likely.push((&*field.name, near));
            }
        }
        likely
    }
}

/// That a file lacks a column that the mapping names.
pub(crate) fn no_column(file: &str, column: &str, header: &[String]) -> Error {
    let near = nearest(column, header.iter().map(String::as_str));
    let near = near.map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
    let help = format!("{near}its columns are {}", listed(header));
    Error::MissingColumn { file: file.into(), columns: format!("`{column}`"), help }
}

fn listed(names: &[String]) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

/// What to tell of fields that are not there, each with the column that may be meant.
fn warning(likely: &[(&str, &str)]) -> Option<String> {
    (!likely.is_empty()).then(|| format!("no column {}", meant(likely)))
}

/// Fields that are not there, each with the column or the key that may be meant.
pub(super) fn meant(likely: &[(&str, &str)]) -> String {
    let quoted = |names: &mut dyn Iterator<Item = &str>| {
        names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    };
    let fields = quoted(&mut likely.iter().map(|(field, _)| *field));
    let columns = quoted(&mut likely.iter().map(|(_, column)| *column));
    let option = map_option(likely);
    format!("{fields}, which the model reads: did you mean {columns}? (`{option}`)")
}
