//! `kelvin test` and `kelvin diff`.

use crate::run::Folder;

const MODEL: &str = "\
kelvin: 1
model: small
dimensions:
  web:
    rules:
      - {id: demo, event: Demo Requested, points: 30}
";
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
