//! The SQLite store: the contract, and what is its own.

use std::{fs, path::Path};

use kelvin_store::{Change, Error, Reader, Result, View, Writer};
use tempfile::TempDir;

use crate::contract::Store;

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

fn gathering(changes: usize) -> Sqlite {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kelvin.db");
    let writer = Writer::open(&path).unwrap().gathering(changes);
    Sqlite { reader: writer.reader().unwrap(), writer, _folder: folder }
}

mod changes_wait {
    crate::contract::cases!(super::gathering(1000));
}

mod changes_are_moved_at_once {
    crate::contract::cases!(super::gathering(1));
}

#[test]
fn what_was_kept_is_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kelvin.db");
    let keep = |value: &str| Writer::open(&path).unwrap().change(|change| change.seal("m", value)).unwrap();
    keep("one");
    keep("two");
    let models: Result<_> = Writer::open(&path).unwrap().reader().unwrap().look(|view| view.models());
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
    assert!(matches!(Writer::open(Path::new("/nowhere/kelvin.db")), Err(Error::Lock { .. })));
}

#[cfg(unix)]
#[test]
fn only_the_owner_of_a_store_may_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let [path, copy, other] = ["kelvin.db", "copy.db", "other.db"].map(|name| folder.path().join(name));
    let mut writer = Writer::open(&path).unwrap();
    writer.change(|change| change.seal("m", "one")).unwrap();
    kelvin_store::backup(&path, &copy).unwrap();
    let rights = || -> Vec<(String, u32)> {
        let right = |entry: std::io::Result<fs::DirEntry>| {
            let entry = entry.unwrap();
            (entry.file_name().into_string().unwrap(), entry.metadata().unwrap().permissions().mode() & 0o777)
        };
        let mut rights: Vec<_> = fs::read_dir(folder.path()).unwrap().map(right).collect();
        rights.sort();
        rights
    };
    for (name, mode) in rights() {
        assert_eq!(mode, 0o600, "{name}");
    }
    assert!(rights().len() >= 4, "{:?}", rights());
    // A backup that came from elsewhere gives nobody a right to the store that it becomes.
    fs::set_permissions(&copy, fs::Permissions::from_mode(0o644)).unwrap();
    kelvin_store::restore(&copy, &other).unwrap();
    assert_eq!(fs::metadata(&other).unwrap().permissions().mode() & 0o777, 0o600);
    // Rights that somebody gave stay.
    fs::set_permissions(&other, fs::Permissions::from_mode(0o640)).unwrap();
    drop(Writer::open(&other).unwrap());
    assert_eq!(fs::metadata(&other).unwrap().permissions().mode() & 0o777, 0o640);
}
