//! Copies of a whole store: one to keep, and one to go back to.

use std::{
    ffi::OsString,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::{lock, private, schema};
use crate::{Error, Result};

/// What a copy holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copied {
    /// Events in its log.
    pub events: u64,
    /// Its size.
    pub bytes: u64,
}

/// Copies a store, as of one instant, into a file that is not there yet. The store may be in use meanwhile: what comes after
/// the copy has begun is not in it. The file appears when it is complete and on the disk.
///
/// # Errors
/// The store cannot be read, the file is there already or cannot be written.
pub fn backup(store: &Path, to: &Path) -> Result<Copied> {
    if to.exists() {
        return Err(Error::Exists { path: to.to_owned() });
    }
    let failed = |cause| Error::Open { path: store.to_owned(), cause };
    let connection = Connection::open_with_flags(store, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(failed)?;
    connection.busy_timeout(super::PATIENCE).map_err(failed)?;
    schema::check(&connection, store)?;
    let part = beside(to, ".part");
    remove(&part)?;
    // SQLite fills a file that is empty, and leaves it the rights that it has.
    private::open(&part).map_err(|cause| Error::Copy { path: part.clone(), cause })?;
    let copied = connection.execute("VACUUM INTO ?", [part.to_string_lossy()]);
    if let Err(cause) = copied {
        remove(&part)?;
        return Err(Error::Copy { path: to.to_owned(), cause: io::Error::other(cause) });
    }
    settle(&part, to)?;
    measured(to)
}

/// Makes a store of a copy. A store that is there already is kept beside it, under a name that ends in `.before-restore`;
/// nothing may be there under that name.
///
/// # Errors
/// The copy is none or is damaged, the store is in use, or files cannot be written.
pub fn restore(copy: &Path, store: &Path) -> Result<Copied> {
    let _lock = lock(store)?;
    let (copied, kept) = (sound(copy)?, aside(store));
    if store.exists() && kept.exists() {
        return Err(Error::Exists { path: kept });
    }
    let part = beside(store, ".part");
    remove(&part)?;
    let filled = fs::copy(copy, &part).and_then(|_| private::close_off(&part));
    filled.map_err(|cause| Error::Copy { path: part.clone(), cause })?;
    if store.exists() {
        put_aside(store)?;
    }
    settle(&part, store)?;
    Ok(copied)
}

/// Where a store is kept that gives way to a copy.
pub fn aside(store: &Path) -> PathBuf {
    beside(store, ".before-restore")
}

/// Gives a store a second name, and takes away the files that go with it: they would damage another. It keeps its own name until
/// another takes that at once, so that a crash leaves one of the two.
fn put_aside(store: &Path) -> Result<()> {
    let kept = aside(store);
    // All that is kept goes into the one file, so that no crash between two names can part them. Where the store is too
    // damaged for that, its files are kept as they are.
    let _merged = Connection::open(store)
        .and_then(|connection| connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())));
    for suffix in ["-wal", "-shm"] {
        let (from, to) = (beside(store, suffix), beside(&kept, suffix));
        if from.exists() {
            fs::rename(&from, &to).map_err(|cause| Error::Copy { path: from, cause })?;
        }
    }
    fs::hard_link(store, &kept).map_err(|cause| Error::Copy { path: kept, cause })
}

/// Checks that a file is a whole store.
fn sound(copy: &Path) -> Result<Copied> {
    let failed = |cause| Error::Open { path: copy.to_owned(), cause };
    let connection = Connection::open_with_flags(copy, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(failed)?;
    schema::check(&connection, copy)?;
    let found = match connection.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0)) {
        // Damaged so badly that it cannot be checked.
        Err(cause) if cause.sqlite_error_code() == Some(ErrorCode::DatabaseCorrupt) => cause.to_string(),
        found => found.map_err(failed)?,
    };
    if found != "ok" {
        return Err(Error::Damaged { path: copy.to_owned(), found });
    }
    measured(copy)
}

fn measured(path: &Path) -> Result<Copied> {
    let failed = |cause| Error::Open { path: path.to_owned(), cause };
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(failed)?;
    let count = "SELECT count(*) FROM events";
    let events: i64 = connection.query_row(count, [], |row| row.get(0)).map_err(failed)?;
    let bytes = fs::metadata(path).map_err(|cause| Error::Copy { path: path.to_owned(), cause })?.len();
    Ok(Copied { events: super::natural(events), bytes })
}

/// Brings a complete file to the disk, and then under its name.
fn settle(part: &Path, to: &Path) -> Result<()> {
    let settled = || {
        File::options().write(true).open(part)?.sync_all()?;
        fs::rename(part, to)?;
        let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
    };
    settled().map_err(|cause| Error::Copy { path: to.to_owned(), cause })
}

fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => {
            Err(Error::Copy { path: path.to_owned(), cause })
        }
        _ => Ok(()),
    }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}
