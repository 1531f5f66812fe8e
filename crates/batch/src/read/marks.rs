//! Marks bytes that matter among many that do not, 64 at a time.

/// The bytes that are looked at together: as many as marks have bits.
pub(super) const CHUNK: usize = 64;

/// A bit for each of the bytes from `at` on that is marked, the first one's the lowest; none for those behind the end.
#[inline]
pub(super) fn marks_at(bytes: &[u8], at: usize, is_marked: impl Fn(u8) -> bool) -> u64 {
    let rest = bytes.get(at..).unwrap_or_default();
    match rest.first_chunk() {
        Some(chunk) => marks_in(chunk, is_marked),
        None => {
            let mut chunk = [0; CHUNK];
            chunk[..rest.len()].copy_from_slice(rest);
            marks_in(&chunk, is_marked) & !(u64::MAX << rest.len())
        }
    }
}

#[inline]
fn marks_in(chunk: &[u8; CHUNK], is_marked: impl Fn(u8) -> bool) -> u64 {
    let mut marks = [0; CHUNK];
    // Without a branch, so that many bytes are compared at once.
    for (mark, byte) in marks.iter_mut().zip(chunk) {
        *mark = u8::from(is_marked(*byte));
    }
    let (words, _) = marks.as_chunks();
    words.iter().rev().fold(0, |bits, word| bits << 8 | gathered(u64::from_le_bytes(*word)))
}

/// The lowest bits of eight bytes as one byte.
#[inline]
fn gathered(bytes: u64) -> u64 {
    // The product brings the bit of the n-th byte to the n-th place of the highest byte, and no two to the same.
    bytes.wrapping_mul(0x0102_0408_1020_4080) >> 56
}

#[cfg(test)]
mod tests {
    use super::marks_at;

    #[test]
    fn each_marked_byte_has_its_bit() {
        let text: Vec<u8> = (0..200).map(|place| if place % 7 < 3 { b'x' } else { b'-' }).collect();
        for at in 0..=text.len() {
            let plainly = text[at..].iter().take(64).enumerate();
            let expect = plainly.fold(0, |bits, (place, byte)| bits | u64::from(*byte == b'x') << place);
            assert_eq!(marks_at(&text, at, |byte| byte == b'x'), expect, "{at}");
        }
        assert_eq!(marks_at(&text, text.len() + 1, |_| true), 0);
    }
}
