//! A block of lead rows as bytes: ids with their attributes, and those of their accounts.

use std::sync::Arc;

use kelvin_kernel::Value;

use super::familiar::FamiliarTexts;
use crate::{
    read::{Column, Dictionary, LeadChunk},
    store::codec::{Damaged, Taker, put_bytes, put_number, put_value},
};

/// A row of a block.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LeadRow<'a> {
    /// The lead's id, as UTF-8.
    pub(crate) lead: &'a [u8],
    /// The row in its chunk.
    pub(crate) offset: u32,
    /// Its attributes and its account's, as [`LeadEncoder::put`] wrote them.
    pub(crate) cells: &'a [u8],
}

/// Turns cells into bytes; those of a dictionary once per value.
#[derive(Debug, Default)]
pub(crate) struct LeadEncoder {
    columns: Vec<CellBytes>,
}

/// The bytes of the values of a dictionary.
#[derive(Debug, Default)]
struct CellBytes {
    of: Option<Arc<[Value]>>,
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl LeadEncoder {
    /// Prepares for a chunk; `accounts` tells whether attributes of accounts are kept.
    pub(crate) fn begin(&mut self, chunk: &LeadChunk, accounts: bool) {
        self.columns.resize_with(chunk.attributes.len() + chunk.account.len(), CellBytes::default);
        for (state, column) in self.columns.iter_mut().zip(columns(chunk, accounts)) {
            if let Column::Dictionary(Dictionary { values, .. }) = column {
                state.begin(values);
            }
        }
    }

    /// Appends a row's cells.
    pub(crate) fn put(&self, chunk: &LeadChunk, accounts: bool, row: usize, out: &mut Vec<u8>) {
        for (state, column) in self.columns.iter().zip(columns(chunk, accounts)) {
            match column {
                Column::Dictionary(dictionary) => state.put(dictionary.keys[row], out),
                column => put_value(out, column.value(row).as_ref()),
            }
        }
    }
}

fn columns(chunk: &LeadChunk, accounts: bool) -> impl Iterator<Item = &Column> {
    chunk.attributes.iter().chain(chunk.account.iter().filter(move |_| accounts))
}

impl CellBytes {
    fn begin(&mut self, values: &Arc<[Value]>) {
        if self.of.as_ref().is_some_and(|of| Arc::ptr_eq(of, values)) {
            return;
        }
        self.bytes.clear();
        self.ends.clear();
        for value in values.iter() {
            put_value(&mut self.bytes, Some(value));
            self.ends.push(self.bytes.len());
        }
        self.of = Some(values.clone());
    }

    fn put(&self, key: u32, out: &mut Vec<u8>) {
        let key = key as usize;
        match self.ends.get(key) {
            Some(end) => {
                let start = key.checked_sub(1).map_or(0, |before| self.ends[before]);
                out.extend_from_slice(&self.bytes[start..*end]);
            }
            None => put_value(out, None),
        }
    }
}

/// Appends a row.
pub(crate) fn put_lead_row(out: &mut Vec<u8>, row: &LeadRow<'_>) {
    let LeadRow { lead, offset, cells } = *row;
    put_bytes(out, lead);
    put_number(out, u64::from(offset));
    put_bytes(out, cells);
}

/// Calls `take` with each row of a block.
pub(crate) fn each_lead_row<'a>(block: &'a [u8], mut take: impl FnMut(LeadRow<'a>)) -> Result<(), Damaged> {
    let mut taker = Taker(block);
    while !taker.is_empty() {
        let lead = taker.sized()?;
        let offset = u32::try_from(taker.number()?).map_err(|_| Damaged)?;
        take(LeadRow { lead, offset, cells: taker.sized()? });
    }
    Ok(())
}

/// Writes the present cells of a row over `attributes` (and `account`, if accounts are kept). Texts of attributes that
/// are `familiar`, by slot, are not made again.
pub(crate) fn read_cells(
    cells: &[u8],
    familiar: &mut [FamiliarTexts],
    attributes: &mut [Option<Value>],
    account: &mut [Option<Value>],
) -> Result<(), Damaged> {
    let mut taker = Taker(cells);
    for (slot, familiar) in attributes.iter_mut().zip(familiar) {
        if taker.is_empty() {
            return Ok(());
        }
        if let Some(value) = taker.value_of(|text| familiar.text(text))? {
            *slot = Some(value);
        }
    }
    for slot in account {
        if taker.is_empty() {
            break;
        }
        if let Some(value) = taker.value()? {
            *slot = Some(value);
        }
    }
    Ok(())
}
