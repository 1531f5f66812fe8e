//! Text files: opened with their header, handed out in pieces, decoded by format.

use std::{
    collections::BTreeSet,
    io::{self, Read},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use super::{
    bytes::{Buffer, Bytes, Piece, Sizes, whole_lines},
    csv::{CsvDecoder, CsvPlan},
    encoding::{blank_others, from_windows, newlines, to_utf8},
    findings::{FileNotes, Findings, Notice},
    input::{Compression, Format, Input},
    json::{JsonDecoder, JsonPlan},
    reader::ReadOptions,
    rows::Rows,
    schema::Columns,
    want::Want,
};
use crate::Error;

/// A text file of which the columns are known.
#[derive(Debug)]
pub(super) struct TextFile {
    pub(super) name: Arc<str>,
    pub(super) notes: FileNotes,
    plan: TextPlan,
    row_bytes: usize,
}

#[derive(Debug)]
enum TextPlan {
    Csv(CsvPlan),
    /// With the keys of the first rows.
    Json(Box<JsonPlan>, Vec<String>),
}

/// Decodes pieces of one file.
#[derive(Debug)]
pub(super) enum TextDecoder<'f> {
    Csv(Box<CsvDecoder<'f>>),
    Json(Box<JsonDecoder<'f>>),
}

/// How much of a file is looked at to know its columns.
const SAMPLE: u64 = 256 << 10;

impl TextFile {
    /// Opens a file and reads its header. `progress` counts the bytes read, as they lie on the disk.
    ///
    /// # Errors
    /// It cannot be opened, or is not what its name says, or a wanted column is missing.
    pub(super) fn open(
        input: Input,
        (format, compression): (Format, Compression),
        want: &Want,
        options: &ReadOptions,
        progress: Arc<AtomicU64>,
    ) -> Result<(Self, Bytes), Error> {
        let name = input.name.clone();
        let read = |cause| Error::Read { file: name.clone(), cause };
        let mut reader = to_utf8(input.open(compression, progress)?).map_err(read)?;
        let mut sample = Vec::new();
        reader.by_ref().take(SAMPLE).read_to_end(&mut sample).map_err(read)?;
        let format = if format == Format::Text { found_out(&sample) } else { format };
        // In JSON a carriage return is a blank.
        let reader = if format == Format::JsonLines { reader } else { newlines(&mut sample, reader) };
        refuse_others(&name, format, &sample)?;
        let (plan, header, warnings) = match format {
            Format::Csv(delimiter) => {
                let delimiter = options.delimiter.or(delimiter);
                let (plan, header, warnings) = CsvPlan::new(&name, &sample, delimiter, want)?;
                (TextPlan::Csv(plan), header, warnings)
            }
            _ => (TextPlan::Json(Box::new(JsonPlan::new(want)), first_keys(&sample)), 0, Vec::new()),
        };
        let sizes = Sizes { piece: options.chunk_bytes, record: options.row_bytes };
        let mut bytes = Bytes::new(sample, reader, sizes);
        bytes.skip(header);
        let file = Self { name, notes: FileNotes::new(warnings), plan, row_bytes: options.row_bytes };
        Ok((file, bytes))
    }

    /// Which columns are there, where a header tells.
    pub(super) fn columns(&self) -> Option<&Columns> {
        match &self.plan {
            TextPlan::Csv(plan) => Some(&plan.columns),
            TextPlan::Json(..) => None,
        }
    }

    /// The keys of the first rows, where rows have keys.
    pub(super) fn keys(&self) -> &[String] {
        match &self.plan {
            TextPlan::Csv(_) => &[],
            TextPlan::Json(_, keys) => keys,
        }
    }

    /// Reads the next piece.
    pub(super) fn next(&self, bytes: &mut Bytes, buffer: &mut Buffer) -> Result<Option<Piece>, Error> {
        let piece = match &self.plan {
            TextPlan::Csv(plan) => bytes.next(buffer, |bytes| plan.whole_records(bytes)),
            TextPlan::Json(..) => bytes.next(buffer, whole_lines),
        };
        piece.map_err(|cause| Error::Read { file: self.name.clone(), cause })
    }

    /// A decoder for pieces of this file.
    pub(super) fn decoder<'f>(&'f self, want: &'f Want) -> TextDecoder<'f> {
        match &self.plan {
            TextPlan::Csv(plan) => TextDecoder::Csv(Box::new(CsvDecoder::new(plan, want))),
            TextPlan::Json(plan, _) => TextDecoder::Json(Box::new(JsonDecoder::new(plan, want))),
        }
    }

    /// Why a row that was left out is rejected.
    pub(super) fn too_long(&self) -> String {
        match &self.plan {
            TextPlan::Csv(_) => format!("a quote is opened and not closed within {} bytes", self.row_bytes),
            TextPlan::Json(..) => format!("a line of more than {} bytes", self.row_bytes),
        }
    }
}

impl TextDecoder<'_> {
    /// Decodes a piece that begins in line `line`.
    pub(super) fn decode(&mut self, bytes: &[u8], line: u64, first: u64, findings: &mut Findings) -> Rows {
        match self {
            Self::Csv(decoder) => {
                let (text, other) = from_windows(bytes);
                if let Some(nth) = other {
                    findings.notes.add(Notice::NotUtf8, line + nth, "");
                }
                decoder.decode(&text, line, first, findings)
            }
            Self::Json(decoder) => {
                let (text, others) = blank_others(bytes);
                for nth in others {
                    findings.reject(line + nth, "not UTF-8".to_owned());
                }
                decoder.decode(&text, line, first, findings)
            }
        }
    }
}

/// What a text holds that has no extension: JSON, or else a header, which may begin with a brace too: `{id},lead_id`.
fn found_out(sample: &[u8]) -> Format {
    let is_json = match sample.trim_ascii_start().split_first() {
        None => true,
        Some((b'{', rest)) => matches!(rest.trim_ascii_start().first(), None | Some(b'"' | b'}')),
        Some((b'[', rest)) => matches!(rest.trim_ascii_start().first(), None | Some(b'{' | b'[' | b']')),
        Some(_) => false,
    };
    if is_json { Format::JsonLines } else { Format::Csv(None) }
}

/// The keys of the objects on the first lines, each once.
fn first_keys(sample: &[u8]) -> Vec<String> {
    const LINES: usize = 100;
    let mut keys = Vec::new();
    for line in sample.split(|byte| *byte == b'\n').take(LINES) {
        // A line that cannot be read is told when its turn comes.
        let object: serde_json::Map<String, serde_json::Value> =
            serde_json::from_slice(line).unwrap_or_default();
        keys.extend(object.into_iter().map(|(key, _)| key));
    }
    let mut seen = BTreeSet::new();
    keys.retain(|key| seen.insert(key.clone()));
    keys
}

/// Refuses what is plainly no text of the format that the name tells.
fn refuse_others(name: &Arc<str>, format: Format, sample: &[u8]) -> Result<(), Error> {
    let start = sample.trim_ascii_start();
    let (found, help) = if sample.starts_with(b"PAR1") {
        ("Parquet", "name it `.parquet`")
    } else if sample.starts_with(b"PK\x03\x04") {
        ("an Excel workbook or a zip archive", "save it as CSV")
    } else if sample.starts_with(b"\x1F\x8B") {
        ("gzip", "name it `.gz` after its extension")
    } else if sample.starts_with(b"\x28\xB5\x2F\xFD") {
        ("zstd", "name it `.zst` after its extension")
    } else if format == Format::JsonLines && start.first() == Some(&b'[') {
        ("one JSON list", "write one object a line, as `jq -c '.[]'` does")
    } else if format == Format::JsonLines && start.starts_with(b"{") && spans_lines(start) {
        ("JSON objects over several lines", "write one object a line, as `jq -c .` does")
    } else {
        return Ok(());
    };
    let expected = if format == Format::JsonLines { "JSON Lines" } else { "CSV" };
    Err(Error::WrongFormat { file: name.clone(), expected, found, help })
}

/// Whether JSON text begins with an object that is laid out over several lines.
fn spans_lines(text: &[u8]) -> bool {
    let line = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    line.trim_ascii() == b"{"
}

/// Counts the bytes that pass.
pub(super) struct Counted<R> {
    pub(super) reader: R,
    pub(super) progress: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        self.progress.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::{Format, found_out};

    #[test]
    fn a_text_is_json_where_it_begins_as_an_object_or_a_list_does() {
        for text in
            ["", " \n", "{\"lead_id\":1}", " { \"lead_id\": 1}", "{}", "{\n  \"a\"", "{", "[{\"a\":1}]", "[]"]
        {
            assert_eq!(found_out(text.as_bytes()), Format::JsonLines, "{text}");
        }
        for text in ["{id},lead_id\n", "{ id },lead_id\n", "[id],lead_id\n", "lead_id\n", "\"lead_id\"\n"] {
            assert_eq!(found_out(text.as_bytes()), Format::Csv(None), "{text}");
        }
    }
}
