//! A block of event rows as bytes: a word for each row where that is enough, else fixed-size columns packed, ids and payloads.

use super::{lead_ids::LeadIds, numbered_rows::NumberedRows};
use crate::store::{
    codec::{Damaged, Taker, put_bytes, put_number},
    packed::{Packed, put_packed},
};

/// A row of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct EventRow<'a> {
    /// The lead's id, as UTF-8: whoever needs it as text checks it once for each lead.
    pub(crate) lead: &'a [u8],
    /// Milliseconds since the epoch.
    pub(crate) time: i64,
    /// The number of what the rules see of it.
    pub(crate) look: u32,
    /// The row in its chunk.
    pub(crate) offset: u32,
    /// The id that the event came with.
    pub(crate) id: Option<&'a str>,
    /// What cannot be numbered; see [`super::payload`].
    pub(crate) payload: &'a [u8],
}

/// What a row may have beside a lead, a time and a look; see [`EventRow`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct MoreOfRow<'a> {
    pub(crate) offset: u32,
    pub(crate) id: Option<&'a str>,
    pub(crate) payload: &'a [u8],
}

/// Builds blocks, one after the other.
#[derive(Debug, Default)]
pub(crate) struct EventBlockBuilder {
    rows: Vec<Fixed>,
    leads: Vec<u8>,
    ids: Vec<u8>,
    payloads: Vec<u8>,
    any_id: bool,
    out: Vec<u8>,
}

/// What has the same size in every row.
#[derive(Debug, Clone, Copy)]
struct Fixed {
    time: i64,
    look: u32,
    offset: u32,
    lead_length: u32,
    /// One more than the length; 0 stands for no id.
    id_length: u32,
    payload_length: u32,
}

/// What a block has beside a lead, a time and a look for each row.
const OFFSETS: u8 = 1;
const IDS: u8 = 2;
const PAYLOADS: u8 = 4;
/// The rows of a block are [`NumberedRows`], and have nothing else.
pub(super) const NUMBERED: u8 = 8;

/// A block, ready to be read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EventBlock<'a> {
    /// The number of rows.
    pub(crate) len: usize,
    rows: Rows<'a>,
    offsets: Option<Packed<'a>>,
    ids: Option<(Packed<'a>, &'a [u8])>,
    payloads: Option<(Packed<'a>, &'a [u8])>,
}

/// What all rows have: a lead, a time and a look.
#[derive(Debug, Clone, Copy)]
enum Rows<'a> {
    Numbered(NumberedRows<'a>),
    Columns { leads: LeadIds<'a>, times: Packed<'a>, looks: Packed<'a> },
}

impl EventBlockBuilder {
    #[inline]
    pub(crate) fn push(&mut self, row: &EventRow<'_>) {
        self.rows.push(Fixed {
            time: row.time,
            look: row.look,
            offset: row.offset,
            lead_length: row.lead.len() as u32,
            id_length: row.id.map_or(0, |id| id.len() as u32 + 1),
            payload_length: row.payload.len() as u32,
        });
        self.leads.extend_from_slice(row.lead);
        if let Some(id) = row.id {
            self.any_id = true;
            self.ids.extend_from_slice(id.as_bytes());
        }
        if !row.payload.is_empty() {
            self.payloads.extend_from_slice(row.payload);
        }
    }

    /// Whether there are no rows.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The block; `offsets` tells whether the rows' offsets will be asked for. The builder is empty again.
    pub(crate) fn finish(&mut self, offsets: bool) -> &[u8] {
        let payloads = !self.payloads.is_empty();
        let offsets = offsets || self.any_id || payloads;
        let flags = u8::from(offsets) * OFFSETS + u8::from(self.any_id) * IDS + u8::from(payloads) * PAYLOADS;
        let out = &mut self.out;
        out.clear();
        put_frame(out, self.rows.len(), flags);
        let mut put = |column: fn(&Fixed) -> u64, texts: Option<&[u8]>| {
            put_packed(out, self.rows.iter().map(column));
            if let Some(texts) = texts {
                put_bytes(out, texts);
            }
        };
        put(|row| u64::from(row.lead_length), Some(&self.leads));
        put(|row| number_of(row.time), None);
        put(|row| u64::from(row.look), None);
        if offsets {
            put(|row| u64::from(row.offset), None);
        }
        if self.any_id {
            put(|row| u64::from(row.id_length), Some(&self.ids));
        }
        if payloads {
            put(|row| u64::from(row.payload_length), Some(&self.payloads));
        }
        self.clear();
        &self.out
    }

    fn clear(&mut self) {
        self.rows.clear();
        self.any_id = false;
        for bytes in [&mut self.leads, &mut self.ids, &mut self.payloads] {
            bytes.clear();
        }
    }
}

impl<'a> EventBlock<'a> {
    /// Reads the frame of a block; rows are read by [`EventBlock::each`].
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self, Damaged> {
        let mut taker = Taker(bytes);
        let len = taker.size()?;
        let flags = taker.byte()?;
        let texts = |taker: &mut Taker<'a>| Ok((Packed::take(taker, len)?, taker.sized()?));
        let has = |flag: u8| flags & flag != 0;
        Ok(Self {
            len,
            rows: if has(NUMBERED) {
                Rows::Numbered(NumberedRows::take(&mut taker, len)?)
            } else {
                Rows::Columns {
                    leads: LeadIds::take(&mut taker, len)?,
                    times: Packed::take(&mut taker, len)?,
                    looks: Packed::take(&mut taker, len)?,
                }
            },
            offsets: has(OFFSETS).then(|| Packed::take(&mut taker, len)).transpose()?,
            ids: has(IDS).then(|| texts(&mut taker)).transpose()?,
            payloads: has(PAYLOADS).then(|| texts(&mut taker)).transpose()?,
        })
    }

    /// Whether rows have more than a lead, a time and a look.
    pub(crate) fn has_more(&self) -> bool {
        self.offsets.is_some()
    }

    /// Calls `take` with the lead of each row; `room` is for ids that are put together.
    pub(crate) fn each_lead(&self, room: &mut Vec<u8>, take: impl FnMut(&[u8])) -> Result<(), Damaged> {
        match self.rows {
            Rows::Numbered(rows) => {
                rows.each_lead(room, take);
                Ok(())
            }
            Rows::Columns { leads, .. } => leads.each(take),
        }
    }

    /// The times of all rows, in place of what `out` held.
    pub(crate) fn times(&self, out: &mut Vec<i64>) {
        match self.rows {
            Rows::Numbered(rows) => rows.times(out, time_of),
            Rows::Columns { times, .. } => times.read(out, time_of),
        }
    }

    /// The looks of all rows, in place of what `out` held.
    pub(crate) fn looks(&self, out: &mut Vec<u32>) {
        match self.rows {
            Rows::Numbered(rows) => rows.looks(out),
            Rows::Columns { looks, .. } => looks.read(out, |look| look as u32),
        }
    }

    /// Calls `take` with each row.
    pub(crate) fn each(&self, mut take: impl FnMut(EventRow<'_>)) -> Result<(), Damaged> {
        let (mut times, mut looks, mut more) = (Vec::new(), Vec::new(), Vec::with_capacity(self.len));
        self.times(&mut times);
        self.looks(&mut looks);
        self.each_more(|row| more.push(row))?;
        let mut rows = times.into_iter().zip(looks).zip(more);
        self.each_lead(&mut Vec::new(), |lead| {
            if let Some(((time, look), MoreOfRow { offset, id, payload })) = rows.next() {
                take(EventRow { lead, time, look, offset, id, payload });
            }
        })
    }

    /// Calls `take` with what each row has beside a lead, a time and a look.
    pub(crate) fn each_more(&self, mut take: impl FnMut(MoreOfRow<'a>)) -> Result<(), Damaged> {
        let (mut ids, mut payloads) = ("".as_bytes(), "".as_bytes());
        if let Some((_, bytes)) = self.ids {
            ids = bytes;
        }
        if let Some((_, bytes)) = self.payloads {
            payloads = bytes;
        }
        for row in 0..self.len {
            let id = match self.ids.map_or(0, |(lengths, _)| lengths.get(row)) {
                0 => None,
                length => Some(text(cut(&mut ids, length - 1)?)?),
            };
            let payload = match self.payloads {
                None => &[],
                Some((lengths, _)) => cut(&mut payloads, lengths.get(row))?,
            };
            let offset = self.offsets.map_or(0, |offsets| offsets.get(row) as u32);
            take(MoreOfRow { offset, id, payload });
        }
        Ok(())
    }
}

/// Appends what a block begins with; the columns follow.
pub(super) fn put_frame(out: &mut Vec<u8>, rows: usize, flags: u8) {
    put_number(out, rows as u64);
    out.push(flags);
}

/// A time as a number of the same order.
pub(super) fn number_of(time: i64) -> u64 {
    time as u64 ^ 1 << 63
}

fn time_of(number: u64) -> i64 {
    (number ^ 1 << 63) as i64
}

fn cut<'a>(bytes: &mut &'a [u8], length: u64) -> Result<&'a [u8], Damaged> {
    let (taken, rest) =
        usize::try_from(length).ok().and_then(|at| bytes.split_at_checked(at)).ok_or(Damaged)?;
    *bytes = rest;
    Ok(taken)
}

fn text(bytes: &[u8]) -> Result<&str, Damaged> {
    std::str::from_utf8(bytes).map_err(|_| Damaged)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Checks that a block has these rows.
    pub(in crate::partition) fn assert_rows(block: &EventBlock<'_>, rows: &[EventRow<'_>]) {
        let mut expected = rows.iter();
        block.each(|row| assert_eq!(Some(&row), expected.next())).unwrap();
        assert_eq!(expected.next(), None);
    }

    fn check(rows: &[EventRow<'_>], offsets: bool) {
        let mut builder = EventBlockBuilder::default();
        for _ in 0..2 {
            rows.iter().for_each(|row| builder.push(row));
            let bytes = builder.finish(offsets);
            let block = EventBlock::read(bytes).unwrap();
            assert_rows(&block, rows);
            let (mut leads, mut times, mut looks) = (Vec::new(), Vec::new(), Vec::new());
            block.each_lead(&mut Vec::new(), |lead| leads.push(lead.to_vec())).unwrap();
            block.times(&mut times);
            block.looks(&mut looks);
            assert_eq!(leads, rows.iter().map(|row| row.lead).collect::<Vec<_>>());
            assert_eq!(times, rows.iter().map(|row| row.time).collect::<Vec<_>>());
            assert_eq!(looks, rows.iter().map(|row| row.look).collect::<Vec<_>>());
            for cut in 0..bytes.len() {
                let damaged = EventBlock::read(&bytes[..cut]).and_then(|block| block.each(|_| {}));
                assert!(damaged.is_err() || rows.is_empty(), "cut at {cut}");
            }
        }
        assert!(builder.is_empty());
    }

    #[test]
    fn rows_come_back_from_a_block() {
        let plain = |lead: &'static str, time, look| {
            let lead = lead.as_bytes();
            EventRow { lead, time, look, offset: 0, id: None, payload: &[] }
        };
        check(&[], false);
        check(&[plain("a", 5, 0), plain("ümlaut", i64::MIN, 7), plain("", i64::MAX, u32::MAX)], false);
        check(&[EventRow { offset: 70_000, ..plain("a", 5, 0) }], true);
        check(
            &[EventRow { id: Some("x"), ..plain("a", 5, 0) }, EventRow { offset: 1, ..plain("b", 6, 1) }],
            false,
        );
        check(&[EventRow { id: Some(""), payload: &[1, 2, 3], offset: 9, ..plain("a", 5, 0) }], false);
    }
}
