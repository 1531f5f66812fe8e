//! Parquet, with columns of many types.

use std::{path::PathBuf, sync::Arc};

use arrow_array::{ArrayRef, RecordBatch, types::*, *};
use arrow_schema::{DataType, Field, Schema};
use kelvin_batch::{
    Error,
    read::{EventChunk, Input, LeadChunk, ReadOptions, TimeZone},
};
use parquet::{
    arrow::ArrowWriter,
    basic::{BrotliLevel, Compression, GzipLevel, ZstdLevel},
    file::properties::WriterProperties,
};

use super::{Outcome, Rows, expect, failure, read, wanted};

type Columns = Vec<(&'static str, ArrayRef)>;

/// Writes columns to a file with row groups of some rows.
fn write(columns: Columns, group: usize) -> (tempfile::TempDir, PathBuf) {
    write_as(columns, WriterProperties::builder().set_max_row_group_row_count(Some(group)).build())
}

fn write_as(columns: Columns, properties: WriterProperties) -> (tempfile::TempDir, PathBuf) {
    let field = |(name, array): &(&str, ArrayRef)| Field::new(*name, array.data_type().clone(), true);
    let schema = Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<_>>()));
    let batch =
        RecordBatch::try_new(schema.clone(), columns.into_iter().map(|(_, array)| array).collect()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("f.parquet");
    let file = std::fs::File::create(&path).unwrap();
    let mut writer = ArrowWriter::try_new(file, schema, Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    (folder, path)
}

/// The outcome, with the file's folder taken from its messages.
fn outcome<C: Rows>(
    columns: Columns,
    own: &[&str],
    side: &[&str],
    options: &ReadOptions,
) -> Result<Outcome, Error> {
    let (folder, path) = write(columns, 3);
    let mut outcome = read::<C>(vec![Input::file(&path)], &wanted(own, side), options, 2)?;
    let prefix = format!("{}/", folder.path().display());
    for text in outcome.rejects.iter_mut().chain(&mut outcome.warnings) {
        *text = text.replace(&prefix, "");
    }
    Ok(outcome)
}

fn texts(texts: &[Option<&str>]) -> ArrayRef {
    Arc::new(StringArray::from(texts.to_vec()))
}

fn all<T: Array + 'static>(array: T) -> ArrayRef {
    Arc::new(array)
}

#[test]
fn a_file_without_rows_may_have_columns_of_no_type() {
    let columns = |rows| -> Columns {
        ["lead_id", "time", "event"].map(|name| (name, all(NullArray::new(rows)))).into()
    };
    let read = |rows| outcome::<EventChunk>(columns(rows), &[], &[], &ReadOptions::default());
    expect(&read(0), &[], &[], &[]);
    assert!(matches!(read(1), Err(Error::ColumnType { .. })));
}

#[test]
fn attributes_have_the_types_of_their_columns() {
    let columns: Columns = vec![
        ("lead_id", texts(&[Some("a"), Some("b"), Some("c"), Some("d")])),
        ("text", texts(&[Some("x"), None, Some("x"), Some("y")])),
        ("large", all(LargeStringArray::from(vec![Some("x"), None, Some("x"), Some("y")]))),
        (
            "category",
            all(vec![Some("x"), None, Some("x"), Some("y")]
                .into_iter()
                .collect::<DictionaryArray<Int8Type>>()),
        ),
        ("int", all(Int64Array::from(vec![Some(1), None, Some(3), Some(4)]))),
        ("small", all(Int16Array::from(vec![Some(1), None, Some(3), Some(4)]))),
        ("huge", all(UInt64Array::from(vec![Some(u64::MAX), None, Some(3), Some(4)]))),
        ("double", all(Float64Array::from(vec![Some(1.5), None, Some(f64::NAN), Some(4.0)]))),
        ("float", all(Float32Array::from(vec![Some(1.5), None, Some(f32::NAN), Some(4.0)]))),
        ("bool", all(BooleanArray::from(vec![Some(true), None, Some(false), Some(true)]))),
        (
            "price",
            all(Decimal128Array::from(vec![Some(1250), None, Some(-5), Some(4)])
                .with_precision_and_scale(10, 2)
                .unwrap()),
        ),
        ("none", all(NullArray::new(4))),
    ];
    let own =
        ["text", "large", "category", "int", "small", "huge", "double", "float", "bool", "price", "none"];
    let outcome = outcome::<LeadChunk>(columns, &own, &[], &ReadOptions::default());
    expect(
        &outcome,
        &[
            r#"a text="x" large="x" category="x" int=1 small=1 huge=Uint(18446744073709551615) double=1.5 float=1.5 bool=true price=12.5"#,
            "b",
            r#"c text="x" large="x" category="x" int=3 small=3 huge=3 bool=false price=-0.05"#,
            r#"d text="y" large="y" category="y" int=4 small=4 huge=4 double=4.0 float=4.0 bool=true price=0.04"#,
        ],
        &[],
        &[],
    );
}

#[test]
fn a_field_that_the_model_takes_for_a_time_is_read_as_those_of_events_are() {
    let columns = || -> Columns {
        vec![
            ("lead_id", texts(&[Some("a"), Some("b"), Some("c"), None])),
            (
                "text",
                texts(&[Some("yesterday"), Some("2026-01-01 10:00"), Some("2026-01-01T10:00:00Z"), None]),
            ),
            ("bare", all(TimestampMillisecondArray::from(vec![7_200_000; 4]))),
            ("zoned", all(TimestampMillisecondArray::from(vec![7_200_000; 4]).with_timezone("UTC"))),
            ("number", all(Float64Array::from(vec![Some(1.5), None, None, None]))),
        ]
    };
    let own = ["text@", "bare@", "zoned@", "number@"];
    let at_1970 = |hour| format!("Timestamp(Timestamp {{ seconds: {}, nanos: 0 }})", hour * 3600);
    let times = |bare, zoned| format!("bare={} zoned={}", at_1970(bare), at_1970(zoned));
    let plain = times(2, 2);
    let expect_rows = [
        &*format!(r#"a text="yesterday" {plain} number=1.5"#),
        &*format!(r#"b text="2026-01-01 10:00" {plain}"#),
        &*format!(r#"c text="2026-01-01T10:00:00Z" {plain}"#),
    ];
    expect(
        &outcome::<LeadChunk>(columns(), &own, &[], &ReadOptions::default()),
        &expect_rows,
        &["f.parquet:4: `lead_id` is missing"],
        &[
            "f.parquet: the model uses `number` as a time, but `1.5` in line 1 is none, and counts as absent: expected a time such as `2026-03-01T10:00:00Z`, a date, or milliseconds since 1970",
            "f.parquet: the model uses `text` as a time, but `yesterday` in line 1 is none, and counts as absent: expected a time such as `2026-03-01T10:00:00Z`, a date, or milliseconds since 1970",
            "f.parquet: the model uses `text` as a time, but `2026-01-01 10:00` in line 2 has no offset from UTC, and counts as absent: `--time-zone UTC` reads such times as UTC",
        ],
    );
    let options = ReadOptions { time_zone: Some(TimeZone::at_offset(3_600_000)), ..ReadOptions::default() };
    let rows = outcome::<LeadChunk>(columns(), &own, &[], &options).unwrap().rows;
    assert_eq!(rows[1], format!(r#"b text="2026-01-01T09:00:00Z" {}"#, times(1, 2)));
    let berlin = TimeZone::named("Europe/Berlin").unwrap();
    let options = ReadOptions { time_zone: Some(berlin), ..ReadOptions::default() };
    let rows = outcome::<LeadChunk>(columns(), &own, &[], &options).unwrap().rows;
    assert_eq!(rows[1], format!(r#"b text="2026-01-01T09:00:00Z" {}"#, times(1, 2)));
}

#[test]
fn dates_and_timestamps_are_timestamps_and_nested_values_are_maps_and_lists() {
    let columns: Columns = vec![
        ("lead_id", all(Int32Array::from(vec![7]))),
        ("day", all(Date32Array::from(vec![1]))),
        ("at", all(TimestampMicrosecondArray::from(vec![1_999]).with_timezone("Europe/Berlin"))),
        ("list", all(ListArray::from_iter_primitive::<Int64Type, _, _>([Some([Some(1), None])]))),
        (
            "struct",
            all(StructArray::from(vec![
                (Arc::new(Field::new("x", DataType::Utf8, true)), texts(&[Some("y")])),
                (Arc::new(Field::new("z", DataType::Utf8, true)), texts(&[None])),
            ])),
        ),
    ];
    let outcome =
        outcome::<LeadChunk>(columns, &["day", "at", "list", "struct"], &[], &ReadOptions::default())
            .unwrap();
    assert_eq!(outcome.rows.len(), 1);
    let row = &outcome.rows[0];
    assert!(row.starts_with("7 day=Timestamp("), "{row}");
    assert!(row.ends_with(r#"list=[1,null] struct={x:"y"}"#), "{row}");
    let (first, second) = row.split_once(" at=").unwrap();
    assert!(
        first.contains("seconds: 86400, nanos: 0") && second.contains("seconds: 0, nanos: 1000000"),
        "{row}"
    );
}

#[test]
fn context_and_account_may_be_structs_or_columns_with_dots() {
    let inner = |values: &[Option<&str>], valid: Vec<bool>| {
        let field = Arc::new(Field::new("ip", DataType::Utf8, true));
        all(StructArray::new(vec![field].into(), vec![texts(values)], Some(valid.into())))
    };
    let columns: Columns = vec![
        ("lead_id", texts(&[Some("a"), Some("b"), Some("c")])),
        ("context", inner(&[Some("1"), None, Some("hidden")], vec![true, true, false])),
        ("context.os", texts(&[Some("x"), None, None])),
        ("time", all(Int64Array::from(vec![0, 1, 2]))),
        ("event", texts(&[Some("page"), Some("page"), Some("page")])),
    ];
    let outcome = outcome::<EventChunk>(columns, &[], &["ip", "os", "gone"], &ReadOptions::default());
    expect(
        &outcome,
        &[
            r#"a 1970-01-01T00:00:00Z page context.ip="1" context.os="x""#,
            "b 1970-01-01T00:00:00.001Z page",
            "c 1970-01-01T00:00:00.002Z page",
        ],
        &[],
        &[],
    );
}

#[test]
fn a_whole_row_is_wanted_as_a_map_though_nothing_is_said_of_the_account() {
    let columns: Columns = vec![("lead_id", texts(&[Some("a")])), ("title", texts(&[Some("CEO")]))];
    let outcome = outcome::<LeadChunk>(columns, &["*"], &["*"], &ReadOptions::default());
    expect(&outcome, &[r#"a *={title:"CEO"}"#], &[], &[]);
}

fn events(time: ArrayRef, options: &ReadOptions) -> Result<Outcome, Error> {
    let rows = time.len();
    let columns: Columns = vec![
        ("lead_id", texts(&vec![Some("a"); rows])),
        ("time", time),
        ("event", texts(&vec![Some("page"); rows])),
    ];
    outcome::<EventChunk>(columns, &[], &[], options)
}

#[test]
fn times_come_in_any_unit() {
    let rows = ["a 1970-01-01T00:00:02Z page", "a 1969-12-31T23:59:59Z page"];
    let check = |time: ArrayRef| expect(&events(time, &ReadOptions::default()), &rows, &[], &[]);
    check(all(TimestampMillisecondArray::from(vec![2000, -1000]).with_timezone("UTC")));
    check(all(TimestampMicrosecondArray::from(vec![2_000_999, -1_000_000]).with_timezone("+02:00")));
    check(all(TimestampNanosecondArray::from(vec![2_000_000_999, -1_000_000_000]).with_timezone("UTC")));
    check(texts(&[Some("1970-01-01T00:00:02Z"), Some("1970-01-01T00:59:59+01:00")]));
    check(all(Int64Array::from(vec![2000, -1000])));
    let dates = events(all(Date32Array::from(vec![1])), &ReadOptions::default());
    expect(&dates, &["a 1970-01-02T00:00:00Z page"], &[], &[]);
}

#[test]
fn times_without_a_zone_are_taken_as_utc_or_as_told() {
    let times = || all(TimestampMillisecondArray::from(vec![0]));
    expect(
        &events(times(), &ReadOptions::default()),
        &["a 1970-01-01T00:00:00Z page"],
        &[],
        &[
            "f.parquet: the times in `time` have no time zone and are taken as UTC: `--time-zone` says otherwise",
        ],
    );
    let options = ReadOptions { time_zone: Some(TimeZone::at_offset(3_600_000)), ..ReadOptions::default() };
    expect(&events(times(), &options), &["a 1969-12-31T23:00:00Z page"], &[], &[]);
    let dates = events(all(Date32Array::from(vec![0])), &options);
    expect(&dates, &["a 1969-12-31T23:00:00Z page"], &[], &[]);
    // In summer the clocks in Berlin are two hours ahead, in winter one.
    let berlin = TimeZone::named("Europe/Berlin").unwrap();
    let options = ReadOptions { time_zone: Some(berlin), ..ReadOptions::default() };
    // 2026-07-15
    let summer = events(all(Date32Array::from(vec![20_649])), &options);
    expect(&summer, &["a 2026-07-14T22:00:00Z page"], &[], &[]);
    let winter = TimestampMillisecondArray::from(vec![Some(1_768_478_400_000), None]);
    expect(
        &events(all(winter), &options),
        &["a 2026-01-15T11:00:00Z page"],
        &["f.parquet:2: `time` is missing"],
        &[],
    );
    let zoned = TimestampMillisecondArray::from(vec![0]).with_timezone("UTC");
    expect(&events(all(zoned), &options), &["a 1970-01-01T00:00:00Z page"], &[], &[]);
}

#[test]
fn ids_of_which_a_part_cannot_be_read_are_rejected() {
    let columns: Columns = vec![
        ("lead_id", texts(&[Some("é"), Some("M\u{fffd}ller"), Some("c"), Some("d")])),
        ("time", texts(&[Some("0"); 4])),
        ("event", texts(&[Some("page"); 4])),
        ("id", texts(&[Some("é"), Some("2"), Some("\u{fffd}"), Some("4")])),
    ];
    expect(
        &outcome::<EventChunk>(columns, &[], &[], &ReadOptions::default()),
        &["é 1970-01-01T00:00:00Z page #é", "d 1970-01-01T00:00:00Z page #4"],
        &[
            "f.parquet:2: `lead_id` holds a character that cannot be read: `M\u{fffd}ller`",
            "f.parquet:3: `id` holds a character that cannot be read: `\u{fffd}`",
        ],
        &[],
    );
}

#[test]
fn rows_that_cannot_be_used_are_rejected_with_their_number() {
    let columns: Columns = vec![
        ("lead_id", texts(&[Some("a"), Some(""), None, Some("d"), Some("e"), Some("f"), Some("g")])),
        (
            "time",
            texts(&[Some("0"), Some("0"), None, Some("x"), Some("2026-01-01"), None, Some("1767225600")]),
        ),
        (
            "event",
            texts(&[Some("page"), Some("page"), Some("x"), Some("x"), None, Some("x"), Some("signup")]),
        ),
        ("id", texts(&[Some("i"), None, None, None, None, None, Some("")])),
        (
            "path",
            texts(&[Some("/a"), Some("/b"), Some("/c"), Some("/d"), Some("/e"), Some("/f"), Some("/g")]),
        ),
        ("n", all(Int64Array::from(vec![1, 2, 3, 4, 5, 6, 7]))),
        ("x", all(Float64Array::from(vec![1., 2., 3., 4., 5., 6., 7.]))),
        ("day", all(Date32Array::from(vec![None, None, None, None, None, None, None::<i32>]))),
    ];
    let outcome = outcome::<EventChunk>(columns, &["path", "n", "x", "day"], &[], &ReadOptions::default());
    expect(
        &outcome,
        &[
            r#"a 1970-01-01T00:00:00Z page #i path="/a" n=1 x=1.0"#,
            r#"g 1970-01-21T10:53:45.600Z signup path="/g" n=7 x=7.0"#,
        ],
        &[
            "f.parquet:2: `lead_id` is missing",
            "f.parquet:3: `lead_id` is missing",
            "f.parquet:4: `time` `x` is no time: expected a time such as `2026-03-01T10:00:00Z`, a date, or milliseconds since 1970",
            "f.parquet:5: `event` is missing",
            "f.parquet:6: `time` is missing",
        ],
        &["f.parquet: times are milliseconds since 1970, but `1767225600` in line 7 looks like seconds"],
    );
}

#[test]
fn a_file_that_does_not_fit_is_an_error() {
    let columns: Columns = vec![
        ("lead_id", all(Float64Array::from(vec![1.0]))),
        ("time", all(TimestampMillisecondArray::from(vec![0]))),
        ("event", texts(&[Some("page")])),
    ];
    let (message, _) = failure(outcome::<EventChunk>(columns, &[], &[], &ReadOptions::default()));
    assert!(
        message.starts_with("column `lead_id` of `")
            && message.ends_with("` cannot be `lead_id`: it holds Float64"),
        "{message}"
    );
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("f.parquet");
    std::fs::write(&path, b"PAR1 nonsense PAR1").unwrap();
    let (message, _) =
        failure(read::<LeadChunk>(vec![Input::file(&path)], &wanted(&[], &[]), &ReadOptions::default(), 1));
    assert!(message.starts_with("cannot read `") && message.contains("` as Parquet: "), "{message}");
}

#[test]
fn every_compression_that_is_in_use_is_read() {
    for codec in [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::ZSTD(ZstdLevel::default()),
        Compression::GZIP(GzipLevel::default()),
        Compression::BROTLI(BrotliLevel::default()),
        Compression::LZ4,
        Compression::LZ4_RAW,
    ] {
        let columns: Columns =
            vec![("lead_id", texts(&[Some("a"), Some("b")])), ("size", all(Int64Array::from(vec![7, 8])))];
        let (_folder, path) = write_as(columns, WriterProperties::builder().set_compression(codec).build());
        let wanted = wanted(&["size#"], &[]);
        let outcome = read::<LeadChunk>(vec![Input::file(&path)], &wanted, &ReadOptions::default(), 1);
        expect(&outcome, &["a size=7", "b size=8"], &[], &[]);
    }
}

#[test]
fn a_damaged_file_is_an_error_and_never_a_panic() {
    let rows = 5000;
    let columns: Columns = vec![
        ("lead_id", all(StringArray::from_iter_values((0..rows).map(|row| format!("lead-{row}"))))),
        ("time", all(TimestampMillisecondArray::from_iter_values(0..rows).with_timezone("UTC"))),
        (
            "event",
            all(StringArray::from_iter_values((0..rows).map(|row| ["page", "signup"][row as usize % 2]))),
        ),
        ("n", all(Int64Array::from_iter_values(0..rows))),
    ];
    let (_folder, path) = write(columns, 2000);
    let sound = std::fs::read(&path).unwrap();
    for nth in 0..200 {
        let mut bytes = sound.clone();
        let at = (nth * 7919) % bytes.len();
        bytes[at] ^= 0x55;
        if nth % 3 == 0 {
            bytes.truncate(at);
        }
        std::fs::write(&path, bytes).unwrap();
        let _ =
            read::<EventChunk>(vec![Input::file(&path)], &wanted(&["n"], &[]), &ReadOptions::default(), 1);
    }
}
