//! Delimited text: CSV as spreadsheets and CRMs write it, of which only the wanted columns are decoded.

mod cell;
mod dialect;
mod header;
mod scan;

use kelvin_kernel::{
    Value,
    plan::{Field, Usage},
};

use self::{
    cell::{cell, trim},
    dialect::dialect,
    header::Header,
    scan::{Found, Scanner, Span, text_of, whole_records},
};
use super::{
    bytes::lines,
    cells::Cell,
    findings::{Findings, Notice},
    rows::{Rows, RowsBuilder},
    schema::{Columns, Source},
    want::{Want, is_early, missing, readable},
};
use crate::Error;

/// What the file looks like, and which of its columns are wanted.
#[derive(Debug)]
pub(super) struct CsvPlan {
    delimiter: u8,
    /// How many columns the header has.
    width: usize,
    pub(super) columns: Columns,
}

/// Decodes the records of many chunks, one after the other.
#[derive(Debug)]
pub(super) struct CsvDecoder<'p> {
    plan: &'p CsvPlan,
    want: &'p Want,
    rows: RowsBuilder,
    fields: Vec<Span>,
    scratch: [String; 4],
    own: Vec<usize>,
    side: Vec<usize>,
}

impl CsvPlan {
    /// Reads the header at the start of `sample`; returns also how long it is, and warnings.
    ///
    /// # Errors
    /// There is no header, or a wanted column is missing.
    pub(super) fn new(
        file: &str,
        sample: &[u8],
        delimiter: Option<u8>,
        want: &Want,
    ) -> Result<(Self, usize, Vec<String>), Error> {
        let dialect = dialect(sample, delimiter);
        let mut scanner = Scanner::new(sample, dialect.delimiter);
        scanner.go_to(dialect.preamble);
        let mut fields = Vec::new();
        // Blank lines may come before the header.
        while scanner.record(&mut fields) == Found::Record && is_blank(sample, &fields) {}
        let (text, _) = super::encoding::from_windows(sample);
        if fields.is_empty() || is_blank(sample, &fields) {
            return Err(Error::NoHeader { file: file.into() });
        }
        let start = fields.first().map_or(0, |span| span.start as usize);
        let mut header_scanner = Scanner::new(text.as_bytes(), dialect.delimiter);
        header_scanner.go_to(start);
        header_scanner.record(&mut fields);
        let mut scratch = String::new();
        let names: Vec<String> =
            fields.iter().map(|span| text_of(&text, *span, &mut scratch).to_owned()).collect();
        let header = Header::new(names.iter().map(String::as_str));
        let (columns, found) = Columns::find(file, &header.names, want)?;
        let renamed = |(given, name): &(String, String)| {
            format!("two columns are called `{given}`: the later one is `{name}`")
        };
        let warnings = header.renamed.iter().map(renamed).chain(found).collect();
        let plan = Self { delimiter: dialect.delimiter, width: header.names.len(), columns };
        Ok((plan, scanner.at, warnings))
    }

    /// How many bytes of a text that begins with a record are whole records.
    pub(super) fn whole_records(&self, bytes: &[u8]) -> usize {
        whole_records(bytes, self.delimiter)
    }
}

/// Whether all fields of a record are empty or blank.
fn is_blank(bytes: &[u8], fields: &[Span]) -> bool {
    fields.iter().all(|span| {
        let bytes = bytes.get(span.start as usize..span.end as usize).unwrap_or_default();
        bytes.iter().all(|byte| byte.is_ascii_whitespace() || *byte == b'"')
    })
}

impl<'p> CsvDecoder<'p> {
    pub(super) fn new(plan: &'p CsvPlan, want: &'p Want) -> Self {
        let (own, side) = (plan.columns.own.len(), plan.columns.side.len());
        Self {
            plan,
            want,
            rows: RowsBuilder::new(own, side),
            fields: Vec::new(),
            scratch: Default::default(),
            own: (0..own).collect(),
            side: (0..side).collect(),
        }
    }

    /// Decodes the records of `text`, which begins in line `line`.
    pub(super) fn decode(&mut self, text: &str, line: u64, first: u64, findings: &mut Findings) -> Rows {
        let mut scanner = Scanner::new(text.as_bytes(), self.plan.delimiter);
        let mut place = Place { text, at: 0, line };
        loop {
            let start = scanner.at;
            let found = scanner.record(&mut self.fields);
            match found {
                Found::End => break,
                Found::Unclosed => {
                    findings.reject(place.line_of(start), "a quote is opened and never closed".to_owned());
                    let rest = &text.as_bytes()[start..];
                    let next = memchr::memchr(b'\n', rest).map_or(rest.len(), |newline| newline + 1);
                    scanner.go_to(start + next);
                }
                Found::Record => {
                    if let Err(reason) = self.record(start, &mut place, findings) {
                        findings.reject(place.line_of(start), reason);
                    }
                }
            }
        }
        self.rows.finish(first, &self.own, &self.side)
    }

    /// Decodes the record whose fields were just found.
    fn record(&mut self, start: usize, place: &mut Place<'_>, findings: &mut Findings) -> Result<(), String> {
        let (count, width) = (self.fields.len(), self.plan.width);
        if count != width {
            let bytes = place.text.as_bytes();
            if is_blank(bytes, &self.fields) {
                return Ok(());
            }
            if count > width && !is_blank(bytes, &self.fields[width..]) {
                return Err(format!("{count} fields, but the header has {width}"));
            }
            if count < width && !findings.notes.has(&Notice::ShortRow) {
                findings.notes.add(Notice::ShortRow, place.line_of(start), "");
            }
        }
        match self.begin(start, place, findings) {
            Err(_) if is_blank(place.text.as_bytes(), &self.fields) => return Ok(()),
            begun => begun?,
        }
        self.fields(start, place, findings);
        Ok(())
    }

    /// Begins a row with what each must have.
    fn begin(&mut self, start: usize, place: &mut Place<'_>, findings: &mut Findings) -> Result<(), String> {
        let Columns { lead_id, time, event, id, .. } = &self.plan.columns;
        let [lead_scratch, time_scratch, event_scratch, id_scratch] = &mut self.scratch;
        let (text, fields) = (place.text, &self.fields);
        let numbered;
        let lead_id = match lead_id {
            Some(column) => {
                let id = required("lead_id", trimmed(text, fields, *column, lead_scratch))?;
                readable("lead_id", id)?
            }
            None if is_blank(text.as_bytes(), fields) => return Err(missing("lead_id")),
            None => {
                numbered = place.line_of(start).to_string();
                &numbered
            }
        };
        let (Some(time), Some(event)) = (time, event) else {
            self.rows.begin_lead(lead_id);
            return Ok(());
        };
        let time_text = required("time", trimmed(text, fields, *time, time_scratch))?;
        let time = self.want.time("time", time_text)?;
        if is_early(time, time_text) && !findings.notes.has(&Notice::EarlyTime) {
            findings.notes.add(Notice::EarlyTime, place.line_of(start), time_text);
        }
        let event = required("event", trimmed(text, fields, *event, event_scratch))?;
        let id = id.map(|column| trimmed(text, fields, column, id_scratch)).filter(|id| !id.is_empty());
        let id = id.map(|id| readable("id", id)).transpose()?;
        let name = self.want.name(event);
        self.want.notice_name(name, event, || place.line_of(start), findings);
        self.rows.begin_event(lead_id, time, name, id);
        Ok(())
    }

    /// Adds the fields of the row just begun.
    fn fields(&mut self, start: usize, place: &mut Place<'_>, findings: &mut Findings) {
        let own = self.want.own.fields.iter().zip(&self.plan.columns.own).zip(&mut self.rows.own);
        let side = self.want.side.fields.iter().zip(&self.plan.columns.side).zip(&mut self.rows.side);
        let scratch = &mut self.scratch[0];
        for ((field, source), column) in own.chain(side) {
            match source {
                Source::Nowhere => column.push_absent(),
                Source::Map(entries) => {
                    let value = map(place.text, &self.fields, entries, scratch);
                    let end = self.fields.last().map_or(start, |span| span.end as usize);
                    column.push(place.text.get(start..end).unwrap_or_default(), |_| Cell::Value(value));
                }
                Source::Column(at) => {
                    let text = field_text(place.text, &self.fields, *at, scratch);
                    let mut found = None;
                    column.push(text, |text| {
                        let (cell, notice) = typed(text, field, self.want);
                        found = notice;
                        cell
                    });
                    if let Some(notice) = found.filter(|notice| !findings.notes.has(notice)) {
                        findings.notes.add(notice, place.line_of(start), text);
                    }
                }
            }
        }
    }
}

/// Where in the file a text lies.
#[derive(Debug)]
struct Place<'t> {
    text: &'t str,
    /// A place in the text, and its line.
    at: usize,
    line: u64,
}

impl Place<'_> {
    /// The line of a place that does not lie before those asked for until now.
    fn line_of(&mut self, at: usize) -> u64 {
        if at > self.at {
            self.line += lines(&self.text.as_bytes()[self.at..at]);
            self.at = at;
        }
        self.line
    }
}

/// A cell as the model uses its field, and what to tell of it.
fn typed<'t>(text: &'t str, field: &Field, want: &Want) -> (Cell<'t>, Option<Notice>) {
    if field.usage == Usage::Time {
        return want.time_cell(&field.name, text);
    }
    let cell = cell(text, field.usage);
    let notice = match (field.usage, &cell) {
        (Usage::Number, Cell::Text(_)) => Some(Notice::NoNumber(field.name.clone())),
        (Usage::Bool, Cell::Text(_)) => Some(Notice::NoBool(field.name.clone())),
        _ => None,
    };
    (cell, notice)
}

#[inline]
fn field_text<'t>(text: &'t str, fields: &[Span], column: usize, scratch: &'t mut String) -> &'t str {
    fields.get(column).map_or("", |span| text_of(text, *span, scratch))
}

#[inline]
fn trimmed<'t>(text: &'t str, fields: &[Span], column: usize, scratch: &'t mut String) -> &'t str {
    trim(field_text(text, fields, column, scratch))
}

#[inline]
fn required<'t>(key: &str, text: &'t str) -> Result<&'t str, String> {
    if text.is_empty() { Err(missing(key)) } else { Ok(text) }
}

/// Several columns as one map, all of them text.
fn map(text: &str, fields: &[Span], entries: &[(String, usize)], scratch: &mut String) -> Value {
    let mut values = Vec::new();
    for (key, column) in entries {
        if let Some(value) = cell(field_text(text, fields, *column, scratch), Usage::Text).value() {
            values.push((key.as_str(), value));
        }
    }
    Value::map(values)
}
