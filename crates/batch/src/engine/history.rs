//! One lead's history, found among all rows.

use kelvin_kernel::{
    Instant, Value,
    history::{Event, History},
    replay::Replay,
};

use super::{Engine, Read, lock};
use crate::{
    Error, Job, Source,
    accounts::AccountAttributes,
    job::Intake,
    lens::LensPlan,
    models::{Models, project},
    partition::{score::lead_account, shuffle::Shuffle},
    read::{EventChunk, LeadChunk},
    workers::in_each,
};

/// All that the source tells of a lead, for each model in its own slots; later events than the job's instant too.
/// `None` if the lead does not occur.
///
/// # Errors
/// As [`score`](super::score).
pub fn history(job: &Job<'_>, source: &dyn Source, lead: &str) -> Result<Option<Vec<History>>, Error> {
    let engine = Engine::new(job);
    let plan = LensPlan::new(job.models);
    // Whose an event is that came twice, and what is known of the lead's account, only all rows together tell.
    let found = in_each(engine.threads, |_| {
        let mut search = Search { shuffle: engine.shuffle(&plan), lead, found: Found::default() };
        source.each(&mut search)?;
        Ok((search.shuffle.finish(), search.found))
    })?;
    let (shuffled, found): (Vec<_>, Vec<_>) = found.into_iter().unzip();
    let read = engine.collect(shuffled)?;
    let Some(found) = Found::all(found, &read) else {
        return Ok(None);
    };
    let accounts = engine.account_attributes(&read)?;
    let models = 0..job.models.programs().len();
    Ok(Some(models.map(|model| found.history(job, &accounts, model)).collect()))
}

/// Looks for a lead's rows, and does all else that is done with rows too.
struct Search<'s> {
    shuffle: Shuffle<'s>,
    lead: &'s str,
    found: Found,
}

/// A lead's rows, with their positions, by wanted slot.
#[derive(Default)]
struct Found {
    rows: Vec<Row>,
    events: Vec<(u64, Event)>,
}

struct Row {
    position: u64,
    attributes: Vec<Option<Value>>,
    account: Vec<Option<Value>>,
}

impl Intake for Search<'_> {
    fn take_leads(&mut self, chunk: &LeadChunk) -> Result<(), Error> {
        for row in (0..chunk.len()).filter(|row| chunk.lead_ids.text(*row) == self.lead) {
            self.found.rows.push(Row {
                position: chunk.first + row as u64,
                attributes: chunk.attributes.iter().map(|column| column.value(row)).collect(),
                account: chunk.account.iter().map(|column| column.value(row)).collect(),
            });
        }
        self.shuffle.take_leads(chunk)
    }

    fn take_events(&mut self, chunk: &EventChunk) -> Result<(), Error> {
        for row in (0..chunk.len()).filter(|row| chunk.lead_ids.text(*row) == self.lead) {
            let writes = chunk.writes.iter().filter(|write| write.row as usize == row);
            let event = Event {
                time: Instant::from_millis(chunk.times[row]),
                id: chunk.id(row),
                name: chunk.names[row],
                properties: chunk.properties.iter().map(|column| column.value(row)).collect(),
                context: chunk.context.iter().map(|column| column.value(row)).collect(),
                traits: writes.map(|write| (write.slot, write.value.clone())).collect(),
            };
            self.found.events.push((chunk.position(row), event));
        }
        self.shuffle.take_events(chunk)
    }
}

impl Found {
    /// What all workers have found, without duplicates; `None` if it is nothing.
    fn all(found: Vec<Self>, read: &Read) -> Option<Self> {
        let mut all = Self::default();
        for worker in found {
            all.rows.extend(worker.rows);
            all.events.extend(worker.events);
        }
        all.rows.sort_by_key(|row| row.position);
        all.events.sort_by_key(|(position, _)| *position);
        for parts in &read.partitions {
            let dropped = &lock(parts).dropped;
            if !dropped.is_empty() {
                all.events.retain(|(position, _)| !dropped.contains(position));
            }
        }
        (!all.rows.is_empty() || !all.events.is_empty()).then_some(all)
    }

    /// The history in the slots of a model.
    fn history(&self, job: &Job<'_>, accounts: &AccountAttributes, model: usize) -> History {
        let (models, program) = (job.models, &job.models.programs()[model]);
        let places = models.places(model);
        let [width, account_width, ..] = models.widths();
        let (mut attributes, mut own) = (vec![None; width], vec![None; account_width]);
        for row in &self.rows {
            overwrite(&mut attributes, &row.attributes);
            overwrite(&mut own, &row.account);
        }
        let mut history = History::default();
        project(&attributes, &places.lead, &mut history.attributes);
        history.events = self.events.iter().map(|(_, event)| in_model(models, model, event)).collect();
        let account = lead_account(program, &Replay::new(program, &history, job.at).subject());
        let known = account.and_then(|account| accounts.of(model, &account));
        project(known.unwrap_or(&own), &places.account, &mut history.account);
        history
    }
}

/// An event in the slots of a model.
fn in_model(models: &Models<'_>, model: usize, event: &Event) -> Event {
    let places = models.places(model);
    let pick = |values: &[Option<Value>], places: &[usize]| {
        let mut picked = Vec::new();
        project(values, places, &mut picked);
        picked.into()
    };
    let slot = |wanted: usize| places.lead.iter().position(|place| *place == wanted);
    let traits = event.traits.iter().filter_map(|(wanted, value)| Some((slot(*wanted)?, value.clone())));
    Event {
        time: event.time,
        id: event.id.clone(),
        name: models.name(model, event.name),
        properties: pick(&event.properties, &places.event),
        context: pick(&event.context, &places.context),
        traits: traits.collect(),
    }
}

/// Of two rows of a lead, what the later one says counts.
fn overwrite(values: &mut [Option<Value>], row: &[Option<Value>]) {
    for (value, said) in values.iter_mut().zip(row) {
        if said.is_some() {
            value.clone_from(said);
        }
    }
}
