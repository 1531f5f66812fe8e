//! From chunks to partitions: what one worker does with the rows that it reads.

use kelvin_kernel::Instant;

use super::{
    event_rows::{EventBlockBuilder, EventRow},
    lead_rows::{LeadEncoder, LeadRow, put_lead_row},
    payload::put_payload,
    plain_rows::{PlainBlocks, PlainRows},
};
use crate::{
    Error,
    accounts::AccountWrites,
    duplicates::put_id,
    groups::Groups,
    hash::{hash, partition},
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
    lens: Lens<'a>,
    encoder: LeadEncoder,
    events: Buckets,
    leads: Buckets,
    ids: Buckets,
    rows: Groups,
    looks: Vec<u32>,
    builder: EventBlockBuilder,
    plain: PlainBlocks,
    /// What else a chunk brings to each partition.
    pending: Vec<Pending>,
    payload: Vec<u8>,
    /// Whether rows of the chunk may need a payload though their looks have numbers.
    has_payloads: bool,
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

/// What a chunk brings to a partition beside events.
#[derive(Debug, Default)]
struct Pending {
    leads: Vec<u8>,
    ids: Vec<u8>,
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
            lens: Lens::new(models, plan),
            encoder: LeadEncoder::default(),
            events: buckets(),
            leads: buckets(),
            ids: buckets(),
            rows: Groups::default(),
            looks: Vec::new(),
            builder: EventBlockBuilder::default(),
            plain: PlainBlocks::default(),
            pending: std::iter::repeat_with(Pending::default).take(partitions).collect(),
            payload: Vec::new(),
            has_payloads: false,
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

    fn partition(&self, id: &[u8]) -> usize {
        partition(hash(id, 0), self.pending.len())
    }

    /// Adds an event to its lead's partition.
    #[inline]
    fn take_event(&mut self, (chunk, row): (&EventChunk, usize), look: u32, place: usize) {
        let lead = chunk.lead_ids.text(row);
        let id = chunk.ids.as_ref().and_then(|ids| ids.get(row));
        if let Some(id) = id {
            let of_id = self.partition(id.as_bytes());
            put_id(&mut self.pending[of_id].ids, id, row as u32, place as u16);
        }
        // The lens has looked at no row that comes after the run's instant.
        self.payload.clear();
        if look == INLINE || self.has_payloads && chunk.times[row] <= self.at.as_millis() {
            put_row_payload(self.models, &mut self.lens, &mut self.payload, look, (chunk, row));
        }
        if look == NOTHING && self.payload.is_empty() && id.is_none() {
            put_lead_row(
                &mut self.pending[place].leads,
                &LeadRow { lead: lead.as_bytes(), offset: 0, cells: &[] },
            );
            return;
        }
        self.builder.push(&EventRow {
            lead: lead.as_bytes(),
            time: chunk.times[row],
            look,
            offset: row as u32,
            id,
            payload: &self.payload,
        });
    }

    /// Puts away what a chunk whose first row has position `first` has brought.
    fn put_pending(&mut self, first: u64) -> Result<(), Error> {
        for (place, pending) in self.pending.iter_mut().enumerate() {
            for (buckets, bytes) in [(&mut self.leads, &mut pending.leads), (&mut self.ids, &mut pending.ids)]
            {
                if !bytes.is_empty() {
                    buckets.put(place, Block { first, bytes })?;
                    bytes.clear();
                }
            }
        }
        Ok(())
    }
}

impl Intake for Shuffle<'_> {
    fn take_leads(&mut self, chunk: &LeadChunk) -> Result<(), Error> {
        let accounts = self.models.keeps_account_attributes();
        self.encoder.begin(chunk, accounts);
        let mut rows = std::mem::take(&mut self.rows);
        let lead_ids = chunk.lead_ids.all_bytes();
        rows.fill(self.pending.len(), lead_ids.iter().map(|id| self.partition(id) as u32));
        let mut cells = Vec::new();
        for (place, pending) in self.pending.iter_mut().enumerate() {
            for row in rows.of(place).iter().map(|row| *row as usize) {
                cells.clear();
                self.encoder.put(chunk, accounts, row, &mut cells);
                let row = LeadRow { lead: lead_ids[row], offset: row as u32, cells: &cells };
                put_lead_row(&mut pending.leads, &row);
            }
        }
        self.rows = rows;
        self.put_pending(chunk.first)
    }

    fn take_events(&mut self, chunk: &EventChunk) -> Result<(), Error> {
        self.lens.looks(chunk, self.at, &mut self.looks);
        self.has_payloads = !chunk.writes.is_empty() || self.models.defers_any();
        let offsets = self.models.scores_accounts();
        let mut rows = std::mem::take(&mut self.rows);
        let lead_ids = chunk.lead_ids.all_bytes();
        let partitions = self.pending.len();
        rows.fill(partitions, lead_ids.iter().map(|id| self.partition(id) as u32));
        let looks = std::mem::take(&mut self.looks);
        let plain = if self.has_payloads || offsets { None } else { PlainRows::of(chunk, &lead_ids, &looks) };
        for place in 0..partitions {
            let rows = rows.of(place);
            let bytes = match &plain {
                Some(plain) => (!rows.is_empty()).then(|| self.plain.block(plain, rows)),
                None => {
                    for row in rows.iter().map(|row| *row as usize) {
                        self.take_event((chunk, row), looks[row], place);
                    }
                    (!self.builder.is_empty()).then(|| self.builder.finish(offsets))
                }
            };
            if let Some(bytes) = bytes {
                self.events.put(place, Block { first: chunk.first, bytes })?;
            }
        }
        self.looks = looks;
        self.rows = rows;
        self.account_writes.take(chunk, self.at);
        self.put_pending(chunk.first)
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
