//! Bytes on their way between stages: packed columns, and buckets that go to a temporary file beyond a budget.

pub(crate) mod buckets;
pub(crate) mod budget;
pub(crate) mod codec;
pub(crate) mod packed;
pub(crate) mod pages;
pub(crate) mod temp;

use std::{path::PathBuf, sync::Arc};

use budget::Budget;
use pages::Pages;
use temp::Temp;

/// Where the stages keep their bytes.
#[derive(Debug)]
pub(crate) struct Store {
    /// How much may be held in memory.
    pub(crate) budget: Budget,
    /// Memory that is free again.
    pub(crate) pages: Pages,
    /// Where goes what may not be held.
    pub(crate) temp: Temp,
}

impl Store {
    /// A store that holds `limit` bytes in memory and the rest in a file in `folder`.
    pub(crate) fn new(limit: usize, folder: PathBuf) -> Arc<Self> {
        Arc::new(Self { budget: Budget::new(limit), pages: Pages::default(), temp: Temp::new(folder) })
    }
}
