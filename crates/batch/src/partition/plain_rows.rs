//! Blocks of event rows that have a lead, a time and a look and nothing else, straight from a chunk's columns.

use super::{
    event_rows::{NUMBERED, number_of, put_frame},
    lead_ids::LeadIdWriter,
    numbered_rows::Shape,
};
use crate::{
    lens::{INLINE, NOTHING},
    read::EventChunk,
    store::packed::{Spread, put_packed_within, put_words},
};

/// The columns of a chunk whose rows have nothing else. Spreads are of the whole chunk: a block's own would hardly be
/// narrower, but would have to be found.
#[derive(Debug)]
pub(crate) enum PlainRows<'c> {
    /// Rows that are a word each.
    Numbered { shape: Shape, words: Vec<u64> },
    /// Rows whose ids are no numbers, or with times too far apart.
    Columns {
        lead_ids: &'c [&'c [u8]],
        times: &'c [i64],
        looks: &'c [u32],
        spread_of_lengths: Spread,
        spread_of_times: Spread,
        spread_of_looks: Spread,
    },
}

/// Writes blocks, one after the other.
#[derive(Debug, Default)]
pub(crate) struct PlainBlocks {
    leads: LeadIdWriter,
    out: Vec<u8>,
}

impl<'c> PlainRows<'c> {
    /// The rows of a chunk, if all of them have a look that says all, and no id.
    pub(crate) fn of(chunk: &'c EventChunk, lead_ids: &'c [&'c [u8]], looks: &'c [u32]) -> Option<Self> {
        let (least, most) =
            looks.iter().fold((u32::MAX, 0), |(least, most), look| (least.min(*look), most.max(*look)));
        let says_all = least > NOTHING && most < INLINE;
        if !says_all || chunk.ids.is_some() {
            return None;
        }
        let times = &chunk.times;
        let spread_of_looks = Spread { least: u64::from(least.min(most)), most: most.into() };
        let spread_of_times = Spread::of(times.iter().map(|time| number_of(*time)));
        Some(match Shape::of(lead_ids, spread_of_times, spread_of_looks) {
            Some((shape, numbers)) => {
                let rows = numbers.into_iter().zip(times).zip(looks);
                let word = |((number, time), look): ((u32, &i64), &u32)| {
                    shape.word(number, number_of(*time), u64::from(*look))
                };
                Self::Numbered { shape, words: rows.map(word).collect() }
            }
            None => {
                let spread_of_lengths = Spread::of(lead_ids.iter().map(|id| id.len() as u64));
                Self::Columns { lead_ids, times, looks, spread_of_lengths, spread_of_times, spread_of_looks }
            }
        })
    }
}

impl PlainBlocks {
    /// A block of some of the rows.
    pub(crate) fn block(&mut self, of: &PlainRows<'_>, rows: &[u32]) -> &[u8] {
        let count = rows.len();
        let rows = rows.iter().map(|row| *row as usize);
        self.out.clear();
        match of {
            PlainRows::Numbered { shape, words } => {
                put_frame(&mut self.out, count, NUMBERED);
                shape.put(&mut self.out);
                put_words(&mut self.out, rows.map(|row| words[row].to_le_bytes()));
            }
            PlainRows::Columns {
                lead_ids,
                times,
                looks,
                spread_of_lengths,
                spread_of_times,
                spread_of_looks,
            } => {
                put_frame(&mut self.out, count, 0);
                self.leads.put(&mut self.out, *spread_of_lengths, rows.clone().map(|row| lead_ids[row]));
                let times = rows.clone().map(|row| number_of(times[row]));
                put_packed_within(&mut self.out, *spread_of_times, times);
                put_packed_within(&mut self.out, *spread_of_looks, rows.map(|row| u64::from(looks[row])));
            }
        }
        &self.out
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::StringArray;
    use kelvin_kernel::plan::NameId;

    use super::*;
    use crate::partition::event_rows::{EventBlock, EventRow, tests::assert_rows};

    fn chunk(leads: &[&str], times: &[i64]) -> EventChunk {
        EventChunk {
            first: 0,
            lead_ids: StringArray::from_iter_values(leads).into(),
            times: times.to_vec(),
            names: vec![NameId::OTHER; leads.len()],
            ids: None,
            properties: Vec::new(),
            context: Vec::new(),
            writes: Vec::new(),
            account_writes: Vec::new(),
        }
    }

    fn check(leads: &[&str], times: &[i64], looks: &[u32]) {
        let chunk = chunk(leads, times);
        let lead_ids: Vec<&[u8]> = leads.iter().map(|lead| lead.as_bytes()).collect();
        let rows = PlainRows::of(&chunk, &lead_ids, looks).unwrap();
        let mut blocks = PlainBlocks::default();
        let all: Vec<u32> = (0..leads.len() as u32).collect();
        for some in [all.as_slice(), &all[1..], &all[..1]] {
            let bytes = blocks.block(&rows, some);
            let row = |row: &u32| {
                let (row, offset, id, payload) = (*row as usize, 0, None, [].as_slice());
                EventRow {
                    lead: leads[row].as_bytes(),
                    time: times[row],
                    look: looks[row],
                    offset,
                    id,
                    payload,
                }
            };
            let expected: Vec<_> = some.iter().map(row).collect();
            assert_rows(&EventBlock::read(bytes).unwrap(), &expected);
        }
    }

    #[test]
    fn rows_come_back_from_a_block() {
        check(&["lead-1", "lead-2", "lead-3"], &[1, 2, 3], &[7, 7, 7]);
        check(&["lead-0001", "lead-0002", "lead-0009"], &[-1, 70_000, 3], &[7, 2, 700]);
        check(&["lead-0001", "lead-0002", "lead-0009"], &[i64::MIN, i64::MAX, 3], &[7, 2, 700]);
        let ids = ["a", "12345678", "123456789", "1234567890123456", "12345678901234567"];
        check(&ids, &[i64::MIN, i64::MAX, 0, -1, 1], &[1, 300, 2, 70_000, 5]);
        check(&ids[1..4], &[0, 5, 70_000], &[1, 2, 3]);
    }

    #[test]
    fn rows_that_have_more_are_left_to_others() {
        let mut chunk = chunk(&["a", "b"], &[1, 2]);
        let lead_ids: [&[u8]; 2] = [b"a", b"b"];
        assert!(PlainRows::of(&chunk, &lead_ids, &[1, NOTHING]).is_none());
        assert!(PlainRows::of(&chunk, &lead_ids, &[1, INLINE]).is_none());
        chunk.ids = Some(StringArray::from_iter([None, Some("x")]).into());
        assert!(PlainRows::of(&chunk, &lead_ids, &[1, 1]).is_none());
    }
}
