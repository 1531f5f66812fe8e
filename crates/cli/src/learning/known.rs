//! What is known of the leads of files, held as compactly as the models that are asked of it allow.

use std::{
    collections::BTreeMap,
    hash::{DefaultHasher, Hash, Hasher},
    path::PathBuf,
    sync::Arc,
};

use kelvin_batch::read::{Column, EventChunk, Events, LeadChunk, Leads, Rejects};
use kelvin_kernel::{
    Instant, Value,
    history::{EventId, History},
    plan::{NameId, Schema},
};
use kelvin_learn::features::{Journey, Touch};
use rustc_hash::FxHashSet;

use super::{interned::Shared, layout::Layout, table::instant, touches::Touches};
use crate::{failure::Outcome, inputs::input};

/// All leads with what they did.
pub(super) struct Known<'p> {
    pub(super) layout: Layout<'p>,
    pub(super) leads: BTreeMap<String, Lead>,
    /// What leads did, in short; nothing where nobody wants to know.
    pub(super) touches: Option<Touches>,
    /// When the first event happened, and the last.
    pub(super) first: Option<Instant>,
    pub(super) last: Option<Instant>,
    shared: Shared,
    /// Hashes of the ids of events: one that comes again does not count again.
    seen: FxHashSet<u64>,
}

#[derive(Default)]
pub(super) struct Lead {
    /// By the slots that are wanted.
    pub(super) attributes: Vec<Option<Value>>,
    pub(super) account: Vec<Option<Value>>,
    /// The events at which some model looks, in event order.
    pub(super) deeds: Vec<Deed>,
    /// All that it did, in event order.
    pub(super) journey: Journey,
    /// When it did the first thing that is known.
    pub(super) first: Option<Instant>,
    /// The ids of what it did, until that is in order.
    ids: Vec<EventId>,
}

/// An event at which some model looks.
pub(super) struct Deed {
    pub(super) time: Instant,
    pub(super) id: EventId,
    pub(super) name: NameId,
    /// Nothing where the event tells nothing that anybody reads.
    told: Option<Box<Told>>,
}

/// What an event tells, by the slots that are wanted.
struct Told {
    properties: Box<[Option<Value>]>,
    context: Box<[Option<Value>]>,
    traits: Box<[(usize, Option<Value>)]>,
}

impl Deed {
    pub(super) fn properties(&self) -> &[Option<Value>] {
        self.told.as_ref().map_or(&[], |told| &told.properties)
    }

    pub(super) fn context(&self) -> &[Option<Value>] {
        self.told.as_ref().map_or(&[], |told| &told.context)
    }

    pub(super) fn traits(&self) -> &[(usize, Option<Value>)] {
        self.told.as_ref().map_or(&[], |told| &told.traits)
    }
}

impl Lead {
    /// Since when it is known: since it was created, as a history of it has it, else since its first event.
    pub(super) fn since(&self, history: &History) -> Option<Instant> {
        let created = history.attributes.get(Schema::CREATED_AT).and_then(Option::as_ref).and_then(instant);
        created.or(self.first)
    }

    /// Puts what it did in event order, as a model sees it: by time, then by id. From then on the order tells what the ids told.
    fn put_in_order(&mut self) {
        self.deeds.sort_by(|a, b| (a.time, &a.id).cmp(&(b.time, &b.id)));
        for (place, deed) in self.deeds.iter_mut().enumerate() {
            deed.id = EventId::Position(place as u64);
        }
        self.deeds.shrink_to_fit();
        let ids = std::mem::take(&mut self.ids);
        let mut done: Vec<(Touch, EventId)> =
            std::mem::take(&mut self.journey).into_iter().zip(ids).collect();
        done.sort_by(|(a, a_id), (b, b_id)| (a.at, a_id).cmp(&(b.at, b_id)));
        self.journey = done.into_iter().map(|(touch, _)| touch).collect();
        self.journey.shrink_to_fit();
    }
}

impl<'p> Known<'p> {
    /// Reads leads and events.
    pub(super) fn read(
        (leads, events): (&[PathBuf], &[PathBuf]),
        layout: Layout<'p>,
        touches: Option<Touches>,
        rejects: &Rejects<'_>,
    ) -> Outcome<Self> {
        let inputs = |paths: &[PathBuf]| paths.iter().map(|path| input(path)).collect();
        let leads = Leads::open(inputs(leads), &layout.wanted, &layout.options)?;
        let events = Events::open(inputs(events), &layout.wanted, &layout.options)?;
        let mut known = Self {
            layout,
            leads: BTreeMap::new(),
            touches,
            first: None,
            last: None,
            shared: Shared::default(),
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
        known.first = known.leads.values().filter_map(|lead| lead.first).min();
        known.seen = FxHashSet::default();
        Ok(known)
    }

    fn take_lead(&mut self, chunk: &LeadChunk, row: usize) {
        let lead = self.leads.entry(chunk.lead_ids.text(row).to_owned()).or_default();
        let mut of_row = |known: &[Option<Value>], columns: &[Column]| -> Vec<Option<Value>> {
            let values = columns.iter().map(|column| Some(self.shared.value(column.value(row)?)));
            // Of two rows of a lead, what the later one says counts.
            let known = |slot: usize| known.get(slot).cloned().flatten();
            values.enumerate().map(|(slot, value)| value.or_else(|| known(slot))).collect()
        };
        lead.attributes = of_row(&lead.attributes, &chunk.attributes);
        lead.account = of_row(&lead.account, &chunk.account);
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
                && !self.seen.insert(hash(text))
            {
                continue;
            }
            let values = [&chunk.properties, &chunk.context]
                .map(|columns| columns.iter().map(|column| column.value(row)).collect::<Vec<_>>());
            let (time, name) = (Instant::from_millis(chunk.times[row]), chunk.names[row]);
            self.last = self.last.max(Some(time));
            let id_of_lead = chunk.lead_ids.text(row);
            if !self.leads.contains_key(id_of_lead) {
                self.leads.insert(id_of_lead.to_owned(), Lead::default());
            }
            let Some(lead) = self.leads.get_mut(id_of_lead) else { continue };
            lead.first = Some(lead.first.map_or(time, |first| first.min(time)));
            if let Some(touches) = &mut self.touches {
                lead.journey.push(touches.touch(time, &values));
                lead.ids.push(id.clone());
            }
            if !traits.is_empty() || self.layout.asks_for(name) {
                let mut share = |value: Option<Value>| value.map(|value| self.shared.value(value));
                let [properties, context] = self
                    .layout
                    .kept(values)
                    .map(|values| values.into_iter().map(&mut share).collect::<Box<[_]>>());
                let tells = !(properties.is_empty() && context.is_empty() && traits.is_empty());
                let told = Told { properties, context, traits: traits.into() };
                lead.deeds.push(Deed { time, id, name, told: tells.then(|| Box::new(told)) });
            }
        }
    }
}

fn hash(id: &Arc<str>) -> u64 {
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish()
}
