//! Outcomes that were told: what became of leads, as `kelvin export --what outcomes` writes it.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use kelvin_batch::read::{Column, Leads, ReadOptions, Reject, Rejects, Wanted};
use kelvin_kernel::{
    Instant, Value,
    plan::{Field, Usage},
};

use super::outcome::Fate;
use crate::{
    failure::{Failure, Outcome},
    inputs::input,
    rejects::Teller,
    render::text::counted,
    terminal::tell,
};

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
}

/// What was heard beside the outcomes that are meant.
#[derive(Default)]
pub(crate) struct Heard {
    /// When the last outcome of all came.
    last: Option<Instant>,
    /// Rows that could not be used.
    pub(crate) rejected: u64,
    /// Of those, outcomes without a time that can be read.
    undated: u64,
    /// Kinds and definitions of outcomes that are not meant.
    others: BTreeSet<String>,
    is_any_meant: bool,
}

/// Calls `take` with each outcome of a kind, or of a definition: whose, when, and what it brought.
///
/// # Errors
/// The file cannot be read, or all of its outcomes are others.
pub(crate) fn each_told(
    path: &Path,
    name: &str,
    mut take: impl FnMut(&str, Instant, Option<f64>),
) -> Outcome<Heard> {
    let mut wanted = Wanted::default();
    let fields = COLUMNS.map(|(name, usage)| Field { name: name.into(), usage });
    wanted.schema.lead.fields = fields.into_iter().collect();
    let outcomes = Leads::open(vec![input(path)], &wanted, &ReadOptions::default())?;
    let teller = Teller::new(None, false)?;
    let rejects = Rejects::new(|reject: &Reject| teller.tell(reject, |line| tell(line)));
    let mut heard = Heard::default();
    let mut worker = outcomes.worker();
    while let Some(chunk) = worker.next(&rejects)? {
        for row in 0..chunk.len() {
            if let Some((at, value)) = heard.hear(name, &chunk.attributes, row) {
                take(chunk.lead_ids.text(row), at, value);
            }
        }
    }
    drop(worker);
    drop(rejects);
    if heard.undated > 0 {
        let outcomes = counted(heard.undated, "outcome");
        tell(format_args!("rejected: {}: {outcomes} without a time in `at`", path.display()));
    }
    heard.rejected = teller.finish()? + heard.undated;
    if !heard.is_any_meant && !heard.others.is_empty() {
        let others: Vec<String> = heard.others.iter().map(|other| format!("`{other}`")).collect();
        return Err(
            Failure::new(format!("no outcome is `{name}`")).help(format!("there is {}", others.join(", ")))
        );
    }
    Ok(heard)
}

impl Heard {
    /// When an outcome came and what it brought, if it is meant and tells when.
    fn hear(&mut self, name: &str, columns: &[Column], row: usize) -> Option<(Instant, Option<f64>)> {
        let values: Vec<Option<Value>> = columns.iter().map(|column| column.value(row)).collect();
        let [kind, definition, at, value] = values.as_slice() else { return None };
        let at = at.as_ref().and_then(Value::as_instant);
        self.last = self.last.max(at);
        let names = || [kind, definition].into_iter().flatten().filter_map(Value::as_str);
        if !names().any(|told| told == name) {
            self.others.extend(names().map(str::to_owned));
            return None;
        }
        self.is_any_meant = true;
        self.undated += u64::from(at.is_none());
        Some((at?, value.as_ref().and_then(Value::number)))
    }
}

impl Told {
    /// Reads the outcomes of a kind, or of a definition.
    pub(super) fn read(path: &Path, name: &str) -> Outcome<Self> {
        let mut fates: BTreeMap<String, Fate> = BTreeMap::new();
        let heard = each_told(path, name, |lead, at, value| {
            let fate = Fate { came: true, at: Some(at), value };
            let first = fates.entry(lead.to_owned()).or_insert(fate);
            if fate.at < first.at {
                *first = fate;
            }
        })?;
        Ok(Self { fates, last: heard.last, rejected: heard.rejected })
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
