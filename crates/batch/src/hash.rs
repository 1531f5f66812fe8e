//! The hash that decides on a lead's partition, the same on every machine and in every version; and texts in brief.

const SEED: u64 = 0x9e37_79b9_7f4a_7c15;
const STEP: u64 = 0xd6e8_feb8_6659_fd93;

/// A hash of an id; all bits are well mixed.
#[inline]
pub(crate) fn hash(id: &[u8], seed: u64) -> u64 {
    let state = SEED ^ seed ^ (id.len() as u64).wrapping_mul(STEP);
    let state = match (id.first_chunk(), id.last_chunk()) {
        // As below, in fewer steps: most ids have a word and some bytes.
        (Some(first), Some(last)) if id.len() < 16 => {
            let rest = word(last) >> 1 >> (127 - 8 * id.len());
            fold(fold(state ^ word(first), STEP) ^ rest, STEP)
        }
        _ => {
            let (words, rest) = id.as_chunks();
            let state = words.iter().fold(state, |state, bytes| fold(state ^ word(bytes), STEP));
            fold(state ^ last(id, rest), STEP)
        }
    };
    fold(state, SEED)
}

/// A text in brief: its ends and its length. Of most ids and cells that is all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Brief {
    first: u64,
    last: u64,
    length: u32,
}

impl Brief {
    /// That of the empty text.
    pub(crate) const NONE: Self = Self { first: 0, last: 0, length: 0 };

    #[inline]
    pub(crate) fn of(text: &[u8]) -> Self {
        let length = text.len() as u32;
        if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
            return Self { first: word(first), last: word(last), length };
        }
        let (first, last) = match (text.first_chunk::<4>(), text.last_chunk::<4>()) {
            (Some(first), Some(last)) => (u32::from_le_bytes(*first), u32::from_le_bytes(*last)),
            _ => match *text {
                [] => (0, 0),
                [only] => (only.into(), 0),
                [first, .., last] => (u32::from(first) | u32::from(text[1]) << 8, last.into()),
            },
        };
        Self { first: first.into(), last: last.into(), length }
    }

    /// Whether it holds all bytes of the text: then no other text has it.
    #[inline]
    pub(crate) fn is_all(self) -> bool {
        self.length <= 16
    }

    /// The length of the text.
    pub(crate) fn length(self) -> usize {
        self.length as usize
    }

    /// A hash of what it holds.
    #[inline]
    pub(crate) fn hash(self) -> u64 {
        fold(fold(SEED ^ self.first, STEP) ^ self.last, STEP ^ u64::from(self.length))
    }
}

#[inline]
fn word(bytes: &[u8; 8]) -> u64 {
    u64::from_le_bytes(*bytes)
}

/// The last bytes of an id, those after its whole words, as a number.
#[inline]
fn last(id: &[u8], rest: &[u8]) -> u64 {
    // Not by way of a buffer: reading wider than what was just written waits for all writes before.
    match id.last_chunk::<8>() {
        Some(_) if rest.is_empty() => 0,
        Some(word) => u64::from_le_bytes(*word) >> (64 - 8 * rest.len()),
        None => rest.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)),
    }
}

/// The partition of a lead (or account), one of `partitions`, a power of two.
#[inline]
pub(crate) fn partition(hash: u64, partitions: usize) -> usize {
    (hash >> 40) as usize & (partitions - 1)
}

/// Which of `parts` (a power of two) of its partition a lead falls into, when the partition is too large.
#[inline]
pub(crate) fn part(hash: u64, parts: usize) -> usize {
    (hash >> 24) as usize & (parts - 1)
}

#[inline]
fn fold(a: u64, b: u64) -> u64 {
    let wide = u128::from(a) * u128::from(b);
    wide as u64 ^ (wide >> 64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_never_changes() {
        let of = |id: &str| hash(id.as_bytes(), 0);
        assert_eq!(
            [of(""), of("lead-1"), of("ada@acme.example")],
            [15_536_021_610_081_610_915, 13_428_782_175_554_937_670, 9_074_271_657_565_709_356]
        );
    }

    #[test]
    fn a_brief_that_is_all_is_of_one_id_only() {
        let id = b"0123456789abcdefghij";
        for length in 0..id.len() {
            let brief = Brief::of(&id[..length]);
            assert_eq!(brief.is_all(), length <= 16);
            assert_eq!(brief, Brief::of(&id.to_vec()[..length]));
            assert_ne!(brief, Brief::of(&id[..length + 1]));
            for place in (0..length).filter(|_| brief.is_all()) {
                let mut other = id[..length].to_vec();
                other[place] ^= 1;
                assert_ne!(brief, Brief::of(&other), "{place} of {length}");
            }
        }
    }

    #[test]
    fn short_ids_have_the_hash_of_their_words() {
        let id = b"0123456789abcdef";
        for length in 8..16 {
            let id = &id[..length];
            let first = fold(
                SEED ^ (length as u64).wrapping_mul(STEP) ^ word(&[48, 49, 50, 51, 52, 53, 54, 55]),
                STEP,
            );
            assert_eq!(hash(id, 0), fold(fold(first ^ last(id, &id[8..]), STEP), SEED), "{length}");
        }
    }

    #[test]
    fn leads_spread_evenly() {
        let mut counts = [0; 64];
        for lead in 0..64_000 {
            counts[partition(hash(format!("lead-{lead:09}").as_bytes(), 0), 64)] += 1;
        }
        assert!(counts.iter().all(|count| (850..1150).contains(count)), "{counts:?}");
    }
}
