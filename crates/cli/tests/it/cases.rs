//! `kelvin test` and `kelvin diff`.

use std::{fs, path::Path};

use crate::run::{Folder, MODEL};

const EVENTS: &str = "{\"lead_id\":\"a\",\"time\":\"2026-01-01T00:00:00Z\",\"event\":\"Demo Requested\"}\n";
const EXPECTED: &str = "{\"lead_id\":\"a\",\"as_of\":\"2026-01-02T00:00:00Z\",\"score\":30}\n";

fn folder() -> Folder {
    let case = |name: &'static str, text| (name, text);
    Folder::new(&[
        case("cases/one/model.yaml", MODEL),
        case("cases/one/leads.jsonl", ""),
        case("cases/one/events.jsonl", EVENTS),
        case("cases/one/expected.jsonl", EXPECTED),
        case("cases/notes.txt", ""),
        case("m.yaml", MODEL),
    ])
}

#[test]
fn cases_that_hold_are_counted() {
    let folder = folder();
    folder.check("test cases", 0, "1 case, 0 failed\n", "");
    folder.check("test cases/one --model m.yaml --exact", 0, "1 case, 0 failed\n", "");
}

#[test]
fn a_case_that_does_not_hold_says_what_differs() {
    let folder = folder();
    folder.write("m.yaml", &MODEL.replace("30", "25"));
    let out = "cases/one\n  lead `a` at 2026-01-02T00:00:00Z: score is 25, expected 30\n1 case, 1 failed\n";
    folder.check("test cases --model m.yaml", 1, out, "");
}

#[test]
fn a_rule_that_the_model_does_not_have_is_a_difference() {
    let folder = folder();
    let expected = r#"{"lead_id":"a","as_of":"2026-01-02","rules":{"demo":30,"dmeo":0}}"#;
    folder.write("cases/one/expected.jsonl", expected);
    let out = "\
cases/one
  lead `a` at 2026-01-02T00:00:00Z: rule `dmeo`, which the model does not have, is none, expected 0
1 case, 1 failed
";
    folder.check("test cases", 1, out, "");
}

#[test]
fn a_row_that_is_rejected_is_told_once_and_fails_its_case() {
    let folder = folder();
    folder.write("cases/one/events.jsonl", &EVENTS.replace("2026-01-01T00:00:00Z", "yesterday"));
    let line = |day| format!("{{\"lead_id\":\"a\",\"as_of\":\"2026-01-0{day}\",\"score\":0}}\n");
    folder.write("cases/one/leads.jsonl", "{\"lead_id\":\"a\"}\n");
    folder.write("cases/one/expected.jsonl", &(line(2) + &line(3)));
    let out = "\
cases/one
  events.jsonl:1 is rejected: `time` `yesterday` is no time: expected a time such as `2026-03-01T10:00:00Z`, a date, or milliseconds since 1970
1 case, 1 failed
";
    folder.check("test cases", 1, out, "");
}

#[test]
fn a_case_that_expects_nothing_is_unusable() {
    let folder = folder();
    folder.write("cases/one/expected.jsonl", "\n");
    let err = "\
error: `cases/one` expects nothing
help: write what a lead must score: {\"lead_id\": \"l1\", \"as_of\": \"2026-03-01\", \"score\": 61.25}
";
    folder.check("test cases", 2, "", err);
    folder.write("d.md", &format!("```yaml model\n{MODEL}```\n```jsonl expect\n```\n"));
    folder.check("test d.md", 2, "", &err.replace("cases/one", "d.md:9"));
}

#[test]
fn a_line_that_expects_nothing_is_unusable() {
    let folder = folder();
    folder.write(
        "cases/one/expected.jsonl",
        &format!("{EXPECTED}{{\"lead_id\":\"a\",\"as_of\":\"2026-01-03\"}}\n"),
    );
    let err = "\
error: cases/one/expected.jsonl:2: nothing is expected
help: write what must come out: model, score, tier, grade, disqualified, until, dimensions, reasons, rules
";
    folder.check("test cases", 2, "", err);
}

#[test]
fn a_document_holds_any_number_of_cases() {
    let document = format!(
        "# Scores\n\n## Demos\n```yaml model\n{MODEL}```\n```jsonl events\n{EVENTS}```\n\
         ```jsonl expect as-of=2026-01-02\n{{\"lead_id\":\"a\",\"tier\":\"mql\"}}\n```\n\
         ```yaml formatted\nkelvin: 1\n```\n```text diagnostics\n```\n"
    );
    let out = "\
d.md:15: Demos
  lead `a` at 2026-01-02T00:00:00Z: tier is none, expected `mql`
d.md:18: Demos
  the layout is not as expected but
    kelvin: 1
    model: small

    dimensions:
      web:
        rules:
          - {id: demo, event: Demo Requested, points: 30}
3 cases, 2 failed
";
    Folder::new(&[("d.md", &document)]).check("test d.md", 1, out, "");
}

#[test]
fn an_event_sees_the_attributes_of_its_time() {
    let document = "
```yaml model
kelvin: 1
model: m
dimensions: {web: {rules: [{id: pro, event: page, if: 'lead.plan == \"pro\"', points: 10}]}}
```
```jsonl leads
{\"lead_id\": \"a\", \"plan\": \"free\"}
```
```jsonl events
{\"lead_id\": \"a\", \"time\": \"2026-01-01\", \"event\": \"page\"}
{\"lead_id\": \"a\", \"time\": \"2026-01-02\", \"event\": \"identify\", \"traits\": {\"plan\": \"pro\"}}
{\"lead_id\": \"a\", \"time\": \"2026-01-03\", \"event\": \"page\"}
```
```jsonl expect
{\"lead_id\": \"a\", \"as_of\": \"2026-01-02\", \"score\": 0}
{\"lead_id\": \"a\", \"as_of\": \"2026-01-03\", \"score\": 10}
```
";
    Folder::new(&[("d.md", document)]).check("test d.md", 0, "1 case, 0 failed\n", "");
}

#[test]
fn what_the_language_reference_says_holds() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/language");
    let mut chapters: Vec<_> = fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()).collect();
    chapters.retain(|path| fs::read_to_string(path).is_ok_and(|text| text.contains("```yaml model\n")));
    assert!(!chapters.is_empty());
    let run = Folder::new(&[]).command("test").args(&chapters).output().unwrap();
    let told = String::from_utf8_lossy(&run.stdout) + String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(0), "{told}");
}

#[test]
fn what_is_no_case_is_told() {
    let err = "\
error: `empty` holds no case
help: a case is a folder with `expected.jsonl`, or fenced blocks in Markdown: `kelvin test --help`
";
    Folder::new(&[("empty/a.txt", "")]).check("test empty", 2, "", err);
}

#[test]
fn a_change_of_meaning_is_told_and_one_of_text_is_not() {
    let folder = folder();
    folder.write("same.yaml", &format!("# a comment\n{MODEL}"));
    folder.check("diff m.yaml same.yaml", 0, "", "");
    folder.check("diff --format json m.yaml same.yaml", 0, "[]\n", "");
    folder.write("other.yaml", &MODEL.replace("30", "25"));
    folder.check("diff m.yaml other.yaml", 1, "`demo`: points 30 → 25\n", "");
}
