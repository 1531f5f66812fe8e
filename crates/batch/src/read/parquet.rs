//! Parquet: row groups, decoded side by side, of which only the wanted columns are read.

mod array;
mod required;
mod times;

use std::{
    fs::File,
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    sync::Arc,
};

use arrow_array::{Array, ArrayRef, BooleanArray, RecordBatch, cast::AsArray};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use kelvin_kernel::plan::Usage;
use parquet::{
    arrow::{
        ProjectionMask,
        arrow_reader::{
            ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
            ParquetRecordBatchReaderBuilder,
        },
    },
    basic::{Encoding, PageType},
    errors::ParquetError,
    file::metadata::{ColumnChunkMetaData, ParquetMetaData},
};

use self::{
    array::{Shared, column, filtered, map_column, masked},
    required::{ids, lead_ids, names, times},
    times::{Times, has_no_zone},
};
use super::{
    columns::Column,
    findings::{FileNotes, Findings},
    input::{Input, Source as InputSource, open},
    mapping::Kind,
    reader::ReadOptions,
    rows::Rows,
    schema::{Columns, Source},
    want::Want,
};
use crate::Error;

/// A Parquet file of which the columns are known.
#[derive(Debug)]
pub(super) struct ParquetFile {
    pub(super) name: Arc<str>,
    pub(super) notes: FileNotes,
    path: PathBuf,
    metadata: Arc<ParquetMetaData>,
    schema: SchemaRef,
    pub(super) columns: Columns,
    /// The places of the columns that are read, ascending.
    read: Vec<usize>,
    /// The column `account` or `context`, where it is a struct and columns such as `context.ip` are not there.
    side: Option<usize>,
    mask: ProjectionMask,
    chunk_rows: usize,
}

/// A row group being decoded.
pub(super) struct Group<'f> {
    file: &'f ParquetFile,
    want: &'f Want,
    reader: ParquetRecordBatchReader,
    /// The position of the next row, and its number in the file.
    next: u64,
    row: u64,
    bytes: u64,
    /// By column of the file, the dictionary of the batch before.
    shared: Vec<Shared>,
}

impl ParquetFile {
    /// Opens a file and finds its wanted columns.
    ///
    /// # Errors
    /// It cannot be opened, is no Parquet, or a wanted column is missing or of another type.
    pub(super) fn open(input: Input, want: &Want, options: &ReadOptions) -> Result<Self, Error> {
        let name = input.name.clone();
        let InputSource::Path(path) = input.source else {
            return Err(Error::NoStream { file: name });
        };
        let opened = open(&path).map_err(|cause| Error::Open { file: name.clone(), cause })?;
        let wrong = |cause| Error::Parquet { file: name.clone(), cause };
        let loaded = guarded(|| ArrowReaderMetadata::load(&opened, plain_types())).map_err(wrong)?;
        let (metadata, schema) = (loaded.metadata().clone(), loaded.schema().clone());
        let header: Vec<String> = schema.fields().iter().map(|field| field.name().clone()).collect();
        let (columns, mut warnings) = Columns::find(&name, &header, want)?;
        required::check_types(&name, &schema, &columns, metadata.file_metadata().num_rows() > 0)?;
        required::check_compression(&name, &metadata)?;
        warnings.extend(required::zone_warning(&schema, &columns, want));
        let side = side_struct(&schema, &columns, want);
        let read = read_columns(&columns, side);
        let leaves = metadata.file_metadata().schema_descr();
        let mask = ProjectionMask::roots(leaves, read.iter().copied());
        Ok(Self {
            notes: FileNotes::new(warnings),
            name,
            path,
            metadata,
            schema,
            columns,
            read,
            side,
            mask,
            chunk_rows: options.chunk_rows,
        })
    }

    /// How many row groups there are.
    pub(super) fn groups(&self) -> usize {
        self.metadata.num_row_groups()
    }

    /// Begins to decode a row group whose first row has position `first`.
    ///
    /// # Errors
    /// The file cannot be opened again, or is damaged.
    pub(super) fn group<'f>(&'f self, group: usize, first: u64, want: &'f Want) -> Result<Group<'f>, Error> {
        let wrong = |cause| Error::Parquet { file: self.name.clone(), cause };
        // A file of its own: handles that are cloned share one place in the file.
        let file = open(&self.path).map_err(|cause| Error::Open { file: self.name.clone(), cause })?;
        let options = plain_types().with_schema(self.schema_for(group));
        let reader = guarded(|| self.reader(file, group, options)).map_err(wrong)?;
        let rows = |group| self.metadata.row_group(group).num_rows().max(0) as u64;
        let bytes = self.metadata.row_group(group).columns().iter();
        Ok(Group {
            file: self,
            want,
            reader,
            next: first,
            row: (0..group).map(rows).sum::<u64>() + 1,
            bytes: bytes.map(|column| column.compressed_size().max(0) as u64).sum(),
            shared: vec![Shared::default(); self.schema.fields().len()],
        })
    }

    fn reader(
        &self,
        file: File,
        group: usize,
        options: ArrowReaderOptions,
    ) -> Result<ParquetRecordBatchReader, ParquetError> {
        let metadata = ArrowReaderMetadata::try_new(self.metadata.clone(), options)?;
        ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata)
            .with_row_groups(vec![group])
            .with_projection(self.mask.clone())
            .with_batch_size(self.chunk_rows)
            .build()
    }

    /// The types that the columns of a row group are read as: texts by the file's own dictionary where it has one
    /// for all of the group.
    fn schema_for(&self, group: usize) -> SchemaRef {
        let chunks = self.metadata.row_group(group).columns();
        let typed = |(place, field): (usize, &Arc<Field>)| {
            if *field.data_type() != DataType::Utf8 {
                return field.clone();
            }
            let chunk = chunks.iter().find(|chunk| chunk.column_path().parts() == [field.name().as_str()]);
            let columns = &self.columns;
            let one_by_one = [columns.lead_id, columns.time, columns.id].contains(&Some(place));
            let text = if !one_by_one && chunk.is_some_and(is_dictionary) {
                DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
            } else {
                DataType::Utf8View
            };
            Arc::new(field.as_ref().clone().with_data_type(text))
        };
        Arc::new(Schema::new(self.schema.fields().iter().enumerate().map(typed).collect::<Vec<_>>()))
    }
}

impl Group<'_> {
    /// The next rows; `None` at the end of the group.
    ///
    /// # Errors
    /// The file is damaged.
    pub(super) fn next(&mut self, findings: &mut Findings) -> Result<Option<Rows>, Error> {
        let name = &self.file.name;
        let wrong = |cause| Error::Parquet { file: name.clone(), cause };
        let read = guarded(|| self.reader.next().transpose().map_err(ParquetError::from));
        let Some(batch) = read.map_err(wrong)? else {
            return Ok(None);
        };
        let rows = self.rows(&batch, findings);
        self.next += batch.num_rows() as u64;
        self.row += batch.num_rows() as u64;
        Ok(Some(rows))
    }

    /// The file that the group is of.
    pub(super) fn file(&self) -> &ParquetFile {
        self.file
    }

    /// How many bytes of the file the group takes.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Decodes a batch.
    fn rows(&mut self, batch: &RecordBatch, findings: &mut Findings) -> Rows {
        let columns = &self.file.columns;
        let array = |place: usize| self.file.read.binary_search(&place).ok().map(|at| batch.column(at));
        let mut faults = Faults {
            rows: batch.num_rows(),
            keep: Vec::new(),
            first_row: self.row,
            findings: &mut *findings,
        };
        let lead_ids = lead_ids(columns.lead_id.and_then(array), self.row, &mut faults);
        let (mut event_times, mut event_names) = (Vec::new(), Vec::new());
        if let (Kind::Events, Some(time), Some(event)) = (self.want.kind, columns.time, columns.event) {
            event_times = times(array(time), self.want, &mut faults);
            event_names = names(array(event), self.want, &mut faults);
        }
        let ids = columns.id.and_then(array).and_then(|array| ids(array, &mut faults));
        let keep = faults.keep;
        let mut rows = Rows {
            first: self.next,
            lead_ids,
            times: event_times,
            names: event_names,
            ids,
            own: Vec::new(),
            side: Vec::new(),
            writes: Vec::new(),
            account_writes: Vec::new(),
        };
        let side = self.file.side.and_then(array);
        rows.own = sources(&columns.own, &array, &mut self.shared);
        rows.side = sources(&columns.side, &array, &mut self.shared);
        if let Some(side) = side {
            self.take_from_struct(&mut rows.side, side);
        }
        let bare = |source: &Source| match source {
            Source::Column(place) => array(*place).is_some_and(|array| has_no_zone(array.data_type())),
            _ => false,
        };
        for (fields, sources, found) in [
            (&self.want.own.fields, &columns.own, &mut rows.own),
            (&self.want.side.fields, &columns.side, &mut rows.side),
        ] {
            for ((field, source), column) in fields.iter().zip(sources).zip(found) {
                if field.usage == Usage::Time {
                    let notes = &mut findings.notes;
                    let times = Times { field: &field.name, want: self.want, first_row: self.row, notes };
                    *column = times.column(std::mem::take(column), batch.num_rows(), bare(source));
                }
            }
        }
        if keep.is_empty() { rows } else { filtered(rows, &BooleanArray::from(keep)) }
    }

    /// Fills the columns that no column of the file stands for from the struct `account` or `context`.
    fn take_from_struct(&self, columns: &mut [Column], side: &ArrayRef) {
        let Some(side) = side.as_struct_opt() else { return };
        for (field, column_of) in self.want.side.fields.iter().zip(columns) {
            if !matches!(column_of, Column::Absent) {
                continue;
            }
            if *field.name == *kelvin_kernel::plan::Field::WHOLE {
                let whole: ArrayRef = Arc::new(side.clone());
                *column_of = column(&whole, &mut Shared::default());
            } else if let Some(child) = side.column_by_name(&field.name) {
                // A child may have a value where the struct is null: mask it.
                *column_of = column(&masked(child, side.nulls()), &mut Shared::default());
            }
        }
    }
}

/// The rows of a batch that cannot be used.
struct Faults<'f> {
    rows: usize,
    /// Which rows to keep; empty while that is all.
    keep: Vec<bool>,
    first_row: u64,
    findings: &'f mut Findings,
}

impl Faults<'_> {
    /// Rejects a row, unless it has been already.
    fn reject(&mut self, row: usize, reason: String) {
        self.keep.resize(self.rows, true);
        if std::mem::replace(&mut self.keep[row], false) {
            self.findings.reject(self.first_row + row as u64, reason);
        }
    }
}

/// The types that the Parquet schema itself tells, whatever the writer's own may have been.
fn plain_types() -> ArrowReaderOptions {
    ArrowReaderOptions::new().with_skip_arrow_metadata(true)
}

/// Runs what decodes foreign bytes; a panic in it is a damaged file.
fn guarded<T>(read: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, ParquetError> {
    catch_unwind(AssertUnwindSafe(read))
        .unwrap_or_else(|_| Err(ParquetError::General("it is damaged".to_owned())))
}

/// Whether a column of a row group has all its values in a dictionary.
fn is_dictionary(chunk: &ColumnChunkMetaData) -> bool {
    let plain = |encoding| !matches!(encoding, Encoding::PLAIN_DICTIONARY | Encoding::RLE_DICTIONARY);
    match (chunk.page_encoding_stats_mask(), chunk.page_encoding_stats()) {
        (Some(mask), _) => !mask.encodings().any(plain),
        (None, Some(stats)) => {
            let data = stats
                .iter()
                .filter(|stat| matches!(stat.page_type, PageType::DATA_PAGE | PageType::DATA_PAGE_V2));
            !data.map(|stat| stat.encoding).any(plain)
        }
        (None, None) => chunk.dictionary_page_offset().is_some(),
    }
}

/// The column `account` or `context` if it is a struct that some field is to be taken from.
fn side_struct(schema: &Schema, columns: &Columns, want: &Want) -> Option<usize> {
    let name = match want.kind {
        Kind::Leads => "account",
        Kind::Events => "context",
    };
    let (place, field) = schema.column_with_name(name)?;
    let lacking = |source: &Source| match source {
        Source::Nowhere => true,
        Source::Column(_) => false,
        Source::Map(entries) => entries.is_empty(),
    };
    (matches!(field.data_type(), DataType::Struct(_)) && columns.side.iter().any(lacking)).then_some(place)
}

/// The places of all columns that are read, ascending.
fn read_columns(columns: &Columns, side: Option<usize>) -> Vec<usize> {
    let required = [columns.lead_id, columns.time, columns.event, columns.id, side];
    let mut read: Vec<usize> = required.into_iter().flatten().collect();
    for source in columns.own.iter().chain(&columns.side) {
        match source {
            Source::Nowhere => {}
            Source::Column(place) => read.push(*place),
            Source::Map(entries) => read.extend(entries.iter().map(|(_, place)| *place)),
        }
    }
    read.sort_unstable();
    read.dedup();
    read
}

/// The columns of some slots.
fn sources<'b>(
    sources: &[Source],
    array: &impl Fn(usize) -> Option<&'b ArrayRef>,
    shared: &mut [Shared],
) -> Vec<Column> {
    let of = |source: &Source| match source {
        Source::Nowhere => Column::Absent,
        Source::Map(entries) if entries.is_empty() => Column::Absent,
        Source::Column(place) => {
            array(*place).map_or(Column::Absent, |found| column(found, &mut shared[*place]))
        }
        Source::Map(entries) => {
            let arrays = entries.iter().filter_map(|(key, place)| Some((key.as_str(), array(*place)?)));
            map_column(&arrays.collect::<Vec<_>>())
        }
    };
    sources.iter().map(of).collect()
}
