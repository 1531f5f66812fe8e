//! Delimited text as spreadsheets and CRMs write it.

use kelvin_batch::read::{EventChunk, LeadChunk, ReadOptions, TimeZone};

use super::{expect, failure, mapped, read_text, wanted};

fn leads(bytes: impl Into<Vec<u8>>, rows: &[&str], rejects: &[&str], warnings: &[&str]) {
    let wanted = wanted(&["Name", "size#", "vip?"], &[]);
    expect(
        &read_text::<LeadChunk>("l.csv", bytes, &wanted, &ReadOptions::default()),
        rows,
        rejects,
        warnings,
    );
}

const TWO: [&str; 2] = [r#"1 Name="Zoë" size=10 vip=true"#, r#"2 Name="Li; Co" vip=false"#];

#[test]
fn a_table_is_read_in_any_dialect_and_encoding() {
    let plain = "lead_id,Name,size,vip\n1,Zoë,10,true\n2,Li; Co,,no\n";
    leads(plain, &TWO, &[], &[]);
    leads(plain.trim_end(), &TWO, &[], &[]);
    leads(plain.replace('\n', "\r\n"), &TWO, &[], &[]);
    leads(plain.replace('\n', "\r"), &TWO, &[], &[]);
    leads(format!("\u{feff}{plain}"), &TWO, &[], &[]);
    leads(plain.replace(',', "\t"), &TWO, &[], &[]);
    leads(plain.replace(',', "|"), &TWO, &[], &[]);
    leads("lead_id;Name;size;vip\r\n1;Zoë;10;TRUE\r\n2;\"Li; Co\";;no\r\n", &TWO, &[], &[]);
    leads("sep=;\nlead_id;Name;size;vip\n1;Zoë;10;TRUE\n2;\"Li; Co\";;no\n", &TWO, &[], &[]);
    leads(format!("\n\n{plain}\n,,,\n\n"), &TWO, &[], &[]);
    let utf_16 = |mark: &[u8], bytes: fn(u16) -> [u8; 2]| {
        let text = plain.replace(',', "\t").encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
        [mark, &text].concat()
    };
    leads(utf_16(b"\xFF\xFE", u16::to_le_bytes), &TWO, &[], &[]);
    leads(utf_16(b"\xFE\xFF", u16::to_be_bytes), &TWO, &[], &[]);
    leads(utf_16(b"", u16::to_le_bytes), &TWO, &[], &[]);
}

#[test]
fn lines_that_end_with_returns_may_have_newlines_in_their_cells() {
    let rows = ["1 Name=\"Zoë\\nLi\" size=10 vip=true", "2 Name=\"b\""];
    leads("lead_id,Name,size,vip\r1,\"Zoë\nLi\",10,true\r2,b,,\r", &rows, &[], &[]);
}

#[test]
fn blank_lines_before_the_header_tell_nothing_of_the_delimiter() {
    leads("\n\r\nlead_id;Name;size;vip\n1;Zoë;10;TRUE\n2;\"Li; Co\";;no\n", &TWO, &[], &[]);
}

#[test]
fn text_that_is_not_utf_8_is_read_as_windows_1252_with_a_warning() {
    leads(
        b"lead_id,Name,size,vip\n1,Zo\xC3\xAB,10,true\n3,J\xF6rg,,\n4,\x80uro,,\n".to_vec(),
        &[TWO[0], "3 Name=\"Jörg\"", "4 Name=\"€uro\""],
        &[],
        &["l.csv: not all of it is UTF-8: line 3 and others like it are read as Windows-1252"],
    );
}

#[test]
fn a_row_with_too_many_fields_is_rejected_and_one_with_too_few_is_filled() {
    leads(
        "lead_id,Name,size,vip\n1,a,1,true,\n2,b,c,d,e\n3,\"x\ny\",\"5\"\n4\n,a,1,\n5,\"6\",7,no\n",
        &["1 Name=\"a\" size=1 vip=true", "3 Name=\"x\\ny\" size=5", "4", "5 Name=\"6\" size=7 vip=false"],
        &["l.csv:3: 5 fields, but the header has 4", "l.csv:7: `lead_id` is missing"],
        &["l.csv: rows with fewer fields than the header, as in line 4, lack the last columns"],
    );
}

#[test]
fn a_quote_that_is_not_closed_costs_one_row() {
    leads(
        "lead_id,Name,size,vip\n1,a,1,true\n4,5\" pipe,4,true\n2,\"b,2,true\n3,c,3,true\n",
        &[
            "1 Name=\"a\" size=1 vip=true",
            "4 Name=\"5\\\" pipe\" size=4 vip=true",
            "3 Name=\"c\" size=3 vip=true",
        ],
        &["l.csv:4: a quote is opened and never closed"],
        &[],
    );
}

#[test]
fn headers_are_trimmed_and_made_unique() {
    leads(
        " lead_id ,Name,Name,,vip\n1,a,b,c,yes\n",
        &["1 Name=\"a\" vip=true"],
        &[],
        &["l.csv: two columns are called `Name`: the later one is `Name_2`"],
    );
    let outcome = read_text::<LeadChunk>(
        "l.csv",
        "lead_id,Name,Name,\n1,a,b,c\n",
        &wanted(&["Name_2", "column_4"], &[]),
        &ReadOptions::default(),
    );
    expect(
        &outcome,
        &["1 Name_2=\"b\" column_4=\"c\""],
        &[],
        &["l.csv: two columns are called `Name`: the later one is `Name_2`"],
    );
}

#[test]
fn cells_stay_text_unless_the_model_uses_them_otherwise() {
    let text =
        "lead_id,zip,phone,size,vip\n007,01067,+49 30,1e3,1\n 8 ,2.50,0,\"1,000\",maybe\n9,n/a,,many,\n";
    let outcome = read_text::<LeadChunk>(
        "l.csv",
        text,
        &wanted(&["zip", "phone", "size#", "vip?"], &[]),
        &ReadOptions::default(),
    );
    expect(
        &outcome,
        &[
            r#"007 zip="01067" phone="+49 30" size=1000.0 vip=true"#,
            r#"8 zip="2.50" phone="0" size="1,000" vip="maybe""#,
            r#"9 zip="n/a" size="many""#,
        ],
        &[],
        &[
            "l.csv: the model uses `size` as a number, but `1,000` in line 3 is none, and stays text",
            "l.csv: the model uses `vip` as true or false, but `maybe` in line 3 is neither, and stays text",
        ],
    );
}

#[test]
fn events_have_times_names_and_ids() {
    let text = "id,lead_id,event,time,path,context.ip\n\
        e1,a, page ,2026-01-01,/x,::1\n\
        ,a,Other, 2026-01-01T12:00:00.5+02:00 ,\"/a,b\",\n\
        e3,b,signup,1767225600000.0,,\n\
        e4,,page,2026-01-01,,\n\
        e5,b,page,,,\n\
        e6,b,,2026-01-01,,\n\
        e7,b,page,01.02.2026,,\n\
        e8,M\u{fffd}ller,page,2026-01-01,,\n\
        e\u{fffd},b,page,2026-01-01,,\n";
    let outcome = read_text::<EventChunk>(
        "e.csv",
        text,
        &wanted(&["path", "id", "time"], &["ip"]),
        &ReadOptions::default(),
    );
    expect(
        &outcome,
        &[
            r#"a 2026-01-01T00:00:00Z page #e1 path="/x" context.ip="::1""#,
            r#"a 2026-01-01T10:00:00.500Z other path="/a,b""#,
            "b 2026-01-01T00:00:00Z signup #e3",
        ],
        &[
            "e.csv:5: `lead_id` is missing",
            "e.csv:6: `time` is missing",
            "e.csv:7: `event` is missing",
            "e.csv:8: `time` `01.02.2026` is no time: expected a time such as `2026-03-01T10:00:00Z`, a date, or milliseconds since 1970",
            "e.csv:9: `lead_id` holds a character that cannot be read: `M\u{fffd}ller`",
            "e.csv:10: `id` holds a character that cannot be read: `e\u{fffd}`",
        ],
        &[],
    );
}

#[test]
fn times_without_offset_are_rejected_or_read_at_a_given_one() {
    let text = "lead_id,event,time\na,page,2024-03-13 10:21\na,page,2024-03-13T10:21:14Z\n";
    let outcome = read_text::<EventChunk>("e.csv", text, &wanted(&[], &[]), &ReadOptions::default());
    expect(
        &outcome,
        &["a 2024-03-13T10:21:14Z page"],
        &[
            "e.csv:2: `time` `2024-03-13 10:21` has no offset from UTC: `--time-zone UTC` reads such times as UTC",
        ],
        &[],
    );
    let options = ReadOptions { time_zone: Some(TimeZone::at_offset(7_200_000)), ..ReadOptions::default() };
    let outcome = read_text::<EventChunk>("e.csv", text, &wanted(&[], &[]), &options);
    expect(&outcome, &["a 2024-03-13T08:21:00Z page", "a 2024-03-13T10:21:14Z page"], &[], &[]);
}

#[test]
fn a_field_that_the_model_takes_for_a_time_is_read_as_those_of_events_are() {
    let text = "lead_id,since,note\n\
        a,yesterday,\n\
        b,2026-01-01 10:00:00,2026-01-01 10:00:00\n\
        c,2026-01-01,\n\
        d,2026-01-01T10:00:00.123456Z,\n\
        e,1767225600000,\n\
        f, ,\n\
        g,1767225600,\n\
        h,01/31/2026,\n\
        i,1767225600000.00,\n\
        j,1767225600000.5,\n";
    let wanted = wanted(&["since@", "note"], &[]);
    let outcome = read_text::<LeadChunk>("l.csv", text, &wanted, &ReadOptions::default());
    expect(
        &outcome,
        &[
            r#"a since="yesterday""#,
            r#"b since="2026-01-01 10:00:00" note="2026-01-01 10:00:00""#,
            r#"c since="2026-01-01T00:00:00Z""#,
            r#"d since="2026-01-01T10:00:00.123456Z""#,
            r#"e since="2026-01-01T00:00:00Z""#,
            "f",
            r#"g since="1970-01-21T10:53:45.600Z""#,
            r#"h since="01/31/2026""#,
            r#"i since="2026-01-01T00:00:00Z""#,
            r#"j since="1767225600000.5""#,
        ],
        &[],
        &[
            "l.csv: times are milliseconds since 1970, but `1767225600` in line 8 looks like seconds",
            "l.csv: the model uses `since` as a time, but `yesterday` in line 2 and 2 more are none, and count as absent: expected a time such as `2026-03-01T10:00:00Z`, a date, or milliseconds since 1970",
            "l.csv: the model uses `since` as a time, but `2026-01-01 10:00:00` in line 3 has no offset from UTC, and counts as absent: `--time-zone UTC` reads such times as UTC",
        ],
    );
    let options = ReadOptions { time_zone: Some(TimeZone::at_offset(7_200_000)), ..ReadOptions::default() };
    let text = "lead_id,since,note\nb,2026-01-01 10:00,2026-01-01 10:00\nc,2026-01-01,\n";
    expect(
        &read_text::<LeadChunk>("l.csv", text, &wanted, &options),
        &[r#"b since="2026-01-01T08:00:00Z" note="2026-01-01 10:00""#, r#"c since="2025-12-31T22:00:00Z""#],
        &[],
        &[],
    );
}

#[test]
fn columns_are_mapped() {
    let text = "Email,No. of Employees,Name\na@b.example,12,x\n";
    let options = mapped(r#"lead_id=Email,size="No. of Employees",time=When"#);
    let outcome = read_text::<LeadChunk>("l.csv", text, &wanted(&["Name", "size#", "Email"], &[]), &options);
    expect(&outcome, &[r#"a@b.example Name="x" size=12 Email="a@b.example""#], &[], &[]);
    let outcome = read_text::<LeadChunk>("l.csv", text, &wanted(&[], &[]), &mapped("lead_id=@line"));
    expect(&outcome, &["2"], &[], &[]);
    // One mapping for leads and events: a column that only the other has is not missed here.
    let text = "lead_id,event,time\na,page,2026-01-01\n";
    let outcome = read_text::<EventChunk>("e.csv", text, &wanted(&[], &[]), &mapped("lead_id=Email"));
    expect(&outcome, &["a 2026-01-01T00:00:00Z page"], &[], &[]);
}

#[test]
fn a_whole_row_is_wanted_as_a_map() {
    let text = "lead_id,a,b,account.plan\n1,x,,pro\n";
    let outcome = read_text::<LeadChunk>("l.csv", text, &wanted(&["*"], &["plan", "*"]), &mapped("c=a"));
    expect(&outcome, &[r#"1 *={a:"x",c:"x"} account.plan="pro" account.*={plan:"pro"}"#], &[], &[]);
}

#[test]
fn missing_columns_are_told_with_a_remedy() {
    let check = |text: &str, mapping: &str, message: &str, help: &str| {
        let outcome = read_text::<EventChunk>("e.csv", text, &wanted(&["path"], &[]), &mapped(mapping));
        assert_eq!(failure(outcome), (message.to_owned(), help.to_owned()));
    };
    check(
        "user_id,session_id,event,timestamp\n",
        "",
        "`e.csv` has no column `lead_id`, `time`",
        "name the column as in `--map lead_id=user_id,time=timestamp`; \
         its columns are `user_id`, `session_id`, `event`, `timestamp`",
    );
    check(
        "user id,event,time\n",
        "lead_id=user_id",
        "`e.csv` has no column `user_id`",
        "did you mean `user id`? its columns are `user id`, `event`, `time`",
    );
    check("", "", "`e.csv` is empty: expected a header line with the column names", "");
    check("\n\n", "", "`e.csv` is empty: expected a header line with the column names", "");
    check(
        "PK\x03\x04...",
        "",
        "`e.csv` is not CSV: it holds an Excel workbook or a zip archive",
        "save it as CSV",
    );
    let outcome = read_text::<LeadChunk>("l.csv", "First Name,E-Mail\n", &wanted(&[], &[]), &mapped(""));
    assert_eq!(failure(outcome), (
        "`l.csv` has no column `lead_id`".to_owned(),
        "name the column as in `--map lead_id=E-Mail`; `--map lead_id=@line` takes the number of the line; \
         its columns are `First Name`, `E-Mail`"
            .to_owned(),
    ));
}

#[test]
fn a_column_of_nearly_the_name_that_the_model_reads_is_pointed_out() {
    let text = "lead_id,Job Title,Industry\n1,x,y\n";
    let outcome = read_text::<LeadChunk>(
        "l.csv",
        text,
        &wanted(&["title", "industry", "country"], &[]),
        &ReadOptions::default(),
    );
    expect(
        &outcome,
        &["1"],
        &[],
        &[
            "l.csv: no column `title`, `industry`, which the model reads: did you mean `Job Title`, `Industry`? (`--map 'title=Job Title,industry=Industry'`)",
        ],
    );
}
