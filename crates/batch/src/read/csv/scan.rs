//! Finds records and fields in delimited text.
//!
//! A field that begins with `"` ends at the next lone `"`; `""` within it is a quote. A quote elsewhere is text.
//! Records end with a newline outside quotes; a carriage return before it belongs to it.

use crate::read::marks::{CHUNK, marks_at};

/// The fields of a text, record by record.
#[derive(Debug, Clone)]
pub(super) struct Scanner<'a> {
    bytes: &'a [u8],
    delimiter: u8,
    /// Where the next record begins.
    pub(super) at: usize,
    /// Where the chunk lies that `marks` tells of.
    chunk: usize,
    /// A bit for each byte of the chunk that is a quote, a delimiter or a newline and is yet to be looked at.
    marks: u64,
}

/// Where a field lies, quotes and all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) form: Form,
}

/// How a field is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// As it is.
    Bare,
    /// Between quotes.
    Quoted,
    /// Between quotes, with quotes within or text behind.
    Escaped,
}

/// What was found of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// All of it.
    Record,
    /// A quote that is not closed.
    Unclosed,
    /// The text ended.
    End,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(bytes: &'a [u8], delimiter: u8) -> Self {
        let mut scanner = Self { bytes, delimiter, at: 0, chunk: 0, marks: 0 };
        scanner.go_to(0);
        scanner
    }

    /// Goes on at the beginning of a record elsewhere.
    pub(super) fn go_to(&mut self, at: usize) {
        self.at = at;
        self.chunk = at - at % CHUNK;
        self.marks = self.marks_at(self.chunk) & (u64::MAX << (at % CHUNK));
    }

    /// Finds the fields of the next record.
    pub(super) fn record(&mut self, fields: &mut Vec<Span>) -> Found {
        fields.clear();
        if self.at >= self.bytes.len() {
            return Found::End;
        }
        let mut start = self.at;
        loop {
            let Some(at) = self.next_mark() else {
                self.push_last(fields, start, self.bytes.len());
                return Found::Record;
            };
            match self.bytes[at] {
                b'"' if at == start => match self.quoted(fields, start) {
                    None => {
                        self.at = start;
                        return Found::Unclosed;
                    }
                    Some(false) => start = self.at,
                    Some(true) => return Found::Record,
                },
                // A quote elsewhere is text.
                b'"' => {}
                b'\n' => {
                    self.push_last(fields, start, at);
                    return Found::Record;
                }
                _ => {
                    fields.push(Span { start: start as u32, end: at as u32, form: Form::Bare });
                    start = at + 1;
                }
            }
        }
    }

    /// Adds a bare field that ends the record at `end`.
    fn push_last(&mut self, fields: &mut Vec<Span>, start: usize, end: usize) {
        self.at = end + 1;
        let end = self.without_return(start, end);
        fields.push(Span { start: start as u32, end: end as u32, form: Form::Bare });
    }

    /// Where a record that ends at `end` ends if a carriage return at or after `least` belongs to the newline.
    fn without_return(&self, least: usize, end: usize) -> usize {
        if end > least && self.bytes[end - 1] == b'\r' { end - 1 } else { end }
    }

    /// Adds the field whose opening quote was just found, and goes behind it; whether it ends the record. `None` if the
    /// quote is not closed.
    fn quoted(&mut self, fields: &mut Vec<Span>, start: usize) -> Option<bool> {
        let (close, escaped) = self.close()?;
        let (end, last) = self.end();
        self.at = end + 1;
        let end = if last { self.without_return(close + 1, end) } else { end };
        let form = if !escaped && close + 1 == end { Form::Quoted } else { Form::Escaped };
        fields.push(Span { start: start as u32, end: end as u32, form });
        Some(last)
    }

    /// The quote that closes the field whose opening quote was just found, and whether quotes lie between.
    fn close(&mut self) -> Option<(usize, bool)> {
        let mut escaped = false;
        loop {
            let at = self.next_mark()?;
            if self.bytes[at] != b'"' {
                continue;
            }
            if self.bytes.get(at + 1) != Some(&b'"') {
                return Some((at, escaped));
            }
            self.next_mark();
            escaped = true;
        }
    }

    /// The next delimiter or newline, and whether it ends the record.
    #[inline]
    fn end(&mut self) -> (usize, bool) {
        loop {
            match self.next_mark() {
                None => return (self.bytes.len(), true),
                Some(at) => match self.bytes[at] {
                    b'"' => {}
                    byte => return (at, byte == b'\n'),
                },
            }
        }
    }

    #[inline]
    fn next_mark(&mut self) -> Option<usize> {
        while self.marks == 0 {
            self.chunk += CHUNK;
            if self.chunk >= self.bytes.len() {
                return None;
            }
            self.marks = self.marks_at(self.chunk);
        }
        let at = self.chunk + self.marks.trailing_zeros() as usize;
        self.marks &= self.marks - 1;
        Some(at)
    }

    #[inline]
    fn marks_at(&self, at: usize) -> u64 {
        let delimiter = self.delimiter;
        // Neither `||` nor `matches!`: these would be branches.
        marks_at(self.bytes, at, |byte| (byte == delimiter) | (byte == b'"') | (byte == b'\n'))
    }
}

/// How many bytes of a text that begins with a record are whole records.
pub(super) fn whole_records(bytes: &[u8], delimiter: u8) -> usize {
    let newline = |from: usize, to: usize| memchr::memrchr(b'\n', &bytes[from..to]).map(|at| from + at + 1);
    let (mut whole, mut at) = (0, 0);
    loop {
        let Some(quote) = memchr::memchr(b'"', &bytes[at..]).map(|found| at + found) else {
            return newline(at, bytes.len()).unwrap_or(whole);
        };
        whole = newline(at, quote).unwrap_or(whole);
        let opens =
            quote == 0 || (quote > at && (bytes[quote - 1] == delimiter || bytes[quote - 1] == b'\n'));
        at = quote + 1;
        if opens {
            match close_of(bytes, at) {
                Some(close) => at = close + 1,
                None => return whole,
            }
        }
    }
}

/// The lone quote at or after `at`, if what follows it can be seen.
fn close_of(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let quote = at + memchr::memchr(b'"', bytes.get(at..)?)?;
        if *bytes.get(quote + 1)? != b'"' {
            return Some(quote);
        }
        at = quote + 2;
    }
}

/// The text of a field. `scratch` holds what has to be put together.
#[inline]
pub(super) fn text_of<'t>(text: &'t str, span: Span, scratch: &'t mut String) -> &'t str {
    let (start, end) = (span.start as usize, span.end as usize);
    let quote = match span.form {
        Form::Bare => 0,
        Form::Quoted => 1,
        Form::Escaped => {
            unescape(text.get(start + 1..end).unwrap_or_default(), scratch);
            return scratch;
        }
    };
    text.get(start + quote..end - quote).unwrap_or_default()
}

/// Puts together what stands after an opening quote: `""` is a quote up to the lone quote, what follows is text.
#[cold]
fn unescape(mut rest: &str, into: &mut String) {
    into.clear();
    while let Some((before, after)) = rest.split_once('"') {
        into.push_str(before);
        match after.strip_prefix('"') {
            Some(after) => {
                into.push('"');
                rest = after;
            }
            None => {
                rest = after;
                break;
            }
        }
    }
    into.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::{Found, Scanner, text_of, whole_records};

    fn records(text: &str) -> Vec<Vec<String>> {
        let mut scanner = Scanner::new(text.as_bytes(), b',');
        let (mut fields, mut scratch, mut records) = (Vec::new(), String::new(), Vec::new());
        loop {
            match scanner.record(&mut fields) {
                Found::Record => {
                    let field = |span: &_| text_of(text, *span, &mut scratch).to_owned();
                    records.push(fields.iter().map(field).collect());
                }
                Found::Unclosed => {
                    records.push(vec!["unclosed".to_owned()]);
                    return records;
                }
                Found::End => return records,
            }
        }
    }

    fn check(text: &str, expect: &[&[&str]]) {
        assert_eq!(records(text), expect, "{text:?}");
    }

    #[test]
    fn records_are_found_with_their_fields() {
        check("", &[]);
        check("a", &[&["a"]]);
        check("a,b\nc,d", &[&["a", "b"], &["c", "d"]]);
        check("a,b\r\n\r\n,\r\n", &[&["a", "b"], &[""], &["", ""]]);
        check("\"a,b\",\"c\nd\"\r\n\"\",e\n", &[&["a,b", "c\nd"], &["", "e"]]);
        check("\"say \"\"hi\"\"\",x\n\"\"\"\"\n", &[&["say \"hi\"", "x"], &["\""]]);
        check("5\" pipe,a\"b\"c\nx,y", &[&["5\" pipe", "a\"b\"c"], &["x", "y"]]);
        check("\"a\"b\"\",c\n", &[&["ab\"\"", "c"]]);
        check("\"a\r\n\",b\r", &[&["a\r\n", "b"]]);
        check("\r\r\n\"\"\r\n", &[&["\r"], &[""]]);
        check("a,\"b\nc,d\n", &[&["unclosed"]]);
        check("\"", &[&["unclosed"]]);
        check("\"\"\"", &[&["unclosed"]]);
    }

    /// The records byte by byte, as the rules say.
    fn records_plainly(text: &str) -> Vec<Vec<String>> {
        let bytes = text.as_bytes();
        let (mut records, mut at) = (Vec::new(), 0);
        while at < bytes.len() {
            let mut fields = Vec::new();
            loop {
                let mut field = String::new();
                if bytes.get(at) == Some(&b'"') {
                    at += 1;
                    loop {
                        match (bytes.get(at), bytes.get(at + 1)) {
                            (None, _) => {
                                records.push(vec!["unclosed".to_owned()]);
                                return records;
                            }
                            (Some(b'"'), Some(b'"')) => at += 1,
                            (Some(b'"'), _) => break,
                            _ => {}
                        }
                        field.push(char::from(bytes[at]));
                        at += 1;
                    }
                    at += 1;
                }
                let behind = bytes[at.min(bytes.len())..].iter().take_while(|byte| !b",\n".contains(byte));
                let mut behind: String = behind.copied().map(char::from).collect();
                at += behind.len();
                let ends = bytes.get(at) != Some(&b',');
                if ends && behind.ends_with('\r') {
                    behind.pop();
                }
                at += 1;
                fields.push(field + &behind);
                if ends {
                    break;
                }
            }
            records.push(fields);
        }
        records
    }

    #[test]
    fn every_short_text_is_taken_apart_as_the_rules_say() {
        const BYTES: &[u8; 5] = b"a,\"\n\r";
        for length in 0..=7 {
            for number in 0..BYTES.len().pow(length) {
                let byte = |place| char::from(BYTES[number / BYTES.len().pow(place) % BYTES.len()]);
                let text: String = (0..length).map(byte).collect();
                assert_eq!(records(&text), records_plainly(&text), "{text:?}");
                // Where two chunks meet.
                let text = format!("{:60}\n{text}", "sixty");
                assert_eq!(records(&text), records_plainly(&text), "{text:?}");
            }
        }
    }

    #[test]
    fn fields_longer_than_a_chunk_are_found_wherever_they_begin() {
        for length in 0..140 {
            let (long, quoted) = ("x".repeat(length), format!("{},\n", "y".repeat(length)));
            let text = format!("{long},\"{quoted}\",z\n{long}\n");
            check(&text, &[&[&long, &quoted, "z"], &[&long]]);
        }
    }

    #[test]
    fn a_text_is_cut_only_where_a_record_ends() {
        let text = "a,\"b\n\"\"c\n\",d\ne,5\" pipe\n\"\",\"f\"\ng\n";
        let ends = [13, 23, 30, 32];
        for length in 0..=text.len() {
            let whole = whole_records(&text.as_bytes()[..length], b',');
            let expect = ends.iter().copied().filter(|end| *end <= length).max().unwrap_or(0);
            assert_eq!(whole, expect, "{:?}", &text[..length]);
        }
    }
}
