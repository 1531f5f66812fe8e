//! Bytes on their way between stages: packed columns, and buckets that go to a temporary file beyond a budget.

pub(crate) mod buckets;
pub(crate) mod budget;
pub(crate) mod codec;
pub(crate) mod packed;
pub(crate) mod temp;

use std::{path::PathBuf, sync::Arc};

use budget::Budget;
use temp::Temp;

/// Where the stages keep their bytes.
#[derive(Debug)]
pub(crate) struct Store {
    /// How much may be held in memory.
    pub(crate) budget: Budget,
    /// Where the rest goes.
    pub(crate) temp: Temp,
}

/// Memory is held in pieces of this size: what one stage gives back, one here and one there, is then room for the next.
pub(crate) const PAGE: usize = 16 * 1024;

impl Store {
    /// A store that holds `limit` bytes in memory and the rest in a file in `folder`.
    pub(crate) fn new(limit: usize, folder: PathBuf) -> Arc<Self> {
        Arc::new(Self { budget: Budget::new(limit), temp: Temp::new(folder) })
    }
}
