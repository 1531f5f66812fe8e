//! `kelvin score`.

use std::process::Stdio;

use crate::run::Folder;

const MODEL: &str = "\
kelvin: 1
model: small
range: [0, 100]
dimensions:
  web:
    rules:
      - {id: demo, event: Demo Requested, points: 30.5}
      - {id: visit, event: page, points: 5, cap: 12}
      - {id: spam, event: Spam Reported, disqualify: true}
grades: {of: web, A: 30, B: 10}
tiers:
  - {name: warm, from: 10}
  - {name: hot, from: 30}
accounts:
  combine: sum
  rules: [{id: crowd, event: page, people: 2, points: 7}]
  tiers: [{name: target, from: 40}]
";
const LEADS: &str = "lead_id,account_id\na,acme\nb,acme\n=c,\n";
const EVENTS: &str = "\
lead_id,time,event
a,2026-01-01T00:00:00Z,Demo Requested
a,2026-01-02T00:00:00.5Z,page
b,2026-01-03,page
b,2026-01-03,page
b,2026-01-04,page
d,2026-01-05,Spam Reported
";

fn folder() -> Folder {
    Folder::new(&[("m.yaml", MODEL), ("l.csv", LEADS), ("e.csv", EVENTS)])
}

const RUN: &str = "score -m m.yaml -l l.csv -e e.csv --as-of 2026-01-06";

#[test]
fn a_pipe_gets_a_line_for_each_lead_by_id() {
    let out = r#"{"lead_id":"=c","model":"small","as_of":"2026-01-06T00:00:00Z","score":0,"tier":null,"grade":"F","disqualified":[],"until":null,"dimensions":{"web":{"sum":0,"value":0}}}
{"lead_id":"a","model":"small","as_of":"2026-01-06T00:00:00Z","score":35.5,"tier":"hot","grade":"A","disqualified":[],"until":null,"dimensions":{"web":{"sum":35.5,"value":35.5}}}
{"lead_id":"b","model":"small","as_of":"2026-01-06T00:00:00Z","score":12,"tier":"warm","grade":"B","disqualified":[],"until":null,"dimensions":{"web":{"sum":12,"value":12}}}
{"lead_id":"d","model":"small","as_of":"2026-01-06T00:00:00Z","score":0,"tier":"disqualified","grade":"F","disqualified":["spam"],"until":null,"dimensions":{"web":{"sum":0,"value":0}}}
"#;
    folder().check(RUN, 0, out, "");
}

#[test]
fn reasons_come_with_explain_and_accounts_follow_the_leads() {
    let out = r#"{"lead_id":"a","model":"small","as_of":"2026-01-06T00:00:00Z","score":35.5,"tier":"hot","grade":"A","disqualified":[],"until":null,"dimensions":{"web":{"sum":35.5,"value":35.5}},"reasons":[{"rule":"demo","dimension":"web","points":30.5,"awards":1,"last":"2026-01-01T00:00:00Z"},{"rule":"visit","dimension":"web","points":5,"awards":1,"last":"2026-01-02T00:00:00.500Z"}]}
{"account_id":"acme","model":"small","as_of":"2026-01-06T00:00:00Z","score":54.5,"tier":"target","members":2,"reasons":[{"rule":"crowd","points":7,"awards":1,"last":"2026-01-03T00:00:00Z"}]}
"#;
    folder().check(&format!("{RUN} --explain --accounts --tier hot"), 0, out, "");
}

#[test]
fn a_table_ranks_by_score_and_counts_tiers() {
    let out = "\
#  lead  score              grade  tier          why
1  a      35.5  ███▌        A      hot           demo +30.5, visit +5
2  b        12  █▎          B      warm          visit +12
3  =c        0              F
4  d         0              F      disqualified  spam
4 leads: 1 hot, 1 warm, 1 in no tier, 1 disqualified

#  account  score  members  tier    why
1  acme      54.5        2  target  crowd +7
1 account
";
    folder().check(&format!("{RUN} --format table --accounts"), 0, out, "");
}

#[test]
fn a_table_without_unicode_is_plain() {
    let out = "\
#  lead  score              grade  tier  why
1  a      35.5  ####        A      hot   demo +30.5, visit +5
1 lead: 1 hot
";
    let folder = folder();
    let mut command = folder.command(&format!("{RUN} --format table --top 1"));
    let run = command.env("LC_ALL", "C").output().expect("the binary");
    crate::run::Run::from(run).check(0, out, "");
}

#[test]
fn only_the_columns_that_are_asked_for_are_written_and_in_that_order() {
    let folder = folder();
    let out = "\
score,lead_id,web
0,\"'=c\",0
35.5,a,35.5
12,b,12
0,d,0
";
    folder.check(&format!("{RUN} --format csv --columns score,lead_id,web"), 0, out, "");
    folder.check(&format!("{RUN} -q -o s.parquet --columns web_sum,lead_id --top 1"), 0, "", "");
    folder.check(
        "features -q -l s.parquet",
        0,
        "lead_id,at,outcome,outcome_at,value,lead.web_sum\na,,0,,,35.5\n",
        "",
    );
}

#[test]
fn a_column_that_there_is_not_is_told() {
    let check = |columns: &str, message: &str| {
        folder().check(&format!("{RUN} --columns {columns}"), 2, "", &format!("error: {message}\n"));
    };
    let csv =
        "there is `lead_id`, `model`, `as_of`, `score`, `tier`, `grade`, `disqualified`, `until`, `web`";
    check("lead_id,fit -f csv", &format!("there is no column `fit`\nhelp: {csv}"));
    check("lead_id,reasons -f csv", "there is no column `reasons`\nhelp: --explain adds it");
    check("tier,tier -f csv", "--columns names `tier` twice");
    check(
        "lead_id",
        "--columns is for CSV and Parquet\nhelp: name the output `.csv` or `.parquet`, or give --format csv",
    );
}

#[test]
fn a_file_has_the_format_of_its_extension_and_csv_is_safe_to_open() {
    let folder = folder();
    folder.check(&format!("{RUN} --explain -o out.csv --accounts"), 0, "", "");
    let expect = "\
lead_id,model,as_of,score,tier,grade,disqualified,until,web,reasons
\"'=c\",small,2026-01-06T00:00:00Z,0,,F,,,0,
a,small,2026-01-06T00:00:00Z,35.5,hot,A,,,35.5,\"demo 30.5; visit 5\"
b,small,2026-01-06T00:00:00Z,12,warm,B,,,12,visit 12
d,small,2026-01-06T00:00:00Z,0,disqualified,F,spam,,0,
";
    assert_eq!(folder.read("out.csv"), expect);
    let expect = "\
account_id,model,as_of,score,tier,members,reasons
acme,small,2026-01-06T00:00:00Z,54.5,target,2,crowd 7
";
    assert_eq!(folder.read("out.accounts.csv"), expect);
    assert_eq!(folder.names(), ["e.csv", "l.csv", "m.yaml", "out.accounts.csv", "out.csv"]);
}

#[test]
fn accounts_have_the_format_of_their_own_file() {
    let folder = folder();
    let accounts = r#"{"account_id":"acme","model":"small","as_of":"2026-01-06T00:00:00Z","score":54.5,"tier":"target","members":2,"reasons":[{"rule":"crowd","points":7,"awards":1,"last":"2026-01-03T00:00:00Z"}]}
"#;
    folder.check(&format!("{RUN} -o out.csv --accounts=acc.jsonl"), 0, "", "");
    assert_eq!(folder.read("acc.jsonl"), accounts);
    assert!(folder.read("out.csv").starts_with("lead_id,model,"), "{}", folder.read("out.csv"));
    folder.check(&format!("{RUN} -o out.jsonl --accounts=acc.csv"), 0, "", "");
    assert!(folder.read("acc.csv").starts_with("account_id,model,"), "{}", folder.read("acc.csv"));
    let run = folder.run(&format!("{RUN} --format csv --accounts=acc.parquet"));
    assert!(run.out.starts_with("lead_id,model,"), "{}", run.out);
    let written = std::fs::read(folder.path("acc.parquet")).unwrap();
    assert!(written.starts_with(b"PAR1"), "Parquet by its extension");
    folder.check(&format!("{RUN} -o out.parquet --accounts"), 0, "", "");
    let written = std::fs::read(folder.path("out.accounts.parquet")).unwrap();
    assert!(written.starts_with(b"PAR1"), "beside the leads");
    // A name that tells nothing has the format that is asked for.
    folder.check(&format!("{RUN} --format jsonl -o out --accounts=acc"), 0, "", "");
    assert_eq!(folder.read("acc"), accounts);
    folder.check(&format!("{RUN} -o out.csv --accounts=-"), 0, accounts, "");
    let err = "\
error: cannot tell the format from `acc.xlsx`
help: name it `.jsonl`, `.csv`, `.parquet` or `.txt`, or give --format
";
    folder.check(&format!("{RUN} -o out.csv --accounts=acc.xlsx"), 2, "", err);
}

#[test]
fn one_file_cannot_take_two_things() {
    let folder = folder();
    let err = "error: `./out.csv` cannot hold both the leads and the accounts\nhelp: name two files\n";
    folder.check(&format!("{RUN} -o out.csv --accounts=./out.csv"), 2, "", err);
    let err = "error: `out.jsonl` cannot hold both the leads and the rejected rows\nhelp: name two files\n";
    folder.check(&format!("{RUN} -o out.jsonl --rejects out.jsonl"), 2, "", err);
    let leads = folder.read("l.csv");
    let err = "error: `l.csv` cannot hold both the input and the leads\nhelp: name two files\n";
    folder.check(&format!("{RUN} -o l.csv"), 2, "", err);
    let err = "error: `e.csv` cannot hold both the input and the rejected rows\nhelp: name two files\n";
    folder.check(&format!("{RUN} --rejects e.csv"), 2, "", err);
    assert_eq!(folder.read("l.csv"), leads);
    assert_eq!(folder.names(), ["e.csv", "l.csv", "m.yaml"]);
}

#[test]
#[cfg(target_os = "linux")]
fn scores_are_written_though_nothing_can_be_told() {
    let folder = folder();
    let exit_code = |words: &[&str]| {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let mut kelvin = std::process::Command::new(env!("CARGO_BIN_EXE_kelvin"));
        kelvin.args(words).current_dir(folder.path(".")).stderr(full).status().unwrap().code()
    };
    let score = ["score", "-m", "m.yaml", "-l", "l.csv", "--map", "unread=account_id", "-o", "out.jsonl"];
    assert_eq!(exit_code(&score), Some(0));
    assert!(folder.read("out.jsonl").starts_with(r#"{"lead_id":"#), "{}", folder.read("out.jsonl"));
    assert_eq!(exit_code(&["check", "no.yaml"]), Some(2));
}

#[test]
fn parquet_is_written_and_can_be_read_again() {
    let folder = folder();
    folder.check(&format!("{RUN} -o out.parquet"), 0, "", "");
    let model = MODEL.replace("model: small", "model: again").replace(
        "      - {id: demo, event: Demo Requested, points: 30.5}",
        "      - {id: was-hot, if: 'lead.tier == \"hot\"', points: 30.5}",
    );
    folder.write("again.yaml", &model);
    let out = r#"{"lead_id":"a","model":"again","as_of":"2026-01-06T00:00:00Z","score":30.5,"tier":"hot","grade":"A","disqualified":[],"until":null,"dimensions":{"web":{"sum":30.5,"value":30.5}}}
"#;
    folder.check("score -m again.yaml -l out.parquet --as-of 2026-01-06 --top 1", 0, out, "");
}

#[test]
fn leads_are_selected_and_sorted() {
    let folder = folder();
    let ids = |options: &str| {
        let run = folder.run(&format!("{RUN} {options}"));
        assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{options}");
        let id = |line: &str| line.split('"').nth(3).unwrap().to_owned();
        run.out.lines().map(id).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(ids("--top 2"), "a b");
    assert_eq!(ids("--sort score"), "=c d b a");
    assert_eq!(ids("--sort -web --top 1"), "a");
    assert_eq!(ids("--sort -lead_id"), "d b a =c");
    assert_eq!(ids("--tier none --tier disqualified"), "=c d");
    assert_eq!(ids("--tier warm"), "b");
}

#[test]
fn a_tier_or_a_key_that_no_model_has_is_a_mistake() {
    let folder = folder();
    let err = "error: no model has a tier `hto`\nhelp: there is `warm`, `hot`, `none`, `disqualified`\n";
    folder.check(&format!("{RUN} --tier hto"), 2, "", err);
    let err = "error: cannot sort by `fit`\nhelp: there is `lead_id`, `score`, `web`\n";
    folder.check(&format!("{RUN} --sort fit"), 2, "", err);
}

#[test]
fn a_lead_is_silent_since_it_was_created_and_a_time_that_cannot_be_read_is_told() {
    let model = "\
kelvin: 1
model: quiet
dimensions: {f: {rules: [{id: q, inactive: 1d, points: -1}]}}
";
    let leads = "lead_id,created_at\na,yesterday\nb,2026-01-01 10:00:00\n";
    let folder = Folder::new(&[("m.yaml", model), ("l.csv", leads)]);
    let scores = |options: &str| {
        let run = folder.run(&format!("score -m m.yaml -l l.csv --as-of 2026-03-10 {options} -o out.csv"));
        assert_eq!((run.code, run.out.as_str()), (Some(0), ""));
        let scores = folder.read("out.csv");
        let score = |line: &str| line.split(',').nth(3).unwrap().to_owned();
        (scores.lines().skip(1).map(score).collect::<Vec<_>>().join(" "), run.err)
    };
    let told = "note: l.csv: the model uses `created_at` as a time, but `yesterday` in line 2 is none, and counts as absent: expected a time such as `2026-03-01T10:00:00Z`, a date, or milliseconds since 1970\n";
    let zone = "note: l.csv: the model uses `created_at` as a time, but `2026-01-01 10:00:00` in line 3 has no offset from UTC, and counts as absent: `--time-zone UTC` reads such times as UTC\n";
    assert_eq!(scores(""), ("0 0".to_owned(), format!("{told}{zone}")));
    assert_eq!(scores("--assume-utc"), ("0 -1".to_owned(), told.to_owned()));
}

#[test]
fn fields_that_no_row_has_are_told() {
    let model = "\
kelvin: 1
model: m
dimensions:
  f:
    rules:
      - {id: country, if: 'lead.country == \"DE\"', points: 1}
      - {id: title, if: 'lead.title == \"CEO\" && lead.plan == \"pro\"', points: 1}
      - {id: size, if: 'account.size > 5', points: 1}
      - {id: pricing, event: page, if: 'event.path == \"/pricing\"', points: 1}
";
    let leads = "lead_id,Job Title,Country/Region\na,CEO,DE\n";
    let events = "{\"lead_id\":\"a\",\"time\":\"2026-01-01\",\"event\":\"page\",\"url\":\"/pricing\"}\n";
    let folder = Folder::new(&[("m.yaml", model), ("l.csv", leads), ("e.jsonl", events)]);
    let told = |options: &str| {
        let run = folder.run(&format!("score -m m.yaml --as-of 2026-03-10 -o out.csv {options}"));
        assert_eq!((run.code, run.out.as_str()), (Some(0), ""));
        run.err
    };
    let err = "\
note: l.csv: no column `country`, `title`, which the model reads: did you mean `Country/Region`, `Job Title`? (`--map 'country=Country/Region,title=Job Title'`)
note: l.csv: no row has `plan`, `account.size`, which the model reads
note: e.jsonl: no row has `path`, which the model reads
";
    assert_eq!(told("-l l.csv -e e.jsonl"), err);
    assert_eq!(told("-l l.csv -e e.jsonl --quiet"), "");
    // Events may write what the leads do not have; a column without values is a column all the same.
    folder.write("l.csv", "lead_id,title,country,account.size\na,,,\n");
    let identify =
        "{\"lead_id\":\"a\",\"time\":\"2026-01-01\",\"event\":\"identify\",\"traits\":{\"plan\":\"pro\"}}\n";
    folder.write("e.jsonl", &format!("{identify}{}", events.replace("url", "path")));
    assert_eq!(told("-l l.csv -e e.jsonl"), "");
    folder.write("none.jsonl", "");
    assert_eq!(told("-l none.jsonl"), "");
}

#[test]
fn a_mapped_field_that_no_model_reads_is_told() {
    let model = "\
kelvin: 1
model: m
dimensions: {f: {rules: [{id: country, if: 'lead.country == \"DE\" && account.size > 5', points: 1}]}}
";
    let folder = Folder::new(&[("m.yaml", model), ("l.csv", "Id,Country,Size\na,DE,7\n")]);
    let run = |mapping: &str| {
        let line = format!("score -m m.yaml --as-of 2026-03-10 -l l.csv --map leads:lead_id=Id,{mapping}");
        folder.run(&line)
    };
    let note = "note: l.csv: no row has `account.size`, which the model reads\n";
    let told = |mapping: &str| run(mapping).err.replace(note, "");
    assert_eq!(told("country=Country"), "");
    assert_eq!(told("country=Country,score=Size"), "note: --map: no model reads `score`\n");
    assert_eq!(
        told("country=Country,events:county=Country"),
        "note: --map: no model reads `county`\n",
        "events have no country"
    );
    assert!(
        told("countri=Country")
            .starts_with("note: --map: no model reads `countri`: did you mean `country`?\n")
    );
    assert!(
        told("lead.country=Country")
            .starts_with("note: --map: no model reads `lead.country`: did you mean `country`?\n")
    );
    // The account's fields are mapped as their columns are called.
    let found = run("country=Country,account.size=Size");
    assert!(found.err.is_empty() && found.out.contains("\"score\":1,"), "{found:?}");
    folder.write("l.jsonl", "{\"Id\":\"a\",\"country\":\"DE\",\"firm\":{\"size\":7}}\n");
    let found =
        folder.run("score -m m.yaml --as-of 2026-03-10 -l l.jsonl --map lead_id=Id,account.size=firm.size");
    assert!(found.err.is_empty() && found.out.contains("\"score\":1,"), "{found:?}");
}

#[test]
fn events_called_otherwise_only_in_capitals_are_told() {
    let events = "lead_id,time,event\na,2026-01-01,Page\na,2026-01-01,PAGE\na,2026-01-01,demo requested\na,2026-01-01,pag3\n";
    let folder = folder();
    folder.write("e.csv", events);
    let run = folder.run("score -m m.yaml -e e.csv --as-of 2026-01-06");
    let err = "\
note: e.csv: events called `demo requested`, as in line 4, are not the model's `Demo Requested`: names are compared letter by letter
note: e.csv: events called `Page`, as in line 2, are not the model's `page`: names are compared letter by letter
";
    assert_eq!(run.err, err);
}

#[test]
fn rejected_rows_are_told_and_the_rest_is_scored() {
    let folder = folder();
    folder.write("e.csv", "lead_id,time,event\na,2026-01-01,page\na,yesterday,page\n,2026-01-01,page\n");
    let run = folder.run("score -m m.yaml -e e.csv --as-of 2026-01-06 --rejects r.jsonl");
    let err = "\
rejected: e.csv:3: `time` `yesterday` is no time: expected a time such as `2026-03-01T10:00:00Z`, a date, or milliseconds since 1970
rejected: e.csv:4: `lead_id` is missing
";
    assert_eq!(run.err, err);
    assert_eq!(run.code, Some(1));
    assert_eq!(run.out.lines().count(), 1);
    let kept = r#"{"file":"e.csv","line":3,"reason":"`time` `yesterday` is no time: expected a time such as `2026-03-01T10:00:00Z`, a date, or milliseconds since 1970"}
{"file":"e.csv","line":4,"reason":"`lead_id` is missing"}
"#;
    assert_eq!(folder.read("r.jsonl"), kept);
    let strict = folder.run("score -m m.yaml -e e.csv --as-of 2026-01-06 --strict");
    assert_eq!((strict.code, strict.out.as_str()), (Some(1), ""));
    let told: Vec<_> = strict.err.lines().collect();
    assert_eq!(told.len(), 2);
    assert_eq!(told[1], "error: stopped at the first rejected row, as --strict asks: no scores are written");
}

#[test]
fn the_lines_of_several_files_are_no_ids() {
    let folder = folder();
    folder.write("a.csv", "x\n1\n");
    let err = "\
error: `lead_id=@line` cannot tell the rows of several leads files apart: they have the same lines
help: score one file at a time, or map a column that tells leads apart
";
    folder.check("score -m m.yaml -l a.csv -l a.csv --map lead_id=@line", 2, "", err);
    let err = "\
error: `lead_id=@line` cannot tell the rows of several events files apart: they have the same lines
help: `leads:lead_id=@line` is for leads only
";
    folder.check("score -m m.yaml -l a.csv -e e.csv -e e.csv --map lead_id=@line", 2, "", err);
}

#[test]
fn what_has_no_extension_is_found_out() {
    let folder = folder();
    let csv = "lead_id,time,event\na,2026-01-01,page\n";
    let out = r#"{"lead_id":"a","model":"small","as_of":"2026-01-06T00:00:00Z","score":5,"tier":null,"grade":"F","disqualified":[],"until":null,"dimensions":{"web":{"sum":5,"value":5}}}
"#;
    folder.run_with("score -m m.yaml -e - --as-of 2026-01-06", csv).check(0, out, "");
    folder.run_with("score -m m.yaml -e /dev/stdin --as-of 2026-01-06", csv).check(0, out, "");
    folder.run_with("score -m m.yaml -e - --as-of 2026-01-06", "").check(0, "", "");
    folder.write("events", csv);
    folder.check("score -m m.yaml -e events --as-of 2026-01-06", 0, out, "");
}

#[test]
fn an_instant_in_seconds_is_told() {
    let folder = folder();
    let run = folder.run("score -m m.yaml -e e.csv --as-of 1767225600");
    let note = "note: --as-of 1767225600 is 1970-01-21T10:53:45.600Z: it is taken as milliseconds since 1970, and looks like seconds\n";
    assert_eq!((run.code, run.err.as_str()), (Some(0), note));
    folder.check("score -m m.yaml -e e.csv --as-of 1970-02-01 --top 0", 0, "", "");
}

#[test]
fn a_file_that_stands_apart_from_its_option_is_told() {
    let run = folder().run(&format!("{RUN} --accounts y.csv"));
    let told = "error: unexpected argument 'y.csv' found\n\n  tip: accounts go to a file of their own with '--accounts=y.csv'\n";
    assert_eq!(run.code, Some(2));
    assert!(run.err.starts_with(told), "{}", run.err);
}

#[test]
fn standard_input_may_be_json_lines() {
    let folder = folder();
    let events = "{\"lead_id\":\"a\",\"time\":\"2026-01-01T00:00:00Z\",\"event\":\"page\"}\n";
    let out = r#"{"lead_id":"a","model":"small","as_of":"2026-01-06T00:00:00Z","score":5,"tier":null,"grade":"F","disqualified":[],"until":null,"dimensions":{"web":{"sum":5,"value":5}}}
"#;
    folder.run_with("score -m m.yaml -e - --as-of 2026-01-06", events).check(0, out, "");
    let err = "error: standard input can only be one of the inputs: `-` is given more than once\n";
    folder.check("score -m m.yaml -l - -e -", 2, "", err);
}

#[test]
fn several_models_score_each_lead_in_turn() {
    let folder = folder();
    folder.write("models/a.yaml", &MODEL.replace("model: small", "model: first"));
    folder.write("models/b.yaml", &MODEL.replace("model: small", "model: second"));
    let run = folder.run("score -m models -l l.csv -e e.csv --as-of 2026-01-06");
    let part = |line: &str, nth| line.split('"').nth(nth).unwrap().to_owned();
    let lines: Vec<_> = run.out.lines().map(|line| format!("{}/{}", part(line, 3), part(line, 7))).collect();
    assert_eq!(
        lines,
        ["=c/first", "=c/second", "a/first", "a/second", "b/first", "b/second", "d/first", "d/second"]
    );
    folder.write("models/c.yaml", MODEL);
    folder.write("models/d.yaml", MODEL);
    let err = "\
error: `models/c.yaml` and `models/d.yaml` are both called `small`
help: their lines could not be told apart: give each model its own id
";
    folder.check("score -m models -l l.csv", 2, "", err);
}

#[test]
fn a_model_with_errors_is_unusable() {
    let folder = folder();
    folder.write("m.yaml", &MODEL.replace("points: 5", "pionts: 5"));
    let run = folder.run(RUN);
    assert_eq!((run.code, run.out.as_str()), (Some(2), ""));
    assert!(run.err.contains("did you mean `points`?"), "{}", run.err);
    assert!(run.err.ends_with("error: `m.yaml` has 1 error\n"), "{}", run.err);
}

#[test]
fn an_escape_that_is_no_character_is_told_as_such() {
    let folder = folder();
    folder
        .write("m.yaml", &MODEL.replace("event: page, points: 5", "if: 'lead.x == \"\\ud800\"', points: 5"));
    let run = folder.run(RUN);
    assert!(run.err.contains(r#"`"\ud800"` has an escape that stands for no character"#), "{}", run.err);
}

#[test]
fn what_cannot_be_read_or_written_is_told() {
    let folder = folder();
    let run = folder.run("score -m m.yaml -l nowhere.csv");
    assert_eq!((run.code, run.out.as_str()), (Some(2), ""));
    assert_eq!(run.err, "error: cannot open `nowhere.csv`: no such file or directory\n");
    let err = "\
error: cannot tell the format from `out.xlsx`
help: name it `.jsonl`, `.csv`, `.parquet` or `.txt`, or give --format
";
    folder.check(&format!("{RUN} -o out.xlsx"), 2, "", err);
    let err = "error: cannot write `no/out.csv`: no such file or directory\n";
    folder.check(&format!("{RUN} -o no/out.csv"), 2, "", err);
    let err =
        "error: cannot use --map `lead_id`: `lead_id` is mapped to no column: expected `lead_id=Column`\n";
    folder.check(&format!("{RUN} --map lead_id"), 2, "", err);
    folder.check(
        &format!("{RUN} --format parquet"),
        2,
        "",
        "error: Parquet cannot go to standard output\nhelp: -o FILE names a file\n",
    );
}

#[test]
fn a_reader_that_has_seen_enough_ends_the_run_quietly() {
    let folder = folder();
    let rows: String = (0..20_000).map(|row| format!("lead-{row},acme\n")).collect();
    folder.write("l.csv", &format!("lead_id,account_id\n{rows}"));
    let mut command = folder.command(RUN);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("an end");
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}

#[test]
fn an_event_sees_the_attributes_as_of_its_time_not_those_written_later() {
    let model = "\
kelvin: 1
model: small
dimensions:
  web:
    rules:
      - {id: paid-visit, event: page, if: 'lead.plan == \"pro\"', points: 10}
";
    let events = r#"{"lead_id":"a","time":"2026-01-01T00:00:00Z","event":"page"}
{"lead_id":"a","time":"2026-01-02T00:00:00Z","event":"identify","traits":{"plan":"pro"}}
{"lead_id":"a","time":"2026-01-03T00:00:00Z","event":"page"}
"#;
    let folder = Folder::new(&[("m.yaml", model), ("e.jsonl", events)]);
    let out = r#"{"lead_id":"a","model":"small","as_of":"2026-01-04T00:00:00Z","score":10,"tier":null,"grade":null,"disqualified":[],"until":null,"dimensions":{"web":{"sum":10,"value":10}}}
"#;
    folder.check("score -m m.yaml -e e.jsonl --as-of 2026-01-04", 0, out, "");
}

#[test]
fn a_call_that_comes_twice_writes_attributes_of_its_account_once() {
    let model = "\
kelvin: 1
model: small
dimensions:
  fit:
    rules:
      - {id: paying, if: 'account.plan == \"pro\"', points: 10}
";
    let group = |id: &str, time: &str, plan: &str| {
        format!(
            r#"{{"type":"group","userId":"a","groupId":"acme","timestamp":"{time}","messageId":"{id}","traits":{{"plan":"{plan}"}}}}"#
        )
    };
    let (first, again, later) =
        (group("1", "2026-01-01", "pro"), group("1", "2026-01-02", "free"), group("2", "2026-01-03", "free"));
    let check = |events: &[&String], expect: &str| {
        let events: String = events.iter().map(|event| format!("{event}\n")).collect();
        let folder = Folder::new(&[("m.yaml", model), ("e.jsonl", &events)]);
        let run = folder.run("score -m m.yaml -e e.jsonl --as-of 2026-02-01 --format jsonl");
        assert!(run.out.contains(expect), "{events}{run:?}");
    };
    check(&[&first, &again], "\"score\":10,");
    check(&[&again, &first], "\"score\":0,");
    check(&[&first, &again, &later], "\"score\":0,");
    check(&[&later, &first, &again], "\"score\":0,");
}

#[test]
fn a_folder_of_models_may_hold_the_playbook_that_goes_with_them() {
    let playbook = "playbook: 1\ntime_zone: UTC\n";
    let folder = Folder::new(&[("m/small.yaml", MODEL), ("m/playbook.yaml", playbook), ("e.csv", EVENTS)]);
    let run = folder.run("score -m m -e e.csv --as-of 2026-01-06 --format jsonl");
    assert_eq!((run.code, run.out.lines().count()), (Some(0), 3), "{run:?}");
    let err = "error: there is no model among these files, only playbooks\n";
    folder.write("p/playbook.yaml", playbook);
    folder.check("score -m p -e e.csv", 2, "", err);
}
