//! Leads with their events, looked at again and again: each moment of decision is an example.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use kelvin_batch::read::{EventChunk, Events, LeadChunk, Leads, Places, ReadOptions, Rejects, Wanted};
use kelvin_kernel::{
    Instant, Value,
    history::{Event, EventId, History},
    plan::{Field, Plan, Schema, Usage},
    program::Program,
    replay::{Replay, in_event_order},
};
use kelvin_learn::{
    Dataset, Example, MISSING,
    features::{Attributes, Journey, Moments, Names, Touch, behaviour},
};
use rustc_hash::FxHashSet;

use super::{
    Examples, ModelScores, Run,
    outcome::Fate,
    table::{instant, table},
};
use crate::{
    failure::{Failure, Outcome},
    inputs::{input, want_aside},
    models, origins,
    render::text::counted,
    terminal::{Colour, Terminal},
};

/// Events of which there are many have columns of their own, so many of them.
const MOST_EVENTS: usize = 50;

/// Properties that tell which page was seen, the first that an event has.
const PAGES: [&str; 2] = ["path", "url"];

/// Properties that tell where a visit came from, if its page and campaign do not.
const SOURCES: [&str; 2] = ["source", "channel"];

/// All that is known, in the slots that are wanted.
struct Known {
    layout: Layout,
    leads: BTreeMap<String, Lead>,
    names: Interned,
    sources: Interned,
    pages: Interned,
    seen: FxHashSet<Arc<str>>,
}

#[derive(Default)]
struct Lead {
    attributes: Vec<Option<Value>>,
    account: Vec<Option<Value>>,
    events: Vec<Event>,
    journey: Journey,
}

impl Lead {
    /// Puts what it did in event order, as a model sees it: by time, then by id.
    fn put_in_order(&mut self) {
        let journey = std::mem::take(&mut self.journey).into_iter();
        let mut done: Vec<(Touch, Event)> = journey.zip(std::mem::take(&mut self.events)).collect();
        done.sort_by(|(_, a), (_, b)| a.key().cmp(&b.key()));
        (self.journey, self.events) = done.into_iter().unzip();
    }
}

/// What is wanted, and for whom.
struct Layout {
    wanted: Wanted,
    options: ReadOptions,
    /// A model that reads every attribute.
    everything: Program,
    /// Of the outcome if there is one, of the models, of everything.
    places: Vec<Places>,
    /// Where the columns lie that tell an event's name.
    event: usize,
    call: usize,
}

/// Texts by number.
#[derive(Default)]
struct Interned {
    places: BTreeMap<String, u32>,
    texts: Vec<String>,
    counts: Vec<usize>,
}

/// Reads leads and events, and looks at each lead at its moments.
pub(super) fn read(run: Run<'_>, rejects: &Rejects<'_>) -> Outcome<Examples> {
    let known = Known::read(&run, rejects)?;
    let end = run.options.until.or_else(|| known.last()).unwrap_or(Instant::MIN);
    let every = Some(run.options.every).filter(|every| every.as_millis() > 0);
    let moments = Moments { after: run.options.after, every, horizon: run.options.horizon, end };
    let mut found = Found::new(&run);
    for (id, lead) in &known.leads {
        found.look(&known, &run, (id, lead), &moments);
    }
    found.finish(&known, &run)
}

impl Known {
    fn read(run: &Run<'_>, rejects: &Rejects<'_>) -> Outcome<Self> {
        let layout = Layout::new(run)?;
        let inputs = |paths: &[std::path::PathBuf]| paths.iter().map(|path| input(path)).collect();
        let leads = Leads::open(inputs(&run.options.rows.leads), &layout.wanted, &layout.options)?;
        let events = Events::open(inputs(&run.options.rows.events), &layout.wanted, &layout.options)?;
        let mut known = Self {
            layout,
            leads: BTreeMap::new(),
            names: Interned::default(),
            sources: Interned::default(),
            pages: Interned::default(),
            seen: FxHashSet::default(),
        };
        let mut worker = leads.worker();
        while let Some(chunk) = worker.next(rejects)? {
            (0..chunk.len()).for_each(|row| known.take_lead(&chunk, row));
        }
        let mut worker = events.worker();
        while let Some(chunk) = worker.next(rejects)? {
            known.take_events(&chunk);
        }
        known.leads.values_mut().for_each(Lead::put_in_order);
        Ok(known)
    }

    /// When the last event happened.
    fn last(&self) -> Option<Instant> {
        self.leads.values().filter_map(|lead| lead.journey.last()).map(|touch| touch.at).max()
    }

    fn take_lead(&mut self, chunk: &LeadChunk, row: usize) {
        let lead = self.leads.entry(chunk.lead_ids.text(row).to_owned()).or_default();
        lead.attributes =
            overwritten(&lead.attributes, chunk.attributes.iter().map(|column| column.value(row)));
        lead.account = overwritten(&lead.account, chunk.account.iter().map(|column| column.value(row)));
    }

    fn take_events(&mut self, chunk: &EventChunk) {
        let mut writes = chunk.writes.iter().peekable();
        for row in 0..chunk.len() {
            let mut traits = Vec::new();
            while let Some(write) = writes.next_if(|write| write.row as usize == row) {
                traits.push((write.slot, write.value.clone()));
            }
            let id = chunk.id(row);
            if let EventId::Text(text) = &id
                && !self.seen.insert(text.clone())
            {
                continue;
            }
            let event = Event {
                time: Instant::from_millis(chunk.times[row]),
                id,
                name: chunk.names[row],
                properties: chunk.properties.iter().map(|column| column.value(row)).collect(),
                context: chunk.context.iter().map(|column| column.value(row)).collect(),
                traits: traits.into(),
            };
            let touch = self.touch(&event);
            let lead = self.leads.entry(chunk.lead_ids.text(row).to_owned()).or_default();
            lead.journey.push(touch);
            lead.events.push(event);
        }
    }

    fn touch(&mut self, event: &Event) -> Touch {
        let layout = &self.layout;
        // A call has its kind for a name, unless it names its event.
        let names = [layout.event, layout.call];
        let name = names.into_iter().find_map(|slot| layout.property(event, slot)).unwrap_or_default();
        let page = layout.first(event, &PAGES).or_else(|| layout.within(event, ["page", "path"]));
        let source = layout.source(event).or_else(|| layout.first(event, &SOURCES));
        Touch {
            at: event.time,
            event: self.names.place(name),
            page: page.map_or(MISSING, |page| self.pages.place(page)),
            source: source.map_or(MISSING, |source| self.sources.place(source)),
        }
    }
}

/// Of two rows of a lead, what the later one says counts.
fn overwritten(known: &[Option<Value>], row: impl Iterator<Item = Option<Value>>) -> Vec<Option<Value>> {
    row.enumerate().map(|(slot, value)| value.or_else(|| known.get(slot).cloned().flatten())).collect()
}

impl Layout {
    fn new(run: &Run<'_>) -> Outcome<Self> {
        let mut options = run.read.clone();
        let mut everything = everything(run)?;
        for name in PAGES.iter().chain(&SOURCES) {
            let slot = everything.schema.event.intern(name);
            everything.schema.event.note(slot, Usage::Text);
        }
        origins::want(&mut everything.schema);
        let mut plans: Vec<&Plan> = run.outcome.into_iter().chain(run.programs).map(Program::plan).collect();
        plans.push(&everything);
        let all = Wanted::of_all(&plans);
        let (mut wanted, places) = all.ok_or_else(|| Failure::new("the models mention too many events"))?;
        let event = want_aside(&mut wanted.schema.event, &mut options.mapping, "event");
        let call = want_aside(&mut wanted.schema.event, &mut options.mapping, "type");
        Ok(Self { wanted, options, everything: Program::new(everything), places, event, call })
    }

    fn property(&self, event: &Event, slot: usize) -> Option<String> {
        event.properties.get(slot)?.as_ref()?.as_name().filter(|text| !text.is_empty())
    }

    /// The first of some properties that an event has.
    fn first(&self, event: &Event, names: &[&str]) -> Option<String> {
        let fields = &self.wanted.schema.event;
        names.iter().find_map(|name| self.property(event, fields.slot(name)?))
    }

    /// Where a visit came from.
    fn source(&self, event: &Event) -> Option<String> {
        let origin = origins::origin(&self.wanted.schema, &event.properties, &event.context)?;
        Some(origin.source).filter(|source| !source.is_empty())
    }

    /// What stands in a map of the context.
    fn within(&self, event: &Event, [outer, inner]: [&str; 2]) -> Option<String> {
        match event.context.get(self.wanted.schema.context.slot(outer)?)? {
            Some(Value::Map(map)) => map.get(inner)?.as_name(),
            _ => None,
        }
    }

    /// A lead's history in the slots of the `place`-th program.
    fn history(&self, lead: &Lead, place: usize) -> History {
        let places = &self.places[place];
        let pick = |values: &[Option<Value>], places: &[usize]| -> Vec<Option<Value>> {
            places.iter().map(|slot| values.get(*slot).cloned().flatten()).collect()
        };
        let slot = |wanted: usize| places.lead.iter().position(|slot| *slot == wanted);
        let event = |event: &Event| Event {
            time: event.time,
            id: event.id.clone(),
            name: places.name(event.name),
            properties: pick(&event.properties, &places.event).into(),
            context: pick(&event.context, &places.context).into(),
            traits: event
                .traits
                .iter()
                .filter_map(|(wanted, value)| Some((slot(*wanted)?, value.clone())))
                .collect(),
        };
        History {
            attributes: pick(&lead.attributes, &places.lead),
            account: pick(&lead.account, &places.account),
            events: lead.events.iter().map(event).collect(),
        }
    }
}

/// A plan that reads every attribute, and does nothing with it.
fn everything(run: &Run<'_>) -> Outcome<Plan> {
    const NOTHING: &str = "kelvin: 1\nmodel: everything\ndimensions: {known: {rules: [{id: known, event: known, points: 1}]}}\n";
    let program = models::of_text("everything", NOTHING, &Terminal::of_errors(Colour::Never))?;
    let mut plan = program.plan().clone();
    for name in &run.columns.attributes {
        if plan.schema.lead.slot(name).is_none() {
            plan.schema.lead.fields.push(Field { name: name.as_str().into(), usage: Usage::Text });
        }
    }
    Ok(plan)
}

impl Interned {
    fn place(&mut self, text: String) -> u32 {
        let next = self.texts.len() as u32;
        let place = *self.places.entry(text).or_insert_with_key(|text| {
            self.texts.push(text.clone());
            self.counts.push(0);
            next
        });
        self.counts[place as usize] += 1;
        place
    }

    /// The places of the most frequent texts.
    fn frequent(&self, most: usize) -> BTreeSet<u32> {
        let mut places: Vec<u32> = (0..self.texts.len() as u32).collect();
        places.sort_by_key(|place| std::cmp::Reverse(self.counts[*place as usize]));
        places.into_iter().take(most).collect()
    }
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
        }
    }

    /// Looks at a lead at each of its moments.
    fn look(&mut self, known: &'k Known, run: &Run<'_>, (id, lead): (&str, &'k Lead), moments: &Moments) {
        let layout = &known.layout;
        let fate = run.outcome.map(|outcome| fate(layout, outcome, lead, run)).unwrap_or_default();
        let all = layout.places.len() - 1;
        let everything = layout.history(lead, all);
        let since = since(&everything, lead);
        let instants = match run.outcome {
            None => vec![moments.end],
            Some(_) => since.map(|since| moments.of(since, fate.at)).unwrap_or_default(),
        };
        if instants.is_empty() {
            *(if fate.came { &mut self.early } else { &mut self.fresh }) += 1;
        }
        let histories: Vec<_> = (layout.places.len() - 1 - run.programs.len()..all)
            .map(|place| layout.history(lead, place))
            .collect();
        for at in instants {
            for ((model, program), history) in self.models.iter_mut().zip(run.programs).zip(&histories) {
                model.push(program, &Replay::new(program, history, at).subject());
            }
            let replay = Replay::new(&layout.everything, &everything, at);
            let names = layout.everything.plan().schema.lead.fields.iter().map(|field| &*field.name);
            let told =
                names.zip(replay.subject().lead).filter_map(|(name, value)| Some((name, value.as_ref()?)));
            let at_field = run.options.outcome.outcome_at.as_deref();
            self.attributes.push(told.filter(|(name, _)| at_field != Some(*name)), Some(at));
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

    fn finish(self, known: &Known, run: &Run<'_>) -> Outcome<Examples> {
        let mut columns = self.attributes.into_columns();
        let names = Names { events: known.names.texts.clone(), sources: known.sources.texts.clone() };
        let mut counted_events = known.names.frequent(MOST_EVENTS);
        // That a deal was won is no sign that it will be.
        let told = |place: &u32| {
            run.outcome.is_some_and(|outcome| {
                outcome.plan().names.iter().any(|name| name == names.events[*place as usize])
            })
        };
        counted_events.retain(|place| !told(place));
        columns.extend(behaviour(&self.rows, &names, &counted_events));
        let dataset = Dataset { table: table(columns)?, examples: self.examples };
        let mut notes = Vec::new();
        let mut note = |count: u64, why: &str| {
            if count > 0 {
                notes.push(format!("{} {why}", counted(count, "lead")));
            }
        };
        note(self.early, "had the outcome before `--after` had passed: nothing is learnt from them");
        if run.outcome.is_some() {
            note(
                self.fresh,
                "became known too late for `--horizon` to be over, or have no time: nothing is learnt from them",
            );
        }
        Ok(Examples { dataset, models: self.models, about: run.options.about(), rejected: 0, notes })
    }
}

/// What became of a lead.
fn fate(layout: &Layout, outcome: &Program, lead: &Lead, run: &Run<'_>) -> Fate {
    let history = layout.history(lead, 0);
    let replay = Replay::new(outcome, &history, run.options.until.unwrap_or(Instant::MAX));
    let mut fate = replay.score(outcome, Fate::DETAIL).as_ref().map(Fate::of).unwrap_or_default();
    if let Some(at_field) = &run.options.outcome.outcome_at {
        let slot = layout.wanted.schema.lead.slot(at_field);
        let told = slot.and_then(|slot| lead.attributes.get(slot)?.as_ref());
        fate.at = told.filter(|_| fate.came).and_then(instant);
    }
    fate
}

/// Since when a lead is known: since it was created, else since its first event.
fn since(history: &History, lead: &Lead) -> Option<Instant> {
    let created = history.attributes.get(Schema::CREATED_AT).and_then(Option::as_ref).and_then(instant);
    let first = in_event_order(&history.events, Instant::MAX).first().map(|event| event.time);
    created.or(first).or_else(|| lead.journey.first().map(|touch| touch.at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_frequent_texts_come_first() {
        let mut names = Interned::default();
        for name in ["page", "Demo", "page", "Mail", "Mail", "page"] {
            names.place(name.to_owned());
        }
        assert_eq!(names.frequent(2), BTreeSet::from([0, 2]));
    }
}
