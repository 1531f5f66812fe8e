//! Rows being gathered: what all formats decode into, before it becomes a chunk of leads or of events.

use arrow_array::{
    Array,
    builder::{ArrayBuilder, StringBuilder},
};
use kelvin_kernel::plan::NameId;

use super::{
    cells::ColumnBuilder,
    chunk::{AccountWrite, EventChunk, LeadChunk, RowWrite},
    columns::{Column, Texts},
};

/// Decoded rows of either kind of input, which become a chunk.
#[derive(Debug)]
pub struct Rows {
    pub(super) first: u64,
    pub(super) lead_ids: Texts,
    /// Empty in leads.
    pub(super) times: Vec<i64>,
    /// Empty in leads.
    pub(super) names: Vec<NameId>,
    pub(super) ids: Option<Texts>,
    /// The lead's attributes or the event's properties, by slot.
    pub(super) own: Vec<Column>,
    /// The account's attributes or the event's context, by slot.
    pub(super) side: Vec<Column>,
    pub(super) writes: Vec<RowWrite>,
    pub(super) account_writes: Vec<AccountWrite>,
}

impl From<Rows> for LeadChunk {
    fn from(rows: Rows) -> Self {
        Self { first: rows.first, lead_ids: rows.lead_ids, attributes: rows.own, account: rows.side }
    }
}

impl From<Rows> for EventChunk {
    fn from(rows: Rows) -> Self {
        Self {
            first: rows.first,
            lead_ids: rows.lead_ids,
            times: rows.times,
            names: rows.names,
            ids: rows.ids,
            properties: rows.own,
            context: rows.side,
            writes: rows.writes,
            account_writes: rows.account_writes,
        }
    }
}

/// Gathers rows cell by cell (CSV, JSON Lines).
#[derive(Debug, Default)]
pub(super) struct RowsBuilder {
    lead_ids: StringBuilder,
    times: Vec<i64>,
    names: Vec<NameId>,
    /// For each row up to the last that has an id.
    ids: StringBuilder,
    pub(super) own: Vec<ColumnBuilder>,
    pub(super) side: Vec<ColumnBuilder>,
    pub(super) writes: Vec<RowWrite>,
    pub(super) account_writes: Vec<AccountWrite>,
    rows: u32,
}

impl RowsBuilder {
    /// A builder for rows of `own` and `side` columns.
    pub(super) fn new(own: usize, side: usize) -> Self {
        let columns = |count| std::iter::repeat_with(ColumnBuilder::default).take(count).collect();
        Self { own: columns(own), side: columns(side), ..Self::default() }
    }

    /// The number of the row that is begun next.
    pub(super) fn rows(&self) -> u32 {
        self.rows
    }

    /// Begins a row of a lead; its cells follow.
    pub(super) fn begin_lead(&mut self, lead_id: &str) {
        self.lead_ids.append_value(lead_id);
        self.rows += 1;
    }

    /// Begins a row of an event; its cells follow.
    pub(super) fn begin_event(&mut self, lead_id: &str, time: i64, name: NameId, id: Option<&str>) {
        if let Some(id) = id {
            self.ids_up_to(self.times.len());
            self.ids.append_value(id);
        }
        self.begin_lead(lead_id);
        self.times.push(time);
        self.names.push(name);
    }

    /// Makes up for rows without ids.
    fn ids_up_to(&mut self, rows: usize) {
        self.ids.append_nulls(rows - self.ids.len());
    }

    /// The rows; the builder is empty again. `own` and `side` tell for each slot the builder's column.
    pub(super) fn finish(&mut self, first: u64, own: &[usize], side: &[usize]) -> Rows {
        self.rows = 0;
        if !self.ids.is_empty() {
            self.ids_up_to(self.times.len());
        }
        let ids = self.ids.finish();
        Rows {
            first,
            lead_ids: self.lead_ids.finish().into(),
            times: std::mem::take(&mut self.times),
            names: std::mem::take(&mut self.names),
            ids: (!ids.is_empty()).then(|| ids.into()),
            own: spread(&mut self.own, own),
            side: spread(&mut self.side, side),
            writes: std::mem::take(&mut self.writes),
            account_writes: std::mem::take(&mut self.account_writes),
        }
    }
}

/// The finished columns, by slot. Slots may share a column.
fn spread(builders: &mut [ColumnBuilder], slots: &[usize]) -> Vec<Column> {
    let columns: Vec<_> = builders.iter_mut().map(ColumnBuilder::finish).collect();
    slots.iter().map(|column| columns[*column].clone()).collect()
}
