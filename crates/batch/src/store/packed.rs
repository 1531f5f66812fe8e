//! A column of numbers in as few whole bytes as their spread needs: the least number, a width, then the rest.

use super::codec::{Damaged, Taker, put_number};

/// A packed column.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Packed<'a> {
    len: usize,
    least: u64,
    width: u8,
    bytes: &'a [u8],
}

/// The least and the largest of some numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spread {
    pub(crate) least: u64,
    pub(crate) most: u64,
}

/// Appends a column. Its length is not written: whoever reads it must know it.
pub(crate) fn put_packed(out: &mut Vec<u8>, numbers: impl ExactSizeIterator<Item = u64> + Clone) {
    put_packed_within(out, Spread::of(numbers.clone()), numbers);
}

/// Appends a column of numbers that lie within a spread.
pub(crate) fn put_packed_within(
    out: &mut Vec<u8>,
    spread: Spread,
    numbers: impl ExactSizeIterator<Item = u64>,
) {
    let width = spread.width();
    put_number(out, spread.least);
    out.push(width);
    let rest = numbers.map(|number| number.wrapping_sub(spread.least));
    match width {
        0 => {}
        1 => out.extend(rest.map(|number| number as u8)),
        2 => put_words(out, rest.map(|number| (number as u16).to_le_bytes())),
        4 => put_words(out, rest.map(|number| (number as u32).to_le_bytes())),
        _ => put_words(out, rest.map(u64::to_le_bytes)),
    }
}

/// Appends words.
pub(crate) fn put_words<const N: usize>(out: &mut Vec<u8>, words: impl ExactSizeIterator<Item = [u8; N]>) {
    let start = out.len();
    out.resize(start + words.len() * N, 0);
    out[start..].as_chunks_mut().0.iter_mut().zip(words).for_each(|(place, word)| *place = word);
}

impl Spread {
    /// The spread of some numbers.
    pub(crate) fn of(numbers: impl Iterator<Item = u64>) -> Self {
        let (least, most) =
            numbers.fold((u64::MAX, 0), |(least, most), number| (number.min(least), number.max(most)));
        Self { least: least.min(most), most }
    }

    fn width(self) -> u8 {
        match self.most - self.least {
            0 => 0,
            1..=0xff => 1,
            0x100..=0xffff => 2,
            0x1_0000..=0xffff_ffff => 4,
            _ => 8,
        }
    }
}

impl<'a> Packed<'a> {
    /// Takes a column of `count` numbers.
    pub(crate) fn take(taker: &mut Taker<'a>, count: usize) -> Result<Self, Damaged> {
        let least = taker.number()?;
        let width = taker.byte()?;
        if !matches!(width, 0 | 1 | 2 | 4 | 8) {
            return Err(Damaged);
        }
        let bytes = taker.bytes(count.checked_mul(usize::from(width)).ok_or(Damaged)?)?;
        Ok(Self { len: count, least, width, bytes })
    }

    /// What `of` makes of each number, in place of what `out` held.
    pub(crate) fn read<T: Clone>(&self, out: &mut Vec<T>, of: impl Fn(u64) -> T) {
        let of = |rest: u64| of(self.least.wrapping_add(rest));
        out.clear();
        match self.width {
            0 => out.resize(self.len, of(0)),
            1 => out.extend(self.bytes.iter().map(|byte| of(u64::from(*byte)))),
            2 => out.extend(words(self.bytes, |bytes| of(u64::from(u16::from_le_bytes(bytes))))),
            4 => out.extend(words(self.bytes, |bytes| of(u64::from(u32::from_le_bytes(bytes))))),
            _ => out.extend(words(self.bytes, |bytes| of(u64::from_le_bytes(bytes)))),
        }
    }

    /// How many numbers there are.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The number that all are, if the column needs no bytes to tell.
    pub(crate) fn constant(&self) -> Option<u64> {
        (self.width == 0).then_some(self.least)
    }

    /// The number at `place`, which must be below the column's length.
    pub(crate) fn get(&self, place: usize) -> u64 {
        let rest = match self.width {
            0 => 0,
            1 => u64::from(self.bytes[place]),
            2 => at::<2>(self.bytes, place, |bytes| u64::from(u16::from_le_bytes(bytes))),
            4 => at::<4>(self.bytes, place, |bytes| u64::from(u32::from_le_bytes(bytes))),
            _ => at::<8>(self.bytes, place, u64::from_le_bytes),
        };
        self.least.wrapping_add(rest)
    }
}

fn at<const N: usize>(bytes: &[u8], place: usize, read: impl Fn([u8; N]) -> u64) -> u64 {
    bytes[place * N..].first_chunk::<N>().map_or(0, |bytes| read(*bytes))
}

fn words<const N: usize, T>(bytes: &[u8], of: impl Fn([u8; N]) -> T) -> impl ExactSizeIterator<Item = T> {
    bytes.as_chunks::<N>().0.iter().map(move |bytes| of(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(numbers: &[u64], bytes: usize) {
        let mut out = Vec::new();
        put_packed(&mut out, numbers.iter().copied());
        let mut taker = Taker(&out);
        let packed = Packed::take(&mut taker, numbers.len()).unwrap();
        assert!(taker.is_empty());
        let got: Vec<u64> = (0..numbers.len()).map(|place| packed.get(place)).collect();
        assert_eq!(got, numbers);
        let mut read = vec![5];
        packed.read(&mut read, |number| number);
        assert_eq!(read, numbers);
        assert_eq!(packed.bytes.len(), bytes, "{numbers:?}");
    }

    #[test]
    fn a_column_takes_as_few_bytes_as_its_spread_needs() {
        check(&[], 0);
        check(&[7, 7, 7], 0);
        check(&[1_000_000, 1_000_255], 2);
        check(&[0, 256], 4);
        check(&[5, 70_000], 8);
        check(&[0, u64::MAX, 1 << 40], 24);
    }

    #[test]
    fn a_damaged_column_is_told() {
        assert!(Packed::take(&mut Taker(&[0, 3, 1, 2, 3]), 1).is_err());
        assert!(Packed::take(&mut Taker(&[0, 8, 1]), 1).is_err());
        assert!(Packed::take(&mut Taker(&[0, 8, 1]), usize::MAX).is_err());
    }
}
