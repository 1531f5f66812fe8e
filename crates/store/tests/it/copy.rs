//! Backups, and the way back to them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use kelvin_kernel::Instant;
use kelvin_store::{Change, Copied, Error, NewEvent, Writer, aside, backup, restore};
use tempfile::TempDir;

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

fn append(store: &mut Writer, lead: &str) {
    append_all(store, &[lead.to_owned()]);
}

fn append_all(store: &mut Writer, leads: &[String]) {
    let at = Instant::from_millis(0);
    let event =
        |lead| NewEvent { id: None, profile: lead, time: at, received: at, call: "track", body: "{}" };
    let append =
        |change: &mut dyn Change| leads.iter().try_for_each(|lead| change.append(&event(lead)).map(drop));
    store.change(append).unwrap();
}

fn leads(path: &Path) -> Vec<String> {
    let events = Writer::open(path).unwrap().reader().unwrap().look(|view| view.events(0, 99)).unwrap();
    events.into_iter().map(|event| event.lead).collect()
}

#[test]
fn a_backup_of_a_store_in_use_holds_what_was_there_when_it_began() {
    let folder = Folder::new();
    let (path, copy) = (folder.file("kelvin.db"), folder.file("copy.db"));
    let mut store = Writer::open(&path).unwrap();
    append(&mut store, "ada");
    append(&mut store, "bob");
    assert_eq!(backup(&path, &copy).unwrap().events, 2);
    append(&mut store, "eve");
    drop(store);
    assert_eq!((leads(&copy), leads(&path).len()), (vec!["ada".to_owned(), "bob".to_owned()], 3));
}

#[test]
fn a_backup_overwrites_nothing() {
    let folder = Folder::new();
    let (path, copy) = (folder.file("kelvin.db"), folder.file("copy.db"));
    drop(Writer::open(&path).unwrap());
    fs::write(&copy, "mine").unwrap();
    assert!(matches!(backup(&path, &copy), Err(Error::Exists { .. })));
    assert_eq!(fs::read_to_string(&copy).unwrap(), "mine");
}

#[test]
fn what_is_no_store_is_not_backed_up() {
    let folder = Folder::new();
    let missing = folder.file("missing.db");
    assert!(matches!(backup(&missing, &folder.file("copy.db")), Err(Error::Open { .. })));
    assert!(!missing.exists());
    fs::write(&missing, "").unwrap();
    assert!(matches!(backup(&missing, &folder.file("copy.db")), Err(Error::NoStore { .. })));
}

#[test]
fn a_restored_store_is_the_copy_and_the_one_before_is_kept() {
    let folder = Folder::new();
    let (path, copy) = (folder.file("kelvin.db"), folder.file("copy.db"));
    let mut store = Writer::open(&path).unwrap();
    append(&mut store, "ada");
    let Copied { events, bytes } = backup(&path, &copy).unwrap();
    append(&mut store, "bob");
    assert!(matches!(restore(&copy, &path), Err(Error::InUse { .. })));
    drop(store);
    assert_eq!(restore(&copy, &path).unwrap(), Copied { events, bytes });
    assert_eq!((leads(&path).len(), leads(&aside(&path)).len(), leads(&copy).len()), (1, 2, 1));
    // A second one would overwrite what the first has kept.
    assert!(matches!(restore(&copy, &path), Err(Error::Exists { .. })));
    assert_eq!((leads(&path).len(), folder.file("kelvin.db.part").exists()), (1, false));
}

#[test]
fn a_store_can_be_restored_where_there_is_none() {
    let folder = Folder::new();
    let (path, copy) = (folder.file("kelvin.db"), folder.file("new.db"));
    append(&mut Writer::open(&path).unwrap(), "ada");
    restore(&path, &copy).unwrap();
    assert_eq!(leads(&copy), ["ada"]);
}

#[test]
fn a_damaged_copy_replaces_nothing() {
    let folder = Folder::new();
    let (path, copy) = (folder.file("kelvin.db"), folder.file("copy.db"));
    let mut store = Writer::open(&path).unwrap();
    append_all(&mut store, &Vec::from_iter((0..500).map(|lead| format!("lead-{lead}"))));
    backup(&path, &copy).unwrap();
    drop(store);
    let mut bytes = fs::read(&copy).unwrap();
    let half = bytes.len() / 2;
    bytes[half..half + 5000].fill(0xAA);
    fs::write(&copy, &bytes).unwrap();
    let failed = restore(&copy, &path).unwrap_err().to_string();
    assert!(failed.contains("copy.db` is damaged: "), "{failed}");
    fs::write(&copy, "no database").unwrap();
    assert!(matches!(restore(&copy, &path), Err(Error::Open { .. })));
    assert_eq!((leads(&path).len(), aside(&path).exists()), (99, false));
}
