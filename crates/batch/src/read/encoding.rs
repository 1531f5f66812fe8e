//! Text in other encodings: UTF-16 and byte order marks on the way in, lines that are not UTF-8 after it.

use std::{
    borrow::Cow,
    io::{self, Read},
};

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Goes over a byte order mark and turns UTF-16 into UTF-8; all else is passed on as it is.
pub(super) fn to_utf8(mut reader: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
    let mut start = Vec::new();
    reader.by_ref().take(4096).read_to_end(&mut start)?;
    let (encoding, mark) = match Encoding::for_bom(&start) {
        Some((encoding, mark)) => (Some(encoding).filter(|encoding| *encoding != encoding_rs::UTF_8), mark),
        None => (utf_16_without_mark(&start), 0),
    };
    start.drain(..mark);
    let whole = Box::new(io::Cursor::new(start).chain(reader));
    Ok(match encoding {
        None => whole,
        Some(encoding) => Box::new(Utf16 {
            reader: whole,
            decoder: encoding.new_decoder_without_bom_handling(),
            bytes: Vec::new(),
            ended: false,
            text: Vec::new(),
            given: 0,
        }),
    })
}

/// Text of the Latin alphabet in UTF-16 has a zero in every other byte.
fn utf_16_without_mark(start: &[u8]) -> Option<&'static Encoding> {
    let start = &start[..start.len().min(64) & !1];
    let zeros = |offset| start.iter().skip(offset).step_by(2).filter(|byte| **byte == 0).count();
    let half = start.len() / 2;
    let (most, few) = (half - half / 4, half / 8);
    match (zeros(0), zeros(1)) {
        _ if half == 0 => None,
        (even, odd) if even <= few && odd >= most => Some(UTF_16LE),
        (even, odd) if even >= most && odd <= few => Some(UTF_16BE),
        _ => None,
    }
}

/// Reads UTF-16 as UTF-8. What is no UTF-16 becomes U+FFFD.
struct Utf16 {
    reader: Box<dyn Read + Send>,
    decoder: Decoder,
    bytes: Vec<u8>,
    ended: bool,
    text: Vec<u8>,
    given: usize,
}

impl Utf16 {
    fn refill(&mut self) -> io::Result<()> {
        const BLOCK: u64 = 64 * 1024;
        self.bytes.clear();
        self.ended = self.reader.by_ref().take(BLOCK).read_to_end(&mut self.bytes)? == 0;
        let most = self.decoder.max_utf8_buffer_length(self.bytes.len()).unwrap_or(4 * BLOCK as usize);
        self.text.resize(most, 0);
        let (result, read, written, _) = self.decoder.decode_to_utf8(&self.bytes, &mut self.text, self.ended);
        debug_assert!(result == CoderResult::InputEmpty && read == self.bytes.len());
        self.text.truncate(written);
        self.given = 0;
        Ok(())
    }
}

impl Read for Utf16 {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.text.len() {
            if self.ended {
                return Ok(0);
            }
            self.refill()?;
        }
        let count = buffer.len().min(self.text.len() - self.given);
        buffer[..count].copy_from_slice(&self.text[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}

/// Where the lines of `sample`, the start of a text, end with carriage returns alone (as old spreadsheets write), turns
/// all of them into newlines, in what follows too.
pub(super) fn newlines(sample: &mut [u8], reader: Box<dyn Read + Send>) -> Box<dyn Read + Send> {
    if !ends_lines_with_returns(sample) {
        return reader;
    }
    replace(sample);
    Box::new(Returns(reader))
}

/// Whether there are carriage returns between quoted cells, and no newlines, which cells may have.
fn ends_lines_with_returns(sample: &[u8]) -> bool {
    let (mut quoted, mut returns) = (false, false);
    for byte in sample {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => return false,
            b'\r' if !quoted => returns = true,
            _ => {}
        }
    }
    returns
}

/// Reads carriage returns as newlines.
struct Returns(Box<dyn Read + Send>);

impl Read for Returns {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.0.read(buffer)?;
        replace(&mut buffer[..count]);
        Ok(count)
    }
}

fn replace(bytes: &mut [u8]) {
    for byte in bytes {
        if *byte == b'\r' {
            *byte = b'\n';
        }
    }
}

/// The bytes as text, each line that is not UTF-8 read as Windows-1252 (as spreadsheets write it), and the place
/// of the first such line.
pub(super) fn from_windows(bytes: &[u8]) -> (Cow<'_, str>, Option<u64>) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (Cow::Borrowed(text), None);
    }
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 8);
    let mut first = None;
    for (nth, line) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
        match std::str::from_utf8(line) {
            Ok(line) => text.push_str(line),
            Err(_) => {
                first = first.or(Some(nth as u64));
                text.push_str(&WINDOWS_1252.decode_without_bom_handling(line).0);
            }
        }
    }
    (Cow::Owned(text), first)
}

/// The text without the lines that are not UTF-8, which are blanked; their places too.
pub(super) fn blank_others(bytes: &[u8]) -> (Cow<'_, str>, Vec<u64>) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (Cow::Borrowed(text), Vec::new());
    }
    let (mut text, mut blanked) = (String::with_capacity(bytes.len()), Vec::new());
    for (nth, line) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
        match std::str::from_utf8(line) {
            Ok(line) => text.push_str(line),
            Err(_) => {
                blanked.push(nth as u64);
                text.push_str(if line.ends_with(b"\n") { "\n" } else { "" });
            }
        }
    }
    (Cow::Owned(text), blanked)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::{blank_others, from_windows, to_utf8};

    fn check(bytes: Vec<u8>, expect: &str) {
        let mut text = Vec::new();
        to_utf8(Box::new(std::io::Cursor::new(bytes))).unwrap().read_to_end(&mut text).unwrap();
        assert!(
            String::from_utf8_lossy(&text) == expect,
            "{:?}…",
            String::from_utf8_lossy(&text[..text.len().min(40)])
        );
    }

    fn utf_16(text: &str, mark: bool, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        let mark = mark.then_some(0xFEFF);
        mark.into_iter().chain(text.encode_utf16()).flat_map(bytes).collect()
    }

    #[test]
    fn a_text_is_read_in_any_unicode_encoding() {
        let text = "lead_id;name\r\n1;Zoë 😀\r\n".repeat(4000);
        check(text.clone().into_bytes(), &text);
        check(format!("\u{feff}{text}").into_bytes(), &text);
        check(utf_16(&text, true, u16::to_le_bytes), &text);
        check(utf_16(&text, true, u16::to_be_bytes), &text);
        check(utf_16(&text, false, u16::to_le_bytes), &text);
        check(utf_16(&text, false, u16::to_be_bytes), &text);
        check(Vec::new(), "");
        check(b"a".to_vec(), "a");
        check(vec![0xFF, 0xFE, b'a'], "\u{fffd}");
    }

    #[test]
    fn lines_that_are_not_utf_8_are_read_as_windows_1252() {
        let (text, first) = from_windows(b"id,name\n1,Zo\xC3\xAB\n2,J\xF6rg \x80\n3,M\xFCller");
        assert_eq!((&*text, first), ("id,name\n1,Zoë\n2,Jörg €\n3,Müller", Some(2)));
        assert_eq!(from_windows(b"a\nb").1, None);
    }

    #[test]
    fn lines_that_are_not_utf_8_are_blanked() {
        let (text, lines) = blank_others(b"one\nt\xFFwo \xFE\nthree\n\xFF\nfive\xFF");
        assert_eq!((&*text, lines), ("one\n\nthree\n\n", vec![1, 3, 4]));
    }
}
