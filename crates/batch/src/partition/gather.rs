//! The rows of a partition, brought together by lead.

use std::cmp::Ordering;

use kelvin_kernel::{history::EventId, instant::Instant};
use rustc_hash::FxHashMap;

use super::{event_rows::EventBlock, lead_rows::each_lead_row, score::Partition};
use crate::store::codec::Damaged;

/// The leads of a partition with their rows, which point into the partition's bytes.
#[derive(Debug)]
pub(crate) struct Gathered<'p> {
    /// The leads, in no particular order.
    pub(crate) leads: Vec<&'p str>,
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
    /// The lead.
    pub(crate) id: &'p str,
    /// Its attributes, in the order of the input.
    pub(crate) cells: &'g [Cells<'p>],
    /// Its events, in event order.
    pub(crate) entries: &'g [Entry],
    more: &'g [More<'p>],
}

/// Gives each lead a number.
#[derive(Debug, Default)]
struct Numbers<'p> {
    leads: Vec<&'p [u8]>,
    numbers: FxHashMap<&'p [u8], u32>,
}

impl<'p> Gathered<'p> {
    /// Brings the rows together; `bases` tells where each worker's looks begin among those of all.
    pub(crate) fn new(partition: &'p Partition, bases: &[u32]) -> Result<Self, Damaged> {
        let mut numbers = Numbers::default();
        let mut cells = Vec::new();
        for block in &partition.leads {
            each_lead_row(&block.bytes, |row| {
                let lead = numbers.number(row.lead.as_bytes());
                if !row.cells.is_empty() {
                    let position = block.first + u64::from(row.offset);
                    cells.push(Cells { lead, position, bytes: row.cells });
                }
            })?;
        }
        cells.sort_by_key(|cells| (cells.lead, cells.position));
        let blocks: Vec<_> = partition
            .events
            .iter()
            .map(|(worker, block)| Ok((*worker, block.first, EventBlock::read(&block.bytes)?)))
            .collect::<Result<_, _>>()?;
        let has_more = blocks.iter().any(|(_, _, block)| block.has_more());
        let count = blocks.iter().map(|(_, _, block)| block.len).sum();
        let mut rows = Rows {
            leads: Vec::with_capacity(count),
            entries: Vec::with_capacity(count),
            more: Vec::with_capacity(if has_more { count } else { 0 }),
        };
        for (worker, first, block) in blocks {
            block.each(|row| {
                let position = first + u64::from(row.offset);
                if !partition.dropped.is_empty() && partition.dropped.binary_search(&position).is_ok() {
                    return;
                }
                rows.leads.push(numbers.number(row.lead));
                let look = if row.look == crate::lens::INLINE { row.look } else { bases[worker] + row.look };
                rows.entries.push(Entry { time: row.time, look, row: rows.entries.len() as u32 });
                if has_more {
                    rows.more.push(More { id: row.id, position, payload: row.payload });
                }
            })?;
        }
        let (entries, starts) = rows.by_lead(numbers.leads.len());
        let leads = numbers.leads.into_iter().map(std::str::from_utf8).collect::<Result<_, _>>();
        let leads: Vec<&str> = leads.map_err(|_| Damaged)?;
        let cell_starts = self::starts(leads.len(), cells.iter().map(|cells| cells.lead));
        let mut gathered = Self { leads, cells, cell_starts, entries, starts, more: rows.more };
        gathered.order();
        Ok(gathered)
    }

    /// The rows of a lead.
    pub(crate) fn rows(&self, lead: usize) -> LeadRows<'_, 'p> {
        let of_lead = |starts: &[u32]| starts[lead] as usize..starts[lead + 1] as usize;
        LeadRows {
            id: self.leads[lead],
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

/// Rows in the order of arrival.
#[derive(Debug)]
struct Rows<'p> {
    leads: Vec<u32>,
    entries: Vec<Entry>,
    more: Vec<More<'p>>,
}

impl Rows<'_> {
    /// The entries by lead, each lead's in the order of arrival, and where each lead's begin.
    fn by_lead(&self, leads: usize) -> (Vec<Entry>, Vec<u32>) {
        let starts = starts(leads, self.leads.iter().copied());
        let mut next = starts.clone();
        let mut entries = vec![Entry::default(); self.entries.len()];
        for (lead, entry) in self.leads.iter().zip(&self.entries) {
            let place = &mut next[*lead as usize];
            entries[*place as usize] = *entry;
            *place += 1;
        }
        (entries, starts)
    }
}

/// Where the rows of each of so many leads begin when they are ordered by lead; then the end.
fn starts(leads: usize, of_rows: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut starts = vec![0; leads + 1];
    for lead in of_rows {
        starts[lead as usize + 1] += 1;
    }
    for lead in 0..leads {
        starts[lead + 1] += starts[lead];
    }
    starts
}

impl<'p> Numbers<'p> {
    fn number(&mut self, lead: &'p [u8]) -> u32 {
        *self.numbers.entry(lead).or_insert_with(|| {
            self.leads.push(lead);
            (self.leads.len() - 1) as u32
        })
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
