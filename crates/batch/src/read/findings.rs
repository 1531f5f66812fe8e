//! What is found while rows are decoded: rows to reject, and things to notice, each once where it is first seen.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use kelvin_kernel::instant::InstantError;

use super::{rejects::Reject, want::quoted};

/// Something that the user may want to know of a file. The rows concerned were used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// The file, as the user named it.
    pub file: Arc<str>,
    /// What it is.
    pub text: String,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file, self.text)
    }
}

/// Something to notice of a row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Notice {
    /// A line that is not UTF-8.
    NotUtf8,
    /// A row with fewer fields than the header.
    ShortRow,
    /// A time in the first weeks of 1970, from a whole number.
    EarlyTime,
    /// A cell that is no number, in a column that the model uses as one.
    NoNumber(Box<str>),
    /// A cell that is no boolean, in a column that the model uses as one.
    NoBool(Box<str>),
    /// An event called as one that the model mentions but for capitals.
    OtherCapitals(Box<str>),
    /// A value that is no time, of a field that the model takes for one.
    NoTime(Box<str>),
    /// A time without an offset, of a field that the model takes for a time.
    NoOffset(Box<str>),
}

/// What was found in some rows of a file.
#[derive(Debug)]
pub(super) struct Findings {
    file: Arc<str>,
    pub(super) rejects: Vec<Reject>,
    pub(super) notes: Notes,
}

/// What was noticed of some rows: where first, and the text there.
#[derive(Debug, Default)]
pub(super) struct Notes(BTreeMap<Notice, (u64, String)>);

/// What was noticed of a file.
#[derive(Debug, Default)]
pub(super) struct FileNotes {
    opening: Vec<String>,
    rows: Mutex<Notes>,
}

impl Findings {
    /// Nothing yet.
    pub(super) fn new(file: Arc<str>) -> Self {
        Self { file, rejects: Vec::new(), notes: Notes::default() }
    }

    /// Rejects the row that begins in a line.
    #[cold]
    pub(super) fn reject(&mut self, line: u64, reason: String) {
        self.rejects.push(Reject { file: self.file.clone(), line, reason });
    }
}

impl Notes {
    /// Notes what is seen in a line, unless that was seen before: lines must come in their order.
    pub(super) fn add(&mut self, notice: Notice, line: u64, text: &str) {
        self.0.entry(notice).or_insert_with(|| (line, text.to_owned()));
    }

    /// Whether that was seen before.
    pub(super) fn has(&self, notice: &Notice) -> bool {
        self.0.contains_key(notice)
    }

    fn merge(&mut self, other: &mut Self) {
        while let Some((notice, (line, text))) = other.0.pop_first() {
            let first = self.0.entry(notice).or_insert_with(|| (line, text.clone()));
            if line < first.0 {
                *first = (line, text);
            }
        }
    }
}

impl FileNotes {
    /// Notes with what was seen when the file was opened.
    pub(super) fn new(opening: Vec<String>) -> Self {
        Self { opening, rows: Mutex::default() }
    }

    /// Takes what was noticed of some rows.
    pub(super) fn take(&self, notes: &mut Notes) {
        if !notes.0.is_empty() {
            self.rows.lock().unwrap_or_else(PoisonError::into_inner).merge(notes);
        }
    }

    /// All warnings of a file.
    pub(super) fn warnings(&self, file: &Arc<str>) -> Vec<Warning> {
        let rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        let of_rows = rows.0.iter().map(|(notice, (line, text))| notice.text(*line, text));
        let texts = self.opening.iter().cloned().chain(of_rows);
        texts.map(|text| Warning { file: file.clone(), text }).collect()
    }
}

impl Notice {
    fn text(&self, line: u64, text: &str) -> String {
        let text = quoted(text);
        match self {
            Self::NotUtf8 => {
                format!("not all of it is UTF-8: line {line} and others like it are read as Windows-1252")
            }
            Self::ShortRow => {
                format!("rows with fewer fields than the header, as in line {line}, lack the last columns")
            }
            Self::EarlyTime => {
                format!("times are milliseconds since 1970, but {text} in line {line} looks like seconds")
            }
            Self::NoNumber(column) => {
                format!(
                    "the model uses `{column}` as a number, but {text} in line {line} is none, and stays text"
                )
            }
            Self::OtherCapitals(wanted) => {
                format!(
                    "events called {text}, as in line {line}, are not the model's `{wanted}`: names are compared letter by letter"
                )
            }
            Self::NoTime(field) => {
                format!(
                    "the model uses `{field}` as a time, but {text} in line {line} is none, and counts as absent: {}",
                    InstantError::Unreadable
                )
            }
            Self::NoOffset(field) => {
                format!(
                    "the model uses `{field}` as a time, but {text} in line {line} has no offset from UTC, and counts as absent: `--time-zone UTC` reads such times as UTC"
                )
            }
            Self::NoBool(column) => {
                format!(
                    "the model uses `{column}` as true or false, but {text} in line {line} is neither, and stays text"
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{FileNotes, Notes, Notice};

    #[test]
    fn each_thing_is_told_once_with_the_first_line_where_it_is_seen() {
        let file = FileNotes::new(vec!["opened".to_owned()]);
        for line in [7, 3, 9] {
            let mut notes = Notes::default();
            notes.add(Notice::ShortRow, line, "");
            notes.add(Notice::NoNumber("size".into()), line + 1, &format!("{line},000"));
            notes.add(Notice::NoNumber("size".into()), line + 2, "later");
            file.take(&mut notes);
        }
        let told: Vec<_> = file.warnings(&"l.csv".into()).iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "l.csv: opened",
                "l.csv: rows with fewer fields than the header, as in line 3, lack the last columns",
                "l.csv: the model uses `size` as a number, but `3,000` in line 4 is none, and stays text",
            ]
        );
    }
}
