//! Files and streams as the source of a run.

use std::collections::BTreeSet;

use kelvin_kernel::plan::{Field, Fields};

use crate::{
    Error,
    job::{Intake, Source},
    read::{
        Entry, Events, Input, Kind, Leads, Mapping, ReadOptions, Rejects, Wanted, Warning, no_column,
        suggest::nearest,
    },
};

/// The inputs of a run, open.
#[derive(Debug)]
pub struct Files {
    leads: Leads,
    events: Events,
    /// What is told of the mapping.
    unread: Vec<Warning>,
}

/// The inputs with a listener for the rows that they cannot use.
#[derive(Debug)]
pub struct Listened<'a> {
    files: &'a Files,
    rejects: &'a Rejects<'a>,
}

impl Files {
    /// Opens all inputs, and reads as far as it takes to know their columns.
    ///
    /// # Errors
    /// An input that cannot be opened, is of an unknown format, or lacks a column that must be there.
    pub fn open(
        leads: Vec<Input>,
        events: Vec<Input>,
        wanted: &Wanted,
        options: &ReadOptions,
    ) -> Result<Self, Error> {
        let files = Self {
            leads: Leads::open(leads, wanted, options)?,
            events: Events::open(events, wanted, options)?,
            unread: unread(&options.mapping, wanted),
        };
        files.check_mapping(&options.mapping)?;
        Ok(files)
    }

    /// A column that is mapped for leads and events alike must be in one of them, even where each has the field under
    /// its own name.
    fn check_mapping(&self, mapping: &Mapping) -> Result<(), Error> {
        for Entry { kind, field, column } in &mapping.entries {
            if kind.is_some() || column == Entry::LINE {
                continue;
            }
            let headers = || self.leads.looking_for(field).chain(self.events.looking_for(field));
            let may_have = |header: Option<&[String]>| header.is_none_or(|names| names.contains(column));
            if headers().any(|(_, header)| may_have(header)) {
                continue;
            }
            let headers = || headers().filter_map(|(file, header)| Some((file, header?)));
            let near =
                |(_, names): &(&str, &[String])| nearest(column, names.iter().map(String::as_str)).is_some();
            if let Some((file, names)) = headers().find(near).or_else(|| headers().next()) {
                return Err(no_column(file, column, names));
            }
        }
        Ok(())
    }

    /// The inputs as a source: rejected rows are told to `rejects`.
    pub fn source<'a>(&'a self, rejects: &'a Rejects<'a>) -> Listened<'a> {
        Listened { files: self, rejects }
    }

    /// How many bytes all inputs have, where that is known.
    pub fn bytes_total(&self) -> Option<u64> {
        Some(self.leads.bytes_total()? + self.events.bytes_total()?)
    }

    /// How many of them have been read so far.
    pub fn bytes_read(&self) -> u64 {
        self.leads.bytes_read() + self.events.bytes_read()
    }

    /// What was noticed of the inputs; complete once the run is done. Of fields that are `optional` (`lead.plan`) it is
    /// not told that no row has them.
    pub fn warnings(&self, optional: &BTreeSet<String>) -> Vec<Warning> {
        let mut warnings = [self.unread.clone(), self.leads.warnings(), self.events.warnings()].concat();
        warnings.extend(self.leads.missing(Some(&self.events), optional));
        warnings.extend(self.events.missing(None::<&Leads>, optional));
        warnings
    }
}

/// What to tell of fields that are mapped and that no model reads.
fn unread(mapping: &Mapping, wanted: &Wanted) -> Vec<Warning> {
    let schema = &wanted.schema;
    let names = |fields: &Fields, outer: &str| {
        let names = fields.fields.iter().filter(|field| *field.name != *Field::WHOLE);
        names.map(|field| format!("{outer}{}", field.name)).collect::<Vec<_>>()
    };
    let leads = [names(&schema.lead, ""), names(&schema.account, "account."), vec!["lead_id".to_owned()]];
    let required = ["lead_id", "time", "event", "id"].map(str::to_owned).to_vec();
    let events = [names(&schema.event, ""), names(&schema.context, "context."), required];
    let mut warnings = Vec::new();
    for Entry { kind, field, .. } in &mapping.entries {
        let (for_leads, for_events) = (*kind != Some(Kind::Events), *kind != Some(Kind::Leads));
        let whole = |fields: &Fields| fields.slot(Field::WHOLE).is_some();
        if for_leads && whole(&schema.lead) || for_events && whole(&schema.event) {
            continue;
        }
        let known = || {
            let leads = leads.iter().flatten().filter(|_| for_leads);
            leads.chain(events.iter().flatten().filter(|_| for_events)).map(String::as_str)
        };
        if !known().any(|known| known == field) {
            // The names of a model's expressions are no names of fields.
            let bare = ["lead.", "event."].iter().find_map(|root| field.strip_prefix(root));
            let near = nearest(bare.unwrap_or(field), known());
            let near = near.map(|near| format!(": did you mean `{near}`?")).unwrap_or_default();
            let text = format!("no model reads `{field}`{near}");
            warnings.push(Warning { file: "--map".into(), text });
        }
    }
    warnings
}

impl Source for Listened<'_> {
    fn each(&self, intake: &mut dyn Intake) -> Result<(), Error> {
        let mut leads = self.files.leads.worker();
        while let Some(chunk) = leads.next(self.rejects)? {
            intake.take_leads(&chunk)?;
        }
        let mut events = self.files.events.worker();
        while let Some(chunk) = events.next(self.rejects)? {
            intake.take_events(&chunk)?;
        }
        Ok(())
    }
}
