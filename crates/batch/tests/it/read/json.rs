//! JSON Lines, row by row.

use kelvin_batch::read::{EventChunk, LeadChunk, ReadOptions, TimeZone};

use super::{expect, failure, mapped, read_text, wanted};

fn leads(text: &str, rows: &[&str], rejects: &[&str]) {
    let wanted = wanted(&["email", "size#", "vip?", "budget"], &["plan"]);
    expect(&read_text::<LeadChunk>("l.jsonl", text, &wanted, &ReadOptions::default()), rows, rejects, &[]);
}

fn events(text: &str, rows: &[&str], rejects: &[&str]) {
    let wanted = wanted(&["path", "type", "traits", "email"], &["ip"]);
    expect(&read_text::<EventChunk>("e.jsonl", text, &wanted, &ReadOptions::default()), rows, rejects, &[]);
}

#[test]
fn leads_carry_attributes_of_any_type() {
    leads(
        r#"{"lead_id":"a","email":"x@y.example","size":12,"vip":true,"budget":{"eur":[1,2.5,null]}}
{"size":"12","lead_id":"b","vip":"true","email":null}

{"lead_id":17,"size":-0.5e3,"budget":[],"account":{"plan":"pro","other":1},"account_id":"acme","created_at":"2026-01-01"}
"#,
        &[
            r#"a email="x@y.example" size=12 vip=true budget={eur:[1,2.5,null]}"#,
            r#"b size="12" vip="true""#,
            r#"17 created_at="2026-01-01" account_id="acme" size=-500.0 budget=[] account.plan="pro""#,
        ],
        &[],
    );
}

#[test]
fn a_lead_that_cannot_be_read_is_rejected_with_its_line() {
    let deep = format!("{{\"lead_id\":\"d\",\"x\":{}", "[".repeat(1000));
    leads(
        &format!(
            "{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{deep}\n{}",
            r#"{"email":"x"}"#,
            r#"{"lead_id":""}"#,
            r#"{"lead_id":null}"#,
            r#"{"lead_id":1.5}"#,
            r#"{"lead_id":["a"]}"#,
            r#""a""#,
            r#"{"lead_id":"é", "x" 1}"#,
            r#"{"lead_id":"a"} {"lead_id":"b"}"#,
            r#"{"lead_id":"a","email":"cut o"#,
            r#"{"lead_id":"last"}"#,
        ),
        &["last"],
        &[
            "l.jsonl:1: `lead_id` is missing",
            "l.jsonl:2: `lead_id` is missing",
            "l.jsonl:3: `lead_id` is missing",
            "l.jsonl:4: `lead_id` is neither text nor a whole number: `1.5`",
            "l.jsonl:5: `lead_id` is neither text nor a whole number: `[\"a\"]`",
            "l.jsonl:6: not a JSON object: `\"a\"`",
            "l.jsonl:7: invalid JSON at column 21: expected `:`",
            "l.jsonl:8: invalid JSON at column 17: more text after the object",
            "l.jsonl:9: invalid JSON at column 30: the line ends too early",
            "l.jsonl:10: invalid JSON at column 84: nested too deeply",
        ],
    );
}

#[test]
fn a_field_that_the_model_takes_for_a_time_is_read_as_those_of_events_are() {
    let wanted = wanted(&["since@", "since"], &["since@"]);
    let text = r#"{"lead_id":"a"}
{"lead_id":"b","since":"yesterday"}
{"lead_id":"c","since":"2026-01-01 10:00:00","account":{"since":"2026-01-01T10:00:00+0200"}}
{"lead_id":"d","since":1767225600000}
{"lead_id":"e","since":true}
"#;
    let outcome = read_text::<LeadChunk>("l.jsonl", text, &wanted, &ReadOptions::default());
    expect(
        &outcome,
        &[
            "a",
            r#"b since="yesterday" since="yesterday""#,
            r#"c since="2026-01-01 10:00:00" since="2026-01-01 10:00:00" account.since="2026-01-01T08:00:00Z""#,
            "d since=1767225600000 since=1767225600000",
            "e since=true since=true",
        ],
        &[],
        &[
            "l.jsonl: the model uses `since` as a time, but `yesterday` in line 2 and 1 more are none, and count as absent: expected a time such as `2026-03-01T10:00:00Z`, a date, or milliseconds since 1970",
            "l.jsonl: the model uses `since` as a time, but `2026-01-01 10:00:00` in line 3 has no offset from UTC, and counts as absent: `--time-zone UTC` reads such times as UTC",
        ],
    );
    let options = ReadOptions { time_zone: Some(TimeZone::at_offset(0)), ..ReadOptions::default() };
    let text = r#"{"lead_id":"c","since":"2026-01-01 10:00"}"#;
    let row = r#"c since="2026-01-01T10:00:00Z" since="2026-01-01 10:00""#;
    expect(&read_text::<LeadChunk>("l.jsonl", text, &wanted, &options), &[row], &[], &[]);
    let text =
        r#"{"lead_id":"c","time":"2026-01-02","event":"identify","traits":{"since":"2026-01-01 10:00"}}"#;
    let row = r#"c 2026-01-02T00:00:00Z identify since:="2026-01-01T10:00:00Z" since:="2026-01-01 10:00""#;
    expect(&read_text::<EventChunk>("e.jsonl", text, &wanted, &options), &[row], &[], &[]);
}

#[test]
fn texts_are_unescaped() {
    leads(
        r#"{"lead_id":"a\"b","email":"\u00e9\ud83d\ude00\n\/ \ud83d x"}
{"lead\u005fid":"c","\u0065mail":"plain"}"#,
        &["a\"b email=\"é😀\\n/ \u{fffd} x\"", r#"c email="plain""#],
        &[],
    );
}

#[test]
fn events_carry_properties_context_and_writes() {
    events(
        r#"{"lead_id":"a","time":"2026-03-01T00:00:00+01:00","event":"page","path":"/x","context":{"ip":"::1"}}
{"lead_id":"a","time":1767225600000,"event":"Unknown","id":"e1","type":"button"}
{"lead_id":"a","time":"1767225600000","event":"page","id":7,"context":"none"}
{"lead_id":"a","time":1767225600000.0,"event":"page","id":8}
{"lead_id":"a","time":"2026-01-02","event":"identify","traits":{"email":"x","account_id":null,"other":1},"path":"/"}
{"lead_id":"a","time":"2026-01-02","event":"page","traits":{"email":"x"},"type":"page"}
"#,
        &[
            r#"a 2026-02-28T23:00:00Z page path="/x" context.ip="::1""#,
            r#"a 2026-01-01T00:00:00Z other #e1 type="button""#,
            "a 2026-01-01T00:00:00Z page #7",
            "a 2026-01-01T00:00:00Z page #8",
            r#"a 2026-01-02T00:00:00Z identify path="/" account_id:=nothing email:="x""#,
            r#"a 2026-01-02T00:00:00Z page type="page" traits={email:"x"}"#,
        ],
        &[],
    );
}

#[test]
fn an_event_that_cannot_be_read_is_rejected_with_its_line() {
    events(
        r#"{"time":"2026-01-01","event":"page"}
{"lead_id":"a","event":"page"}
{"lead_id":"a","time":null,"event":"page"}
{"lead_id":"a","time":"2026-01-01"}
{"lead_id":"a","time":"2024-03-13 10:21:14","event":"page"}
{"lead_id":"a","time":"yesterday","event":"page"}
{"lead_id":"a","time":"2026-02-30","event":"page"}
{"lead_id":"a","time":1.5,"event":"page"}
{"lead_id":"a","time":true,"event":"page"}
{"lead_id":"a","time":"2026-01-01","event":{"name":"page"}}
{"lead_id":"a","time":"2026-01-01","event":"page","id":{}}
"#,
        &[],
        &[
            "e.jsonl:1: `lead_id` is missing",
            "e.jsonl:2: `time` is missing",
            "e.jsonl:3: `time` is missing",
            "e.jsonl:4: `event` is missing",
            "e.jsonl:5: `time` `2024-03-13 10:21:14` has no offset from UTC: `--time-zone UTC` reads such times as UTC",
            "e.jsonl:6: `time` `yesterday` is no time: expected a time such as `2026-03-01T10:00:00Z`, a date, or milliseconds since 1970",
            "e.jsonl:7: `time` `2026-02-30` does not exist",
            "e.jsonl:8: `time` `1.5` is no time: expected a time such as `2026-03-01T10:00:00Z`, a date, or milliseconds since 1970",
            "e.jsonl:9: `time` `true` is no time: expected a time such as `2026-03-01T10:00:00Z`, a date, or milliseconds since 1970",
            "e.jsonl:10: `event` is neither text nor a whole number: `{\"name\":\"page\"}`",
            "e.jsonl:11: `id` is neither text nor a whole number: `{}`",
        ],
    );
}

#[test]
fn a_field_keeps_its_own_name_where_the_mapped_one_is_not() {
    let options = mapped("lead_id=Record ID,path=page.path,time=at");
    let text = r#"{"lead_id":"a","time":"2026-01-01","event":"page","path":"/own"}
{"Record ID":"b","lead_id":"x","at":"2026-01-02","event":"page","page":{"path":"/mapped"},"path":"/own"}
{"Record ID":null,"lead_id":"c","time":"2026-01-03","event":"page"}
{"time":"2026-01-03","event":"page"}
{"type":"track","event":"page","userId":"d","timestamp":"2026-01-04","time":"2020-01-01","properties":{"path":"/own"}}
"#;
    expect(
        &read_text::<EventChunk>("e.jsonl", text, &wanted(&["path"], &[]), &options),
        &[
            r#"a 2026-01-01T00:00:00Z page path="/own""#,
            r#"b 2026-01-02T00:00:00Z page path="/mapped""#,
            "c 2026-01-03T00:00:00Z page",
            r#"d 2026-01-04T00:00:00Z page path="/own""#,
        ],
        &["e.jsonl:4: `lead_id` is missing"],
        &[],
    );
}

#[test]
fn an_id_of_which_a_part_cannot_be_read_is_rejected_as_it_would_be_several_people() {
    leads(
        "{\"lead_id\":\"\\ud83e\"}\n{\"lead_id\":\"M\u{fffd}ller\"}\n{\"lead_id\":\"Müller\",\"email\":\"\\ud83e\"}\n",
        &["Müller email=\"\u{fffd}\""],
        &[
            "l.jsonl:1: `lead_id` holds a character that cannot be read: `\u{fffd}`",
            "l.jsonl:2: `lead_id` holds a character that cannot be read: `M\u{fffd}ller`",
        ],
    );
    events(
        r#"{"lead_id":"a\udd80","time":0,"event":"page"}
{"lead_id":"a","time":0,"event":"page","id":"\ud83e!"}
{"type":"page","userId":"\ud83e","timestamp":"2026-01-01"}
{"type":"page","userId":"a","messageId":"\ud83e","timestamp":"2026-01-01"}
{"type":"page","userId":"\ud83e\udd80","messageId":"\ud83e\udd80","timestamp":"2026-01-01"}
"#,
        &["🦀 2026-01-01T00:00:00Z page #🦀"],
        &[
            "e.jsonl:1: `lead_id` holds a character that cannot be read: `a\u{fffd}`",
            "e.jsonl:2: `id` holds a character that cannot be read: `\u{fffd}!`",
            "e.jsonl:3: `userId` holds a character that cannot be read: `\u{fffd}`",
            "e.jsonl:4: `messageId` holds a character that cannot be read: `\u{fffd}`",
        ],
    );
}

#[test]
fn a_line_that_is_not_utf_8_is_rejected_and_the_rest_is_read() {
    let text =
        b"{\"lead_id\":\"a\"}\n{\"lead_id\":\"\xFF\"}\n[]\n{\"lead_id\":\"b\"}\n{\"lead_id\":\"\xE9\"}"
            .to_vec();
    let outcome = read_text::<LeadChunk>("l.jsonl", text, &wanted(&[], &[]), &ReadOptions::default());
    expect(
        &outcome,
        &["a", "b"],
        &["l.jsonl:2: not UTF-8", "l.jsonl:3: not a JSON object: `[]`", "l.jsonl:5: not UTF-8"],
        &[],
    );
}

#[test]
fn a_whole_row_is_wanted_as_a_map() {
    let text = r#"{"lead_id":"a","time":0,"event":"page","z":1,"b":null,"context":{"ip":"x","n":2}}"#;
    let outcome =
        read_text::<EventChunk>("e.jsonl", text, &wanted(&["*", "z"], &["*"]), &ReadOptions::default());
    expect(&outcome, &["a 1970-01-01T00:00:00Z page *={z:1} z=1 context.*={ip:\"x\",n:2}"], &[], &[]);
    let text = r#"{"lead_id":"a","z":1,"account":{"n":2}}"#;
    let outcome = read_text::<LeadChunk>("l.jsonl", text, &wanted(&["*"], &["*"]), &ReadOptions::default());
    expect(&outcome, &["a *={z:1} account.*={n:2}"], &[], &[]);
}

#[test]
fn keys_and_paths_are_mapped() {
    let text = r#"{"Email":"a","Company":{"Size":5,"x.y":"z"},"No. of Employees":7}
{"email":"b"}"#;
    let options = mapped(r#"lead_id=Email,size=Company.Size,vip="No. of Employees""#);
    let outcome = read_text::<LeadChunk>("l.jsonl", text, &wanted(&["size", "vip"], &[]), &options);
    expect(&outcome, &["a size=5 vip=7"], &["l.jsonl:2: `lead_id` is missing"], &[]);
    let outcome = read_text::<LeadChunk>("l.jsonl", text, &wanted(&[], &[]), &mapped("lead_id=@line"));
    expect(&outcome, &["1", "2"], &[], &[]);
}

#[test]
fn seconds_for_milliseconds_are_noticed() {
    for time in ["1767225600", "1767225600.0"] {
        let text = format!(r#"{{"lead_id":"a","time":{time},"event":"page"}}"#);
        let outcome = read_text::<EventChunk>("e.jsonl", text, &wanted(&[], &[]), &ReadOptions::default());
        let warning =
            format!("e.jsonl: times are milliseconds since 1970, but `{time}` in line 1 looks like seconds");
        expect(&outcome, &["a 1970-01-21T10:53:45.600Z page"], &[], &[&warning]);
    }
}

#[test]
fn what_is_no_json_lines_is_refused_with_a_remedy() {
    let check = |text: &str, message: &str, help: &str| {
        let outcome = read_text::<LeadChunk>("l.json", text, &wanted(&[], &[]), &ReadOptions::default());
        assert_eq!(failure(outcome), (message.to_owned(), help.to_owned()));
    };
    check(
        "[\n{\"lead_id\":\"a\"}]",
        "`l.json` is not JSON Lines: it holds one JSON list",
        "write one object a line, as `jq -c '.[]'` does",
    );
    check(
        "{\n  \"lead_id\": \"a\"\n}\n",
        "`l.json` is not JSON Lines: it holds JSON objects over several lines",
        "write one object a line, as `jq -c .` does",
    );
    check("PAR1...", "`l.json` is not JSON Lines: it holds Parquet", "name it `.parquet`");
}
