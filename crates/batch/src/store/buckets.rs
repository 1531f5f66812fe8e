//! Blocks of bytes by partition, held in memory up to a budget and beyond it in a temporary file.

use std::sync::Arc;

use super::Store;
use crate::Error;

/// A block of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Block {
    /// What orders the blocks of a partition: the position of the chunk that the rows came in.
    pub(crate) first: u64,
    /// The rows.
    pub(crate) bytes: Box<[u8]>,
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
    held: Vec<Block>,
    spilled: Vec<Extent>,
    bytes: usize,
}

/// Blocks that stand together in the file, with their orders and lengths.
#[derive(Debug)]
struct Extent {
    start: u64,
    blocks: Vec<(u64, usize)>,
}

impl Buckets {
    /// No blocks; `worthwhile` is the least number of bytes that is worth writing to the file at once.
    pub(crate) fn new(partitions: usize, store: &Arc<Store>, worthwhile: usize) -> Self {
        let partitions = std::iter::repeat_with(Bucket::default).take(partitions).collect();
        Self { store: store.clone(), worthwhile, held: 0, untold: 0, partitions }
    }

    /// Adds a block to a partition.
    pub(crate) fn put(&mut self, partition: usize, block: Block) -> Result<(), Error> {
        let size = block.bytes.len();
        let bucket = &mut self.partitions[partition];
        bucket.bytes += size;
        bucket.held.push(block);
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
            if !bucket.held.is_empty() {
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

    /// Hands out a copy of each block.
    pub(crate) fn each(
        &self,
        store: &Store,
        mut take: impl FnMut(Block) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.spilled.iter().try_for_each(|extent| extent.each(store, &mut take))?;
        self.held.iter().cloned().try_for_each(take)
    }

    /// Hands out each block; those held in memory are given up.
    pub(crate) fn drain(
        self,
        store: &Store,
        mut take: impl FnMut(Block) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.spilled.iter().try_for_each(|extent| extent.each(store, &mut take))?;
        store.budget.give_back(self.held.iter().map(|block| block.bytes.len()).sum());
        self.held.into_iter().try_for_each(take)
    }

    fn spill(&mut self, store: &Store) -> Result<(), Error> {
        let mut bytes = Vec::with_capacity(self.held.iter().map(|block| block.bytes.len()).sum());
        let mut blocks = Vec::with_capacity(self.held.len());
        for block in self.held.drain(..) {
            bytes.extend_from_slice(&block.bytes);
            blocks.push((block.first, block.bytes.len()));
        }
        self.spilled.push(Extent { start: store.temp.append(&bytes)?, blocks });
        Ok(())
    }
}

impl Extent {
    fn each(&self, store: &Store, take: &mut impl FnMut(Block) -> Result<(), Error>) -> Result<(), Error> {
        let length = self.blocks.iter().map(|(_, length)| length).sum();
        let bytes = store.temp.read(self.start, length)?;
        let mut rest = bytes.as_slice();
        for (first, length) in &self.blocks {
            let (block, after) = rest.split_at(*length);
            take(Block { first: *first, bytes: block.into() })?;
            rest = after;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(limit: usize, spilled: bool) {
        let store = Store::new(limit, std::env::temp_dir());
        let mut buckets = Buckets::new(3, &store, 1);
        let block = |n: u8| Block { first: u64::from(n), bytes: vec![n; usize::from(n)].into() };
        for n in 1..=20 {
            buckets.put(usize::from(n % 3), block(n)).unwrap();
        }
        let partitions = buckets.into_partitions();
        assert_eq!(partitions.iter().any(|bucket| !bucket.spilled.is_empty()), spilled);
        for (place, bucket) in partitions.into_iter().enumerate() {
            let mut got = Vec::new();
            bucket
                .drain(&store, |block| {
                    got.push(block);
                    Ok(())
                })
                .unwrap();
            let expect: Vec<Block> = (1..=20).filter(|n| usize::from(n % 3) == place).map(block).collect();
            assert_eq!(got, expect);
        }
        assert!(!store.budget.take(limit), "all was given back");
    }

    #[test]
    fn blocks_come_back_from_memory_and_from_the_file() {
        check(1000, false);
        check(50, true);
        check(0, true);
    }
}
