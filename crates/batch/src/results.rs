//! Results in order: sorted runs, one for each partition, merged when they are written.

mod codec;
mod key;
mod merge;
mod run;
mod tournament;

pub(crate) use codec::{BLANK, put_account_score, put_score, take_account_score, take_score};
pub(crate) use key::KeyOrder;
pub(crate) use merge::Rows;
pub(crate) use run::{Run, RunBuilder};

use std::sync::Arc;

use crate::{
    Error,
    store::{Store, codec::Damaged},
    workers::in_order,
};

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
    /// The lead or account, as UTF-8.
    pub(crate) id: &'r [u8],
    /// The model.
    pub(crate) model: usize,
    /// The score, as the codec wrote it.
    pub(crate) body: &'r [u8],
}

impl Line<'_> {
    /// The lead or account.
    pub(crate) fn id(&self) -> Result<&str, Damaged> {
        std::str::from_utf8(self.id).map_err(|_| Damaged)
    }
}

impl Ranked {
    pub(crate) fn new(runs: Vec<Run>, store: Arc<Store>, top: Option<usize>, threads: usize) -> Self {
        Self { runs, store, top, threads }
    }

    /// All lines, in order.
    pub(crate) fn rows(&self) -> Result<Rows<'_>, Error> {
        Rows::new(&self.runs, &self.store, None, None).map(|rows| rows.limited(self.top))
    }

    /// Formats the lines, about `lines` of them in each worker at a time, and takes these parts in order.
    pub(crate) fn export<T: Send>(
        &self,
        lines: usize,
        format: impl Fn(usize, Rows<'_>) -> Result<T, Error> + Sync,
        take: impl FnMut(T) -> Result<(), Error>,
    ) -> Result<(), Error> {
        // How many lines of a model came before is only known to one who sees them all.
        let bounds = if self.top.is_some() { Vec::new() } else { self.bounds(lines) };
        let part = |part: usize| {
            let from = part.checked_sub(1).map(|before| bounds[before]);
            let rows = Rows::new(&self.runs, &self.store, from, bounds.get(part).copied())?;
            format(part, rows.limited(self.top))
        };
        in_order(self.threads, bounds.len() + 1, part, take)
    }

    /// Keys that divide the lines into parts of about `most` lines.
    fn bounds(&self, most: usize) -> Vec<&[u8]> {
        let mut firsts: Vec<(&[u8], usize)> = self.runs.iter().flat_map(Run::blocks).collect();
        firsts.sort_unstable();
        let (mut bounds, mut lines) = (Vec::new(), 0);
        for (key, count) in firsts {
            if lines >= most && bounds.last() != Some(&key) {
                bounds.push(key);
                lines = 0;
            }
            lines += count;
        }
        bounds
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines of leads `0..count`, two models each, spread over some runs.
    fn ranked(count: usize, runs: usize, memory: usize, top: Option<usize>, threads: usize) -> Ranked {
        let store = Store::new(memory, std::env::temp_dir());
        let run = |run: usize| {
            let mut builder = RunBuilder::default();
            for lead in (0..count).rev().filter(|lead| lead * 7 % runs == run) {
                for model in 0..2 {
                    let id = format!("lead-{lead:06}");
                    let key = |out: &mut Vec<u8>| KeyOrder::by_id().put_id(out, id.as_bytes());
                    builder.push(key, (id.as_bytes(), model), |out| out.extend_from_slice(&[7; 100]));
                }
            }
            builder.finish(top, &store).unwrap()
        };
        let runs = (0..runs).map(run).collect();
        Ranked::new(runs, store, top, threads)
    }

    fn check(count: usize, runs: usize, memory: usize, top: Option<usize>, threads: usize) {
        let ranked = ranked(count, runs, memory, top, threads);
        let mut lines = Vec::new();
        let mut parts = 0;
        let format = |_, rows: Rows<'_>| {
            let mut part = Vec::new();
            rows.each(|line| {
                assert_eq!(line.body, [7; 100]);
                part.push((line.id()?.to_owned(), line.model));
                Ok(())
            })?;
            Ok(part)
        };
        let take = |part: Vec<(String, usize)>| {
            parts += 1;
            lines.extend(part);
            Ok(())
        };
        ranked.export(1000, format, take).unwrap();
        let wanted = count.min(top.unwrap_or(count));
        let expect: Vec<_> =
            (0..wanted).flat_map(|lead| [0, 1].map(|model| (format!("lead-{lead:06}"), model))).collect();
        assert_eq!(lines, expect, "{count} {runs} {memory} {top:?}");
        assert!(top.is_some() || count < 4000 || parts > 3, "{parts} parts of {count} leads");
    }

    #[test]
    fn runs_are_merged_in_parts_that_follow_each_other() {
        for threads in [1, 3] {
            for memory in [usize::MAX / 2, 0, 100_000] {
                check(0, 1, memory, None, threads);
                check(1, 3, memory, None, threads);
                check(6_000, 5, memory, None, threads);
                check(6_000, 5, memory, Some(33), threads);
            }
        }
    }
}
