//! Files that only their owner may read: what they hold is about people.

use std::{
    fs::{File, OpenOptions},
    io,
    path::Path,
};

/// Opens a file for writing behind its end. One that is not there is made, for its owner alone; one that is there keeps the rights
/// that somebody gave it. SQLite gives the files beside a store the rights of the store.
pub(super) fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, MODE);
    options.open(path)
}

/// Takes everybody else the right to read a file.
pub(super) fn close_off(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(MODE))?;
    #[cfg(not(unix))]
    let _unknown = path;
    Ok(())
}

/// The owner reads and writes.
#[cfg(unix)]
const MODE: u32 = 0o600;
