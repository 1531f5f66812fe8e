//! What is found while rows are decoded: rows to reject, and things to notice, each once where it is first seen.

use std::{
    collections::{BTreeMap, btree_map::Entry},
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

/// What was noticed of some rows.
#[derive(Debug, Default)]
pub(super) struct Notes(BTreeMap<Notice, Noted>);

/// Where something was noticed.
#[derive(Debug)]
struct Noted {
    /// The first line.
    line: u64,
    /// The text there.
    text: String,
    /// In how many rows, where that is counted.
    rows: usize,
}

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
        self.0.entry(notice).or_insert_with(|| Noted { line, text: text.to_owned(), rows: 0 });
    }

    /// Counts rows of which something was noticed.
    pub(super) fn count(&mut self, notice: &Notice, rows: usize) {
        if let Some(noted) = self.0.get_mut(notice) {
            noted.rows += rows;
        }
    }

    /// Whether that was seen before.
    pub(super) fn has(&self, notice: &Notice) -> bool {
        self.0.contains_key(notice)
    }

    fn merge(&mut self, other: &mut Self) {
        while let Some((notice, noted)) = other.0.pop_first() {
            match self.0.entry(notice) {
                Entry::Vacant(place) => {
                    place.insert(noted);
                }
                Entry::Occupied(mut known) => {
                    let rows = known.get().rows + noted.rows;
                    if noted.line < known.get().line {
                        known.insert(noted);
                    }
                    known.get_mut().rows = rows;
                }
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
        let of_rows = rows.0.iter().map(|(notice, noted)| notice.text(noted));
        let texts = self.opening.iter().cloned().chain(of_rows);
        texts.map(|text| Warning { file: file.clone(), text }).collect()
    }
}

impl Notice {
    fn text(&self, noted: &Noted) -> String {
        let (line, text) = (noted.line, quoted(&noted.text));
        // "in line 2", or "in line 2 and 17 more"; then what is said of one or of several.
        let more = noted.rows.saturating_sub(1);
        let place = if more == 0 { format!("line {line}") } else { format!("line {line} and {more} more") };
        let of = |one: &'static str, several| if more == 0 { one } else { several };
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
                    "the model uses `{field}` as a time, but {text} in {place} {} absent: {}",
                    of("is none, and counts as", "are none, and count as"),
                    InstantError::Unreadable
                )
            }
            Self::NoOffset(field) => {
                format!(
                    "the model uses `{field}` as a time, but {text} in {place} {} absent: `--time-zone UTC` reads such times as UTC",
                    of("has no offset from UTC, and counts as", "have no offset from UTC, and count as"),
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
    fn rows_that_are_counted_are_told_beside_the_first() {
        let file = FileNotes::new(Vec::new());
        for line in [7, 3] {
            let mut notes = Notes::default();
            notes.add(Notice::NoTime("since".into()), line, "yesterday");
            notes.count(&Notice::NoTime("since".into()), 4);
            notes.count(&Notice::NoOffset("since".into()), 4);
            file.take(&mut notes);
        }
        let told: Vec<_> = file.warnings(&"l.csv".into()).iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "l.csv: the model uses `since` as a time, but `yesterday` in line 3 and 7 more are none, and count as absent: expected a time such as `2026-03-01T10:00:00Z`, a date, or milliseconds since 1970",
            ]
        );
    }

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
