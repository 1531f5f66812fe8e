//! A column of numbers in as few whole bytes as their spread needs: the least number, a width, then the rest.

use super::codec::{Damaged, Taker, put_number};

/// A packed column.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Packed<'a> {
    least: u64,
    width: u8,
    bytes: &'a [u8],
}

/// Appends a column. Its length is not written: whoever reads it must know it.
pub(crate) fn put_packed(out: &mut Vec<u8>, numbers: impl ExactSizeIterator<Item = u64> + Clone) {
    let (least, most) =
        numbers.clone().fold((u64::MAX, 0), |(least, most), number| (least.min(number), most.max(number)));
    let least = least.min(most);
    let width = width(most - least);
    put_number(out, least);
    out.push(width);
    out.reserve(numbers.len() * usize::from(width));
    let rest = numbers.map(|number| number - least);
    match width {
        0 => {}
        1 => out.extend(rest.map(|number| number as u8)),
        2 => rest.for_each(|number| out.extend_from_slice(&(number as u16).to_le_bytes())),
        4 => rest.for_each(|number| out.extend_from_slice(&(number as u32).to_le_bytes())),
        _ => rest.for_each(|number| out.extend_from_slice(&number.to_le_bytes())),
    }
}

fn width(spread: u64) -> u8 {
    match spread {
        0 => 0,
        1..=0xff => 1,
        0x100..=0xffff => 2,
        0x1_0000..=0xffff_ffff => 4,
        _ => 8,
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
        Ok(Self { least, width, bytes })
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
