//! `kelvin score`: columns that are not called as the model calls its fields.

use crate::run::Folder;

const MODEL: &str = "\
kelvin: 1
model: m
dimensions:
  f:
    rules:
      - {id: country, if: 'lead.country == \"DE\"', points: 1}
      - {id: city, if: 'lead.address.city == \"Bonn\"', points: 2}
";

const EVENTS: &str = "lead_id,time,event\na,2026-01-01,page\n";

fn folder(leads: &str) -> Folder {
    Folder::new(&[("m.yaml", MODEL), ("l.csv", leads), ("l.jsonl", leads), ("e.csv", EVENTS)])
}

/// Scores leads, and compares what is told beside the score.
#[track_caller]
fn check(leads: &str, options: &str, code: i32, err: &str) {
    let run = folder(leads).run(&format!("score -m m.yaml --as-of 2026-03-10 {options} -o out.csv"));
    assert_eq!((run.code, run.err.as_str()), (Some(code), err));
}

#[test]
fn a_column_that_is_mapped_and_in_no_file_is_an_error() {
    let leads = "lead_id,Email,country,address\na,a@b.example,DE,x\n";
    let err = "\
error: `l.csv` has no column `Emial`
help: did you mean `Email`? its columns are `lead_id`, `Email`, `country`, `address`
";
    check(leads, "-l l.csv --map lead_id=Emial", 2, err);
    check(leads, "-e e.csv -l l.csv --map lead_id=Emial", 2, err);
    check(leads, "-e e.csv -l l.csv --map lead_id=Email", 0, "");
    let err = "\
error: `l.csv` has no column `Land`
help: its columns are `lead_id`, `Email`, `country`, `address`
";
    check(leads, "-e e.csv -l l.csv --map country=Land", 2, err);
}

#[test]
fn a_part_of_an_object_is_not_taken_for_the_object() {
    let err = "note: l.csv: no row has `address`, which the model reads\n";
    check("lead_id,country,address.city\na,DE,Bonn\n", "-l l.csv", 0, err);
}

#[test]
fn a_column_that_the_model_reads_itself_is_not_taken_for_another() {
    let model = "\
kelvin: 1
model: m
dimensions:
  f:
    rules:
      - {id: a, event: page, if: 'event.utm_source == \"ads\"', points: 1}
      - {id: b, event: page, if: 'event.?source.orValue(\"\") == \"ads\"', points: 1}
";
    let events = "lead_id,time,event,utm_source\na,2026-01-01,page,ads\n";
    let run = Folder::new(&[("m.yaml", model), ("e.csv", events)])
        .run("score -m m.yaml -e e.csv --as-of 2026-03-10 -o out.csv");
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
}

#[test]
fn a_key_of_nearly_the_name_that_the_model_reads_is_pointed_out() {
    let leads = "{\"lead_id\":\"a\",\"Country\":\"DE\"}\nnonsense\n{\"lead_id\":\"b\"}\n";
    let err = "\
rejected: l.jsonl:2: not a JSON object: `nonsense`
note: l.jsonl: no row has `country`, which the model reads: did you mean `Country`? (`--map country=Country`)
note: l.jsonl: no row has `address`, which the model reads
";
    check(leads, "-l l.jsonl", 1, err);
}

#[test]
fn a_field_that_the_model_can_do_without_is_not_missed() {
    let model = |more: &str| {
        format!(
            "\
kelvin: 1
model: m
dimensions:
  f:
    rules:
      - {{id: a, if: 'has(lead.phone) && lead.phone != \"none\"', points: 1}}
      - {{id: b, if: '!has(lead.unsubscribed)', points: 1}}
      - {{id: c, event: page, if: 'event.?ref.orValue(\"\") == \"ad\"', points: 1}}{more}
"
        )
    };
    let folder = folder("lead_id\na\n");
    let told = |model: &str| {
        folder.write("m.yaml", model);
        folder.run("score -m m.yaml -l l.csv -e e.csv --as-of 2026-03-10 -o out.csv").err
    };
    assert_eq!(told(&model("")), "");
    let more = "\n      - {id: d, if: 'lead.phone.startsWith(\"+49\")', points: 1}";
    assert_eq!(told(&model(more)), "note: l.csv: no row has `phone`, which the model reads\n");
}
