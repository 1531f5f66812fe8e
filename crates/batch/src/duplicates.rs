//! Events that came twice: of all events with one id, whoever's they are, only the first received counts.
//!
//! Ids are told apart by 96 bits of hash; two different ids of ten billion share them with a chance of one in a billion.

use crate::{
    Error,
    hash::hash,
    store::{
        Store,
        buckets::{Block, Bucket, Buckets},
        codec::{Damaged, Taker},
    },
};

/// An id, and the row that it came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Seen {
    hash: (u64, u32),
    position: u64,
    /// The partition of the row's lead.
    partition: u16,
}

const RECORD: usize = 18;

/// Appends an id that came in a row of a chunk.
pub(crate) fn put_id(out: &mut Vec<u8>, id: &str, row: u32, partition: u16) {
    let id = id.as_bytes();
    out.extend_from_slice(&hash(id, 1).to_le_bytes());
    out.extend_from_slice(&(hash(id, 2) as u32).to_le_bytes());
    out.extend_from_slice(&row.to_le_bytes());
    out.extend_from_slice(&partition.to_le_bytes());
}

/// Finds the duplicates among the ids of one partition; puts the positions of their rows into the partitions of their leads.
pub(crate) fn find_duplicates(parts: Vec<Bucket>, store: &Store, dropped: &mut Buckets) -> Result<(), Error> {
    let mut seen = Vec::with_capacity(parts.iter().map(Bucket::len).sum::<usize>() / RECORD);
    for part in parts {
        part.into_blocks(store)?.each(|block| read_ids(block, &mut seen))?;
    }
    seen.sort_unstable();
    let twice = |pair: &&[Seen]| pair[0].hash == pair[1].hash;
    let mut again: Vec<Seen> = seen.windows(2).filter(twice).map(|pair| pair[1]).collect();
    again.sort_unstable_by_key(|seen| (seen.partition, seen.position));
    for again in again.chunk_by(|a, b| a.partition == b.partition) {
        let bytes: Vec<u8> = again.iter().flat_map(|seen| seen.position.to_le_bytes()).collect();
        dropped.put(usize::from(again[0].partition), Block { first: 0, bytes: &bytes })?;
    }
    Ok(())
}

/// The positions of the rows of a partition that are duplicates, ascending.
pub(crate) fn dropped_rows(part: Bucket, store: &Store) -> Result<Vec<u64>, Error> {
    let mut positions = Vec::new();
    part.into_blocks(store)?.each(|block| {
        let (rows, _) = block.bytes.as_chunks::<8>();
        positions.extend(rows.iter().map(|row| u64::from_le_bytes(*row)));
        Ok::<_, Damaged>(())
    })?;
    positions.sort_unstable();
    Ok(positions)
}

fn read_ids(block: Block<'_>, seen: &mut Vec<Seen>) -> Result<(), Damaged> {
    let mut taker = Taker(block.bytes);
    while !taker.is_empty() {
        let record = taker.bytes(RECORD)?;
        let (high, rest) = record.split_first_chunk().ok_or(Damaged)?;
        let (low, rest) = rest.split_first_chunk().ok_or(Damaged)?;
        let (row, rest) = rest.split_first_chunk().ok_or(Damaged)?;
        let (partition, _) = rest.split_first_chunk().ok_or(Damaged)?;
        seen.push(Seen {
            hash: (u64::from_le_bytes(*high), u32::from_le_bytes(*low)),
            position: block.first + u64::from(u32::from_le_bytes(*row)),
            partition: u16::from_le_bytes(*partition),
        });
    }
    Ok(())
}
