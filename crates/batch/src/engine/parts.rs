//! What a partition is made from: each worker's part of it, in memory or in the temporary file.

use crate::{
    Error,
    hash::{hash, part},
    partition::{
        event_rows::{EventBlock, EventBlockBuilder},
        lead_rows::{each_lead_row, put_lead_row},
        score::Partition,
    },
    store::{
        Store,
        buckets::{Block, Bucket, Buckets},
    },
};

/// Each worker's part of a partition.
#[derive(Debug, Default)]
pub(super) struct Parts {
    events: Vec<Bucket>,
    leads: Vec<Bucket>,
    /// Positions of event rows that are duplicates.
    pub(super) dropped: Vec<u64>,
}

impl Parts {
    /// Adds the part of the next worker.
    pub(super) fn put_worker(&mut self, events: Bucket, leads: Bucket) {
        self.events.push(events);
        self.leads.push(leads);
    }

    /// The number of bytes of all rows.
    pub(super) fn len(&self) -> usize {
        self.events.iter().chain(&self.leads).map(Bucket::len).sum()
    }

    /// The partition; what is held in memory goes over into it.
    pub(super) fn into_partition(self, store: &Store) -> Result<Partition, Error> {
        let blocks = |bucket: Bucket| bucket.into_blocks(store);
        let events = self.events.into_iter().map(blocks).collect::<Result<_, _>>()?;
        let leads = self.leads.into_iter().map(blocks).collect::<Result<_, _>>()?;
        Ok(Partition::new(events, leads, self.dropped))
    }

    /// A copy of the partition.
    pub(super) fn copy(&self, store: &Store) -> Result<Partition, Error> {
        let blocks = |bucket: &Bucket| bucket.copy(store);
        let events = self.events.iter().map(blocks).collect::<Result<_, _>>()?;
        let leads = self.leads.iter().map(blocks).collect::<Result<_, _>>()?;
        Ok(Partition::new(events, leads, self.dropped.clone()))
    }

    /// Divides the leads among so many smaller partitions.
    pub(super) fn split(
        self,
        pieces: usize,
        store: &Store,
        buckets: impl Fn() -> Buckets,
    ) -> Result<Vec<Self>, Error> {
        let of_lead = |lead: &[u8]| part(hash(lead, 0), pieces);
        let mut split: Vec<Self> = std::iter::repeat_with(Self::default).take(pieces).collect();
        let mut builders: Vec<_> = std::iter::repeat_with(EventBlockBuilder::default).take(pieces).collect();
        for (events, leads) in self.events.into_iter().zip(self.leads) {
            let (mut split_events, mut split_leads) = (buckets(), buckets());
            events.into_blocks(store)?.each(|block| {
                let rows = EventBlock::read(block.bytes)?;
                rows.each(|row| builders[of_lead(row.lead)].push(&row))?;
                for (piece, builder) in
                    builders.iter_mut().enumerate().filter(|(_, builder)| !builder.is_empty())
                {
                    let bytes = builder.finish(rows.has_more());
                    split_events.put(piece, Block { first: block.first, bytes })?;
                }
                Ok::<_, Error>(())
            })?;
            leads.into_blocks(store)?.each(|block| {
                let mut bytes = vec![Vec::new(); pieces];
                each_lead_row(block.bytes, |row| put_lead_row(&mut bytes[of_lead(row.lead)], &row))?;
                for (piece, bytes) in bytes.into_iter().enumerate().filter(|(_, bytes)| !bytes.is_empty()) {
                    split_leads.put(piece, Block { first: block.first, bytes: &bytes })?;
                }
                Ok::<_, Error>(())
            })?;
            let pieces = split_events.into_partitions().into_iter().zip(split_leads.into_partitions());
            for (parts, (events, leads)) in split.iter_mut().zip(pieces) {
                parts.put_worker(events, leads);
            }
        }
        for parts in &mut split {
            parts.dropped.clone_from(&self.dropped);
        }
        Ok(split)
    }
}
