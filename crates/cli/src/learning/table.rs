//! A table of leads, of which each row is an example.

use kelvin_batch::read::{Column, LeadChunk, Leads, Places, Rejects, Wanted};
use kelvin_kernel::{
    Instant, Value,
    ledger::Ledger,
    plan::{Field, Usage},
    program::Program,
    score::score,
    worth::Subject,
};
use kelvin_learn::{Column as Feature, Dataset, Example, Table, features::Attributes};

use rustc_hash::FxHashSet;

use super::{Examples, ModelScores, Run, outcome::Fate};
use crate::{
    clock,
    failure::{Failure, Outcome},
    inputs::input,
    render::text::{counted, harmless},
};

/// A program, and where its slots lie in what is read.
struct Reader<'p> {
    program: &'p Program,
    places: Places,
    ledger: Ledger,
}

/// Reads the rows.
pub(super) fn read(run: Run<'_>, rejects: &Rejects<'_>) -> Outcome<Examples> {
    let outcome = run.outcome.map(|outcome| &outcome.program);
    let told = run.outcome.and_then(|outcome| outcome.told.as_ref());
    let programs = || outcome.into_iter().chain(run.programs);
    let plans: Vec<_> = programs().map(Program::plan).collect();
    let (mut wanted, places) =
        Wanted::of_all(&plans).ok_or_else(|| Failure::new("the models mention too many events"))?;
    let readers: Vec<_> =
        programs().zip(places).map(|(program, places)| Reader::new(program, places)).collect();
    let at_field = run.options.outcome.outcome_at.as_deref();
    let first = wanted.schema.lead.fields.len();
    let names: Vec<&str> = run.columns.attributes.iter().map(String::as_str).collect();
    let field = |name: &&str| Field { name: (*name).into(), usage: Usage::Text };
    wanted.schema.lead.fields.extend(names.iter().map(field));
    let leads =
        Leads::open(run.options.rows.leads.iter().map(|path| input(path)).collect(), &wanted, run.read)?;
    let now = run.options.until.unwrap_or_else(clock::now);
    let mut attributes = Attributes::new(run.reading);
    let mut examples = Vec::new();
    let mut models: Vec<_> = run.programs.iter().map(ModelScores::new).collect();
    let mut worker = leads.worker();
    while let Some(chunk) = worker.next(rejects)? {
        for row in 0..chunk.len() {
            let of_models = if run.outcome.is_some() { &readers[1..] } else { &readers[..] };
            let fate = match (told, run.outcome) {
                (Some(told), _) => told.fate(chunk.lead_ids.text(row), now),
                (None, Some(_)) => readers[0].fate(&chunk, row, now),
                (None, None) => Fate::default(),
            };
            for (model, reader) in models.iter_mut().zip(of_models) {
                reader.look(&chunk, row, now, |subject| model.push(reader.program, subject));
            }
            let known: Vec<_> = names.iter().zip(&chunk.attributes[first..]).collect();
            let outcome_at = known.iter().find(|(name, _)| at_field == Some(**name));
            let outcome_at = outcome_at.and_then(|(_, column)| instant(&column.value(row)?)).or(fate.at);
            let known: Vec<(&str, Value)> =
                known.into_iter().filter_map(|(name, column)| Some((*name, column.value(row)?))).collect();
            let known = known.iter().filter(|(name, _)| at_field != Some(*name));
            attributes.push(known.map(|(name, value)| (*name, value)), None);
            let lead = chunk.lead_ids.text(row).to_owned();
            let Fate { came: outcome, value, .. } = fate;
            examples.push(Example {
                lead,
                at: None,
                outcome,
                outcome_at: outcome_at.filter(|_| outcome),
                value,
            });
        }
    }
    let mut notes = amounts(&attributes);
    notes.extend(again(&examples));
    let table = table(attributes.into_columns())?;
    let dataset = Dataset { table, examples };
    Ok(Examples { dataset, models, about: run.options.about(), rejected: 0, notes, leaks: Vec::new() })
}

/// What to tell of amounts that are not written as numbers.
pub(super) fn amounts(attributes: &Attributes) -> Vec<String> {
    let note = |(name, text): (String, String)| {
        format!(
            "`{name}` holds amounts such as `{}`, which is no plain number: how much it is says nothing as it stands; write `1164.50`, not `$1,164.50`",
            harmless(&text)
        )
    };
    attributes.amounts().into_iter().map(note).collect()
}

/// What to tell of leads that have several rows.
fn again(examples: &[Example]) -> Option<String> {
    let leads: FxHashSet<&str> = examples.iter().map(|example| example.lead.as_str()).collect();
    let rows = (examples.len() - leads.len()) as u64;
    (rows > 0).then(|| format!("{} of a lead that has one already: each counts", counted(rows, "row")))
}

/// Columns as a table.
pub(super) fn table(columns: Vec<Feature>) -> Outcome<Table> {
    Table::new(columns).map_err(|cause| Failure::new(cause.to_string()))
}

/// The instant that a value tells.
pub(super) fn instant(value: &Value) -> Option<Instant> {
    value.as_instant().or_else(|| Instant::parse(value.as_str()?).ok())
}

impl<'p> Reader<'p> {
    fn new(program: &'p Program, places: Places) -> Self {
        let ledger = Ledger::new(program.lead_rules());
        Self { program, places, ledger }
    }

    fn look<T>(&self, chunk: &LeadChunk, row: usize, at: Instant, then: impl FnOnce(&Subject<'_>) -> T) -> T {
        let values = |columns: &[Column], places: &[usize]| -> Vec<Option<Value>> {
            places.iter().map(|place| columns[*place].value(row)).collect()
        };
        let lead = values(&chunk.attributes, &self.places.lead);
        let account = values(&chunk.account, &self.places.account);
        then(&Subject { ledger: &self.ledger, lead: &lead, account: &account, at })
    }

    fn fate(&self, chunk: &LeadChunk, row: usize, at: Instant) -> Fate {
        let told = self.look(chunk, row, at, |subject| score(self.program, subject, Fate::DETAIL));
        told.as_ref().map(Fate::of).unwrap_or_default()
    }
}
