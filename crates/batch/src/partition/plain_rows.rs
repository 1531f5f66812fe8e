//! Blocks of event rows that have a lead, a time and a look and nothing else, straight from a chunk's columns.

use super::{
    event_rows::{number_of, put_frame},
    lead_ids::{Common, LeadIdWriter},
};
use crate::{
    lens::{INLINE, NOTHING},
    read::EventChunk,
    store::packed::{Spread, put_packed_within},
};

/// The columns of a chunk whose rows have nothing else. Spreads are of the whole chunk: a block's own would hardly be
/// narrower, but would have to be found.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PlainRows<'c> {
    lead_ids: &'c [&'c [u8]],
    times: &'c [i64],
    looks: &'c [u32],
    common: Common<'c>,
    spread_of_times: Spread,
    spread_of_looks: Spread,
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
        let spread_of_looks = Spread { least: u64::from(least.min(most)), most: most.into() };
        let says_all = least > NOTHING && most < INLINE;
        (says_all && chunk.ids.is_none()).then(|| Self {
            lead_ids,
            times: &chunk.times,
            looks,
            common: Common::of(lead_ids),
            spread_of_times: Spread::of(chunk.times.iter().map(|time| number_of(*time))),
            spread_of_looks,
        })
    }
}

impl PlainBlocks {
    /// A block of some of the rows.
    pub(crate) fn block(&mut self, of: &PlainRows<'_>, rows: &[u32]) -> Box<[u8]> {
        let rows_of = rows.iter().map(|row| *row as usize);
        let times = rows_of.clone().map(|row| number_of(of.times[row]));
        let looks = rows_of.clone().map(|row| u64::from(of.looks[row]));
        let leads = rows_of.map(|row| of.lead_ids[row]);
        self.out.clear();
        put_frame(&mut self.out, rows.len(), 0);
        self.leads.put(&mut self.out, &of.common, leads);
        put_packed_within(&mut self.out, of.spread_of_times, times);
        put_packed_within(&mut self.out, of.spread_of_looks, looks);
        self.out.as_slice().into()
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
            assert_rows(&EventBlock::read(&bytes).unwrap(), &expected);
        }
    }

    #[test]
    fn rows_come_back_from_a_block() {
        check(&["lead-1", "lead-2", "lead-3"], &[1, 2, 3], &[7, 7, 7]);
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
