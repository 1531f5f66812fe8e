//! Many sorted runs as one.

use std::{
    borrow::Cow,
    cmp::Reverse,
    collections::{BinaryHeap, binary_heap::PeekMut},
    ops::Range,
};

use super::{
    Line,
    run::{Run, RunLine},
};
use crate::{
    Error,
    store::{Store, codec::Damaged},
};

/// The lines of some runs, or of a range of keys of them, in order.
#[derive(Debug)]
pub(crate) struct Rows<'r> {
    runs: &'r [Run],
    store: &'r Store,
    until: Option<&'r [u8]>,
    cursors: Vec<Cursor<'r>>,
    /// The next key of each run, with the run.
    heads: BinaryHeap<Reverse<Head>>,
    /// How many lines of each model are still wanted.
    left: Option<Vec<usize>>,
    most: usize,
}

/// Where one run has come to.
#[derive(Debug)]
struct Cursor<'r> {
    place: usize,
    block: Cow<'r, [u8]>,
    /// The line that is next, and where the one after it begins.
    key: Range<usize>,
    id: Range<usize>,
    model: usize,
    body: Range<usize>,
    next: usize,
}

/// A key and the run that it is the next one of.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Head {
    key: Vec<u8>,
    run: usize,
}

impl<'r> Rows<'r> {
    /// The lines with keys from `from` on and before `until`.
    pub(crate) fn new(
        runs: &'r [Run],
        store: &'r Store,
        from: Option<&[u8]>,
        until: Option<&'r [u8]>,
    ) -> Result<Self, Error> {
        let mut rows = Self {
            runs,
            store,
            until,
            cursors: Vec::with_capacity(runs.len()),
            heads: BinaryHeap::with_capacity(runs.len()),
            left: None,
            most: usize::MAX,
        };
        for (place, run) in runs.iter().enumerate() {
            let block = from.map_or(0, |from| run.block_of(from));
            let mut cursor = Cursor::new(block, run.block(block, store)?.unwrap_or_default());
            let mut more = cursor.advance(run, store)?;
            while more && from.is_some_and(|from| cursor.key() < from) {
                more = cursor.advance(run, store)?;
            }
            if more && until.is_none_or(|until| cursor.key() < until) {
                rows.heads.push(Reverse(Head { key: cursor.key().to_vec(), run: place }));
            }
            rows.cursors.push(cursor);
        }
        Ok(rows)
    }

    /// At most so many lines of each model.
    pub(crate) fn limited(mut self, most: Option<usize>) -> Self {
        self.most = most.unwrap_or(usize::MAX);
        self.left = most.map(|_| Vec::new());
        self
    }

    /// Hands each line to `take`.
    pub(crate) fn each(mut self, mut take: impl FnMut(Line<'_>) -> Result<(), Error>) -> Result<(), Error> {
        while let Some(Reverse(head)) = self.heads.peek() {
            let cursor = &self.cursors[head.run];
            if wanted(&mut self.left, self.most, cursor.model) {
                let id = std::str::from_utf8(&cursor.block[cursor.id.clone()]).map_err(|_| Damaged)?;
                take(Line { id, model: cursor.model, body: &cursor.block[cursor.body.clone()] })?;
            }
            self.advance()?;
        }
        Ok(())
    }

    /// Goes on to the next line.
    fn advance(&mut self) -> Result<(), Error> {
        let Some(mut head) = self.heads.peek_mut() else {
            return Ok(());
        };
        let run = head.0.run;
        let cursor = &mut self.cursors[run];
        let more = cursor.advance(&self.runs[run], self.store)?;
        let key = cursor.key();
        if !more || self.until.is_some_and(|until| key >= until) {
            PeekMut::pop(head);
        } else if head.0.key != key {
            head.0.key.clear();
            head.0.key.extend_from_slice(key);
        }
        Ok(())
    }
}

/// Counts a line of a model; whether it is wanted.
fn wanted(left: &mut Option<Vec<usize>>, most: usize, model: usize) -> bool {
    let Some(left) = left else {
        return true;
    };
    left.resize(left.len().max(model + 1), most);
    let wanted = left[model] > 0;
    left[model] = left[model].saturating_sub(1);
    wanted
}

impl<'r> Cursor<'r> {
    fn new(place: usize, block: Cow<'r, [u8]>) -> Self {
        Self { place, block, key: 0..0, id: 0..0, model: 0, body: 0..0, next: 0 }
    }

    fn key(&self) -> &[u8] {
        &self.block[self.key.clone()]
    }

    /// Goes to the next line; whether there is one.
    fn advance(&mut self, run: &'r Run, store: &Store) -> Result<bool, Error> {
        if self.next >= self.block.len() {
            if self.next > 0 {
                self.place += 1;
            }
            let Some(block) = run.block(self.place, store)? else {
                return Ok(false);
            };
            self.block = block;
            self.next = 0;
        }
        let line = RunLine::take(&self.block, self.next)?;
        (self.key, self.id, self.body) = (line.key, line.id, line.body);
        self.model = line.model;
        self.next = self.body.end;
        Ok(true)
    }
}
