//! The SQLite store: the contract, and what is its own.

use std::{fs, path::Path};

use kelvin_store::{Change, Error, Reader, Result, View, Writer};
use tempfile::TempDir;

use crate::contract::{Store, cases};

struct Sqlite {
    writer: Writer,
    reader: Reader,
    _folder: TempDir,
}

impl Store for Sqlite {
    fn change<T>(&mut self, work: impl FnOnce(&mut dyn Change) -> Result<T>) -> Result<T> {
        self.writer.change(work)
    }

    fn look<T>(&mut self, look: impl FnOnce(&dyn View) -> Result<T>) -> T {
        self.reader.look(look).unwrap()
    }
}

fn fresh() -> Sqlite {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kelvin.db");
    let writer = Writer::open(&path).unwrap();
    Sqlite { writer, reader: Reader::open(&path).unwrap(), _folder: folder }
}

cases! { fresh();
    the_log_keeps_the_order_of_arrival,
    of_two_events_with_one_id_the_first_counts,
    work_that_fails_leaves_nothing,
    events_come_together_by_lead,
    the_last_write_up_to_an_instant_is_the_attribute,
    states_are_due_in_their_order,
    leads_are_ranked_page_by_page,
    the_rejected_are_listed_latest_first,
    a_forgotten_model_leaves_the_log,
}

#[test]
fn what_was_kept_is_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kelvin.db");
    let keep = |value: &str| Writer::open(&path).unwrap().change(|change| change.seal("m", value)).unwrap();
    keep("one");
    keep("two");
    let models: Result<_> = Reader::open(&path).unwrap().look(|view| view.models());
    assert_eq!(models.unwrap(), [("m".to_owned(), "two".to_owned())]);
}

#[test]
fn a_store_has_one_writer() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kelvin.db");
    let first = Writer::open(&path).unwrap();
    assert!(matches!(Writer::open(&path), Err(Error::InUse { .. })));
    drop(first);
    assert!(Writer::open(&path).is_ok());
}

#[test]
fn what_is_no_store_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    let text = "no database, but long enough to be looked at as if it were one ".repeat(20);
    fs::write(&path, &text).unwrap();
    assert!(matches!(Writer::open(&path), Err(Error::Open { .. })));
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
    assert!(matches!(Reader::open(Path::new("/nowhere/kelvin.db")), Err(Error::Open { .. })));
}
