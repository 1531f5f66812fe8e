//! Blocks of bytes by partition, held in memory up to a budget and beyond it in a temporary file.

use std::sync::Arc;

use super::{
    Store,
    codec::{Damaged, Taker, put_bytes, put_number},
    pages::{PAGE, Pages},
};
use crate::Error;

/// A block of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Block<'b> {
    /// What orders the blocks of a partition: the position of the chunk that the rows came in.
    pub(crate) first: u64,
    /// The rows.
    pub(crate) bytes: &'b [u8],
}

/// What one worker has put into each partition.
#[derive(Debug)]
pub(crate) struct Buckets {
    store: Arc<Store>,
    /// From how many held bytes on it is worth writing them to the file.
    worthwhile: usize,
    held: usize,
    /// Bytes held that the budget does not know of yet.
    untold: usize,
    partitions: Vec<Bucket>,
}

/// From so many bytes on the budget is told: it is shared, and to tell it of every block would keep workers waiting.
const TOLD_AT_ONCE: usize = 256 * 1024;

/// One partition's part.
#[derive(Debug, Default)]
pub(crate) struct Bucket {
    held: Blocks,
    /// Where pages begin in the file, and their lengths.
    spilled: Vec<(u64, usize)>,
    bytes: usize,
}

/// Blocks, one after the other, in pages.
#[derive(Debug, Clone, Default)]
pub(crate) struct Blocks {
    pages: Vec<Vec<u8>>,
    bytes: usize,
}

impl Buckets {
    /// No blocks; `worthwhile` is the least number of bytes that is worth writing to the file at once.
    pub(crate) fn new(partitions: usize, store: &Arc<Store>, worthwhile: usize) -> Self {
        let partitions = std::iter::repeat_with(Bucket::default).take(partitions).collect();
        Self { store: store.clone(), worthwhile, held: 0, untold: 0, partitions }
    }

    /// Adds a block to a partition.
    pub(crate) fn put(&mut self, partition: usize, block: Block<'_>) -> Result<(), Error> {
        let bucket = &mut self.partitions[partition];
        let size = bucket.held.put(block, &self.store.pages);
        bucket.bytes += size;
        self.held += size;
        self.untold += size;
        let is_over = self.untold >= self.worthwhile.min(TOLD_AT_ONCE) && self.tell();
        if is_over && self.held >= self.worthwhile { self.spill() } else { Ok(()) }
    }

    /// The parts, by partition.
    pub(crate) fn into_partitions(mut self) -> Vec<Bucket> {
        self.tell();
        self.partitions
    }

    /// Tells the budget of what it does not know yet; whether it is exceeded.
    fn tell(&mut self) -> bool {
        self.store.budget.take(std::mem::take(&mut self.untold))
    }

    fn spill(&mut self) -> Result<(), Error> {
        for bucket in &mut self.partitions {
            if bucket.held.bytes > 0 {
                bucket.spill(&self.store)?;
            }
        }
        self.store.budget.give_back(std::mem::take(&mut self.held));
        Ok(())
    }
}

impl Bucket {
    /// The number of bytes, held or not.
    pub(crate) fn len(&self) -> usize {
        self.bytes
    }

    /// The blocks; those held in memory are given up.
    pub(crate) fn into_blocks(self, store: &Store) -> Result<Blocks, Error> {
        store.budget.give_back(self.held.bytes);
        let mut blocks = self.read_spilled(store)?;
        blocks.extend(self.held);
        Ok(blocks)
    }

    /// A copy of the blocks.
    pub(crate) fn copy(&self, store: &Store) -> Result<Blocks, Error> {
        let mut blocks = self.read_spilled(store)?;
        blocks.extend(self.held.clone());
        Ok(blocks)
    }

    fn read_spilled(&self, store: &Store) -> Result<Blocks, Error> {
        let mut blocks = Blocks::default();
        for (start, length) in &self.spilled {
            blocks.pages.push(store.temp.read(*start, *length)?);
            blocks.bytes += length;
        }
        Ok(blocks)
    }

    fn spill(&mut self, store: &Store) -> Result<(), Error> {
        let pages = std::mem::take(&mut self.held).pages;
        let bytes = pages.concat();
        store.pages.give_back(pages);
        self.spilled.push((store.temp.append(&bytes)?, bytes.len()));
        Ok(())
    }
}

impl Blocks {
    /// A page has room for as much as all before it, and in the end for so much.
    const LEAST: usize = 512;

    /// Calls `take` with each block.
    pub(crate) fn each<'b, E: From<Damaged>>(
        &'b self,
        mut take: impl FnMut(Block<'b>) -> Result<(), E>,
    ) -> Result<(), E> {
        for page in &self.pages {
            let mut taker = Taker(page);
            while !taker.is_empty() {
                take(Block { first: taker.number()?, bytes: taker.sized()? })?;
            }
        }
        Ok(())
    }

    /// The memory of the blocks.
    pub(crate) fn into_pages(self) -> Vec<Vec<u8>> {
        self.pages
    }

    /// Adds a block; by how many bytes there are more.
    fn put(&mut self, block: Block<'_>, free: &Pages) -> usize {
        const MOST_BEFORE_BYTES: usize = 20;
        let most = block.bytes.len() + MOST_BEFORE_BYTES;
        if self.pages.last().is_none_or(|page| page.capacity() - page.len() < most) {
            let room = most.max(self.bytes.clamp(Self::LEAST, PAGE));
            self.pages.push(if room == PAGE { free.take() } else { Vec::with_capacity(room) });
        }
        let Some(page) = self.pages.last_mut() else { return 0 };
        let before = page.len();
        put_number(page, block.first);
        put_bytes(page, block.bytes);
        let size = page.len() - before;
        self.bytes += size;
        size
    }

    fn extend(&mut self, more: Self) {
        self.pages.extend(more.pages);
        self.bytes += more.bytes;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(limit: usize, spilled: bool) {
        let store = Store::new(limit, std::env::temp_dir());
        let mut buckets = Buckets::new(3, &store, 1);
        for n in 1..=20 {
            let bytes = vec![n; usize::from(n)];
            buckets.put(usize::from(n % 3), Block { first: u64::from(n), bytes: &bytes }).unwrap();
        }
        let partitions = buckets.into_partitions();
        assert_eq!(partitions.iter().any(|bucket| !bucket.spilled.is_empty()), spilled);
        for (place, bucket) in partitions.into_iter().enumerate() {
            let expect: Vec<(u64, Vec<u8>)> = (1..=20)
                .filter(|n| usize::from(n % 3) == place)
                .map(|n| (u64::from(n), vec![n; usize::from(n)]))
                .collect();
            for blocks in [bucket.copy(&store).unwrap(), bucket.into_blocks(&store).unwrap()] {
                let mut got = Vec::new();
                blocks
                    .each(|block| {
                        got.push((block.first, block.bytes.to_vec()));
                        Ok::<_, Damaged>(())
                    })
                    .unwrap();
                assert_eq!(got, expect);
            }
        }
        assert!(!store.budget.take(limit), "all was given back");
    }

    #[test]
    fn pages_grow_up_to_a_limit_that_only_larger_blocks_exceed() {
        let mut blocks = Blocks::default();
        let put = |blocks: &mut Blocks, size: usize| {
            blocks.put(Block { first: 0, bytes: &vec![1; size] }, &Pages::default());
            blocks.pages.iter().map(Vec::capacity).collect::<Vec<_>>()
        };
        assert_eq!(put(&mut blocks, 1), [512]);
        assert_eq!(put(&mut blocks, 1_000), [512, 1_020]);
        (0..100).for_each(|_| drop(put(&mut blocks, 900)));
        assert_eq!(blocks.pages.last().map(Vec::capacity), Some(PAGE));
        assert_eq!(put(&mut blocks, 5 * PAGE).last(), Some(&(5 * PAGE + 20)));
    }

    #[test]
    fn blocks_come_back_from_memory_and_from_the_file() {
        check(1000, false);
        check(50, true);
        check(0, true);
    }
}
