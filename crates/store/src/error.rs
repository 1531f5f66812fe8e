//! What can go wrong with a store.

use std::path::PathBuf;

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file cannot be opened, or is no store.
    #[error("cannot open the store `{}`: {cause}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: rusqlite::Error,
    },
    /// The file was written by a later version of Kelvin.
    #[error("the store `{}` has version {found}, later than {known}: use the Kelvin that wrote it", path.display())]
    Later {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: i64,
        /// The latest version that is known here.
        known: i64,
    },
    /// The file that tells others that the store is in use cannot be made.
    #[error("cannot lock `{}`: {cause}", path.display())]
    Lock {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// Another server has the store open.
    #[error("the store `{}` is in use by another server", path.display())]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// The file is a database, and no store of Kelvin's.
    #[error("`{}` is no store of Kelvin's", path.display())]
    NoStore {
        /// The file.
        path: PathBuf,
    },
    /// The file is damaged.
    #[error("`{}` is damaged: {found}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        found: String,
    },
    /// What would be written is there already, and is left as it is.
    #[error("`{}` is there already", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// A copy cannot be made.
    #[error("cannot write `{}`: {cause}", path.display())]
    Copy {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// What was removed is still among the bytes beside the file.
    #[error("what was removed is still in `{}-wal`: stop the service, or wait until nobody reads, and do it again", path.display())]
    NotScrubbed {
        /// The file.
        path: PathBuf,
    },
    /// Reading or writing failed.
    #[error("the store failed: {0}")]
    Failed(#[from] rusqlite::Error),
}

/// What comes of using a store.
pub type Result<T> = std::result::Result<T, Error>;
