//! Columns as row groups of a Parquet file, each encoded as suits what it holds.

use std::io::Write;

use arrow_array::{Array, ArrayRef, Float64Array};
use arrow_schema::{DataType, Field, SchemaRef};
use parquet::{
    arrow::{
        ArrowWriter,
        arrow_writer::{ArrowColumnChunk, ArrowRowGroupWriterFactory, ArrowWriterOptions, compute_leaves},
    },
    basic::{Compression, Encoding, ZstdLevel},
    errors::ParquetError,
    file::{
        properties::{EnabledStatistics, WriterProperties},
        writer::SerializedFileWriter,
    },
    schema::types::ColumnPath,
};

use super::columns::{ACCOUNT, LEAD};

/// The file being written.
pub(crate) struct ParquetFile<W: Write + Send> {
    writer: SerializedFileWriter<W>,
}

/// What makes row groups, in any thread.
#[derive(Debug)]
pub(crate) struct RowGroups {
    schema: SchemaRef,
    /// One for each kind of [`Numbers`], in their order.
    factories: [ArrowRowGroupWriterFactory; 3],
}

/// What a column of numbers in points is like, and with that how it is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Numbers {
    /// Few that differ: a dictionary of them is short.
    Few,
    /// Many that differ, many that do not: compressed.
    Mixed,
    /// Most differ, in most of their bytes: compressing them takes long and gains little.
    Many,
}

/// Starts a file of these columns.
pub(crate) fn start<W: Write + Send>(
    out: W,
    schema: SchemaRef,
) -> Result<(ParquetFile<W>, RowGroups), ParquetError> {
    let (writer, mixed) = writer(out, &schema, Numbers::Mixed)?;
    // A factory knows the properties of the writer that it came from.
    let factory = |numbers| Ok::<_, ParquetError>(self::writer(std::io::sink(), &schema, numbers)?.1);
    let factories = [factory(Numbers::Few)?, mixed, factory(Numbers::Many)?];
    Ok((ParquetFile { writer }, RowGroups { schema, factories }))
}

fn writer<W: Write + Send>(
    out: W,
    schema: &SchemaRef,
    numbers: Numbers,
) -> Result<(SerializedFileWriter<W>, ArrowRowGroupWriterFactory), ParquetError> {
    let properties = properties(schema, numbers)?;
    // Readers need no hint on how the columns lay in memory here.
    let options = ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
    ArrowWriter::try_new_with_options(out, schema.clone(), options)?.into_serialized_writer()
}

fn properties(schema: &SchemaRef, numbers: Numbers) -> Result<WriterProperties, ParquetError> {
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
        .set_created_by(concat!("kelvin ", env!("CARGO_PKG_VERSION")).to_owned());
    for field in schema.fields() {
        let column = ColumnPath::from(field.name().as_str());
        properties = match field.data_type() {
            // Ids that follow each other begin alike.
            _ if is_id(field) => properties
                .set_column_dictionary_enabled(column.clone(), false)
                .set_column_encoding(column, Encoding::DELTA_BYTE_ARRAY),
            // The least and the greatest of a few names tell a reader nothing, and finding them takes long.
            DataType::Dictionary(..) => properties
                .set_column_statistics_enabled(column.clone(), EnabledStatistics::None)
                .set_column_compression(column, Compression::UNCOMPRESSED),
            // Instants are either the same in all rows or spread over some months.
            DataType::Timestamp(..) => properties
                .set_column_dictionary_enabled(column.clone(), false)
                .set_column_encoding(column.clone(), Encoding::DELTA_BINARY_PACKED)
                .set_column_compression(column, Compression::UNCOMPRESSED),
            DataType::Float64 => match numbers {
                Numbers::Few => properties.set_column_compression(column, Compression::UNCOMPRESSED),
                Numbers::Mixed => properties.set_column_dictionary_enabled(column, false),
                Numbers::Many => properties
                    .set_column_dictionary_enabled(column.clone(), false)
                    .set_column_compression(column, Compression::UNCOMPRESSED),
            },
            _ => properties,
        };
    }
    Ok(properties.build())
}

fn is_id(field: &Field) -> bool {
    field.name() == LEAD[0] || field.name() == ACCOUNT[0]
}

impl<W: Write + Send> ParquetFile<W> {
    /// Appends a row group.
    pub(crate) fn put(&mut self, columns: Vec<ArrowColumnChunk>) -> Result<(), ParquetError> {
        let mut group = self.writer.next_row_group()?;
        for column in columns {
            column.append_to_row_group(&mut group)?;
        }
        group.close()?;
        Ok(())
    }

    /// Writes what stands at the end of the file.
    pub(crate) fn finish(self) -> Result<(), ParquetError> {
        self.writer.close().map(drop)
    }
}

impl RowGroups {
    /// Encodes the columns of a row group.
    pub(crate) fn encode(
        &self,
        place: usize,
        columns: &[ArrayRef],
    ) -> Result<Vec<ArrowColumnChunk>, ParquetError> {
        let [few, mixed, many] = &self.factories;
        let writers = |factory: &ArrowRowGroupWriterFactory| factory.create_column_writers(place);
        let mut writers = writers(few)?.into_iter().zip(writers(mixed)?).zip(writers(many)?);
        let mut chunks = Vec::new();
        for (field, column) in self.schema.fields().iter().zip(columns) {
            let numbers = column.as_any().downcast_ref().map_or(Numbers::Mixed, Numbers::of);
            for (leaf, ((few, mixed), many)) in compute_leaves(field, column)?.iter().zip(writers.by_ref()) {
                let mut writer = match numbers {
                    Numbers::Few => few,
                    Numbers::Mixed => mixed,
                    Numbers::Many => many,
                };
                writer.write(leaf)?;
                chunks.push(writer.close()?);
            }
        }
        Ok(chunks)
    }
}

impl Numbers {
    /// What these are like.
    fn of(numbers: &Float64Array) -> Self {
        let rows = numbers.len();
        // Each number marks one of twice as many places as there are rows. Which one looks like chance, but is the same
        // for equal numbers: the more of them differ, the more places are marked.
        let places = 2 * rows as u64;
        let mut marks = vec![0_u64; rows / 32 + 1];
        let mut short = 0;
        for number in numbers.values() {
            let bits = number.to_bits();
            let chance = (bits ^ bits >> 32).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let place = (u128::from(chance) * u128::from(places)) >> 64;
            marks[place as usize / 64] |= 1 << (place % 64);
            short += usize::from(bits as u32 == 0);
        }
        let marked = marks.iter().map(|marks| marks.count_ones() as usize).sum::<usize>();
        // Where `d` of `n` numbers differ, about `2n (1 - e^(-d/2n))` places are marked: an eighth of `n` for an eighth
        // that differ, five eighths for three quarters.
        if marked * 8 <= rows {
            Self::Few
        } else if marked * 8 >= rows * 5 && short * 8 <= rows {
            Self::Many
        } else {
            Self::Mixed
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encoding_of_numbers_follows_from_how_many_differ() {
        let check = |number: fn(usize) -> f64, expect| {
            for rows in [100, 5_000, 131_072] {
                let numbers: Float64Array = (0..rows).map(number).collect();
                assert_eq!(Numbers::of(&numbers), expect, "{rows} rows");
            }
        };
        check(|_| 0.0, Numbers::Few);
        check(|row| (row % 8) as f64 * 2.5, Numbers::Few);
        check(|row| if row % 2 == 0 { 0.0 } else { row as f64 * 0.123_457 }, Numbers::Mixed);
        check(|row| row as f64 * 0.123_457, Numbers::Many);
        // Whole numbers have many bytes that are 0.
        check(|row| row as f64, Numbers::Mixed);
        assert_eq!(Numbers::of(&Float64Array::from(vec![0.0; 0])), Numbers::Few);
    }
}
