//! Walks over JSON text without building anything, and refuses what is no JSON.

use std::fmt;

use kelvin_kernel::Value;

use crate::read::marks::{CHUNK, marks_at};

/// A place in JSON text. The text ends at the first newline, which no JSON on one line contains.
#[derive(Debug, Clone)]
pub(super) struct Walker<'a> {
    bytes: &'a [u8],
    /// The next byte.
    pub(super) at: usize,
    /// Where the chunk lies that `marks` tells of.
    chunk: usize,
    /// A bit for each byte of the chunk that texts do not hold as it is: quotes, backslashes, control characters.
    marks: u64,
}

/// The lists and objects that are open: a bit for each, 1 for an object.
#[derive(Debug, Default)]
struct Open {
    objects: u64,
    depth: usize,
}

/// What is wrong, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) at: usize,
    pub(super) what: &'static str,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.what)
    }
}

/// Where no chunk lies.
const NOWHERE: usize = usize::MAX;

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

impl<'a> Walker<'a> {
    pub(super) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at, chunk: NOWHERE, marks: 0 }
    }

    #[inline]
    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Goes over blanks, but not over a newline.
    #[inline]
    pub(super) fn space(&mut self) {
        while let Some(b' ' | b'\t' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    /// Goes over `byte` if it is next.
    #[inline]
    pub(super) fn take(&mut self, byte: u8) -> bool {
        let next = self.peek() == Some(byte);
        self.at += usize::from(next);
        next
    }

    #[cold]
    pub(super) fn fault<T>(&self, what: &'static str) -> Result<T, Fault> {
        let what = if matches!(self.peek(), None | Some(b'\n')) { "the line ends too early" } else { what };
        Err(Fault { at: self.at, what })
    }

    /// Goes over a key and its colon; returns where the key lies between its quotes.
    #[inline]
    pub(super) fn key(&mut self) -> Result<(usize, usize), Fault> {
        self.space();
        if self.peek() != Some(b'"') {
            return self.fault("expected a key in double quotes");
        }
        let start = self.at + 1;
        self.string()?;
        let end = self.at - 1;
        self.space();
        if !self.take(b':') {
            return self.fault("expected `:`");
        }
        self.space();
        Ok((start, end))
    }

    /// Goes over `text` if it is next.
    #[inline]
    pub(super) fn take_all(&mut self, text: &[u8]) -> bool {
        let next = self.bytes.get(self.at..self.at + text.len()).is_some_and(|next| next == text);
        self.at += if next { text.len() } else { 0 };
        next
    }

    /// Goes over one value.
    #[inline]
    pub(super) fn value(&mut self) -> Result<(), Fault> {
        match self.peek() {
            Some(b'"') => self.string(),
            Some(b'{' | b'[') => self.container(),
            _ => self.scalar(),
        }
    }

    /// Goes over one value that nobody asks for. Of lists and objects only texts and brackets are looked at.
    #[inline]
    pub(super) fn skip(&mut self) -> Result<(), Fault> {
        if !matches!(self.peek(), Some(b'{' | b'[')) {
            return self.value();
        }
        match self.end_of_container() {
            Some(end) => {
                self.at = end;
                Ok(())
            }
            None => self.container(),
        }
    }

    /// Where the list or object that begins here ends, if that shows at a glance: without a text that has escapes, and
    /// with brackets that match.
    fn end_of_container(&self) -> Option<usize> {
        let mut open = Open::default();
        let mut chunk = self.at - self.at % CHUNK;
        let mut ahead = u64::MAX << (self.at % CHUNK);
        // All bits, where the chunk begins within a text.
        let mut in_text = 0;
        while chunk < self.bytes.len() {
            let marks = |is_marked: fn(u8) -> bool| marks_at(self.bytes, chunk, is_marked) & ahead;
            let odd = marks(|byte| (byte == b'\\') | (byte < 0x20));
            // From each opening quote on, up to the closing one.
            let texts = parities(marks(|byte| byte == b'"')) ^ in_text;
            // The bit by which `[` differs from `{`, and `]` from `}`.
            let mut brackets = marks(|byte| (byte | 0x20 == b'{') | (byte | 0x20 == b'}')) & !texts;
            while brackets != 0 {
                let at = chunk + brackets.trailing_zeros() as usize;
                brackets &= brackets - 1;
                if !open.take(self.bytes[at])? {
                    let before = !(u64::MAX << (at - chunk));
                    return (odd & before == 0).then_some(at + 1);
                }
            }
            if odd != 0 {
                return None;
            }
            in_text = 0_u64.wrapping_sub(texts >> 63);
            ahead = u64::MAX;
            chunk += CHUNK;
        }
        None
    }

    /// Goes over a list or an object: `open` has a bit for each level that is open, 1 for an object.
    fn container(&mut self) -> Result<(), Fault> {
        let (mut open, mut depth) = (0_u64, 0_usize);
        loop {
            match self.peek() {
                Some(byte @ (b'{' | b'[')) => {
                    let object = byte == b'{';
                    if depth == Value::MAX_DEPTH {
                        return self.fault("nested too deeply");
                    }
                    (open, depth) = (open << 1 | u64::from(object), depth + 1);
                    self.at += 1;
                    self.space();
                    if self.take(if object { b'}' } else { b']' }) {
                        (open, depth) = (open >> 1, depth - 1);
                    } else {
                        if object {
                            self.key()?;
                        }
                        continue;
                    }
                }
                Some(b'"') => self.string()?,
                _ => self.scalar()?,
            }
            loop {
                if depth == 0 {
                    return Ok(());
                }
                self.space();
                let object = open & 1 == 1;
                if self.take(b',') {
                    if object {
                        self.key()?;
                    } else {
                        self.space();
                    }
                    break;
                }
                if !self.take(if object { b'}' } else { b']' }) {
                    return self.fault(if object { "expected `,` or `}`" } else { "expected `,` or `]`" });
                }
                (open, depth) = (open >> 1, depth - 1);
            }
        }
    }

    fn scalar(&mut self) -> Result<(), Fault> {
        match self.peek() {
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word(b"true"),
            Some(b'f') => self.word(b"false"),
            Some(b'n') => self.word(b"null"),
            _ => self.fault("expected a value"),
        }
    }

    fn word(&mut self, word: &[u8]) -> Result<(), Fault> {
        if !self.bytes[self.at..].starts_with(word) {
            return self.fault("expected a value");
        }
        self.at += word.len();
        Ok(())
    }

    fn number(&mut self) -> Result<(), Fault> {
        self.take(b'-');
        if !self.take(b'0') && self.digits() == 0 {
            return self.fault("a number of another form");
        }
        if self.take(b'.') && self.digits() == 0 {
            return self.fault("a number of another form");
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            if self.digits() == 0 {
                return self.fault("a number of another form");
            }
        }
        Ok(())
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        self.at - start
    }

    /// Goes over a text, from its opening to behind its closing quote.
    #[inline]
    pub(super) fn string(&mut self) -> Result<(), Fault> {
        self.at += 1;
        loop {
            self.plain();
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => self.escape()?,
                _ => return self.fault("a control character in a text"),
            }
        }
    }

    /// Goes on to the next quote, backslash or control character.
    #[inline]
    fn plain(&mut self) {
        let chunk = self.at - self.at % CHUNK;
        if chunk != self.chunk {
            self.mark(chunk);
        }
        let mut marks = self.marks & (u64::MAX << (self.at % CHUNK));
        while marks == 0 {
            if self.chunk + CHUNK >= self.bytes.len() {
                self.at = self.bytes.len();
                return;
            }
            self.mark(self.chunk + CHUNK);
            marks = self.marks;
        }
        self.at = self.chunk + marks.trailing_zeros() as usize;
    }

    #[inline]
    fn mark(&mut self, chunk: usize) {
        self.chunk = chunk;
        // Not `||`: these would be branches.
        self.marks = marks_at(self.bytes, chunk, |byte| (byte == b'"') | (byte == b'\\') | (byte < 0x20));
    }

    #[cold]
    fn escape(&mut self) -> Result<(), Fault> {
        self.at += 1;
        match self.peek() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 1,
            Some(b'u') => {
                self.at += 1;
                for _ in 0..4 {
                    if !self.peek().is_some_and(|byte| byte.is_ascii_hexdigit()) {
                        return self.fault("expected four hexadecimal digits");
                    }
                    self.at += 1;
                }
            }
            _ => return self.fault("an unknown escape in a text"),
        }
        Ok(())
    }
}

impl Open {
    /// Takes a bracket; whether anything is still open. `None` where brackets do not match, or there are too many.
    #[inline]
    fn take(&mut self, bracket: u8) -> Option<bool> {
        let is_object = u64::from(bracket == b'{' || bracket == b'}');
        if matches!(bracket, b'{' | b'[') {
            self.depth = self.depth.checked_add(1).filter(|depth| *depth <= Value::MAX_DEPTH)?;
            self.objects = self.objects << 1 | is_object;
            return Some(true);
        }
        if self.objects & 1 != is_object {
            return None;
        }
        self.objects >>= 1;
        self.depth -= 1;
        Some(self.depth > 0)
    }
}

/// For each bit whether it and those below it are an odd number of ones.
#[inline]
fn parities(bits: u64) -> u64 {
    [1, 2, 4, 8, 16, 32].iter().fold(bits, |parities, shift| parities ^ parities << shift)
}

/// Whether a text has a backslash. Most texts are short: a call to look for it would cost more than to look.
#[inline]
pub(super) fn has_escape(text: &str) -> bool {
    let has = |word: u64| {
        let slash = word ^ (ONES * u64::from(b'\\'));
        slash.wrapping_sub(ONES) & !slash & HIGHS != 0
    };
    let bytes = text.as_bytes();
    match bytes.last_chunk::<8>() {
        // The last eight bytes may overlap those before.
        Some(last) => {
            let (words, _) = bytes.as_chunks::<8>();
            has(u64::from_le_bytes(*last)) || words.iter().any(|word| has(u64::from_le_bytes(*word)))
        }
        None => bytes.contains(&b'\\'),
    }
}

#[cfg(test)]
mod tests {
    use super::Walker;

    /// Walks over the value at the start of `text`: how far, or what is wrong where (counted from 1).
    fn check(text: &str, expect: Result<usize, (usize, &str)>) {
        let mut walker = Walker::new(text.as_bytes(), 0);
        let walked = walker.value().map(|()| walker.at).map_err(|fault| (fault.at + 1, fault.what));
        assert_eq!(walked, expect, "{text}");
    }

    #[test]
    fn a_value_is_walked_over_to_its_end() {
        for text in [
            "null",
            "true",
            "-0.5e+10",
            "0",
            r#""""#,
            r#""eight by eight, and then some""#,
            r#""q\"\\\/\u00e9\ud83d\ude00""#,
            "\"ünïcödé ☃ 😀\"",
            "[]",
            "{}",
            "[[],{},[{}]]",
            r#"{"a": [1, 2, {"b" : null}] , "c":{}}"#,
        ] {
            check(text, Ok(text.len()));
            check(&format!("{text}, more"), Ok(text.len()));
        }
    }

    #[test]
    fn what_is_no_json_is_told_with_its_place() {
        check("", Err((1, "the line ends too early")));
        check("nul", Err((1, "expected a value")));
        check("'a'", Err((1, "expected a value")));
        check("NaN", Err((1, "expected a value")));
        check("-", Err((2, "the line ends too early")));
        check("1.x", Err((3, "a number of another form")));
        check("1ex", Err((3, "a number of another form")));
        check(r#""abc"#, Err((5, "the line ends too early")));
        check("\"abc\ndef\"", Err((5, "the line ends too early")));
        check("\"abcdefgh\tijklmnop\"", Err((10, "a control character in a text")));
        check(r#""\x41""#, Err((3, "an unknown escape in a text")));
        check(r#""\u00g0""#, Err((6, "expected four hexadecimal digits")));
        check("[1 2]", Err((4, "expected `,` or `]`")));
        check("[1,]", Err((4, "expected a value")));
        check(r#"{"a" 1}"#, Err((6, "expected `:`")));
        check(r#"{"a":1,}"#, Err((8, "expected a key in double quotes")));
        check(r#"{a:1}"#, Err((2, "expected a key in double quotes")));
        check(r#"{"a":1]"#, Err((7, "expected `,` or `}`")));
        check("{\"a\":1,\n\"b\":2}", Err((8, "the line ends too early")));
    }

    /// Goes over the value at the start of `text` as one that nobody asks for.
    #[track_caller]
    fn skip(text: &str, expect: Result<usize, (usize, &str)>) {
        for blanks in [0, 1, 30, 50, 63, 64, 65] {
            let text = " ".repeat(blanks) + text;
            let mut walker = Walker::new(text.as_bytes(), blanks);
            let walked = walker.skip().map(|()| walker.at - blanks);
            assert_eq!(walked.map_err(|fault| (fault.at + 1 - blanks, fault.what)), expect, "{text}");
        }
    }

    #[test]
    fn what_nobody_asks_for_is_gone_over_to_the_same_end() {
        let long = format!(r#"{{"a":"{}[","b":[{{"c":"}}"}},"{}"]}}"#, "x".repeat(70), "]".repeat(130));
        for text in [
            "null",
            "-1.5",
            r#""a]b""#,
            "[]",
            "{}",
            r#"{"a":"}","b":["]",{"c":"{["}],"d":[[]]}"#,
            r#"{"a":"\\\"}","b":1}"#,
            "{\t\"a\": [1, 2]}",
            &long,
        ] {
            skip(text, Ok(text.len()));
            skip(&format!("{text},{{\"more\": \"\\n\"}}]\n"), Ok(text.len()));
        }
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        skip(&nested(64), Ok(128));
        skip(&nested(65), Err((65, "nested too deeply")));
        skip(r#"{"a":[1}"#, Err((8, "expected `,` or `]`")));
        skip("[\"a\nb\"]", Err((4, "the line ends too early")));
        skip("{\"a\":[1,2]", Err((11, "the line ends too early")));
        skip("[\"a\tb\"]", Err((4, "a control character in a text")));
        // Nor is it told what is wrong with it.
        skip("[NaN 1,,]", Ok(9));
    }

    #[test]
    fn every_short_value_is_skipped_to_the_end_that_walking_over_it_finds() {
        const BYTES: &[u8; 9] = b"{}[]\"\\,:1";
        let mut sound = 0;
        for length in 1..=6 {
            for number in 0..BYTES.len().pow(length) {
                let byte = |place| BYTES[number / BYTES.len().pow(place) % BYTES.len()];
                let text: Vec<u8> = (0..length).map(byte).collect();
                let (mut walker, mut skipper) = (Walker::new(&text, 0), Walker::new(&text, 0));
                if walker.value().is_ok() {
                    sound += 1;
                    assert_eq!(skipper.skip(), Ok(()), "{}", String::from_utf8_lossy(&text));
                    assert_eq!(skipper.at, walker.at, "{}", String::from_utf8_lossy(&text));
                }
            }
        }
        assert!(sound > 100_000, "{sound}");
    }

    #[test]
    fn nesting_ends_at_a_depth() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        check(&nested(64), Ok(128));
        check(&nested(65), Err((65, "nested too deeply")));
        check(&nested(100_000), Err((65, "nested too deeply")));
    }
}
