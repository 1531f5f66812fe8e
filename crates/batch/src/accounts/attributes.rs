//! Attributes of accounts, as of the instant of the run.
//!
//! They come from rows of leads files (the account of the row's lead; they hold since ever, and of two rows the later
//! counts) and from events that write them. They are few beside the events: they are kept in memory.

use std::sync::Arc;

use kelvin_kernel::{Instant, Value, history::EventId};
use rustc_hash::FxHashMap;

use crate::read::EventChunk;

/// What is known of each account, by model (models may disagree on whose a lead is), id and wanted slot.
#[derive(Debug, Default)]
pub(crate) struct AccountAttributes {
    models: Vec<FxHashMap<Box<str>, Vec<Option<Value>>>>,
}

/// What events write on accounts, by attribute.
#[derive(Debug, Default)]
pub(crate) struct AccountWrites {
    accounts: FxHashMap<Arc<str>, FxHashMap<usize, Writes>>,
}

/// The writes of an attribute of which one is the last.
#[derive(Debug, Default)]
struct Writes {
    /// The last by an event without an id.
    certain: Option<Write>,
    /// Those by events with ids, any of which may turn out to be a duplicate.
    doubtful: Vec<Write>,
}

#[derive(Debug)]
struct Write {
    at: (Instant, EventId),
    /// Where the row stands in the input.
    position: u64,
    value: Option<Value>,
}

/// What rows of leads tell of the accounts of one model.
#[derive(Debug, Default)]
pub(crate) struct AccountCells {
    accounts: FxHashMap<Box<str>, Vec<Option<(u64, Value)>>>,
}

impl AccountAttributes {
    /// Brings together what rows and events tell: `cells` by model.
    pub(crate) fn new(cells: Vec<AccountCells>, writes: &AccountWrites, width: usize) -> Self {
        let model = |cells: AccountCells| {
            let mut accounts = cells.into_values(width);
            writes.write(&mut accounts, width);
            accounts
        };
        Self { models: cells.into_iter().map(model).collect() }
    }

    /// The attributes of an account, if anything is known of it.
    pub(crate) fn of(&self, model: usize, account: &str) -> Option<&[Option<Value>]> {
        self.models.get(model)?.get(account).map(Vec::as_slice)
    }
}

impl AccountWrites {
    /// Takes over what a chunk's events up to `at` write.
    pub(crate) fn take(&mut self, chunk: &EventChunk, at: Instant) {
        for write in &chunk.account_writes {
            let row = write.row as usize;
            let time = Instant::from_millis(chunk.times[row]);
            if time <= at {
                let (at, position) = ((time, chunk.id(row)), chunk.first + row as u64);
                self.of(&write.account, write.slot).put(Write { at, position, value: write.value.clone() });
            }
        }
    }

    /// Takes over what another worker has read.
    #[expect(clippy::iter_over_hash_type, reason = "the last write wins in any order")]
    pub(crate) fn merge(&mut self, other: Self) {
        for (account, slots) in other.accounts {
            for (slot, writes) in slots {
                let known = self.of(&account, slot);
                writes.certain.into_iter().chain(writes.doubtful).for_each(|write| known.put(write));
            }
        }
    }

    fn of(&mut self, account: &Arc<str>, slot: usize) -> &mut Writes {
        self.accounts.entry(account.clone()).or_default().entry(slot).or_default()
    }

    /// Takes away what rows at these positions, ascending, have written: they are duplicates.
    pub(crate) fn leave_out(&mut self, dropped: &[u64]) {
        self.accounts.retain(|_, slots| {
            slots.retain(|_, writes| {
                writes.doubtful.retain(|write| dropped.binary_search(&write.position).is_err());
                writes.last().is_some()
            });
            !slots.is_empty()
        });
    }

    /// Whether nothing is written.
    pub(crate) fn is_empty(&self) -> bool {
        self.accounts.is_empty()
    }

    #[expect(clippy::iter_over_hash_type, reason = "each write has its own place")]
    fn write(&self, accounts: &mut FxHashMap<Box<str>, Vec<Option<Value>>>, width: usize) {
        for (account, slots) in &self.accounts {
            let values = accounts.entry(Box::from(&**account)).or_insert_with(|| vec![None; width]);
            for (slot, writes) in slots {
                if let (Some(value), Some(write)) = (values.get_mut(*slot), writes.last()) {
                    value.clone_from(&write.value);
                }
            }
        }
    }
}

impl Writes {
    fn put(&mut self, write: Write) {
        if !matches!(write.at.1, EventId::Position(_)) {
            self.doubtful.push(write);
        } else if self.certain.as_ref().is_none_or(|known| known.at <= write.at) {
            self.certain = Some(write);
        }
    }

    fn last(&self) -> Option<&Write> {
        self.certain.iter().chain(&self.doubtful).max_by(|a, b| a.at.cmp(&b.at))
    }
}

impl AccountCells {
    /// Takes over what a row at `position` tells of an account.
    pub(crate) fn put(&mut self, account: &str, position: u64, cells: &[Option<Value>]) {
        if cells.iter().all(Option::is_none) {
            return;
        }
        if !self.accounts.contains_key(account) {
            self.accounts.insert(account.into(), vec![None; cells.len()]);
        }
        let Some(known) = self.accounts.get_mut(account) else { return };
        for (known, cell) in known.iter_mut().zip(cells) {
            overwrite(known, cell.clone().map(|value| (position, value)));
        }
    }

    /// Takes over what another worker has found.
    #[expect(clippy::iter_over_hash_type, reason = "the later row wins in any order")]
    pub(crate) fn merge(&mut self, other: Self) {
        for (account, cells) in other.accounts {
            let known = self.accounts.entry(account).or_insert_with(|| vec![None; cells.len()]);
            for (known, cell) in known.iter_mut().zip(cells) {
                overwrite(known, cell);
            }
        }
    }

    #[expect(clippy::iter_over_hash_type, reason = "from one map into another")]
    fn into_values(self, width: usize) -> FxHashMap<Box<str>, Vec<Option<Value>>> {
        let mut values = FxHashMap::default();
        for (account, cells) in self.accounts {
            let mut slots: Vec<_> = cells.into_iter().map(|cell| cell.map(|(_, value)| value)).collect();
            slots.resize(width, None);
            values.insert(account, slots);
        }
        values
    }
}

/// Of two rows' cells the later counts.
fn overwrite(known: &mut Option<(u64, Value)>, cell: Option<(u64, Value)>) {
    if let Some((position, _)) = &cell
        && known.as_ref().is_none_or(|(before, _)| before <= position)
    {
        *known = cell;
    }
}
