//! Small pieces of bytes: numbers, texts, optional values. What is taken is checked; nothing panics.

use std::sync::Arc;

use kelvin_kernel::Value;

/// Bytes that are not what they should be: a damaged temporary file, or a mistake of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Damaged;

const ABSENT: u8 = 0;
const PRESENT: u8 = 1;
/// A text, as most values are.
const TEXT: u8 = 2;

/// Appends a number, seven bits a byte.
pub(crate) fn put_number(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Appends a number that may be negative.
pub(crate) fn put_signed(out: &mut Vec<u8>, number: i64) {
    put_number(out, ((number << 1) ^ (number >> 63)) as u64);
}

/// Appends a number in eight bytes, which is quicker to put and take than a short form.
pub(crate) fn put_long(out: &mut Vec<u8>, number: i64) {
    out.extend_from_slice(&number.to_le_bytes());
}

/// The first bytes of a text or a key, as a number that is ordered as they are; fewer are filled up with zeros.
pub(crate) fn first_bytes(bytes: &[u8]) -> u128 {
    match bytes.first_chunk() {
        Some(first) => u128::from_be_bytes(*first),
        None => {
            let mut first = [0; 16];
            first[..bytes.len()].copy_from_slice(bytes);
            u128::from_be_bytes(first)
        }
    }
}

/// Appends bytes with their length.
pub(crate) fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put_number(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// Appends a value that may be absent.
pub(crate) fn put_value(out: &mut Vec<u8>, value: Option<&Value>) {
    match value {
        None => out.push(ABSENT),
        Some(Value::String(text)) => {
            out.push(TEXT);
            put_bytes(out, text.as_bytes());
        }
        Some(value) => {
            out.push(PRESENT);
            value.encode(out);
        }
    }
}

/// Takes bytes off the front of a slice.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Taker<'a>(pub(crate) &'a [u8]);

impl<'a> Taker<'a> {
    /// Whether nothing is left.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// One byte.
    #[inline]
    pub(crate) fn byte(&mut self) -> Result<u8, Damaged> {
        let (first, rest) = self.0.split_first().ok_or(Damaged)?;
        self.0 = rest;
        Ok(*first)
    }

    /// As many bytes.
    pub(crate) fn bytes(&mut self, count: usize) -> Result<&'a [u8], Damaged> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(Damaged)?;
        self.0 = rest;
        Ok(taken)
    }

    /// A number as [`put_number`] wrote it.
    #[inline]
    pub(crate) fn number(&mut self) -> Result<u64, Damaged> {
        match self.0 {
            // Most numbers are small.
            [byte @ ..0x80, rest @ ..] => {
                self.0 = rest;
                Ok(u64::from(*byte))
            }
            _ => self.long_number(),
        }
    }

    fn long_number(&mut self) -> Result<u64, Damaged> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(Damaged)
    }

    /// A number that fits a `usize`.
    #[inline]
    pub(crate) fn size(&mut self) -> Result<usize, Damaged> {
        usize::try_from(self.number()?).map_err(|_| Damaged)
    }

    /// A number as [`put_signed`] wrote it.
    #[inline]
    pub(crate) fn signed(&mut self) -> Result<i64, Damaged> {
        let number = self.number()?;
        Ok((number >> 1) as i64 ^ -((number & 1) as i64))
    }

    /// A number as [`put_long`] wrote it.
    #[inline]
    pub(crate) fn long(&mut self) -> Result<i64, Damaged> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(Damaged)?;
        self.0 = rest;
        Ok(i64::from_le_bytes(*taken))
    }

    /// Bytes with their length.
    pub(crate) fn sized(&mut self) -> Result<&'a [u8], Damaged> {
        let length = self.size()?;
        self.bytes(length)
    }

    /// Text with its length.
    pub(crate) fn text(&mut self) -> Result<&'a str, Damaged> {
        std::str::from_utf8(self.sized()?).map_err(|_| Damaged)
    }

    /// A value that may be absent.
    pub(crate) fn value(&mut self) -> Result<Option<Value>, Damaged> {
        self.value_of(|text| std::str::from_utf8(text).map(Arc::from).map_err(|_| Damaged))
    }

    /// A value that may be absent; `text` makes a text of its bytes.
    pub(crate) fn value_of(
        &mut self,
        text: impl FnOnce(&[u8]) -> Result<Arc<str>, Damaged>,
    ) -> Result<Option<Value>, Damaged> {
        match self.byte()? {
            ABSENT => Ok(None),
            TEXT => Ok(Some(Value::String(text(self.sized()?)?))),
            PRESENT => Value::decode(&mut self.0).map(Some).map_err(|_| Damaged),
            _ => Err(Damaged),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_is_taken() {
        let mut out = Vec::new();
        for number in [0, 1, 127, 128, u64::MAX] {
            put_number(&mut out, number);
        }
        for number in [0, -1, i64::MIN, i64::MAX] {
            put_signed(&mut out, number);
            put_long(&mut out, number);
        }
        put_bytes(&mut out, "né".as_bytes());
        put_value(&mut out, None);
        put_value(&mut out, Some(&Value::Int(-7)));
        put_value(&mut out, Some(&Value::from("né")));
        let mut taker = Taker(&out);
        assert_eq!([(); 5].map(|()| taker.number()), [0, 1, 127, 128, u64::MAX].map(Ok));
        for number in [0, -1, i64::MIN, i64::MAX] {
            assert_eq!((taker.signed(), taker.long()), (Ok(number), Ok(number)));
        }
        assert_eq!(taker.text(), Ok("né"));
        assert_eq!(taker.value().unwrap(), None);
        assert_eq!(taker.value().unwrap(), Some(Value::Int(-7)));
        assert_eq!(taker.value().unwrap(), Some(Value::from("né")));
        assert!(taker.is_empty());
    }

    #[test]
    fn damaged_bytes_are_told() {
        assert_eq!(Taker(&[0x80]).number(), Err(Damaged));
        assert_eq!(Taker(&[0xff; 11]).number(), Err(Damaged));
        assert_eq!(Taker(&[0; 7]).long(), Err(Damaged));
        assert_eq!(Taker(&[5, 1]).sized(), Err(Damaged));
        assert_eq!(Taker(&[2, 0xff, 0xfe]).text(), Err(Damaged));
        assert!(Taker(&[9]).value().is_err());
        assert!(Taker(&[TEXT, 1, 0xff]).value().is_err());
    }
}
