//! Finds cases: in folders, in folders of folders, in Markdown.

use std::{
    fs,
    path::{Path, PathBuf},
};

use kelvin_model::cases::{BadLine, Case, Expectations, Subject, markdown};

use crate::{
    failure::{Failure, Outcome},
    source::Source,
};

/// The cases at a path.
pub(super) fn cases(path: &Path) -> Outcome<Vec<Case>> {
    if !path.is_dir() {
        let source = Source::read(path)?;
        let cases = markdown::cases(source.text()?).map_err(|bad| unusable(&source.name(), &bad))?;
        if let Some(case) = cases.iter().find(|case| expects_nothing(case)) {
            return Err(no_expectation(&format!("{}:{}", source.name(), case.line)));
        }
        return if cases.is_empty() { Err(nothing(path)) } else { Ok(cases) };
    }
    if is_case(path) {
        return Ok(vec![of_folder(path)?]);
    }
    let failed = |cause: std::io::Error| Failure::file("read", path, &cause);
    let mut folders: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(path).map_err(failed)? {
        let folder = entry.map_err(failed)?.path();
        if is_case(&folder) {
            folders.push(folder);
        }
    }
    folders.sort();
    if folders.is_empty() {
        Err(nothing(path))
    } else {
        folders.iter().map(|folder| of_folder(folder)).collect()
    }
}

fn is_case(folder: &Path) -> bool {
    ["expected.jsonl", "expected-accounts.jsonl"].iter().any(|name| folder.join(name).is_file())
}

fn of_folder(folder: &Path) -> Outcome<Case> {
    let text = |name: &str| -> Outcome<String> {
        let path = folder.join(name);
        if path.is_file() { Ok(Source::read(&path)?.text()?.to_owned()) } else { Ok(String::new()) }
    };
    let mut case = Case {
        name: folder.display().to_string(),
        model: text("model.yaml")?,
        leads: text("leads.jsonl")?,
        events: text("events.jsonl")?,
        ..Case::default()
    };
    for (name, subject) in [("expected.jsonl", Subject::Lead), ("expected-accounts.jsonl", Subject::Account)]
    {
        let file = folder.join(name);
        if file.is_file() {
            let parsed = Expectations::parse(&text(name)?, subject, None);
            case.expected.push(parsed.map_err(|bad| unusable(&file.display().to_string(), &bad))?);
        }
    }
    if expects_nothing(&case) { Err(no_expectation(&case.name)) } else { Ok(case) }
}

/// Whether there are places for expected lines, and not a line in them.
fn expects_nothing(case: &Case) -> bool {
    !case.expected.is_empty() && case.expected.iter().all(Expectations::is_empty)
}

fn no_expectation(name: &str) -> Failure {
    Failure::new(format!("`{name}` expects nothing")).help(
        "write what a lead must score: {\"lead_id\": \"l1\", \"as_of\": \"2026-03-01\", \"score\": 61.25}",
    )
}

fn nothing(path: &Path) -> Failure {
    Failure::new(format!("`{}` holds no case", path.display()))
        .help("a case is a folder with `expected.jsonl`, or fenced blocks in Markdown: `kelvin test --help`")
}

/// All lines that cannot be used, as one failure.
fn unusable(name: &str, bad: &[BadLine]) -> Failure {
    let lines: Vec<_> = bad.iter().map(|bad| format!("{name}:{}: {}", bad.line, bad.message)).collect();
    let failure = Failure::new(lines.join("\nerror: "));
    match bad.iter().find_map(|bad| bad.help.clone()) {
        Some(help) => failure.help(help),
        None => failure,
    }
}
