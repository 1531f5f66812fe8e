//! What was committed, made durable: by whoever waits for that, while the writer goes on with what comes next.

use std::{
    fs::File,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use rusqlite::Connection;

use super::PATIENCE;
use crate::{Error, Result};

/// The log of changes beside a store. Commits append to it without waiting for the disk.
#[derive(Debug, Clone)]
pub(crate) struct Disk(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    path: PathBuf,
    log: Mutex<Log>,
    /// Whether something was committed that the disk was not asked to keep.
    is_behind: AtomicBool,
}

#[derive(Debug, Default)]
struct Log {
    /// Open from the first commit on. It is the same file as long as the writer lives.
    file: Option<File>,
    /// The disk once failed to keep it. That it later says otherwise proves nothing: what it failed to keep it may have dropped.
    is_doubtful: bool,
}

impl Disk {
    /// That of the store in a file.
    pub(super) fn of(path: &Path) -> Self {
        Self(Arc::new(Shared {
            path: path.to_owned(),
            log: Mutex::default(),
            is_behind: AtomicBool::new(true),
        }))
    }

    /// Notes that something was committed.
    pub(super) fn fall_behind(&self) {
        self.0.is_behind.store(true, Ordering::Release);
    }

    /// Makes durable what was committed before this was called.
    pub(crate) fn sync(&self) -> Result<()> {
        let Shared { path, log, is_behind } = &*self.0;
        // Nothing is left half done under this lock: the doubt comes first.
        let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
        if log.is_doubtful {
            begin_anew(path)?;
            log.is_doubtful = false;
        }
        if !is_behind.swap(false, Ordering::AcqRel) {
            return Ok(());
        }
        let synced = log.sync(path);
        log.is_doubtful = synced.is_err();
        synced.map_err(|cause| Error::Sync { path: path.clone(), cause })
    }
}

impl Log {
    fn sync(&mut self, store: &Path) -> std::io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            none => {
                let mut path = store.as_os_str().to_owned();
                path.push("-wal");
                match File::options().write(true).open(&path) {
                    Ok(file) => none.insert(file),
                    // Nothing was committed yet.
                    Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(()),
                    Err(cause) => return Err(cause),
                }
            }
        };
        file.sync_data()
    }
}

/// Puts all that is beside a store into it, which the disk must say that it keeps; the log of changes begins anew after that.
fn begin_anew(path: &Path) -> Result<()> {
    let beside = Connection::open(path)?;
    beside.busy_timeout(PATIENCE)?;
    beside.pragma_update(None, "synchronous", "FULL")?;
    match beside.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))? {
        false => Ok(()),
        true => Err(Error::Doubtful { path: path.to_owned() }),
    }
}
