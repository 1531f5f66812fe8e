//! The reader: hands out pieces of its inputs to any number of workers, which decode them side by side.

use std::{
    collections::BTreeSet,
    fmt,
    marker::PhantomData,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use super::{
    bytes::{Buffer, Bytes, Piece},
    chunk::{EventChunk, LeadChunk},
    findings::{Findings, Warning},
    input::{Format, Input},
    mapping::{Entry, Kind, Mapping},
    parquet::{Group, ParquetFile},
    rejects::{InOrder, Rejects},
    rows::Rows,
    schema::{Columns, meant},
    seen::Seen,
    suggest::likeliest,
    text::{TextDecoder, TextFile},
    timeless,
    want::Want,
    wanted::Wanted,
    zone::TimeZone,
};
use crate::Error;

/// A kind of chunk: of leads or of events.
pub trait Chunk: From<Rows> {
    /// Which inputs it comes from.
    const KIND: Kind;
}

impl Chunk for LeadChunk {
    const KIND: Kind = Kind::Leads;
}

impl Chunk for EventChunk {
    const KIND: Kind = Kind::Events;
}

/// How inputs are read.
#[derive(Debug, Clone)]
pub struct ReadOptions {
    /// What the columns are called.
    pub mapping: Mapping,
    /// Where times without an offset were noted; such times are rejected if absent.
    pub time_zone: Option<TimeZone>,
    /// About how many bytes of text a chunk is decoded from.
    pub chunk_bytes: usize,
    /// How many rows of Parquet a chunk holds at most.
    pub chunk_rows: usize,
    /// How many bytes of text a row may have at the least; one that is longer may be rejected, so that memory is bounded.
    pub row_bytes: usize,
    /// What stands between the fields of delimited text; found out if absent.
    pub delimiter: Option<u8>,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            mapping: Mapping::default(),
            time_zone: None,
            chunk_bytes: 4 << 20,
            chunk_rows: 32 << 10,
            row_bytes: 16 << 20,
            delimiter: None,
        }
    }
}

/// Reads leads or events from inputs, in chunks.
pub struct Reader<C> {
    want: Want,
    files: Vec<File>,
    queue: Mutex<Queue>,
    order: InOrder,
    seen: Seen,
    progress: Arc<AtomicU64>,
    bytes_total: Option<u64>,
    chunk: PhantomData<fn() -> C>,
}

/// Reads leads.
pub type Leads = Reader<LeadChunk>;
/// Reads events.
pub type Events = Reader<EventChunk>;

enum File {
    Text(TextFile),
    Parquet(ParquetFile),
}

impl File {
    fn name(&self) -> &Arc<str> {
        match self {
            Self::Text(file) => &file.name,
            Self::Parquet(file) => &file.name,
        }
    }

    fn columns(&self) -> Option<&Columns> {
        match self {
            Self::Text(file) => file.columns(),
            Self::Parquet(file) => Some(&file.columns),
        }
    }

    fn keys(&self) -> &[String] {
        match self {
            Self::Text(file) => file.keys(),
            Self::Parquet(_) => &[],
        }
    }
}

/// What is still to be handed out.
struct Queue {
    /// The files that are not read to their end, with their places in [`Reader::files`], last first.
    open: Vec<(usize, Open)>,
    /// The number of the next unit.
    unit: u64,
}

enum Open {
    Text(Bytes),
    /// The next row group.
    Group(usize),
}

/// What one worker decodes by itself: a piece of a text, or a row group of a Parquet file.
enum Unit<'r> {
    Piece(usize, &'r TextFile, Piece),
    Group(&'r ParquetFile, usize),
}

/// One of the threads that read.
pub struct Worker<'r, C> {
    reader: &'r Reader<C>,
    buffer: Buffer,
    decoders: Vec<Option<TextDecoder<'r>>>,
    group: Option<(u64, Group<'r>, Findings)>,
}

/// A position has the number of the unit above these bits, and that of the row in it below.
const UNIT_BITS: u32 = 32;

impl<C: Chunk> Reader<C> {
    /// Opens all inputs, and reads as far as it takes to know their columns.
    ///
    /// # Errors
    /// An input that cannot be opened, is of an unknown format, or lacks a column that must be there.
    pub fn open(inputs: Vec<Input>, wanted: &Wanted, options: &ReadOptions) -> Result<Self, Error> {
        let want = Want::new(C::KIND, wanted, &options.mapping, options.time_zone.clone());
        if inputs.len() > 1 && want.mapped("lead_id") == Some(Entry::LINE) {
            return Err(Error::LinesOfFiles { kind: C::KIND });
        }
        let progress = Arc::new(AtomicU64::new(0));
        let mut bytes_total = Some(0);
        let (mut files, mut open) = (Vec::new(), Vec::new());
        for input in inputs {
            bytes_total = bytes_total.zip(input.length()).map(|(sum, length)| sum + length);
            let format = input.format()?;
            let (file, opened) = if format.0 == Format::Parquet {
                (File::Parquet(ParquetFile::open(input, &want, options)?), Open::Group(0))
            } else {
                let (file, bytes) = TextFile::open(input, format, &want, options, progress.clone())?;
                (File::Text(file), Open::Text(bytes))
            };
            open.push((files.len(), opened));
            files.push(file);
        }
        let seen = Seen::new(&want);
        files.iter().filter_map(File::columns).for_each(|columns| seen.take_columns(columns));
        open.reverse();
        let queue = Mutex::new(Queue { open, unit: 0 });
        Ok(Self {
            want,
            files,
            queue,
            order: InOrder::default(),
            seen,
            progress,
            bytes_total,
            chunk: PhantomData,
        })
    }

    /// A worker; each thread that reads has its own.
    pub fn worker(&self) -> Worker<'_, C> {
        let decoders = self.files.iter().map(|_| None).collect();
        Worker { reader: self, buffer: Buffer::default(), decoders, group: None }
    }

    /// What was noticed of the inputs, by file: complete once all workers are done.
    pub fn warnings(&self) -> Vec<Warning> {
        let of_file = |file: &File| match file {
            File::Text(file) => file.notes.warnings(&file.name),
            File::Parquet(file) => file.notes.warnings(&file.name),
        };
        self.files.iter().flat_map(of_file).collect()
    }

    /// What to tell of fields that the model reads and no row has, unless they are `optional`, or the rows of `writers`
    /// write them.
    pub(crate) fn missing<W>(
        &self,
        writers: Option<&Reader<W>>,
        optional: &BTreeSet<String>,
    ) -> Vec<Warning> {
        let told: Vec<&str> = self.files.iter().filter_map(File::columns).flat_map(Columns::likely).collect();
        let mut missing = self.seen.missing(&self.want, writers.map(|writers| &writers.seen));
        missing
            .retain(|field| !told.contains(&field.as_str()) && !optional.contains(&self.want.written(field)));
        let keys: Vec<String> = self.files.iter().flat_map(File::keys).cloned().collect();
        let likely: Vec<_> =
            missing.iter().filter_map(|field| Some((field.as_str(), likeliest(field, &keys)?))).collect();
        let others = missing.iter().filter(|field| !likely.iter().any(|(told, _)| told == field));
        let others: Vec<_> = others.map(|field| format!("`{field}`")).collect();
        let file: Arc<str> = match self.files.as_slice() {
            [file] => file.name().clone(),
            _ if C::KIND == Kind::Leads => "leads".into(),
            _ => "events".into(),
        };
        let likely = (!likely.is_empty()).then(|| meant(&likely));
        let others = (!others.is_empty()).then(|| format!("{}, which the model reads", others.join(", ")));
        let told = likely.into_iter().chain(others);
        told.map(|fields| Warning { file: file.clone(), text: format!("no row has {fields}") }).collect()
    }

    /// The files in which a field is looked for, with the names of their columns where a header tells them.
    pub(crate) fn looking_for(&self, field: &str) -> impl Iterator<Item = (&str, Option<&[String]>)> {
        let files = self.files.iter().filter(|_| self.want.reads(field));
        files.map(|file| (&**file.name(), file.columns().map(Columns::names)))
    }

    /// The names of all columns, if every input tells them before its rows.
    pub fn columns(&self) -> Option<BTreeSet<&str>> {
        let names = |file| File::columns(file).map(Columns::names);
        let names: Option<Vec<&[String]>> = self.files.iter().map(names).collect();
        Some(names?.into_iter().flatten().map(String::as_str).collect())
    }

    /// How many bytes all inputs have, where that is known.
    pub fn bytes_total(&self) -> Option<u64> {
        self.bytes_total
    }

    /// How many of them have been read so far.
    pub fn bytes_read(&self) -> u64 {
        self.progress.load(Ordering::Relaxed)
    }

    /// Hands out the next unit with its number; the bytes of a piece go to `buffer`.
    fn take(&self, buffer: &mut Buffer) -> Result<Option<(u64, Unit<'_>)>, Error> {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let Queue { open, unit } = &mut *queue;
        while let Some((place, opened)) = open.last_mut() {
            let taken = match (&self.files[*place], opened) {
                (File::Text(file), Open::Text(bytes)) => {
                    file.next(bytes, buffer)?.map(|piece| Unit::Piece(*place, file, piece))
                }
                (File::Parquet(file), Open::Group(next)) if *next < file.groups() => {
                    *next += 1;
                    Some(Unit::Group(file, *next - 1))
                }
                _ => None,
            };
            if let Some(taken) = taken {
                *unit += 1;
                return Ok(Some((*unit - 1, taken)));
            }
            open.pop();
        }
        Ok(None)
    }
}

impl<C: Chunk> Worker<'_, C> {
    /// The next chunk that is this worker's to handle, never empty; `None` when nothing is left.
    /// Rejected rows are told to `rejects`, which all workers share.
    ///
    /// # Errors
    /// An input cannot be read on, or `rejects` wants no more.
    pub fn next(&mut self, rejects: &Rejects<'_>) -> Result<Option<C>, Error> {
        loop {
            if rejects.stopped() {
                return Err(Error::Stopped);
            }
            if let Some((unit, group, findings)) = &mut self.group {
                if let Some(rows) = group.next(findings)? {
                    timeless::count(&rows, &self.reader.want, &mut findings.notes);
                    if rows.lead_ids.is_empty() {
                        continue;
                    }
                    self.reader.seen.take_rows(&rows);
                    return Ok(Some(rows.into()));
                }
                self.reader.progress.fetch_add(group.bytes(), Ordering::Relaxed);
                group.file().notes.take(&mut findings.notes);
                self.reader.order.settle(*unit, std::mem::take(&mut findings.rejects), rejects);
                self.group = None;
                continue;
            }
            let Some((unit, taken)) = self.reader.take(&mut self.buffer)? else {
                return Ok(None);
            };
            match taken {
                Unit::Group(file, group) => {
                    let group = file.group(group, unit << UNIT_BITS, &self.reader.want)?;
                    self.group = Some((unit, group, Findings::new(file.name.clone())));
                }
                Unit::Piece(place, file, piece) => {
                    let rows = self.piece(unit, place, file, piece, rejects);
                    if let Some(rows) = rows.filter(|rows| !rows.lead_ids.is_empty()) {
                        self.reader.seen.take_rows(&rows);
                        return Ok(Some(rows.into()));
                    }
                }
            }
        }
    }

    /// Decodes the piece in the buffer.
    fn piece(
        &mut self,
        unit: u64,
        place: usize,
        file: &'_ TextFile,
        piece: Piece,
        rejects: &Rejects<'_>,
    ) -> Option<Rows> {
        let mut findings = Findings::new(file.name.clone());
        let rows = match piece {
            Piece::TooLong { line } => {
                findings.reject(line, file.too_long());
                None
            }
            Piece::Records { line } => {
                let File::Text(file) = &self.reader.files[place] else { return None };
                let decoder = self.decoders[place].get_or_insert_with(|| file.decoder(&self.reader.want));
                let rows = decoder.decode(self.buffer.piece(), line, unit << UNIT_BITS, &mut findings);
                timeless::count(&rows, &self.reader.want, &mut findings.notes);
                Some(rows)
            }
        };
        file.notes.take(&mut findings.notes);
        self.reader.order.settle(unit, findings.rejects, rejects);
        rows
    }
}

impl<C: Chunk> fmt::Debug for Reader<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader")
            .field("kind", &C::KIND)
            .field("inputs", &self.files.len())
            .finish_non_exhaustive()
    }
}

impl<C: Chunk> fmt::Debug for Worker<'_, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Worker").field("reader", self.reader).finish_non_exhaustive()
    }
}
