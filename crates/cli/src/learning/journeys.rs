//! Leads with their events, looked at again and again: each moment of decision is an example.

use kelvin_batch::read::Rejects;
use kelvin_kernel::{
    Duration, Instant,
    plan::{Field, Schema, Usage},
    program::Program,
    replay::at_each,
};
use kelvin_learn::{
    Dataset, Example,
    features::{Attributes, Moments, Names, Touch, behaviour},
};

use super::{
    Examples, ModelScores, Run,
    known::{Known, Lead},
    layout::{Layout, plan},
    outcome::{Defined, Fate},
    table::{amounts, instant, table},
    touches::Touches,
};
use crate::{failure::Outcome, render::text::counted};

/// Events of which there are many have columns of their own, so many of them.
const MOST_EVENTS: usize = 50;

/// Reads leads and events, and looks at each lead at its moments.
pub(super) fn read(run: Run<'_>, rejects: &Rejects<'_>) -> Outcome<Examples> {
    let everything = everything(&run)?;
    let programs = run.outcome.into_iter().map(|outcome| &outcome.program).chain(run.programs);
    let programs: Vec<&Program> = programs.chain([&everything]).collect();
    let all = programs.len() - 1;
    let (mut layout, places) = Layout::new(programs, &Touches::schema(), run.read)?;
    let touches = Touches::new(&mut layout, places);
    let rows = &run.options.rows;
    let known = Known::read((&rows.leads, &rows.events), layout, Some(touches), rejects)?;
    let told = run.outcome.and_then(|outcome| outcome.told.as_ref());
    let last = known.last.max(told.and_then(|told| told.last));
    let end = run.options.until.or(last).unwrap_or(Instant::MIN);
    let every = Some(run.options.every).filter(|every| every.as_millis() > 0);
    let horizon = run.outcome.map_or(Duration::from_millis(0), |_| run.options.horizon);
    let moments = Moments { after: run.options.after, every, horizon, end };
    let mut found = Found::new(&run);
    let everything = (&everything, all);
    for (id, lead) in &known.leads {
        found.look(&known, &run, (id, lead), everything, &moments);
    }
    found.finish(&known, &run)
}

/// A model that reads every attribute.
fn everything(run: &Run<'_>) -> Outcome<Program> {
    let mut schema = Schema::default();
    for name in &run.columns.attributes {
        if schema.lead.slot(name).is_none() {
            schema.lead.fields.push(Field { name: name.as_str().into(), usage: Usage::Text });
        }
    }
    Ok(Program::new(plan(&[], schema)?))
}

/// The examples as they are found.
struct Found<'k> {
    attributes: Attributes,
    rows: Vec<(&'k [Touch], Instant)>,
    examples: Vec<Example>,
    models: Vec<ModelScores>,
    /// Leads that had their outcome before they were first looked at, and those that are too new.
    early: u64,
    fresh: u64,
    /// Leads that were known before events were recorded.
    unrecorded: u64,
}

impl<'k> Found<'k> {
    fn new(run: &Run<'_>) -> Self {
        Self {
            attributes: Attributes::new(run.reading.clone()),
            rows: Vec::new(),
            examples: Vec::new(),
            models: run.programs.iter().map(ModelScores::new).collect(),
            early: 0,
            fresh: 0,
            unrecorded: 0,
        }
    }

    /// Looks at a lead at each of its moments.
    fn look(
        &mut self,
        known: &'k Known<'_>,
        run: &Run<'_>,
        (id, lead): (&str, &'k Lead),
        (everything, all): (&Program, usize),
        moments: &Moments,
    ) {
        let history = known.layout.history(lead, all);
        let fate =
            run.outcome.map(|outcome| fate(known, (outcome, (id, lead)), all, run)).unwrap_or_default();
        let since = lead.since(&history);
        if run.options.is_of_one_age && since.is_some() && since < known.first {
            self.unrecorded += 1;
            return;
        }
        let instants = match run.outcome {
            None if !run.options.is_of_one_age => vec![moments.end],
            _ => since.map(|since| moments.of(since, fate.at)).unwrap_or_default(),
        };
        let Some(last) = instants.last().copied() else {
            *(if fate.came { &mut self.early } else { &mut self.fresh }) += 1;
            return;
        };
        let first = all - run.programs.len();
        for ((model, program), place) in self.models.iter_mut().zip(run.programs).zip(first..) {
            let history = known.layout.history(lead, place);
            at_each(program, &history, &instants, last, |subject| model.push(program, subject));
        }
        let at_field = run.options.outcome.outcome_at.as_deref();
        at_each(everything, &history, &instants, last, |subject| {
            let names = everything.plan().schema.lead.fields.iter().map(|field| &*field.name);
            let told = names.zip(subject.lead).filter_map(|(name, value)| Some((name, value.as_ref()?)));
            self.attributes.push(told.filter(|(name, _)| at_field != Some(*name)), Some(subject.at));
        });
        for at in instants {
            self.rows.push((&lead.journey, at));
            let outcome = moments.counts(at, fate.at);
            self.examples.push(Example {
                lead: id.to_owned(),
                at: Some(at),
                outcome,
                outcome_at: fate.at.filter(|_| outcome),
                value: fate.value.filter(|_| outcome),
            });
        }
    }

    fn finish(self, known: &Known<'_>, run: &Run<'_>) -> Outcome<Examples> {
        let mut notes = amounts(&self.attributes);
        let mut columns = self.attributes.into_columns();
        if let Some(Touches { names, sources, .. }) = &known.touches {
            let mut counted_events = names.frequent(MOST_EVENTS);
            let names = Names { events: names.texts().to_vec(), sources: sources.texts().to_vec() };
            // That a deal was won is no sign that it will be.
            let tells = |place: &u32| {
                run.outcome.is_some_and(|outcome| outcome.heeds(&names.events[*place as usize]))
            };
            counted_events.retain(|place| !tells(place));
            columns.extend(behaviour(&self.rows, &names, &counted_events));
        }
        let dataset = Dataset { table: table(columns)?, examples: self.examples };
        let mut note = |count: u64, why: &str| {
            if count > 0 {
                notes.push(format!("{} {why}", counted(count, "lead")));
            }
        };
        note(self.early, "had the outcome before `--after` had passed: nothing is learnt from them");
        note(
            self.fresh,
            match run.outcome {
                Some(_) => {
                    "became known too late for `--horizon` to be over, or have no time: nothing is learnt from them"
                }
                None => "became known too late for `--after` to be over, or have no time: they are left out",
            },
        );
        note(
            self.unrecorded,
            "became known before the first event: what they did then is not known, and they are left out",
        );
        let told = run.outcome.and_then(|outcome| outcome.told.as_ref());
        let unknown =
            told.map_or(0, |told| told.leads().filter(|lead| !known.leads.contains_key(*lead)).count());
        if unknown > 0 {
            let leads = counted(unknown as u64, "lead");
            notes.push(format!(
                "{leads} had the outcome of which nothing else is known: nothing is learnt from them"
            ));
        }
        let (models, about) = (self.models, run.options.about());
        Ok(Examples { dataset, models, about, rejected: 0, notes, leaks: Vec::new() })
    }
}

/// What became of a lead.
fn fate(
    known: &Known<'_>,
    (outcome, (id, lead)): (&Defined, (&str, &Lead)),
    all: usize,
    run: &Run<'_>,
) -> Fate {
    let until = run.options.until.unwrap_or(Instant::MAX);
    if let Some(told) = &outcome.told {
        return told.fate(id, until);
    }
    let history = known.layout.history(lead, 0);
    let mut fate = outcome.fate(&history, until);
    if let Some(at_field) = &run.options.outcome.outcome_at {
        let told = known.layout.attribute(lead, all, at_field);
        fate.at = told.filter(|_| fate.came).and_then(instant);
    }
    fate
}
