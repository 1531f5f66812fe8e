//! Event rows as one word each. Where ids are numbered, as in `lead-000123456`, the number, the time and the look of a row fit a
//! word, and what all ids begin with is written once for each block: half of the memory of a run were ids and times written out.

use crate::store::{
    codec::{Damaged, Taker, put_number},
    packed::Spread,
};

/// How the rows of a chunk fit a word: from the top the number that the id ends in, the time, the look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    /// What all ids begin with.
    beginning: [u8; WORD],
    /// How many digits follow it, at least one and at most a word.
    digits: u8,
    time: Field,
    look: Field,
}

/// A part of a word: what is added to it, and its bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Field {
    least: u64,
    bits: u8,
}

/// The rows of a block, ready to be read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NumberedRows<'a> {
    shape: Shape,
    words: &'a [[u8; WORD]],
}

const WORD: usize = 8;

impl Shape {
    /// That of rows with these ids, times and looks within these spreads, and the number that each id ends in; nothing if the ids
    /// are not numbered alike, or if what they need does not fit.
    pub(crate) fn of(ids: &[&[u8]], time: Spread, look: Spread) -> Option<(Self, Vec<u32>)> {
        let (beginning, rest) = ids.first()?.split_first_chunk::<WORD>()?;
        let digits = u8::try_from(rest.len()).ok().filter(|digits| (1..=WORD as u8).contains(digits))?;
        let shape = Self { beginning: *beginning, digits, time: Field::of(time), look: Field::of(look) };
        let length = WORD + rest.len();
        let is_alike = |id: &&[u8]| id.len() == length && id.first_chunk() == Some(beginning);
        (shape.fits() && ids.iter().all(is_alike)).then_some(())?;
        let mut numbers = Vec::with_capacity(ids.len());
        let mut are_digits = true;
        numbers.extend(ids.iter().map(|id| {
            let digits = id.last_chunk().map_or(0, |last| shape.own_digits(u64::from_le_bytes(*last)));
            are_digits &= is_digits(digits);
            number(digits)
        }));
        are_digits.then_some((shape, numbers))
    }

    fn fits(&self) -> bool {
        let of_number = (u64::BITS - 10_u64.pow(self.digits.into()).leading_zeros()) as u8;
        of_number.checked_add(self.shift()).is_some_and(|bits| u32::from(bits) <= u64::BITS)
    }

    /// How many bits are below the number.
    fn shift(&self) -> u8 {
        self.time.bits.saturating_add(self.look.bits)
    }

    /// The last bytes of an id as digits of a number: those that are the beginning's stand for nought.
    fn own_digits(&self, last: u64) -> u64 {
        let others = !(u64::MAX << (8 * (WORD - usize::from(self.digits))));
        last & !others | NOUGHTS & others
    }

    /// A row.
    #[inline]
    pub(crate) fn word(&self, number: u32, time: u64, look: u64) -> u64 {
        u64::from(number) << self.shift()
            | (time - self.time.least) << self.look.bits
            | (look - self.look.least)
    }

    /// Appends the shape; the words of the rows follow.
    pub(crate) fn put(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.beginning);
        out.push(self.digits);
        for Field { least, bits } in [self.time, self.look] {
            put_number(out, least);
            out.push(bits);
        }
    }

    fn take(taker: &mut Taker<'_>) -> Result<Self, Damaged> {
        let beginning = *taker.bytes(WORD)?.first_chunk().ok_or(Damaged)?;
        let digits = taker.byte()?;
        let mut field = || Ok(Field { least: taker.number()?, bits: taker.byte()? });
        let shape = Self { beginning, digits, time: field()?, look: field()? };
        let is_sound = (1..=WORD as u8).contains(&digits) && shape.fits();
        is_sound.then_some(shape).ok_or(Damaged)
    }
}

impl Field {
    fn of(spread: Spread) -> Self {
        let bits = u64::BITS - (spread.most - spread.least).leading_zeros();
        Self { least: spread.least, bits: bits as u8 }
    }

    /// What a word holds of it above `shift`.
    fn read(self, word: u64, shift: u8) -> u64 {
        self.least.wrapping_add(word >> shift & !(u64::MAX << self.bits))
    }
}

impl<'a> NumberedRows<'a> {
    /// Takes `count` rows with their shape.
    pub(crate) fn take(taker: &mut Taker<'a>, count: usize) -> Result<Self, Damaged> {
        let shape = Shape::take(taker)?;
        let words = taker.bytes(count.checked_mul(WORD).ok_or(Damaged)?)?;
        Ok(Self { shape, words: words.as_chunks().0 })
    }

    fn words(self) -> impl ExactSizeIterator<Item = u64> {
        self.words.iter().map(|word| u64::from_le_bytes(*word))
    }

    /// The times of all rows, in place of what `out` held.
    pub(crate) fn times<T>(self, out: &mut Vec<T>, of: impl Fn(u64) -> T) {
        let Shape { time, look, .. } = self.shape;
        out.clear();
        out.extend(self.words().map(|word| of(time.read(word, look.bits))));
    }

    /// The looks of all rows, in place of what `out` held.
    pub(crate) fn looks(self, out: &mut Vec<u32>) {
        out.clear();
        out.extend(self.words().map(|word| self.shape.look.read(word, 0) as u32));
    }

    /// Calls `take` with each id, for all of which `room` is made. They are put together all at once, as reading wider than what
    /// was just written waits for all writes before.
    pub(crate) fn each_lead(self, room: &mut Vec<u8>, take: impl FnMut(&[u8])) {
        let Shape { beginning, digits, .. } = self.shape;
        let (length, shift) = (WORD + usize::from(digits), self.shape.shift());
        let end = self.words.len() * length;
        room.resize(room.len().max(end + WORD), 0);
        for (place, word) in (0..end).step_by(length).zip(self.words()) {
            if let Some(room) = room[place..].first_chunk_mut::<{ 2 * WORD }>() {
                let rest = digits_of(word >> shift) >> (8 * (WORD - usize::from(digits)));
                room[..WORD].copy_from_slice(&beginning);
                room[WORD..].copy_from_slice(&rest.to_le_bytes());
            }
        }
        room[..end].chunks_exact(length).for_each(take);
    }
}

/// Eight digits of value nought, as the bytes of a word.
const NOUGHTS: u64 = 0x3030_3030_3030_3030;

/// Whether all bytes are digits.
fn is_digits(word: u64) -> bool {
    const UPPER: u64 = 0xf0f0_f0f0_f0f0_f0f0;
    // Six more than a digit is still in the same sixteen.
    (word & UPPER) | (word.wrapping_add(0x0606_0606_0606_0606) & UPPER) >> 4 == NOUGHTS | NOUGHTS >> 4
}

/// The number that eight digits stand for, the first in the lowest byte: pairs, fours and eights are joined, all at once.
fn number(digits: u64) -> u32 {
    let ones = digits & 0x0f0f_0f0f_0f0f_0f0f;
    let pairs = ones.wrapping_mul(10 << 8 | 1) >> 8 & 0x00ff_00ff_00ff_00ff;
    let fours = pairs.wrapping_mul(100 << 16 | 1) >> 16 & 0x0000_ffff_0000_ffff;
    (fours.wrapping_mul(10_000 << 32 | 1) >> 32) as u32
}

/// The eight digits of a number below a hundred million, the first in the lowest byte: the reverse of [`number`], with products
/// and shifts that are exact for what they divide.
fn digits_of(number: u64) -> u64 {
    let fours = (number / 10_000) | (number % 10_000) << 32;
    let hundreds = fours.wrapping_mul(10_486) >> 20 & 0x0000_007f_0000_007f;
    let pairs = hundreds | fours.wrapping_sub(hundreds.wrapping_mul(100)) << 16;
    let tens = pairs.wrapping_mul(103) >> 10 & 0x000f_000f_000f_000f;
    tens.wrapping_add(pairs.wrapping_sub(tens.wrapping_mul(10)) << 8).wrapping_add(NOUGHTS)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SOME: Spread = Spread { least: 5, most: 1_000_005 };

    fn shape(ids: &[&str], time: Spread, look: Spread) -> Option<(Shape, Vec<u32>)> {
        let ids: Vec<&[u8]> = ids.iter().map(|id| id.as_bytes()).collect();
        Shape::of(&ids, time, look)
    }

    /// A block of rows with these ids, and then times and looks from the least to the most of their spreads.
    fn block(ids: &[&str], time: Spread, look: Spread) -> Vec<u8> {
        let (shape, numbers) = shape(ids, time, look).unwrap();
        let mut out = Vec::new();
        shape.put(&mut out);
        for (row, number) in numbers.into_iter().enumerate() {
            let (time, look) = if row == 0 { (time.least, look.most) } else { (time.most, look.least) };
            out.extend(shape.word(number, time, look).to_le_bytes());
        }
        out
    }

    fn check(ids: &[&str], time: Spread, look: Spread) {
        let bytes = block(ids, time, look);
        let rows = NumberedRows::take(&mut Taker(&bytes), ids.len()).unwrap();
        let (mut leads, mut times, mut looks) = (Vec::new(), vec![9], vec![9]);
        rows.each_lead(&mut vec![7; 3], |id| leads.push(String::from_utf8(id.to_vec()).unwrap()));
        rows.times(&mut times, |time| time);
        rows.looks(&mut looks);
        let expected = |first: u64, others: u64| {
            (0..ids.len()).map(|row| if row == 0 { first } else { others }).collect::<Vec<_>>()
        };
        assert_eq!(leads, ids);
        assert_eq!(times, expected(time.least, time.most));
        assert_eq!(
            looks,
            expected(look.most, look.least).iter().map(|look| *look as u32).collect::<Vec<_>>()
        );
    }

    #[test]
    fn rows_of_numbered_leads_come_back_from_words() {
        check(&["lead-0001", "lead-0002", "lead-0009"], SOME, SOME);
        check(&["lead-000000001", "lead-000123456", "lead-000999999"], SOME, SOME);
        check(&["0123456700000000", "0123456799999999"], SOME, Spread { least: 7, most: 300 });
        check(&["contact-7"], SOME, SOME);
        check(&["lead-000000001"], Spread { least: 3, most: 3 }, Spread { least: 0, most: 0 });
        let (all_but_four_bits, four) = (Spread { least: 1, most: 1 << 55 }, Spread { least: 0, most: 15 });
        check(&["lead-0001", "lead-0002"], all_but_four_bits, four);
    }

    #[test]
    fn rows_that_do_not_fit_are_left_to_others() {
        let none = |ids: &[&str]| assert_eq!(shape(ids, SOME, SOME), None, "{ids:?}");
        none(&[]);
        none(&["lead-001"]);
        none(&["lead-00000000000001"]);
        none(&["lead-0001", "lead-001"]);
        none(&["lead-0001", "load-0001"]);
        for other in ["lead-000a", "lead-000/", "lead-000:", "lead-000\u{7f}", "lead-00é"] {
            none(&["lead-0001", other]);
        }
        let wide = Spread { least: 0, most: u64::MAX };
        assert_eq!(shape(&["lead-0001"], wide, SOME), None);
        assert_eq!(
            shape(&["lead-0001"], Spread { least: 0, most: u64::MAX >> 5 }, Spread { least: 0, most: 3 }),
            None
        );
    }

    #[test]
    fn damaged_rows_are_told() {
        let bytes = block(&["lead-0001", "lead-0002"], SOME, SOME);
        for cut in 0..bytes.len() {
            assert!(NumberedRows::take(&mut Taker(&bytes[..cut]), 2).is_err(), "cut at {cut}");
        }
        for digits in [0, 9, 255] {
            let mut damaged = bytes.clone();
            damaged[WORD] = digits;
            assert!(NumberedRows::take(&mut Taker(&damaged), 2).is_err(), "{digits} digits");
        }
        assert!(NumberedRows::take(&mut Taker(&bytes), usize::MAX).is_err());
    }

    proptest! {
        #[test]
        fn digits_and_numbers_are_each_others_reverse(value in 0_u32..100_000_000) {
            let digits = digits_of(value.into());
            prop_assert_eq!(digits.to_le_bytes().to_vec(), format!("{value:08}").into_bytes());
            prop_assert_eq!(number(digits), value);
        }

        #[test]
        fn only_digits_are_digits(bytes: [u8; 8]) {
            prop_assert_eq!(is_digits(u64::from_le_bytes(bytes)), bytes.iter().all(u8::is_ascii_digit));
        }
    }
}
