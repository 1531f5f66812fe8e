//! Whatever the chunks and the threads, the same comes of reading; and it is what other readers make of the text.

use kelvin_batch::read::{EventChunk, Input, LeadChunk, ReadOptions};
use proptest::prelude::*;

use super::{Outcome, read, read_text, value, wanted};

const EVENTS_CSV: &str = "lead_id,event,time,path,note\r\n\
    a,page,2026-01-01,/x,\"two\r\nlines, and \"\"quotes\"\"\"\r\n\
    \r\n\
    ,page,2026-01-01,/y,\"no\nlead\"\r\n\
    b,\"signup\",2026-01-02,5\" pipe,é\r\n\
    c,page,never,,\r\n\
    d,page,2026-01-03,\"\"\"\",\"\"\r\n\
    e,page,2026-01-04,a,b,c,d\r\n\
    f,page\r\n\
    g,page,2026-01-05,\"ends\",\"\n\"";

const EVENTS_JSONL: &str = "{\"lead_id\":\"a\",\"event\":\"page\",\"time\":0,\"path\":\"/x\"}\n\
    \n\
    {\"lead_id\":\"b\",\"event\":\"page\",\"time\":0,\"path\":[1,{\"é\":\"\\u00e9\"}]}\r\n\
    {\"lead_id\":\"c\"\n\
    {\"event\":\"page\",\"time\":0,\"lead_id\":\"d\"}\n\
    nothing\n\
    {\"time\":0,\"lead_id\":\"e\",\"event\":\"signup\",\"note\":\"n\"}";

fn read_in(name: &str, text: &str, chunk_bytes: usize, threads: usize) -> Outcome {
    let input = Input::stream(name, std::io::Cursor::new(text.as_bytes().to_vec()));
    let options = ReadOptions { chunk_bytes, ..ReadOptions::default() };
    read::<EventChunk>(vec![input], &wanted(&["path", "note"], &[]), &options, threads).unwrap()
}

#[test]
fn a_text_read_in_chunks_of_any_size_is_the_text_read_whole() {
    for (name, text, rows, rejects) in [("e.csv", EVENTS_CSV, 4, 4), ("e.jsonl", EVENTS_JSONL, 4, 2)] {
        let whole = read_in(name, text, 1 << 20, 1);
        assert_eq!((whole.rows.len(), whole.rejects.len()), (rows, rejects), "{whole:?}");
        for chunk_bytes in 1..=text.len() + 1 {
            assert_eq!(read_in(name, text, chunk_bytes, 1), whole, "{name} in chunks of {chunk_bytes}");
        }
        for chunk_bytes in [1, 30, 100] {
            assert_eq!(read_in(name, text, chunk_bytes, 3), whole, "{name} on three threads");
        }
    }
}

#[test]
fn rows_that_are_too_long_are_rejected_and_the_rest_is_read() {
    let options = ReadOptions { chunk_bytes: 16, row_bytes: 64, ..ReadOptions::default() };
    let text = format!("lead_id,Name\n1,a\n2,\"{}\n3,c\n", "x\n".repeat(100));
    let outcome = read_text::<LeadChunk>("l.csv", text, &wanted(&[], &[]), &options).unwrap();
    assert_eq!(outcome.rejects, ["l.csv:3: a quote is opened and not closed within 64 bytes"]);
    assert_eq!((outcome.rows.len(), outcome.rows.last().unwrap().as_str()), (101, "3"));
    let text = format!(
        "{{\"lead_id\":\"1\"}}\n{{\"lead_id\":\"{}\"}}\n{{\"lead_id\":\"3\"}}\n",
        "x".repeat(1 << 20)
    );
    let outcome = read_text::<LeadChunk>("l.jsonl", text, &wanted(&[], &[]), &options).unwrap();
    assert_eq!(
        (outcome.rows, outcome.rejects),
        (vec!["1".to_owned(), "3".to_owned()], vec!["l.jsonl:2: a line of more than 64 bytes".to_owned()],)
    );
}

#[test]
fn several_inputs_follow_each_other() {
    let input = |name: &str, text: &str| Input::stream(name, std::io::Cursor::new(text.as_bytes().to_vec()));
    let inputs = vec![
        input("b.csv", "lead_id,event,time\nb1,page,0\nb2,page,x\n"),
        input("a.jsonl", "{\"lead_id\":\"a1\",\"event\":\"page\",\"time\":0}\n{}\n"),
        input("c.csv", "time,lead_id,event\n0,c1,page\n"),
    ];
    let outcome = read::<EventChunk>(inputs, &wanted(&[], &[]), &ReadOptions::default(), 2).unwrap();
    let leads: Vec<_> = outcome.rows.iter().map(|row| &row[..2]).collect();
    assert_eq!(leads, ["b1", "a1", "c1"]);
    assert_eq!(outcome.rejects[0][..8], *"b.csv:3:");
    assert_eq!(outcome.rejects[1], "a.jsonl:2: `lead_id` is missing");
}

/// Cells with all that gives readers trouble, but for a carriage return outside quotes, which ends a line for some.
fn cell() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\""),
        Just(","),
        Just("\n"),
        Just("\r\n"),
        Just(" "),
        Just("é"),
        Just("😀"),
        Just("x"),
        Just("12"),
        Just(";"),
        Just("a longer piece of text")
    ];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<u64>().prop_map(Into::into),
        any::<f64>().prop_filter("finite", |double| double.is_finite()).prop_map(Into::into),
        "[ -~éß\\n\\t\"\\\\😀]{0,12}".prop_map(Into::into),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            prop::collection::btree_map("[a-c\"\\\\é]{0,3}", inner, 0..4)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

/// How [`value`] shows what another parser made of a JSON value.
fn show(json: &serde_json::Value) -> String {
    use serde_json::Value::{Array, Bool, Null, Number, Object, String};
    match json {
        Null => "null".to_owned(),
        Bool(bool) => bool.to_string(),
        Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(int), _) => int.to_string(),
            (_, Some(uint)) => value(Some(&kelvin_kernel::Value::Uint(uint))),
            _ => format!("{:?}", number.as_f64().unwrap()),
        },
        String(text) => format!("{text:?}"),
        Array(items) => format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(",")),
        Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            let entries: Vec<_> = entries.iter().map(|(key, item)| format!("{key}:{}", show(item))).collect();
            format!("{{{}}}", entries.join(","))
        }
    }
}

#[test]
fn a_carriage_return_is_a_blank_of_json_even_where_no_line_ends() {
    let text = "{\"lead_id\":\"x\",\r\"a\":1}";
    let ours =
        read_text::<LeadChunk>("l.jsonl", text, &wanted(&["a"], &[]), &ReadOptions::default()).unwrap();
    assert_eq!((ours.rows, ours.rejects), (vec!["x a=1".to_owned()], vec![]));
}

proptest! {
    #[test]
    fn a_table_is_read_as_the_csv_crate_reads_it(
        rows in prop::collection::vec((cell(), cell(), cell()), 1..20),
        chunk_bytes in 1..200_usize,
        always in any::<bool>(),
    ) {
        let style = if always { csv::QuoteStyle::Always } else { csv::QuoteStyle::Necessary };
        let mut writer = csv::WriterBuilder::new().quote_style(style).from_writer(Vec::new());
        writer.write_record(["lead_id", "a", "b", "c"]).unwrap();
        for (nth, (a, b, c)) in rows.iter().enumerate() {
            writer.write_record([&format!("l{nth}"), a, b, c]).unwrap();
        }
        let text = writer.into_inner().unwrap();
        let options = ReadOptions { chunk_bytes, ..ReadOptions::default() };
        let ours = read_text::<LeadChunk>("l.csv", text.clone(), &wanted(&["a", "b", "c"], &[]), &options).unwrap();
        prop_assert_eq!(&ours.rejects, &Vec::<String>::new());
        let mut theirs = Vec::new();
        for record in csv::Reader::from_reader(text.as_slice()).records() {
            let record = record.unwrap();
            let mut row = record[0].to_owned();
            for (name, cell) in ["a", "b", "c"].iter().zip(record.iter().skip(1)) {
                if !cell.trim().is_empty() {
                    row.push_str(&format!(" {name}={cell:?}"));
                }
            }
            theirs.push(row);
        }
        prop_assert_eq!(ours.rows, theirs);
    }

    #[test]
    fn a_line_of_json_is_read_as_serde_json_wrote_it(rows in prop::collection::vec((json(), json()), 1..20)) {
        let mut text = String::new();
        let mut theirs = Vec::new();
        for (nth, (a, b)) in rows.iter().enumerate() {
            let line = serde_json::json!({"other": b, "a": a, "lead_id": format!("l{nth}"), "b": b}).to_string();
            text.push_str(&format!("{line}\n"));
            let mut shown = format!("l{nth}");
            for (name, value) in [("a", a), ("b", b)] {
                if !value.is_null() {
                    shown.push_str(&format!(" {name}={}", show(value)));
                }
            }
            theirs.push(shown);
        }
        let ours = read_text::<LeadChunk>("l.jsonl", text, &wanted(&["a", "b"], &[]), &ReadOptions::default()).unwrap();
        prop_assert_eq!(ours.rows, theirs);
    }

    #[test]
    fn a_line_that_serde_json_refuses_is_rejected(json in json(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let line = serde_json::json!({"lead_id": "x", "a": json}).to_string();
        let mut line = line.into_bytes();
        let at = at.index(line.len());
        line[at] = byte;
        if byte == b'\n' {
            return Ok(());
        }
        let theirs = serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(&line);
        if theirs.as_ref().is_err_and(|error| error.to_string().starts_with("number out of range")) {
            return Ok(());
        }
        let sound = theirs.is_ok_and(|row| row.get("lead_id").is_some_and(|id| id.is_string() && *id != "" || id.is_i64()));
        let ours = read_text::<LeadChunk>("l.jsonl", line.clone(), &wanted(&["a"], &[]), &ReadOptions::default());
        // What is no JSON Lines at all is refused before any row is read.
        let read = ours.is_ok_and(|outcome| outcome.rejects.is_empty() && outcome.rows.len() == 1);
        prop_assert_eq!(read, sound, "{}", String::from_utf8_lossy(&line));
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), chunk_bytes in 1..64_usize) {
        let options = ReadOptions { chunk_bytes, row_bytes: 128, ..ReadOptions::default() };
        let wanted = wanted(&["a", "b#", "*"], &["c", "*"]);
        for name in ["x.csv", "x.jsonl", "x.csv.gz", "x.jsonl.zst"] {
            let _ = read_text::<LeadChunk>(name, bytes.clone(), &wanted, &options);
            let with_header = [b"lead_id,time,event,a,b\n".as_slice(), &bytes].concat();
            let _ = read_text::<EventChunk>(name, with_header, &wanted, &options);
        }
    }
}
