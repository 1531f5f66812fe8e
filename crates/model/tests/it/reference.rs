//! The tables of the language reference are written from the program's: between two marks, a table of keys or of codes.
//!
//! `UPDATE_EXPECT=1` writes them anew.

use std::path::Path;

use kelvin_model::{
    diagnostics::{CODES, Severity},
    grammar::{self, Section, in_words},
};

#[test]
#[expect(clippy::disallowed_methods, reason = "a test is told by the environment to write what it expects")]
fn the_tables_of_the_reference_are_the_programs() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/language");
    let mut seen = String::new();
    for chapter in std::fs::read_dir(folder).unwrap().flatten() {
        let text = std::fs::read_to_string(chapter.path()).unwrap();
        let expected = with_tables(&text);
        if expected != text && std::env::var_os("UPDATE_EXPECT").is_some() {
            std::fs::write(chapter.path(), &expected).unwrap();
        } else {
            assert_eq!(text, expected, "{}: run with UPDATE_EXPECT=1", chapter.path().display());
        }
        seen += &expected;
    }
    for section in grammar::sections() {
        assert!(seen.contains(&mark(section.name)), "the reference has no table of `{}`", section.name);
    }
    assert!(seen.contains(&mark("diagnostics")), "the reference has no table of diagnostics");
}

fn mark(name: &str) -> String {
    format!("<!-- table: {name} -->")
}

/// The text with each marked table as it must be.
fn with_tables(text: &str) -> String {
    let mut out = String::new();
    let mut in_table = false;
    for line in text.lines() {
        if line == "<!-- end -->" {
            in_table = false;
        }
        if !in_table {
            out += line;
            out.push('\n');
        }
        if let Some(name) = line.strip_prefix("<!-- table: ").and_then(|rest| rest.strip_suffix(" -->")) {
            out += &table(name);
            in_table = true;
        }
    }
    assert!(!in_table, "a table without an end");
    out
}

fn table(name: &str) -> String {
    if name == "diagnostics" {
        return codes();
    }
    let section = grammar::sections().find(|section| section.name == name);
    section.map_or_else(|| format!("no section is named `{name}`\n"), keys)
}

fn keys(section: &Section) -> String {
    let mut out = String::from("| key | takes | |\n|---|---|---|\n");
    for key in section.keys {
        let required = if key.required { " Required." } else { "" };
        out += &format!("| `{}` | {} | {}{required} |\n", key.name, in_words(&key.takes), key.doc);
    }
    out
}

fn codes() -> String {
    let mut out = String::from("| code | | |\n|---|---|---|\n");
    for code in CODES {
        let severity = match code.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        out += &format!("| `{}` | {severity} | {} |\n", code.name, code.meaning);
    }
    out
}
