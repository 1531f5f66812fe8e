//! What can go wrong with a store.

use std::{error::Error as _, path::PathBuf};

use crate::Location;

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
    /// The store was written by a later version of Kelvin.
    #[error("the store `{store}` has version {found}, later than {known}: use the Kelvin that wrote it")]
    Later {
        /// The store.
        store: Location,
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
    #[error("the store `{store}` is in use by another server")]
    InUse {
        /// The store.
        store: Location,
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
    /// The disk does not keep what was written.
    #[error("the disk does not keep what was written to `{}-wal`: {cause}", path.display())]
    Sync {
        /// The store.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// The disk did not keep what was written, and somebody looks at it for so long that it cannot be written anew.
    #[error("the disk did not keep what was written to `{}-wal`, and it cannot be written anew as long as somebody reads", path.display())]
    Doubtful {
        /// The store.
        path: PathBuf,
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
    /// What is meant for a file was asked of a store that is none.
    #[error("the store `{store}` is no file: copy it with PostgreSQL's own means, as `pg_dump`")]
    NoFile {
        /// The store.
        store: Location,
    },
    /// An address of a database cannot be read. It is not shown: there may be a password in it.
    #[error(
        "the address of the store cannot be read: write `postgres://user:password@host:5432/database`, `%40` for `@` in the password"
    )]
    Address,
    /// An address of something that can be no store, by what it begins with.
    #[error(
        "a store is no `{0}://`: write the path of a file, or `postgres://user:password@host:5432/database`"
    )]
    Scheme(String),
    /// An address asks for a kind of TLS that there is not.
    #[error("`sslmode` is `disable`, `prefer`, `require`, `verify-ca` or `verify-full`")]
    SslMode,
    /// An address names a certificate of our own without its key, or the key without the certificate.
    #[error("`sslcert` and `sslkey` go together: name the files of a certificate and of its key")]
    HalfCertificate,
    /// The key of a certificate of our own cannot be read.
    #[error("cannot read the key in `{}`: {cause}", file.display())]
    Key {
        /// The file.
        file: PathBuf,
        /// Why.
        cause: String,
    },
    /// Certificates cannot be read: of those who vouch for the database, or of our own.
    #[error("cannot read the certificates in `{}`: {cause}", file.display())]
    Certificates {
        /// The file.
        file: PathBuf,
        /// Why.
        cause: String,
    },
    /// TLS cannot be had on this machine.
    #[error("cannot set up TLS: {0}")]
    Tls(String),
    /// The database cannot be reached, or does not let us in.
    #[error("cannot reach the store `{store}`: {cause}")]
    Connect {
        /// The database.
        store: String,
        /// Why.
        cause: String,
    },
    /// The database cannot hold every text.
    #[error("`{store}` cannot hold a store: its encoding is {found}; make a database with `ENCODING 'UTF8'`")]
    Encoding {
        /// The database.
        store: String,
        /// How it keeps texts.
        found: String,
    },
    /// The connection to the database broke, and another server wrote to the store before it was made again.
    #[error("another server has taken over the store `{store}`: start this one anew")]
    Overtaken {
        /// The database.
        store: String,
    },
    /// The connection to the database broke. Whether what was under way is kept is not known.
    #[error("the connection to the store broke")]
    Lost,
    /// A name is kept that means nothing here.
    #[error("the store holds `{0}`, which means nothing to this version of Kelvin")]
    Name(String),
    /// Reading or writing failed in a database.
    #[error("the store failed: {}", told(.0))]
    Postgres(#[from] ::postgres::Error),
}

impl Error {
    /// Whether the store is out of reach for now, whatever is asked of it. What was under way may be kept or not.
    pub fn is_outage(&self) -> bool {
        matches!(self, Self::Connect { .. } | Self::InUse { .. } | Self::Overtaken { .. } | Self::Lost)
    }
}

/// What PostgreSQL, or the way to it, says of a failure.
pub(crate) fn told(cause: &::postgres::Error) -> String {
    match (cause.as_db_error(), cause.source()) {
        (Some(said), _) => said.message().to_owned(),
        (None, Some(deeper)) => format!("{cause}: {deeper}"),
        (None, None) => cause.to_string(),
    }
}

/// What comes of using a store.
pub type Result<T> = std::result::Result<T, Error>;
