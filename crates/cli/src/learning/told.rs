//! Outcomes that were told: what became of leads, as `kelvin export --what outcomes` writes it.

use std::{collections::BTreeMap, path::Path};

use kelvin_batch::read::{Column, Leads, ReadOptions, Reject, Rejects, Wanted};
use kelvin_kernel::{
    Instant, Value,
    plan::{Field, Usage},
};

use super::outcome::Fate;
use crate::{failure::Outcome, inputs::input, rejects::Teller, render::text::counted, terminal::tell};

/// The columns of an outcome beside its lead. A definition is that of a playbook by which an event tells it.
const COLUMNS: [(&str, Usage); 4] =
    [("kind", Usage::Text), ("definition", Usage::Text), ("at", Usage::Time), ("value", Usage::Number)];

/// What became of leads.
pub(super) struct Told {
    /// Of each lead its first outcome that is meant.
    fates: BTreeMap<String, Fate>,
    /// When the last outcome of all came.
    pub(super) last: Option<Instant>,
    /// Rows that could not be used.
    pub(super) rejected: u64,
    /// Of those, outcomes without a time that can be read.
    undated: u64,
}

impl Told {
    /// Reads the outcomes of a kind, or of a definition.
    pub(super) fn read(path: &Path, name: &str) -> Outcome<Self> {
        let mut wanted = Wanted::default();
        let fields = COLUMNS.map(|(name, usage)| Field { name: name.into(), usage });
        wanted.schema.lead.fields = fields.into_iter().collect();
        let outcomes = Leads::open(vec![input(path)], &wanted, &ReadOptions::default())?;
        let teller = Teller::new(None, false)?;
        let rejects = Rejects::new(|reject: &Reject| teller.tell(reject, |line| tell(line)));
        let mut told = Self { fates: BTreeMap::new(), last: None, rejected: 0, undated: 0 };
        let mut worker = outcomes.worker();
        while let Some(chunk) = worker.next(&rejects)? {
            for row in 0..chunk.len() {
                told.take(name, chunk.lead_ids.text(row), &chunk.attributes, row);
            }
        }
        drop(worker);
        drop(rejects);
        if told.undated > 0 {
            let outcomes = counted(told.undated, "outcome");
            tell(format_args!("rejected: {}: {outcomes} without a time in `at`", path.display()));
        }
        told.rejected = teller.finish()? + told.undated;
        Ok(told)
    }

    fn take(&mut self, name: &str, lead: &str, columns: &[Column], row: usize) {
        let values: Vec<Option<Value>> = columns.iter().map(|column| column.value(row)).collect();
        let [kind, definition, at, value] = values.as_slice() else { return };
        let at = at.as_ref().and_then(Value::as_instant);
        self.last = self.last.max(at);
        let is_meant = |text: &Option<Value>| text.as_ref().and_then(Value::as_str) == Some(name);
        if !is_meant(kind) && !is_meant(definition) {
            return;
        }
        let Some(at) = at else {
            self.undated += 1;
            return;
        };
        let fate = Fate { came: true, at: Some(at), value: value.as_ref().and_then(Value::number) };
        let first = self.fates.entry(lead.to_owned()).or_insert(fate);
        if fate.at < first.at {
            *first = fate;
        }
    }

    /// What became of a lead up to an instant.
    pub(super) fn fate(&self, lead: &str, until: Instant) -> Fate {
        self.fates.get(lead).copied().filter(|fate| fate.at <= Some(until)).unwrap_or_default()
    }

    /// The leads that had the outcome.
    pub(super) fn leads(&self) -> impl Iterator<Item = &str> {
        self.fates.keys().map(String::as_str)
    }
}
