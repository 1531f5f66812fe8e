//! From chunks to partitions: what one worker does with the rows that it reads.

use kelvin_kernel::Instant;

use super::{
    event_rows::{EventBlockBuilder, EventRow},
    hash::{hash, partition},
    lead_rows::{LeadEncoder, LeadRow, put_lead_row},
    payload::put_payload,
};
use crate::{
    Error,
    accounts::AccountWrites,
    duplicates::put_id,
    job::Intake,
    lens::{INLINE, Lens, LensPlan, Look, NOTHING},
    models::Models,
    read::{EventChunk, LeadChunk, RowWrite},
    store::buckets::{Block, Bucket, Buckets},
};

/// Puts the rows that one worker reads into partitions.
#[derive(Debug)]
pub(crate) struct Shuffle<'a> {
    models: &'a Models<'a>,
    at: Instant,
    partitions: usize,
    lens: Lens<'a>,
    encoder: LeadEncoder,
    events: Buckets,
    leads: Buckets,
    ids: Buckets,
    rows: RowsByPartition,
    looks: Vec<u32>,
    builder: EventBlockBuilder,
    payload: Vec<u8>,
    account_writes: AccountWrites,
}

/// What a worker has read.
#[derive(Debug)]
pub(crate) struct Shuffled {
    /// What the numbers in the rows' looks stand for.
    pub(crate) looks: Vec<Look>,
    /// Event rows, by partition.
    pub(crate) events: Vec<Bucket>,
    /// Lead rows, by partition.
    pub(crate) leads: Vec<Bucket>,
    /// Event ids, by partition of the id.
    pub(crate) ids: Vec<Bucket>,
    /// Attributes of accounts that events write.
    pub(crate) account_writes: AccountWrites,
}

/// The rows of a chunk, grouped by partition.
#[derive(Debug, Default)]
struct RowsByPartition {
    partition: Vec<u16>,
    starts: Vec<u32>,
    rows: Vec<u32>,
}

impl<'a> Shuffle<'a> {
    /// `buckets` makes empty buckets.
    pub(crate) fn new(
        models: &'a Models<'a>,
        plan: &'a LensPlan,
        at: Instant,
        partitions: usize,
        buckets: impl Fn() -> Buckets,
    ) -> Self {
        Self {
            models,
            at,
            partitions,
            lens: Lens::new(models, plan),
            encoder: LeadEncoder::default(),
            events: buckets(),
            leads: buckets(),
            ids: buckets(),
            rows: RowsByPartition::default(),
            looks: Vec::new(),
            builder: EventBlockBuilder::default(),
            payload: Vec::new(),
            account_writes: AccountWrites::default(),
        }
    }

    /// What was taken in.
    pub(crate) fn finish(self) -> Shuffled {
        Shuffled {
            looks: self.lens.into_looks(),
            events: self.events.into_partitions(),
            leads: self.leads.into_partitions(),
            ids: self.ids.into_partitions(),
            account_writes: self.account_writes,
        }
    }

    fn take_ids(&mut self, chunk: &EventChunk) -> Result<(), Error> {
        let Some(ids) = &chunk.ids else {
            return Ok(());
        };
        // The leads' partitions are about to be overwritten by those of the ids.
        let of_lead = self.rows.partition.clone();
        let id = |row: usize| ids.get(row).unwrap_or_default().as_bytes();
        self.rows.group(chunk.len(), self.partitions, id);
        for place in 0..self.partitions {
            let mut bytes = Vec::new();
            for row in self.rows.of(place) {
                if let Some(id) = ids.get(*row as usize) {
                    put_id(&mut bytes, id, *row, of_lead[*row as usize]);
                }
            }
            if !bytes.is_empty() {
                self.ids.put(place, Block { first: chunk.first, bytes: bytes.into() })?;
            }
        }
        Ok(())
    }
}

impl Intake for Shuffle<'_> {
    fn take_leads(&mut self, chunk: &LeadChunk) -> Result<(), Error> {
        let accounts = self.models.keeps_account_attributes();
        self.encoder.begin(chunk, accounts);
        self.rows.group(chunk.len(), self.partitions, |row| chunk.lead_ids.text(row).as_bytes());
        let mut cells = Vec::new();
        for place in 0..self.partitions {
            let rows = self.rows.of(place);
            if rows.is_empty() {
                continue;
            }
            let mut bytes = Vec::with_capacity(rows.len() * 48);
            for row in rows {
                cells.clear();
                self.encoder.put(chunk, accounts, *row as usize, &mut cells);
                let lead = chunk.lead_ids.text(*row as usize);
                put_lead_row(&mut bytes, &LeadRow { lead, offset: *row, cells: &cells });
            }
            self.leads.put(place, Block { first: chunk.first, bytes: bytes.into() })?;
        }
        Ok(())
    }

    fn take_events(&mut self, chunk: &EventChunk) -> Result<(), Error> {
        self.lens.looks(chunk, self.at, &mut self.looks);
        self.rows.group(chunk.len(), self.partitions, |row| chunk.lead_ids.text(row).as_bytes());
        let mut known = Vec::new();
        for place in 0..self.partitions {
            known.clear();
            for row in self.rows.of(place) {
                let row = *row as usize;
                let lead = chunk.lead_ids.text(row);
                let id = chunk.ids.as_ref().and_then(|ids| ids.get(row));
                self.payload.clear();
                let look = if chunk.times[row] > self.at.as_millis() {
                    NOTHING
                } else {
                    put_row_payload(
                        self.models,
                        &mut self.lens,
                        &mut self.payload,
                        self.looks[row],
                        (chunk, row),
                    );
                    self.looks[row]
                };
                if look == NOTHING && self.payload.is_empty() && id.is_none() {
                    put_lead_row(&mut known, &LeadRow { lead, offset: 0, cells: &[] });
                    continue;
                }
                let (offset, payload) = (row as u32, self.payload.as_slice());
                self.builder.push(&EventRow { lead, time: chunk.times[row], look, offset, id, payload });
            }
            if !self.builder.is_empty() {
                let bytes = self.builder.finish(self.models.scores_accounts());
                self.events.put(place, Block { first: chunk.first, bytes })?;
            }
            if !known.is_empty() {
                self.leads.put(place, Block { first: chunk.first, bytes: known.as_slice().into() })?;
            }
        }
        self.account_writes.take(chunk, self.at);
        self.take_ids(chunk)
    }
}

/// Appends the payload of a row, if it needs one.
fn put_row_payload(
    models: &Models<'_>,
    lens: &mut Lens<'_>,
    out: &mut Vec<u8>,
    look: u32,
    (chunk, row): (&EventChunk, usize),
) {
    let described = (look == INLINE).then(|| lens.describe(chunk, row));
    let writes = writes(chunk, row);
    let deferred = models.defers(chunk.names[row]);
    if described.is_some() || !writes.is_empty() || deferred {
        put_payload(out, writes, deferred.then_some((chunk, row)), described.as_ref());
    }
}

/// The attributes that a row writes.
fn writes(chunk: &EventChunk, row: usize) -> &[RowWrite] {
    let row = row as u32;
    let start = chunk.writes.partition_point(|write| write.row < row);
    let rest = &chunk.writes[start..];
    &rest[..rest.partition_point(|write| write.row == row)]
}

impl RowsByPartition {
    /// Groups `count` rows by the partition of their ids.
    fn group<'b>(&mut self, count: usize, partitions: usize, id: impl Fn(usize) -> &'b [u8]) {
        self.partition.clear();
        self.partition.extend((0..count).map(|row| partition(hash(id(row), 0), partitions) as u16));
        self.starts.clear();
        self.starts.resize(partitions + 1, 0);
        for partition in &self.partition {
            self.starts[usize::from(*partition) + 1] += 1;
        }
        for place in 0..partitions {
            self.starts[place + 1] += self.starts[place];
        }
        let mut next = self.starts.clone();
        self.rows.clear();
        self.rows.resize(count, 0);
        for (row, partition) in self.partition.iter().enumerate() {
            let place = &mut next[usize::from(*partition)];
            self.rows[*place as usize] = row as u32;
            *place += 1;
        }
    }

    fn of(&self, partition: usize) -> &[u32] {
        &self.rows[self.starts[partition] as usize..self.starts[partition + 1] as usize]
    }
}
