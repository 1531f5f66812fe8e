//! Results in order: sorted runs, one for each partition, merged when they are written.

mod codec;
mod key;
mod merge;
mod run;

pub(crate) use codec::{put_account_score, put_score, take_account_score, take_score};
pub(crate) use key::KeyOrder;
pub(crate) use merge::Rows;
pub(crate) use run::{Run, RunBuilder};

use std::sync::Arc;

use crate::{Error, store::Store, workers::in_order};

/// Results of all partitions, sorted but not yet merged.
#[derive(Debug)]
pub(crate) struct Ranked {
    runs: Vec<Run>,
    store: Arc<Store>,
    /// At most so many lines of each model.
    top: Option<usize>,
    threads: usize,
}

/// A merged line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line<'r> {
    /// The lead or account.
    pub(crate) id: &'r str,
    /// The model.
    pub(crate) model: usize,
    /// The score, as the codec wrote it.
    pub(crate) body: &'r [u8],
}

/// Lines that one worker formats at a time.
const LINES_IN_PART: usize = 1 << 16;

impl Ranked {
    pub(crate) fn new(runs: Vec<Run>, store: Arc<Store>, top: Option<usize>, threads: usize) -> Self {
        Self { runs, store, top, threads }
    }

    /// All lines, in order.
    pub(crate) fn rows(&self) -> Result<Rows<'_>, Error> {
        Rows::new(&self.runs, &self.store, None, None).map(|rows| rows.limited(self.top))
    }

    /// Formats the lines, a part of them in each worker at a time, and takes the parts in order.
    pub(crate) fn export<T: Send>(
        &self,
        format: impl Fn(usize, Rows<'_>) -> Result<T, Error> + Sync,
        take: impl FnMut(T) -> Result<(), Error>,
    ) -> Result<(), Error> {
        // How many lines of a model came before is only known to one who sees them all.
        let bounds = if self.top.is_some() { Vec::new() } else { self.bounds() };
        let part = |part: usize| {
            let from = part.checked_sub(1).map(|before| bounds[before]);
            let rows = Rows::new(&self.runs, &self.store, from, bounds.get(part).copied())?;
            format(part, rows.limited(self.top))
        };
        in_order(self.threads, bounds.len() + 1, part, take)
    }

    /// Keys that divide the lines into parts of about equal size.
    fn bounds(&self) -> Vec<&[u8]> {
        let mut firsts: Vec<(&[u8], usize)> = self.runs.iter().flat_map(Run::blocks).collect();
        firsts.sort_unstable();
        let (mut bounds, mut lines) = (Vec::new(), 0);
        for (key, count) in firsts {
            if lines >= LINES_IN_PART && bounds.last() != Some(&key) {
                bounds.push(key);
                lines = 0;
            }
            lines += count;
        }
        bounds
    }
}
