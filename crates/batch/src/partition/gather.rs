//! The rows of a partition, brought together by lead.

use std::cmp::Ordering;

use kelvin_kernel::{history::EventId, instant::Instant};

use super::{event_rows::EventBlock, lead_rows::each_lead_row, score::Partition};
use crate::{
    hash::{Brief, hash},
    lens::INLINE,
    store::{buckets::Block, codec::Damaged},
};

/// The leads of a partition with their rows, which point into the partition's bytes.
#[derive(Debug)]
pub(crate) struct Gathered<'p> {
    /// The leads' ids, in no particular order.
    pub(crate) leads: Leads,
    /// By lead and then in the order of the input.
    cells: Vec<Cells<'p>>,
    /// For each lead where its cells begin; then the end.
    cell_starts: Vec<u32>,
    /// Event rows by lead.
    entries: Vec<Entry>,
    /// For each lead where its entries begin; then the end.
    starts: Vec<u32>,
    /// What rows have beyond an entry, by [`Entry::row`]; empty if none has more.
    more: Vec<More<'p>>,
}

/// Ids of leads, as UTF-8, one after the other.
#[derive(Debug, Default)]
pub(crate) struct Leads {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

/// The cells of a lead's row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cells<'p> {
    lead: u32,
    /// Where the row stands in the input.
    pub(crate) position: u64,
    /// See [`read_cells`](super::lead_rows::read_cells).
    pub(crate) bytes: &'p [u8],
}

/// An event row: all that most of them have.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Entry {
    /// Milliseconds since the epoch.
    pub(crate) time: i64,
    /// What is seen of it, among the looks of all workers.
    pub(crate) look: u32,
    /// Its place in the order of arrival.
    row: u32,
}

/// What else a row has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct More<'p> {
    id: Option<&'p str>,
    position: u64,
    /// See [`super::payload`].
    pub(crate) payload: &'p [u8],
}

/// One lead's rows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LeadRows<'g, 'p> {
    /// The lead's id, as UTF-8.
    pub(crate) id: &'g [u8],
    /// Its attributes, in the order of the input.
    pub(crate) cells: &'g [Cells<'p>],
    /// Its events, in event order.
    pub(crate) entries: &'g [Entry],
    more: &'g [More<'p>],
}

/// Gives each lead a number, and counts its events.
#[derive(Debug, Default)]
struct Numbers {
    leads: Leads,
    events: Vec<u32>,
    /// A power of two, at most half of them taken: each lead is in the first free slot from where its hash points.
    slots: Vec<Slot>,
}

/// The number of a lead, with what most leads are known by without a look at them, far away as they are.
#[derive(Debug, Clone, Copy)]
struct Slot {
    /// A part of the hash.
    hash: u32,
    number: u32,
    brief: Brief,
}

const FREE: Slot = Slot { hash: 0, number: u32::MAX, brief: Brief::NONE };

/// The blocks of a partition's events.
#[derive(Debug)]
struct Events<'p> {
    blocks: Vec<EventOrigin<'p>>,
    /// Whether any row has more than a lead, a time and a look.
    has_more: bool,
}

/// A block with the worker that looked at its events, and the position that their offsets count from.
#[derive(Debug)]
struct EventOrigin<'p> {
    worker: usize,
    first: u64,
    block: EventBlock<'p>,
}

/// Stands for the lead of a row that is a duplicate.
const DROPPED: u32 = u32::MAX;

impl<'p> Gathered<'p> {
    /// Brings the rows together; `bases` tells where each worker's looks begin among those of all.
    pub(crate) fn new(partition: &'p Partition, bases: &[u32]) -> Result<Self, Damaged> {
        let mut numbers = Numbers::default();
        let mut cells = Vec::new();
        for (_, block) in partition.leads()? {
            each_lead_row(block.bytes, |row| {
                let lead = numbers.number(row.lead);
                if !row.cells.is_empty() {
                    let position = block.first + u64::from(row.offset);
                    cells.push(Cells { lead, position, bytes: row.cells });
                }
            })?;
        }
        cells.sort_by_key(|cells| (cells.lead, cells.position));
        let events = Events::read(partition)?;
        let more = events.more()?;
        let of_rows = events.number(&mut numbers, &more, &partition.dropped)?;
        let starts = starts(&numbers.events);
        let entries = events.by_lead(&of_rows, &starts, bases);
        let leads = numbers.leads;
        let mut cell_counts = vec![0; leads.len()];
        cells.iter().for_each(|cells: &Cells<'_>| cell_counts[cells.lead as usize] += 1);
        let cell_starts = self::starts(&cell_counts);
        let mut gathered = Self { leads, cells, cell_starts, entries, starts, more };
        gathered.order();
        Ok(gathered)
    }

    /// The rows of a lead.
    pub(crate) fn rows(&self, lead: usize) -> LeadRows<'_, 'p> {
        let of_lead = |starts: &[u32]| starts[lead] as usize..starts[lead + 1] as usize;
        LeadRows {
            id: self.leads.get(lead),
            cells: &self.cells[of_lead(&self.cell_starts)],
            entries: &self.entries[of_lead(&self.starts)],
            more: &self.more,
        }
    }

    /// Brings each lead's entries, which are in the order of arrival, into event order.
    fn order(&mut self) {
        for bounds in self.starts.windows(2) {
            let entries = &mut self.entries[bounds[0] as usize..bounds[1] as usize];
            if self.more.is_empty() {
                if !entries.is_sorted_by_key(|entry| entry.time) {
                    entries.sort_by_key(|entry| entry.time);
                }
            } else {
                let more = |entry: &Entry| self.more[entry.row as usize];
                entries.sort_by(|a, b| a.time.cmp(&b.time).then_with(|| more(a).by_id(&more(b))));
            }
        }
    }
}

impl<'p> Events<'p> {
    fn read(partition: &'p Partition) -> Result<Self, Damaged> {
        let origin = |(worker, Block { first, bytes }): (usize, Block<'p>)| {
            Ok(EventOrigin { worker, first, block: EventBlock::read(bytes)? })
        };
        let blocks = partition.events()?.into_iter().map(origin).collect::<Result<Vec<_>, _>>()?;
        let has_more = blocks.iter().any(|origin| origin.block.has_more());
        Ok(Self { blocks, has_more })
    }

    fn len(&self) -> usize {
        self.blocks.iter().map(|origin| origin.block.len).sum()
    }

    /// What rows have beyond an entry, if any has more, in the order of arrival.
    fn more(&self) -> Result<Vec<More<'p>>, Damaged> {
        let mut more = Vec::new();
        if self.has_more {
            more.reserve_exact(self.len());
            for EventOrigin { first, block, .. } in &self.blocks {
                block.each_more(|row| {
                    let position = first + u64::from(row.offset);
                    more.push(More { id: row.id, position, payload: row.payload });
                })?;
            }
        }
        Ok(more)
    }

    /// The number of each row's lead in the order of arrival, or [`DROPPED`]; `dropped` are the positions of duplicates.
    fn number(&self, numbers: &mut Numbers, more: &[More<'_>], dropped: &[u64]) -> Result<Vec<u32>, Damaged> {
        let mut of_rows = Vec::with_capacity(self.len());
        let mut whole = Vec::new();
        for origin in &self.blocks {
            // Rows that can be dropped have ids.
            if dropped.is_empty() || more.is_empty() {
                origin.block.each_lead(&mut whole, |lead| of_rows.push(numbers.number_event(lead)))?;
                continue;
            }
            let mut rows = more[of_rows.len()..].iter();
            origin.block.each_lead(&mut whole, |lead| {
                let is_dropped = rows.next().is_some_and(|row| dropped.binary_search(&row.position).is_ok());
                of_rows.push(if is_dropped { DROPPED } else { numbers.number_event(lead) });
            })?;
        }
        Ok(of_rows)
    }

    /// The entries by lead, each lead's in the order of arrival. A lead's begin where `starts` tells.
    fn by_lead(&self, of_rows: &[u32], starts: &[u32], bases: &[u32]) -> Vec<Entry> {
        let [starts @ .., count] = starts else { return Vec::new() };
        let mut entries = vec![Entry::default(); *count as usize];
        let mut next = starts.to_vec();
        let (mut times, mut looks, mut row) = (Vec::new(), Vec::new(), 0);
        for EventOrigin { worker, block, .. } in &self.blocks {
            let base = bases[*worker];
            block.times(&mut times);
            block.looks(&mut looks);
            for ((lead, time), look) in of_rows[row as usize..].iter().zip(&times).zip(&looks) {
                // A dropped row is of no lead.
                if let Some(place) = next.get_mut(*lead as usize) {
                    let look = if *look == INLINE { INLINE } else { base + look };
                    entries[*place as usize] = Entry { time: *time, look, row };
                    *place += 1;
                }
                row += 1;
            }
        }
        entries
    }
}

impl Leads {
    /// The number of leads.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The id of a lead, which must be below the number of leads.
    pub(crate) fn get(&self, lead: usize) -> &[u8] {
        let start = lead.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[start..self.ends[lead]]
    }

    fn push(&mut self, lead: &[u8]) {
        self.bytes.extend_from_slice(lead);
        self.ends.push(self.bytes.len());
    }
}

/// Where the rows of each lead begin when they are ordered by lead; then the end.
fn starts(counts: &[u32]) -> Vec<u32> {
    let mut starts = Vec::with_capacity(counts.len() + 1);
    let mut end = 0;
    starts.push(end);
    starts.extend(counts.iter().map(|count| {
        end += count;
        end
    }));
    starts
}

impl Numbers {
    fn number(&mut self, lead: &[u8]) -> u32 {
        let (hash, brief) = (hash(lead, 0) as u32, Brief::of(lead));
        self.find(hash, brief, lead).unwrap_or_else(|| self.add(hash, brief, lead))
    }

    #[inline]
    fn find(&self, hash: u32, brief: Brief, lead: &[u8]) -> Option<u32> {
        let last = self.slots.len().wrapping_sub(1);
        let mut place = hash as usize & last;
        loop {
            let slot = self.slots.get(place)?;
            let is_same = || {
                brief.is_all() || slot.number != FREE.number && self.leads.get(slot.number as usize) == lead
            };
            if slot.hash == hash && slot.brief == brief && is_same() {
                return Some(slot.number);
            }
            if slot.number == FREE.number {
                return None;
            }
            place = (place + 1) & last;
        }
    }

    /// Gives a number to a lead that has none.
    #[cold]
    fn add(&mut self, hash: u32, brief: Brief, lead: &[u8]) -> u32 {
        if self.leads.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let number = self.leads.len() as u32;
        self.leads.push(lead);
        self.events.push(0);
        self.place(Slot { hash, number, brief });
        number
    }

    fn grow(&mut self) {
        let more = (self.slots.len() * 2).max(64);
        let slots = std::mem::replace(&mut self.slots, vec![FREE; more]);
        slots.into_iter().filter(|slot| slot.number != FREE.number).for_each(|slot| self.place(slot));
    }

    /// Puts a slot in the first free place from where its hash points.
    fn place(&mut self, slot: Slot) {
        let last = self.slots.len() - 1;
        let mut place = slot.hash as usize & last;
        while self.slots[place].number != FREE.number {
            place = (place + 1) & last;
        }
        self.slots[place] = slot;
    }

    fn number_event(&mut self, lead: &[u8]) -> u32 {
        let number = self.number(lead);
        self.events[number as usize] += 1;
        number
    }
}

impl<'p> LeadRows<'_, 'p> {
    /// Whether any of the partition's entries has something beyond itself.
    pub(crate) fn have_more(&self) -> bool {
        !self.more.is_empty()
    }

    /// What an entry has beyond itself.
    pub(crate) fn more(&self, entry: &Entry) -> Option<&More<'p>> {
        self.more.get(entry.row as usize)
    }
}

impl Entry {
    /// When.
    pub(crate) fn instant(&self) -> Instant {
        Instant::from_millis(self.time)
    }
}

impl More<'_> {
    /// The event's id.
    pub(crate) fn event_id(&self) -> EventId {
        match self.id {
            Some(id) => EventId::Text(id.into()),
            None => EventId::Position(self.position),
        }
    }

    fn by_id(&self, other: &Self) -> Ordering {
        match (self.id, other.id) {
            (Some(a), Some(b)) => a.as_bytes().cmp(b.as_bytes()),
            (None, None) => self.position.cmp(&other.position),
            _ => self.event_id().cmp(&other.event_id()),
        }
    }
}
