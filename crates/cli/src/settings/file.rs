//! The file with settings: TOML, each setting under its name. What is wrong is told with its place, all at once.

use std::{ops::Range, path::Path};

use clap::{Arg, ArgAction, Command, error::ErrorKind};
use toml::de::{DeTable, DeValue};

use super::key;
use crate::{
    failure::{Failure, Outcome},
    render::text::harmless,
    source::Source,
    terminal::tell,
};

/// A file that was read.
pub(super) struct File {
    name: String,
    entries: Vec<Entry>,
}

struct Entry {
    key: String,
    values: Vec<String>,
    line: usize,
}

/// What is wrong with a value, or with a key.
struct Wrong {
    at: Range<usize>,
    message: String,
    help: Option<String>,
}

impl File {
    /// Reads a file of known settings.
    pub(super) fn read(path: &Path, known: &[Arg]) -> Outcome<Self> {
        let source = Source::read(path)?;
        let (name, text) = (source.name(), source.text()?);
        let (table, errors) = DeTable::parse_recoverable(text);
        let unreadable = |error: &toml::de::Error| Wrong {
            at: error.span().unwrap_or(0..0),
            message: error.message().to_owned(),
            help: None,
        };
        let mut wrong: Vec<Wrong> = errors.iter().map(unreadable).collect();
        let mut entries = Vec::new();
        // A table that could not be read as a whole has keys that nobody wrote.
        for (written, value) in table.get_ref().iter().filter(|_| errors.is_empty()) {
            let (line, _) = place(text, written.span().start);
            match entry(written.get_ref(), value.get_ref(), known) {
                Ok(values) => entries.push(Entry { key: written.get_ref().to_string(), values, line }),
                Err((message, help)) => wrong.push(Wrong { at: written.span(), message, help }),
            }
        }
        wrong.sort_by_key(|wrong| wrong.at.start);
        let mut failures = wrong.into_iter().map(|wrong| wrong.told(&name, text));
        let Some(last) = failures.next_back() else { return Ok(Self { name, entries }) };
        failures.for_each(tell);
        Err(last)
    }

    /// The values of a setting, if the file has it.
    pub(super) fn values(&self, key: &str) -> Option<Vec<String>> {
        self.entry(key).map(|entry| entry.values.clone())
    }

    /// Where a setting stands, if the file has it.
    pub(super) fn place(&self, key: &str) -> Option<String> {
        self.entry(key).map(|entry| format!("{}:{}", self.name, entry.line))
    }

    fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }
}

impl Wrong {
    fn told(self, name: &str, text: &str) -> Failure {
        let (line, column) = place(text, self.at.start);
        let failure = Failure::new(format!("{name}:{line}:{column}: {}", harmless(&self.message)));
        match self.help {
            Some(help) => failure.help(help),
            None => failure,
        }
    }
}

/// The values of one setting, or what is wrong with it, and what may help.
fn entry(written: &str, value: &DeValue<'_>, known: &[Arg]) -> Result<Vec<String>, (String, Option<String>)> {
    let Some(argument) = known.iter().find(|argument| key(argument).as_deref() == Some(written)) else {
        return Err((format!("there is no setting `{written}`"), Some(suggestion(written, known))));
    };
    let values =
        texts(argument, value).ok_or_else(|| (format!("`{written}` is {}", expected(argument)), None))?;
    values.iter().try_for_each(|value| check(argument, value).map_err(|why| (why, None)))?;
    Ok(values)
}

fn suggestion(written: &str, known: &[Arg]) -> String {
    // Whoever knows the flags writes them as they are.
    let meant = written.trim_start_matches('-').replace('-', "_").to_lowercase();
    let distance = |key: &String| strsim::damerau_levenshtein(key, &meant);
    let near = known.iter().filter_map(key).min_by_key(distance).filter(|near| distance(near) <= 3);
    match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`kelvin config --example` tells all settings".to_owned(),
    }
}

/// A value as the command line has it, if it is of the kind that the setting takes.
fn texts(argument: &Arg, value: &DeValue<'_>) -> Option<Vec<String>> {
    let one = |value: &DeValue<'_>| match value {
        DeValue::String(text) if !is_flag(argument) => Some(text.to_string()),
        DeValue::Integer(number) if !is_flag(argument) => Some(number.to_string()),
        DeValue::Boolean(truth) if is_flag(argument) => Some(truth.to_string()),
        _ => None,
    };
    match value {
        DeValue::Array(values) if is_list(argument) => {
            values.iter().map(|value| one(value.get_ref())).collect()
        }
        value => one(value).map(|one| vec![one]),
    }
}

/// What a setting takes, in words.
fn expected(argument: &Arg) -> &'static str {
    match (is_flag(argument), is_list(argument)) {
        (true, _) => "either `true` or `false`",
        (_, true) => "a text, or a list of texts",
        (_, false) => "a text or a whole number",
    }
}

/// Whether it holds or not, and takes nothing.
pub(super) fn is_flag(argument: &Arg) -> bool {
    matches!(argument.get_action(), ArgAction::SetTrue)
}

/// Whether it may be given several times.
pub(super) fn is_list(argument: &Arg) -> bool {
    matches!(argument.get_action(), ArgAction::Append)
        || argument.get_num_args().is_some_and(|count| count.max_values() > 1)
}

/// Has the command line look at a value, whose flag it then names.
fn check(argument: &Arg, value: &str) -> Result<(), String> {
    let Some(long) = argument.get_long().filter(|_| !is_flag(argument)) else { return Ok(()) };
    let command = Command::new("kelvin").no_binary_name(true).arg(argument.clone());
    match command.try_get_matches_from([format!("--{long}={value}")]) {
        Err(error) if matches!(error.kind(), ErrorKind::InvalidValue | ErrorKind::ValueValidation) => {
            let told = error.to_string();
            let first = told.lines().next().unwrap_or_default();
            Err(first.strip_prefix("error: ").unwrap_or(first).to_owned())
        }
        _ => Ok(()),
    }
}

/// Line and column of a place in a text, from 1 on.
fn place(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    (before.matches('\n').count() + 1, before[start..].chars().count() + 1)
}
