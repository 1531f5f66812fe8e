//! The ids of the leads of a block's rows.

use crate::store::{
    codec::{Damaged, Taker, put_bytes},
    packed::{Packed, Spread, put_packed_within},
};

/// Writes ids, block by block.
#[derive(Debug, Default)]
pub(crate) struct LeadIdWriter {
    bytes: Vec<u8>,
}

/// The ids of a block, ready to be read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LeadIds<'a> {
    lengths: Packed<'a>,
    bytes: &'a [u8],
}

const WORD: usize = 8;
const WIDTH: u64 = WORD as u64;
const DOUBLE: u64 = 2 * WIDTH;

impl LeadIdWriter {
    /// Appends ids whose lengths lie within a spread.
    pub(crate) fn put<'c>(
        &mut self,
        out: &mut Vec<u8>,
        lengths: Spread,
        ids: impl ExactSizeIterator<Item = &'c [u8]> + Clone,
    ) {
        put_packed_within(out, lengths, ids.clone().map(|id| id.len() as u64));
        let end = match (lengths.least, lengths.most) {
            (WIDTH.., ..=DOUBLE) => self.join_words(ids),
            _ => {
                self.bytes.clear();
                ids.for_each(|id| self.bytes.extend_from_slice(id));
                self.bytes.len()
            }
        };
        put_bytes(out, &self.bytes[..end]);
    }

    /// Brings ids of one or two words together, by two words that overlap, where each would be a call of `memcpy`; how many bytes
    /// they take.
    fn join_words<'c>(&mut self, ids: impl ExactSizeIterator<Item = &'c [u8]>) -> usize {
        let mut end = 0;
        self.bytes.resize(self.bytes.len().max(ids.len() * 2 * WORD), 0);
        for id in ids {
            let room = self.bytes[end..].first_chunk_mut::<{ 2 * WORD }>();
            if let (Some(first), Some(last), Some(room)) =
                (id.first_chunk::<WORD>(), id.last_chunk::<WORD>(), room)
            {
                room[..WORD].copy_from_slice(first);
                room[id.len() - WORD..id.len()].copy_from_slice(last);
                end += id.len();
            }
        }
        end
    }
}

impl<'a> LeadIds<'a> {
    /// Takes the ids of `count` rows.
    pub(crate) fn take(taker: &mut Taker<'a>, count: usize) -> Result<Self, Damaged> {
        Ok(Self { lengths: Packed::take(taker, count)?, bytes: taker.sized()? })
    }

    /// Calls `take` with each id.
    pub(crate) fn each(&self, mut take: impl FnMut(&[u8])) -> Result<(), Damaged> {
        let length = self.lengths.constant().map(|length| length as usize);
        match length {
            Some(length @ 1..) if length.checked_mul(self.lengths.len()) == Some(self.bytes.len()) => {
                self.bytes.chunks_exact(length).for_each(take);
            }
            _ => {
                let mut bytes = self.bytes;
                for row in 0..self.lengths.len() {
                    let length = usize::try_from(self.lengths.get(row)).map_err(|_| Damaged)?;
                    let (id, rest) = bytes.split_at_checked(length).ok_or(Damaged)?;
                    bytes = rest;
                    take(id);
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(ids: &[&[u8]], all: &[&[u8]]) -> Vec<u8> {
        let mut out = Vec::new();
        let lengths = Spread::of(all.iter().map(|id| id.len() as u64));
        LeadIdWriter::default().put(&mut out, lengths, ids.iter().copied());
        out
    }

    fn check(ids: &[&str]) {
        let ids: Vec<&[u8]> = ids.iter().map(|id| id.as_bytes()).collect();
        for some in [ids.as_slice(), &ids[1..], &ids[..1]] {
            let out = block(some, &ids);
            let mut taker = Taker(&out);
            let read = LeadIds::take(&mut taker, some.len()).unwrap();
            assert!(taker.is_empty());
            let mut got: Vec<Vec<u8>> = Vec::new();
            read.each(|id| got.push(id.to_vec())).unwrap();
            assert_eq!(got, some);
        }
    }

    #[test]
    fn ids_come_back_whole() {
        check(&["ada@acme.example", "bob@acme.example"]);
        check(&["lead-0001", "lead-00002"]);
        check(&["a", "", "ümlaut", "12345678", "123456789", "1234567890123456", "12345678901234567"]);
        check(&["12345678", "12345678"]);
        check(&["12345678901234567", "12345678901234568"]);
    }

    #[test]
    fn damaged_ids_are_told() {
        let ids: [&[u8]; 2] = [b"lead-0001", b"lead-0002"];
        let out = block(&ids, &ids);
        for cut in 0..out.len() {
            assert!(LeadIds::take(&mut Taker(&out[..cut]), 2).is_err(), "cut at {cut}");
        }
        let read = LeadIds::take(&mut Taker(&out), 3);
        assert!(read.and_then(|read| read.each(|_| {})).is_err());
    }
}
