//! Inputs made by hand or by a generator: as chunks for the engine, and as histories for the kernel.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
};

use arrow_array::{Int64Array, StringArray};
use kelvin_batch::{
    Error, Intake, Job, Models, Resources, Source,
    read::{Column, Dictionary, EventChunk, LeadChunk, RowWrite},
    score,
    selection::Selection,
};
use kelvin_kernel::{
    Instant, Value,
    history::{Event, EventId, History},
    plan::NameId,
    program::Program,
    score::{AccountScore, Detail, Score},
};

/// A row of leads, by wanted slot.
#[derive(Debug, Clone)]
pub(crate) struct LeadRow {
    pub(crate) lead: String,
    pub(crate) attributes: Vec<Option<Value>>,
    pub(crate) account: Vec<Option<Value>>,
}

/// A row of events, by wanted slot.
#[derive(Debug, Clone)]
pub(crate) struct EventRow {
    pub(crate) lead: String,
    pub(crate) time: i64,
    pub(crate) name: NameId,
    pub(crate) id: Option<String>,
    pub(crate) properties: Vec<Option<Value>>,
    pub(crate) context: Vec<Option<Value>>,
    pub(crate) writes: Vec<(usize, Option<Value>)>,
}

/// All rows of an input, in the order of arrival.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rows {
    pub(crate) leads: Vec<LeadRow>,
    pub(crate) events: Vec<EventRow>,
}

/// How a run is carried out, which must not matter.
#[derive(Debug, Clone, Copy)]
pub(crate) struct How {
    pub(crate) threads: usize,
    pub(crate) partitions: usize,
    pub(crate) memory: usize,
    pub(crate) chunk: usize,
    /// Chunks are handed out last first.
    pub(crate) backwards: bool,
}

pub(crate) const PLAIN: How =
    How { threads: 1, partitions: 1, memory: usize::MAX / 2, chunk: 1000, backwards: false };

impl How {
    pub(crate) fn resources(&self) -> Resources {
        Resources {
            threads: self.threads,
            memory: self.memory,
            folder: std::env::temp_dir(),
            partitions: self.partitions,
        }
    }
}

/// Programs of models, given as text.
pub(crate) fn programs(models: &[&str]) -> Vec<Program> {
    let program = |text: &&str| {
        let loaded = kelvin_model::load("model.yaml", text);
        Program::new(loaded.plan.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics)))
    };
    models.iter().map(program).collect()
}

/// The lines of leads and of accounts that the engine finds.
pub(crate) type Found = (Vec<(String, usize, Score)>, Vec<(String, usize, AccountScore)>);

/// Runs the engine.
pub(crate) fn run(programs: &[Program], rows: &Rows, at: Instant, accounts: bool, how: How) -> Found {
    let models = Models::new(programs, accounts).unwrap();
    let job = Job {
        models: &models,
        at,
        detail: Detail { until: false, reasons: true },
        selection: Selection::default(),
        resources: how.resources(),
    };
    let scores = score(&job, &Chunks::new(rows, how)).unwrap();
    let (mut leads, mut of_accounts) = (Vec::new(), Vec::new());
    scores
        .each_lead(|lead, model, score| {
            leads.push((lead.to_owned(), model, score));
            Ok(())
        })
        .unwrap();
    scores
        .each_account(|account, model, score| {
            of_accounts.push((account.to_owned(), model, score));
            Ok(())
        })
        .unwrap();
    (leads, of_accounts)
}

/// What the kernel knows of each lead; of two events with one id, whoever's they are, only the first.
pub(crate) fn histories(rows: &Rows) -> BTreeMap<String, History> {
    let mut histories: BTreeMap<String, History> = BTreeMap::new();
    for row in &rows.leads {
        let history = histories.entry(row.lead.clone()).or_default();
        overwrite(&mut history.attributes, &row.attributes);
        overwrite(&mut history.account, &row.account);
    }
    let mut seen = BTreeSet::new();
    for (position, row) in rows.events.iter().enumerate() {
        if row.id.as_ref().is_some_and(|id| !seen.insert(id)) {
            continue;
        }
        histories.entry(row.lead.clone()).or_default().events.push(Event {
            time: Instant::from_millis(row.time),
            id: match &row.id {
                Some(id) => EventId::Text(id.as_str().into()),
                None => EventId::Position(position as u64),
            },
            name: row.name,
            properties: row.properties.clone().into(),
            context: row.context.clone().into(),
            traits: row.writes.clone().into(),
        });
    }
    histories
}

fn overwrite(values: &mut Vec<Option<Value>>, with: &[Option<Value>]) {
    values.resize(values.len().max(with.len()), None);
    for (value, with) in values.iter_mut().zip(with) {
        if with.is_some() {
            value.clone_from(with);
        }
    }
}

/// The rows as chunks.
struct Chunks {
    leads: Mutex<Vec<LeadChunk>>,
    events: Mutex<Vec<EventChunk>>,
}

impl Chunks {
    fn new(rows: &Rows, how: How) -> Self {
        let mut leads: Vec<_> =
            rows.leads.chunks(how.chunk).enumerate().map(|(n, rows)| leads(n * how.chunk, rows)).collect();
        let mut events: Vec<_> =
            rows.events.chunks(how.chunk).enumerate().map(|(n, rows)| events(n * how.chunk, rows)).collect();
        // They are popped from the end.
        if !how.backwards {
            leads.reverse();
            events.reverse();
        }
        Self { leads: Mutex::new(leads), events: Mutex::new(events) }
    }
}

impl Source for Chunks {
    fn each(&self, intake: &mut dyn Intake) -> Result<(), Error> {
        while let Some(chunk) = { self.events.lock().unwrap().pop() } {
            intake.take_events(&chunk)?;
        }
        while let Some(chunk) = { self.leads.lock().unwrap().pop() } {
            intake.take_leads(&chunk)?;
        }
        Ok(())
    }
}

fn leads(first: usize, rows: &[LeadRow]) -> LeadChunk {
    LeadChunk {
        first: first as u64,
        lead_ids: texts(rows.iter().map(|row| Some(row.lead.as_str()))).into(),
        attributes: columns(rows, |row| &row.attributes),
        account: columns(rows, |row| &row.account),
    }
}

fn events(first: usize, rows: &[EventRow]) -> EventChunk {
    let writes = rows.iter().enumerate().flat_map(|(row, event)| {
        let write = move |(slot, value): &(usize, Option<Value>)| RowWrite {
            row: row as u32,
            slot: *slot,
            value: value.clone(),
        };
        event.writes.iter().map(write)
    });
    let any_id = rows.iter().any(|row| row.id.is_some());
    EventChunk {
        first: first as u64,
        lead_ids: texts(rows.iter().map(|row| Some(row.lead.as_str()))).into(),
        times: rows.iter().map(|row| row.time).collect(),
        names: rows.iter().map(|row| row.name).collect(),
        ids: any_id.then(|| texts(rows.iter().map(|row| row.id.as_deref())).into()),
        properties: columns(rows, |row| &row.properties),
        context: columns(rows, |row| &row.context),
        writes: writes.collect(),
        account_writes: Vec::new(),
    }
}

fn texts<'a>(texts: impl Iterator<Item = Option<&'a str>>) -> StringArray {
    texts.collect()
}

fn columns<R>(rows: &[R], values: impl Fn(&R) -> &Vec<Option<Value>>) -> Vec<Column> {
    let width = rows.first().map_or(0, |row| values(row).len());
    (0..width).map(|slot| column(slot, rows.iter().map(|row| values(row)[slot].clone()).collect())).collect()
}

/// A column in one of the forms that its values allow; which, depends on its place and length.
fn column(slot: usize, values: Vec<Option<Value>>) -> Column {
    let all = |is: fn(&Value) -> bool| values.iter().flatten().all(is);
    if values.iter().all(Option::is_none) && slot.is_multiple_of(2) {
        return Column::Absent;
    }
    match (slot + values.len()) % 3 {
        0 if all(|value| matches!(value, Value::Int(_))) => Column::Ints(Int64Array::from_iter(
            values.iter().map(|value| value.as_ref().and_then(|value| value.as_f64().map(|n| n as i64))),
        )),
        1 if all(|value| matches!(value, Value::String(_))) => {
            Column::Texts(texts(values.iter().map(|value| value.as_ref().and_then(Value::as_str))).into())
        }
        2 => Column::Values(values),
        _ => dictionary(values),
    }
}

fn dictionary(values: Vec<Option<Value>>) -> Column {
    let mut distinct: Vec<Value> = Vec::new();
    let keys = values.into_iter().map(|value| match value {
        None => Dictionary::ABSENT,
        Some(value) => {
            let known = distinct.iter().position(|known| format!("{known:?}") == format!("{value:?}"));
            known.unwrap_or_else(|| {
                distinct.push(value);
                distinct.len() - 1
            }) as u32
        }
    });
    let keys = keys.collect();
    Column::Dictionary(Dictionary { values: Arc::from(distinct), keys })
}
