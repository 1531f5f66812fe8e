//! The ids of the leads of a block's rows. Where all of a chunk begin alike, as numbered ids do, that is written once for each
//! block: half of the bytes of a row were such beginnings.

use crate::store::{
    codec::{Damaged, Taker, put_bytes},
    packed::{Packed, Spread, put_packed_within},
};

/// What the ids of a chunk have in common.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Common<'c> {
    /// What all begin with: a word or nothing.
    beginning: &'c [u8],
    lengths: Spread,
}

/// Writes ids, block by block.
#[derive(Debug, Default)]
pub(crate) struct LeadIdWriter {
    rests: Vec<u8>,
}

/// The ids of a block, ready to be read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LeadIds<'a> {
    beginning: &'a [u8],
    /// The lengths of what follows the beginning.
    lengths: Packed<'a>,
    rests: &'a [u8],
}

/// The bytes of a beginning: a word is written and read in one step.
const WORD: usize = 8;

impl<'c> Common<'c> {
    /// Of ids of one length that have up to another word after the first, the first word, if it is the same.
    pub(crate) fn of(ids: &'c [&'c [u8]]) -> Self {
        let lengths = Spread::of(ids.iter().map(|id| id.len() as u64));
        let is_short = lengths.least == lengths.most && (9..=16).contains(&lengths.least);
        let first = ids.first().and_then(|id| id.first_chunk::<WORD>()).filter(|_| is_short);
        match first {
            Some(first) if ids.iter().all(|id| id.first_chunk() == Some(first)) => {
                Self { beginning: first, lengths: lengths.less(WORD as u64) }
            }
            _ => Self { beginning: &[], lengths },
        }
    }
}

impl LeadIdWriter {
    /// Appends some of the chunk's ids.
    pub(crate) fn put<'c>(
        &mut self,
        out: &mut Vec<u8>,
        common: &Common<'_>,
        ids: impl ExactSizeIterator<Item = &'c [u8]> + Clone,
    ) {
        let Common { beginning, lengths } = common;
        put_bytes(out, beginning);
        put_packed_within(out, *lengths, ids.clone().map(|id| (id.len() - beginning.len()) as u64));
        let end = match (beginning.is_empty(), lengths.least, lengths.most) {
            (false, length, _) => self.join_ends(ids, length as usize),
            (true, WIDTH.., ..=DOUBLE) => self.join_words(ids),
            _ => {
                self.rests.clear();
                ids.for_each(|id| self.rests.extend_from_slice(id));
                self.rests.len()
            }
        };
        put_bytes(out, &self.rests[..end]);
    }

    /// Brings the last `length` bytes of the ids together, by words of which what is too much is overwritten; how many bytes they
    /// take.
    fn join_ends<'c>(&mut self, ids: impl ExactSizeIterator<Item = &'c [u8]>, length: usize) -> usize {
        let end = ids.len() * length;
        self.make_room(end + WORD);
        for (place, id) in ids.enumerate() {
            if let (Some(last), Some(room)) =
                (id.last_chunk::<WORD>(), self.rests[place * length..].first_chunk_mut::<WORD>())
            {
                *room = (u64::from_le_bytes(*last) >> (8 * (WORD - length))).to_le_bytes();
            }
        }
        end
    }

    /// Brings whole ids of one or two words together, by two words that overlap, where each would be a call of `memcpy`; how many
    /// bytes they take.
    fn join_words<'c>(&mut self, ids: impl ExactSizeIterator<Item = &'c [u8]>) -> usize {
        let mut end = 0;
        self.make_room(ids.len() * 2 * WORD);
        for id in ids {
            let room = self.rests[end..].first_chunk_mut::<{ 2 * WORD }>();
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

    fn make_room(&mut self, bytes: usize) {
        self.rests.resize(self.rests.len().max(bytes), 0);
    }
}

const WIDTH: u64 = WORD as u64;
const DOUBLE: u64 = 2 * WIDTH;

impl<'a> LeadIds<'a> {
    /// Takes the ids of `count` rows.
    pub(crate) fn take(taker: &mut Taker<'a>, count: usize) -> Result<Self, Damaged> {
        let beginning = taker.sized()?;
        let lengths = Packed::take(taker, count)?;
        let rests = taker.sized()?;
        let is_short = || matches!(lengths.constant(), Some(1..=WIDTH));
        if beginning.is_empty() || beginning.len() == WORD && is_short() {
            Ok(Self { beginning, lengths, rests })
        } else {
            Err(Damaged)
        }
    }

    /// Calls `take` with each id; `whole` is room for ids that are put together.
    pub(crate) fn each(&self, whole: &mut Vec<u8>, mut take: impl FnMut(&[u8])) -> Result<(), Damaged> {
        let length = self.lengths.constant().map(|length| length as usize);
        match (length, self.beginning.first_chunk()) {
            (Some(length @ 1..), beginning)
                if length.checked_mul(self.lengths.len()) == Some(self.rests.len()) =>
            {
                match beginning {
                    Some(beginning) => {
                        let end = self.join(beginning, length, whole);
                        whole[..end].chunks_exact(WORD + length).for_each(take);
                    }
                    None => self.rests.chunks_exact(length).for_each(take),
                }
            }
            (_, Some(_)) => return Err(Damaged),
            (_, None) => {
                let mut rests = self.rests;
                for row in 0..self.lengths.len() {
                    let length = usize::try_from(self.lengths.get(row)).map_err(|_| Damaged)?;
                    let (id, rest) = rests.split_at_checked(length).ok_or(Damaged)?;
                    rests = rest;
                    take(id);
                }
            }
        }
        Ok(())
    }

    /// Puts a beginning before each rest of `length` bytes; how many bytes all take. For all at once, as reading wider than what
    /// was just written waits for all writes before.
    fn join(&self, beginning: &[u8; WORD], length: usize, whole: &mut Vec<u8>) -> usize {
        let end = self.lengths.len() * (WORD + length);
        whole.resize(whole.len().max(end + WORD), 0);
        let rests = (0..self.rests.len()).step_by(length).map(|from| &self.rests[from..]);
        for (place, rest) in (0..end).step_by(WORD + length).zip(rests) {
            if let Some(room) = whole[place..].first_chunk_mut::<{ 2 * WORD }>() {
                room[..WORD].copy_from_slice(beginning);
                match rest.first_chunk::<WORD>() {
                    Some(rest) => room[WORD..].copy_from_slice(rest),
                    None => room[WORD..WORD + length].copy_from_slice(&rest[..length]),
                }
            }
        }
        end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(ids: &[&str], bytes: usize) {
        let ids: Vec<&[u8]> = ids.iter().map(|id| id.as_bytes()).collect();
        let common = Common::of(&ids);
        let (mut writer, mut whole) = (LeadIdWriter::default(), Vec::new());
        for some in [ids.as_slice(), &ids[1..], &ids[..1]] {
            let mut out = Vec::new();
            writer.put(&mut out, &common, some.iter().copied());
            let mut taker = Taker(&out);
            let read = LeadIds::take(&mut taker, some.len()).unwrap();
            assert!(taker.is_empty());
            let mut got: Vec<Vec<u8>> = Vec::new();
            read.each(&mut whole, |id| got.push(id.to_vec())).unwrap();
            assert_eq!(got, some);
            if some.len() == ids.len() {
                assert_eq!(read.beginning.len() + read.rests.len(), bytes, "{ids:?}");
            }
        }
    }

    #[test]
    fn what_all_ids_begin_with_is_written_once() {
        check(&["lead-0001", "lead-0002", "lead-0009"], 8 + 3);
        check(&["lead-000000001", "lead-000123456", "lead-000999999"], 8 + 3 * 6);
        check(&["0123456789abcdef", "01234567fedcba98"], 8 + 2 * 8);
    }

    #[test]
    fn ids_that_differ_come_back_whole() {
        check(&["lead-00000001", "lead-90000002"], 26);
        check(&["lead-0001", "lead-00002"], 19);
        check(&["a", "", "ümlaut", "12345678", "123456789", "1234567890123456", "12345678901234567"], 58);
        check(&["12345678", "12345678"], 16);
        check(&["12345678901234567", "12345678901234568"], 34);
    }

    #[test]
    fn damaged_ids_are_told() {
        let mut out = Vec::new();
        let ids: [&[u8]; 2] = [b"lead-0001", b"lead-0002"];
        LeadIdWriter::default().put(&mut out, &Common::of(&ids), ids.into_iter());
        for cut in 0..out.len() {
            assert!(LeadIds::take(&mut Taker(&out[..cut]), 2).is_err(), "cut at {cut}");
        }
        assert!(LeadIds::take(&mut Taker(&[3, 1, 2, 3, 1, 0, 2, 5, 5]), 2).is_err());
        let read = LeadIds::take(&mut Taker(&out), 3).unwrap();
        assert_eq!(read.each(&mut Vec::new(), |_| {}), Err(Damaged));
    }
}
