//! A sorted run: lines by ascending key, in blocks that lie in memory or in the temporary file.

use std::{borrow::Cow, ops::Range};

use crate::{
    Error,
    store::{
        Store,
        codec::{Damaged, Taker, first_bytes, put_bytes, put_number},
        pages::PAGE,
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
    Held(Vec<u8>),
    Spilled { start: u64, length: usize },
}

/// Gathers the lines of one partition in any order.
#[derive(Debug, Default)]
pub(crate) struct RunBuilder {
    bytes: Vec<u8>,
    lines: Vec<Place>,
}

/// Where a line stands among the bytes, what it is ordered by, and its model.
#[derive(Debug)]
struct Place {
    /// The first bytes of the key; see [`first_bytes`].
    first: u128,
    key: Range<usize>,
    line: Range<usize>,
    model: usize,
}

/// Where the parts of a line stand in a block.
///
/// A line begins with its length and that of the key, of four bytes each. The key follows, then the model, then how
/// much of the key comes before the id with which most keys end, then the body.
#[derive(Debug, Clone)]
pub(crate) struct RunLine {
    pub(crate) key: Range<usize>,
    /// The lead or account.
    pub(crate) id: Range<usize>,
    pub(crate) model: usize,
    pub(crate) body: Range<usize>,
}

/// The bytes of the two lengths with which a line begins.
const LENGTHS: usize = 8;

/// The key does not end with the id, which comes after this; other numbers are one more than the id's place in the key.
const ID_APART: u64 = 0;

impl RunBuilder {
    /// Adds a line.
    pub(crate) fn push(
        &mut self,
        key: impl FnOnce(&mut Vec<u8>),
        (id, model): (&[u8], usize),
        body: impl FnOnce(&mut Vec<u8>),
    ) {
        let bytes = &mut self.bytes;
        let start = bytes.len();
        bytes.extend_from_slice(&[0; LENGTHS]);
        key(bytes);
        let key = start + LENGTHS..bytes.len();
        let first = first_bytes(&bytes[key.clone()]);
        put_number(bytes, model as u64);
        if bytes[key.clone()].ends_with(id) {
            put_number(bytes, (key.len() - id.len()) as u64 + 1);
        } else {
            put_number(bytes, ID_APART);
            put_bytes(bytes, id);
        }
        body(bytes);
        let line = start..bytes.len();
        let lengths = line.len() as u64 | (key.len() as u64) << 32;
        bytes[start..start + LENGTHS].copy_from_slice(&lengths.to_le_bytes());
        self.lines.push(Place { first, key, line, model });
    }

    /// The lines in order, or just the first `top` of each model; the builder is empty again.
    pub(crate) fn finish(&mut self, top: Option<usize>, store: &Store) -> Result<Run, Error> {
        let bytes = std::mem::take(&mut self.bytes);
        let mut lines = std::mem::take(&mut self.lines);
        let key = |line: &Place| &bytes[line.key.clone()];
        lines.sort_by(|a, b| a.first.cmp(&b.first).then_with(|| key(a).cmp(key(b))));
        if let Some(top) = top {
            let mut taken: Vec<usize> = Vec::new();
            lines.retain(|line| {
                taken.resize(taken.len().max(line.model + 1), 0);
                taken[line.model] += 1;
                taken[line.model] <= top
            });
        }
        let mut run = Run::default();
        let mut block = store.pages.take();
        let mut rest = lines.as_slice();
        while let [first, ..] = rest {
            let mut count = 0;
            for line in rest {
                let line = &bytes[line.line.clone()];
                if count > 0 && block.len() + line.len() > PAGE {
                    break;
                }
                block.extend_from_slice(line);
                count += 1;
            }
            block = run.push(key(first).into(), count, block, store)?;
            rest = &rest[count..];
        }
        store.pages.give_back([block]);
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

    /// Adds a block; hands out an empty page for the next.
    fn push(
        &mut self,
        first: Box<[u8]>,
        count: usize,
        mut page: Vec<u8>,
        store: &Store,
    ) -> Result<Vec<u8>, Error> {
        let length = page.len();
        let bytes = if store.budget.take(length) {
            store.budget.give_back(length);
            Bytes::Spilled { start: store.temp.append(&page)?, length }
        } else if length < PAGE / 2 {
            Bytes::Held(page.as_slice().into())
        } else {
            Bytes::Held(std::mem::replace(&mut page, store.pages.take()))
        };
        self.blocks.push(RunBlock { first, count, bytes });
        page.clear();
        Ok(page)
    }
}

impl RunLine {
    /// Finds the line that begins at `start`.
    pub(crate) fn take(block: &[u8], start: usize) -> Result<Self, Damaged> {
        let mut lengths = Taker(block.get(start..).ok_or(Damaged)?);
        let lengths = lengths.long()? as u64;
        let (length, key_length) = (lengths as u32 as usize, (lengths >> 32) as usize);
        let key = start + LENGTHS..start + LENGTHS + key_length;
        let end = start + length;
        let mut rest = Taker(block.get(key.end..end).ok_or(Damaged)?);
        let model = rest.size()?;
        let id = match rest.number()? {
            ID_APART => {
                let length = rest.size()?;
                rest.bytes(length)?;
                let id_end = end - rest.0.len();
                id_end - length..id_end
            }
            place => {
                let before = usize::try_from(place - 1).ok().filter(|before| *before <= key_length);
                key.start + before.ok_or(Damaged)?..key.end
            }
        };
        Ok(Self { key, id, model, body: end - rest.0.len()..end })
    }
}
