//! The reference's chapter on field functions, row by row.

use super::{department, email_domain, email_kind, seniority};

const CHAPTER: &str = include_str!("../../../../docs/language/field-functions.md");

/// The cells of a table's row that asks for an answer: two, the first one code.
fn question(line: &str) -> Option<(&str, &str)> {
    let (asked, answer) = line.strip_prefix("| `")?.strip_suffix(" |")?.split_once("` | ")?;
    (!answer.contains(" | ")).then(|| (asked, answer.trim_matches('`')))
}

fn answer(function: &str, asked: &str) -> String {
    match function {
        "emailDomain" => email_domain(asked).map_or("error".to_owned(), Into::into),
        "emailKind" => email_kind(asked).as_str().to_owned(),
        "seniority" => seniority(asked).as_str().to_owned(),
        "department" => department(asked).as_str().to_owned(),
        other => panic!("the chapter has a section `{other}`"),
    }
}

#[test]
fn every_row_of_the_chapter_is_what_the_function_answers() {
    let mut function = "";
    let mut in_levels = false;
    let mut rows = 0;
    for line in CHAPTER.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            function = heading.trim_matches('`');
        }
        in_levels = line.starts_with("| level |") || (in_levels && line.starts_with('|'));
        if let Some((asked, expect)) = question(line)
            && !function.is_empty()
            && !in_levels
        {
            assert_eq!(answer(function, asked), expect, "{function}(`{asked}`)");
            rows += 1;
        }
    }
    assert!(rows > 60, "{rows} rows");
}
