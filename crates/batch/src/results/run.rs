//! A sorted run: lines by ascending key, in blocks that lie in memory or in the temporary file.

use std::{borrow::Cow, ops::Range};

use crate::{
    Error,
    store::{
        Store,
        codec::{Damaged, Taker, put_bytes, put_number},
    },
};

/// Lines by ascending key.
#[derive(Debug, Default)]
pub(crate) struct Run {
    blocks: Vec<RunBlock>,
}

#[derive(Debug)]
struct RunBlock {
    first: Box<[u8]>,
    count: usize,
    bytes: Bytes,
}

#[derive(Debug)]
enum Bytes {
    Held(Box<[u8]>),
    Spilled { start: u64, length: usize },
}

/// Gathers the lines of one partition in any order.
#[derive(Debug, Default)]
pub(crate) struct RunBuilder {
    bytes: Vec<u8>,
    lines: Vec<Place>,
}

/// Where a line begins and its key ends, and its model.
#[derive(Debug, Clone, Copy)]
struct Place {
    start: usize,
    key_end: usize,
    model: usize,
}

/// Where the parts of a line stand in a block.
#[derive(Debug, Clone)]
pub(crate) struct RunLine {
    pub(crate) key: Range<usize>,
    /// The lead or account.
    pub(crate) id: Range<usize>,
    pub(crate) model: usize,
    pub(crate) body: Range<usize>,
}

/// From this size on a block is complete.
const BLOCK: usize = 32 * 1024;

impl RunBuilder {
    /// Adds a line.
    pub(crate) fn push(
        &mut self,
        key: impl FnOnce(&mut Vec<u8>),
        (id, model): (&str, usize),
        body: impl FnOnce(&mut Vec<u8>),
    ) {
        let start = self.bytes.len();
        key(&mut self.bytes);
        let key_end = self.bytes.len();
        self.lines.push(Place { start, key_end, model });
        put_number(&mut self.bytes, model as u64);
        put_bytes(&mut self.bytes, id.as_bytes());
        body(&mut self.bytes);
    }

    /// The lines in order, or just the first `top` of each model; the builder is empty again.
    pub(crate) fn finish(&mut self, top: Option<usize>, store: &Store) -> Result<Run, Error> {
        let key = |line: &usize| {
            let Place { start, key_end, .. } = self.lines[*line];
            &self.bytes[start..key_end]
        };
        let mut order: Vec<usize> = (0..self.lines.len()).collect();
        if !order.is_sorted_by_key(key) {
            order.sort_by_key(key);
        }
        if let Some(top) = top {
            let mut taken: Vec<usize> = Vec::new();
            order.retain(|line| {
                let model = self.lines[*line].model;
                taken.resize(taken.len().max(model + 1), 0);
                taken[model] += 1;
                taken[model] <= top
            });
        }
        let mut run = Run::default();
        let mut block = Vec::with_capacity(BLOCK + BLOCK / 8);
        let (mut first, mut count) = (None, 0);
        for line in order {
            first.get_or_insert_with(|| key(&line).into());
            let end = self.lines.get(line + 1).map_or(self.bytes.len(), |next| next.start);
            put_bytes(&mut block, key(&line));
            put_bytes(&mut block, &self.bytes[self.lines[line].key_end..end]);
            count += 1;
            if block.len() >= BLOCK {
                run.push(first.take().unwrap_or_default(), count, &block, store)?;
                block.clear();
                count = 0;
            }
        }
        if let Some(first) = first {
            run.push(first, count, &block, store)?;
        }
        self.bytes.clear();
        self.lines.clear();
        Ok(run)
    }
}

impl Run {
    /// For each block its first key and the number of its lines.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = (&[u8], usize)> {
        self.blocks.iter().map(|block| (&*block.first, block.count))
    }

    /// The last block that may hold lines from `key` on while no earlier one does.
    pub(crate) fn block_of(&self, key: &[u8]) -> usize {
        // Lines of equal keys may begin in the block before one that begins with the key.
        self.blocks.partition_point(|block| *block.first < *key).saturating_sub(1)
    }

    /// The bytes of a block.
    pub(crate) fn block(&self, place: usize, store: &Store) -> Result<Option<Cow<'_, [u8]>>, Error> {
        match self.blocks.get(place).map(|block| &block.bytes) {
            None => Ok(None),
            Some(Bytes::Held(bytes)) => Ok(Some(Cow::Borrowed(bytes))),
            Some(Bytes::Spilled { start, length }) => {
                store.temp.read(*start, *length).map(Cow::Owned).map(Some)
            }
        }
    }

    fn push(&mut self, first: Box<[u8]>, count: usize, bytes: &[u8], store: &Store) -> Result<(), Error> {
        let bytes = if store.budget.take(bytes.len()) {
            store.budget.give_back(bytes.len());
            Bytes::Spilled { start: store.temp.append(bytes)?, length: bytes.len() }
        } else {
            Bytes::Held(bytes.into())
        };
        self.blocks.push(RunBlock { first, count, bytes });
        Ok(())
    }
}

impl RunLine {
    /// Finds the line that begins at `start`.
    pub(crate) fn take(block: &[u8], start: usize) -> Result<Self, Damaged> {
        let mut taker = Taker(block.get(start..).ok_or(Damaged)?);
        // What was taken last ends where the rest begins.
        let last = |part: &[u8], taker: &Taker<'_>, end: usize| {
            let end = end - taker.0.len();
            end - part.len()..end
        };
        let key = taker.sized()?;
        let key = last(key, &taker, block.len());
        let mut rest = Taker(taker.sized()?);
        let end = block.len() - taker.0.len();
        let model = rest.size()?;
        let id = rest.sized()?;
        let id = last(id, &rest, end);
        Ok(Self { key, model, body: id.end..end, id })
    }
}
