//! What a delimited text looks like: its delimiter, and where its records begin.

use super::scan::{Found, Scanner};

/// What a delimited text looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    pub(super) delimiter: u8,
    /// How many bytes before the header tell the delimiter (`sep=;`, as Excel has it).
    pub(super) preamble: usize,
}

const CANDIDATES: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The dialect of a text that begins with `sample`; `delimiter` where it is known.
pub(super) fn dialect(sample: &[u8], delimiter: Option<u8>) -> Dialect {
    if let Some((told, preamble)) = preamble(sample) {
        return Dialect { delimiter: delimiter.unwrap_or(told), preamble };
    }
    Dialect { delimiter: delimiter.unwrap_or_else(|| likeliest(sample)), preamble: 0 }
}

fn preamble(sample: &[u8]) -> Option<(u8, usize)> {
    let rest = sample.strip_prefix(b"sep=").or_else(|| sample.strip_prefix(b"\"sep="))?;
    let (delimiter, rest) = rest.split_first()?;
    let line_end = memchr::memchr(b'\n', rest)?;
    let nothing = rest[..line_end].iter().all(|byte| matches!(byte, b'"' | b'\r'));
    nothing.then_some((*delimiter, sample.len() - rest.len() + line_end + 1))
}

/// The delimiter that splits the header, and most records into as many fields as the header.
fn likeliest(sample: &[u8]) -> u8 {
    let mut best = (0, 1, CANDIDATES[0]);
    for delimiter in CANDIDATES {
        let (alike, fields) = shape(sample, delimiter);
        if fields > 1 && (alike, fields) > (best.0, best.1) {
            best = (alike, fields, delimiter);
        }
    }
    best.2
}

/// How many of the first records have as many fields as the header, and how many those are.
fn shape(sample: &[u8], delimiter: u8) -> (usize, usize) {
    const RECORDS: usize = 50;
    let mut scanner = Scanner::new(sample, delimiter);
    let mut fields = Vec::new();
    let mut header = 0;
    let mut alike = 0;
    for _ in 0..RECORDS {
        if scanner.record(&mut fields) != Found::Record {
            break;
        }
        if matches!(*fields, [blank] if blank.start == blank.end) {
            continue;
        }
        if header == 0 {
            header = fields.len();
        }
        alike += usize::from(fields.len() == header);
    }
    (alike, header)
}

#[cfg(test)]
mod tests {
    use super::{Dialect, dialect};

    fn check(sample: &str, delimiter: u8, preamble: usize) {
        assert_eq!(dialect(sample.as_bytes(), None), Dialect { delimiter, preamble }, "{sample:?}");
    }

    #[test]
    fn the_delimiter_is_the_one_that_makes_the_rows_alike() {
        check("lead_id,name\n1,a\n", b',', 0);
        check("lead_id;name\n1;a\n", b';', 0);
        check("lead_id\tname\n1\ta, b; c\n", b'\t', 0);
        check("lead_id|name\n1|a\n", b'|', 0);
        check("id;size, in m\n1;1,5\n2;2,5\n3;3\n4;4\n", b';', 0);
        check("id,\"a;b;c;d\"\n1,2\n2,3\n", b',', 0);
        check("id;note\n1;\"a,b,c\nd,e,f\"\n2;x\n", b';', 0);
        check("lead_id\na\nb\n", b',', 0);
        check("\n\r\nlead_id;name\n\n1;a\n", b';', 0);
        check("", b',', 0);
    }

    #[test]
    fn a_first_line_may_tell_the_delimiter() {
        check("sep=;\r\nid;a,b,c\r\n1;2\r\n", b';', 7);
        check("\"sep=|\"\nid|a\n", b'|', 8);
        check("sep=,name\n1,2\n", b',', 0);
    }
}
