//! `kelvin drift` as users meet it.

use std::fmt::Write;

use crate::run::Folder;

/// Leads of a period: sizes around a middle, and probabilities of which so many in a hundred come true.
fn leads(middle: u32, true_in_hundred: u32) -> String {
    let mut text = String::from("employees,country,p,won\n");
    for row in 0..400_u32 {
        let spread = row * 37 % 101;
        let won = row * 59 % 100 < true_in_hundred;
        let country = ["DE", "AT", "CH"][row as usize % 3];
        writeln!(text, "{},{country},0.{},{won}", middle + spread, 2 + row % 3).unwrap();
    }
    text
}

#[test]
fn an_attribute_that_moved_sets_off_an_alarm() {
    let folder = Folder::new(&[("a.csv", &leads(100, 30)), ("b.csv", &leads(160, 30))]);
    let run = folder.run("drift -l a.csv --later b.csv --ignore won");
    assert_eq!(run.code, Some(1), "{}{}", run.out, run.err);
    assert!(run.out.contains("lead.employees  strong"), "{}", run.out);
    assert!(run.out.contains("2 attributes unchanged"), "{}", run.out);
}

#[test]
fn where_nothing_moved_there_is_no_alarm() {
    let folder = Folder::new(&[("a.csv", &leads(100, 30)), ("b.csv", &leads(100, 30))]);
    let run = folder.run("drift -l a.csv --later b.csv --outcome 'lead.won == true' --probability p");
    assert_eq!(run.code, Some(0), "{}{}", run.out, run.err);
    assert!(run.out.contains("nothing has changed that could not be chance"), "{}", run.out);
}

#[test]
fn probabilities_that_are_wrong_now_set_off_an_alarm() {
    let folder = Folder::new(&[("a.csv", &leads(100, 30)), ("b.csv", &leads(100, 60))]);
    let run =
        folder.run("drift -l a.csv --later b.csv --outcome 'lead.won == true' --probability p --format json");
    assert_eq!(run.code, Some(1), "{}{}", run.out, run.err);
    let told: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(told["level"], "strong");
    assert_eq!(told["calibration"][1]["observed"], 240.0);
    assert!(told["calibration"][0]["p"].as_f64() > Some(0.5));
}

#[test]
fn a_column_that_only_one_period_has_is_told() {
    let folder = Folder::new(&[("a.csv", "size\n1\n2\n"), ("b.csv", "width\n1\n2\n")]);
    let run = folder.run("drift -l a.csv --later b.csv");
    assert_eq!(run.code, Some(2), "{}", run.out);
    assert!(run.err.contains("is not in both periods"), "{}", run.err);
}
